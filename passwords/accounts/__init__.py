"""Accounts: sign-in, the second factor and the first admin."""
