"""Health, readiness, metrics and request logs: nothing about passwords."""
