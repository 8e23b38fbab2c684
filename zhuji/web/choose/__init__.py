"""Choosing whom to be in an invented county."""
