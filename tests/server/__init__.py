"""Tests of gunicorn serving the app: start, worker, preloading, health check."""
