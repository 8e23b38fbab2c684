"""Figures bound into documents."""
