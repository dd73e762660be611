"""The web channel: the pages."""
