"""Mail that comes in: kept, read, placed with its request, and what it does there."""
