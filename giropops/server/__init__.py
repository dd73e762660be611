"""Serving the app with gunicorn."""
