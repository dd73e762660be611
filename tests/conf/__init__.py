"""The environment, and the stores that it names."""
