"""Which version this is: the one in `pyproject.toml`, which an image need not have."""

from typing import Final

VERSION: Final = "1.0.0"
