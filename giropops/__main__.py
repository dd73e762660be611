"""The program of the image and of `pip install`: `serve` (the default), or a command.

    python -m giropops serve
    python -m giropops generate passphrase --words 6

`serve` migrates a database in a file, because no other server uses it. A database server may have
several replicas of this app, so run `python -m giropops migrate` once before they start.
"""

import os
import sys
from pathlib import Path
from typing import NoReturn

from giropops import command_line
from giropops.conf import folders


def main() -> None:
    """Run the command; a bad setting is one line on stderr and exit code 2."""
    if sys.argv[1:] in ([], ["serve"]):
        serve()
    sys.argv[0] = "giropops"
    command_line.main()


def serve() -> NoReturn:
    """Migrate a database in a file, and run gunicorn."""
    from django.conf import settings  # noqa: PLC0415  # a command needs no server
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import DatabaseError, connections  # noqa: PLC0415
    from gunicorn.app.wsgiapp import run  # noqa: PLC0415

    try:
        folders.DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        sys.stderr.write(f"giropops: {folders.DATA}, uid {os.getuid()}: {error.strerror}\n")
        sys.exit(2)
    # The import sets Django up; if it cannot, the process ends with one line.
    from giropops.server import gunicorn_conf  # noqa: F401, PLC0415

    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        path = Path(database["NAME"]).resolve()
        os.umask(0o077)  # only this user may read the files that are written from here on
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except DatabaseError as error:
            sys.stderr.write(f"giropops: the database {path}, uid {os.getuid()}: {error}\n")
            sys.exit(2)
        connections.close_all()  # a connection must not be shared with the workers
    if folders.IS_INSTALLED and not (settings.STATIC_ROOT / "staticfiles.json").exists():
        call_command("collectstatic", interactive=False, verbosity=0)
    sys.argv = ["gunicorn", "--config", "python:giropops.server.gunicorn_conf", "giropops.wsgi"]
    sys.exit(run())


if __name__ == "__main__":
    main()
