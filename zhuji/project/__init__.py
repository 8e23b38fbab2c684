"""Settings, system checks and start-up: the only place that knows everything."""
