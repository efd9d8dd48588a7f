"""What people are shown: boards, pictures, explanations, results in words."""
