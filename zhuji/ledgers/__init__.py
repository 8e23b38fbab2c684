"""Facts: declared once, faced everywhere."""
