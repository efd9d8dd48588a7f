"""Mail that reaches nobody: who is written to instead, and what is told of it."""
