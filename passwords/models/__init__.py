"""What the database keeps: policies, and a history that never holds a secret."""

from passwords.models.choices import Kind, Surface
from passwords.models.generations import Generation
from passwords.models.policies import Policy

__all__ = ["Generation", "Kind", "Policy", "Surface"]
