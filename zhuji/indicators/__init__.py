"""Indicators: declared SQL to trees, trees to few wide scans, merged parts to exact values."""
