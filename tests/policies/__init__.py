"""Tests of the policies: files and queries."""
