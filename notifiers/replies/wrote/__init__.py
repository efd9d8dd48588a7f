"""What a person wrote: without quotes, signatures, and what programs add."""
