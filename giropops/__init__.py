"""The project: how Giropops Senhas is configured and served."""
