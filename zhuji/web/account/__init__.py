"""One's own account, other people's for the security administrator, and guardians' links."""
