"""Notices: what came, what was sent and who has read it, and the form to send one."""
