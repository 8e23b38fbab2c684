"""Towns and schools: the list, and the whole promise of one on one page."""
