"""Attacks that the app withstands."""
