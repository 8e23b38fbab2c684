"""Snapshots of the ledgers: written once, verified by hash, asked by trees. No Django models."""
