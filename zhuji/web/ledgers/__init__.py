"""Ledgers: lists, records, forms and imports, every one of them from the declaration alone."""
