"""The style guide at /style/: every part in each of its states. It exists while developing only."""
