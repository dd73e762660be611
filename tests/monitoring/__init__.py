"""Tests of the project: environment, settings, security."""
