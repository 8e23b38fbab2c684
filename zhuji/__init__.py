"""Zhuji: a county's education plan, run as data."""

__version__ = "0.1.0"
