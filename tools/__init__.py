"""Programs for developers, which the Makefile runs. None of them runs in production."""
