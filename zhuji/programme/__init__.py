"""The plan in force, judged: every node with its light for any day and organisation."""
