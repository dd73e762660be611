"""Accounts: sign-in, the second factor, the first admin and API tokens."""
