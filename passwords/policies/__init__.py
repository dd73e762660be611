"""Policies (named recipes): export, import and queries."""
