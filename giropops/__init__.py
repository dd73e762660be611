"""The project: how Giropops Senhas is configured and served."""

__version__ = "1.0.0"  # the one in pyproject.toml, which an image need not have
