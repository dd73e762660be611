"""Tests of one-time links."""
