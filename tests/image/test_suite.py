"""The suite's web part runs inside the image, against the slimmed packages and its own Python."""

import hashlib
import re
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.image.containers import HARDENED, docker
from tests.live import ROOT

BUILDER: Final = "cgr.dev/chainguard/python:latest-dev"
PARTS: Final = (
    *("tests/web", "tests/api", "tests/admin", "tests/accounts", "tests/audit", "tests/history"),
    *("tests/middleware", "tests/models", "tests/monitoring", "tests/policies"),
    *("tests/presentation", "tests/test_background.py", "tests/test_circuit_breaker.py"),
    *("tests/test_client_address.py", "tests/test_records.py", "tests/test_owners.py"),
    *("tests/test_parameters.py", "tests/test_pruning.py", "tests/test_services.py"),
    "tests/test_validation.py",
)
LEFT_OUT: Final = (
    # Those that start servers or commands of their own.
    *("tests/api/test_live.py", "tests/api/test_contract.py", "tests/admin/test_no_secret.py"),
    "tests/web/test_catalogues.py",  # reads sources, of which the image has none
)
# A container's first process has no parent.
NEEDS_A_PARENT: Final = (
    "tests/monitoring/test_metrics.py::test_folders_of_gunicorns_that_were_killed_are_removed"
)
# What the tests bring along comes behind the image's own packages: these are under test.
PYTEST: Final = "import sys; sys.path.append('/opt/tests'); import pytest; sys.exit(pytest.main())"


@pytest.fixture(scope="session")
def test_packages() -> Path:
    """A folder with pytest and the like for the image's Python, kept for the next run."""
    requirements = ROOT / "requirements-dev.txt"
    builder = docker("image", "inspect", "--format", "{{.Id}}", BUILDER)
    key = hashlib.sha256(builder.encode() + requirements.read_bytes()).hexdigest()[:16]
    folder = ROOT / "var" / "image-suite" / key
    if not (folder / "complete").exists():
        folder.mkdir(parents=True, exist_ok=True)
        docker(
            *("run", "--rm", "--network", "host", "--user", "0:0"),
            *("--volume", f"{folder}:/opt/tests", "--volume", f"{requirements}:/r.txt:ro"),
            *(BUILDER, "-m", "pip", "install", "--quiet", "--no-compile", "--only-binary", ":all:"),
            *("--require-hashes", "--target", "/opt/tests", "--requirement", "/r.txt"),
        )
        (folder / "complete").touch()
    return folder


def test_the_web_part_of_the_suite_passes_in_the_image(image: str, test_packages: Path) -> None:
    command = [
        *("docker", "run", "--rm", *HARDENED, "--memory", "1g"),
        *("--volume", f"{test_packages}:/opt/tests:ro"),
        *("--volume", f"{ROOT / 'tests'}:/app/tests:ro"),
        *("--volume", f"{ROOT / 'docs'}:/app/docs:ro"),
        *("--volume", f"{ROOT / 'pyproject.toml'}:/app/pyproject.toml:ro"),
        *("--env", "HYPOTHESIS_STORAGE_DIRECTORY=/tmp/hypothesis"),
        *("--entrypoint", "python", image, "-c", PYTEST, "-q", "-p", "no:cacheprovider"),
        # There are no servers but the app's own.
        *("-m", "not image and not slow", "-k", "not redis and not cluster"),
        *("--deselect", NEEDS_A_PARENT, *(f"--ignore={path}" for path in LEFT_OUT), *PARTS),
    ]

    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None
    assert int(passed[1]) > 1400
