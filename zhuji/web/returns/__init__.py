"""Returns: asking for data from a clause, filling it in, handing it in, chasing."""
