"""Duties: what is owed when, whether it was done, and by how many. Pure; persons stay in SQL."""
