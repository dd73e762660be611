"""Where templates and data are: beside the code, or in the user's folders after `pip install`."""

import os
from pathlib import Path
from typing import Final

_PROJECT: Final = Path(__file__).resolve().parents[2]

IS_INSTALLED: Final = not (_PROJECT / "templates").is_dir()
"""Whether the app runs from site-packages, and not from a checkout or the image."""


def _user_data() -> Path:
    """Return the folder that the XDG Base Directory Specification gives to the app."""
    home = os.environ.get("XDG_DATA_HOME", "")
    folder = Path(home) if home.startswith("/") else Path.home() / ".local" / "share"
    return folder / "giropops-senhas"


TEMPLATES: Final = _PROJECT / ("giropops/templates" if IS_INSTALLED else "templates")
DATA: Final = _user_data() if IS_INSTALLED else _PROJECT / "var"
"""The database, the generated keys and the collected static files."""
DOTENV: Final = (DATA if IS_INSTALLED else _PROJECT) / ".env"
