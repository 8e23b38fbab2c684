"""One function per ledger: what an organisation of the invented county would have entered."""
