"""The values that an answer gives to a form's fields."""
