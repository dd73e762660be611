"""Django's PostgreSQL backend with a limit on query time."""
