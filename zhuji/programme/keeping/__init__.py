"""Backups: made sealed and read back, restored whole or not at all, proven by drills."""
