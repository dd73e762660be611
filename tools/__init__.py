"""What the Makefile calls: programs for the machine of a developer, none for production."""
