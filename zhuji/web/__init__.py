"""The pages: each view parses, makes one call of the domain, and answers."""
