"""The JSON API: version 1, and the two endpoints of the Flask app that this app replaces."""
