"""The plan at a glance: the board of all lights, and one clause with everything it asks."""
