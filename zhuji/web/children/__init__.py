"""Who saw a child's data within a year."""
