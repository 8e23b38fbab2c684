"""What the county's trust rests on: proven restores, the audit trail, open maintenance sessions."""
