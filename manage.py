#!/usr/bin/env python3
"""The command line of Giropops Senhas."""

from __future__ import annotations

import os
import sys
from pathlib import Path

try:
    from giropops.command_line import main
except ImportError:
    # The system's Python runs this: run it again with the Python of the environment in .venv.
    own = Path(__file__).resolve().parent / ".venv"
    python = own / "bin" / "python"
    if __name__ != "__main__" or not python.exists() or Path(sys.prefix) == own:
        sys.exit(
            "giropops: Django is not installed for this Python: `make run` installs it in .venv"
        )
    os.execv(python, [str(python), *sys.argv])  # noqa: S606  # our own arguments, no shell

if __name__ == "__main__":
    main()
