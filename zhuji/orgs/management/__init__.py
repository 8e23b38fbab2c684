"""Commands of Django's that need a word of ours."""
