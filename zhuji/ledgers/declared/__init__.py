"""The ledgers, one module per subject."""
