"""Finding Docker, and building the image as `make image` does."""

import functools
import os
import subprocess
from typing import Final

from tests.live import ROOT

IMAGE: Final = "giropops-senhas:test"
POSTGRES_IMAGE: Final = "giropops-senhas:test-postgres"


@functools.cache
def why_no_docker() -> str:
    """Let `docker` find a daemon, started if need be; return "", or why there is none."""
    found = subprocess.run(
        [ROOT / "tools" / "find_docker.sh"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode != 0:
        return found.stderr.strip() or "no Docker"
    for line in found.stdout.splitlines():
        name, _, value = line.removeprefix("export ").partition("=")
        os.environ[name] = value
    return ""


@functools.cache
def build(tag: str, *flags: str) -> str:
    """Build the image from what is in the work tree; return *tag*."""
    built = subprocess.run(
        ["make", "image", f"IMAGE={tag}", *flags],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout[-4000:] + built.stderr[-4000:]
    return tag
