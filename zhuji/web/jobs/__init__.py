"""Pages of long work: one's own jobs, how far they are, what they left; and the health page."""
