"""Requests for data: a form proposed from a ledger, filled by orgs, handed in under a name."""
