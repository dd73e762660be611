"""Environment variables, and the databases and Redis servers that they name."""
