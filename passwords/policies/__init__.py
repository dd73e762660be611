"""Policies: named recipes as files, and what is read of them."""
