"""What one reader sees at a glance: read models over the kept judgement, for pages and API."""
