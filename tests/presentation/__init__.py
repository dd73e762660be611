"""Tests of what the page and the admin show."""
