"""One indicator, and how its number comes about."""
