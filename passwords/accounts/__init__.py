"""Accounts: signing in, and the second factor."""
