"""The one search box: what it finds, grouped, each with its address."""
