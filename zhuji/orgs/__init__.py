"""Dated hierarchies, people, roles, who sees what, and the audit trail."""
