"""All benchmarks: python -m benchmarks [--write FILE] [--image NAME] [--only NAME ...].

Prints each table when it is there, and at the end what misses its bar. With --write the tables take
the place of those in FILE, between its two markers, under the facts of the machine.
"""

import argparse
import os
import platform
import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Final

from benchmarks import command, generation, history, http, parts, scale, start
from benchmarks.tables import Table, missed

_BEGIN: Final = "<!-- figures: written by `make performance` -->"
_END: Final = "<!-- end of the figures -->"
_PACKAGES: Final = ("Django", "gunicorn", "redis", "hiredis", "PyNaCl", "psycopg", "Flask")

Benchmark = Callable[[], Iterator[Table]]


def machine() -> list[str]:
    """Return what it was measured on, in lines."""
    processors = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = re.search(r"^model name\s*: (.+)$", processors, flags=re.MULTILINE)
    memory = re.search(r"^MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text(encoding="utf-8"))
    commit = _line("git", "rev-parse", "--short", "HEAD")
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    gigabytes = int(memory[1]) / 1024 / 1024 if memory else 0
    kind = model[1] if model else "an unknown kind"
    return [
        f"{datetime.now(tz=UTC):%Y-%m-%d}, commit {commit};",
        f"{os.cpu_count()} cores of {kind}, {gigabytes:.0f} GB; Linux {platform.release()};",
        f"Python {platform.python_version()}, {packages};",
        f"{_line('redis-server', '--version').partition(' sha=')[0]};",
        f"load average before: {os.getloadavg()[0]:.1f}.",
    ]


def main() -> None:
    """Run the chosen measurements."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--write", type=Path)
    parser.add_argument("--image", help="start this image as well")
    benchmarks: dict[str, Benchmark] = {
        "generation": generation.tables,
        "command": command.tables,
        "http": http.tables,
        "history": history.tables,
    }
    parser.add_argument("--only", choices=[*benchmarks, "start", "scale", "parts"], action="append")
    options = parser.parse_args()
    benchmarks["start"] = partial(start.tables, image=options.image)
    benchmarks["scale"] = scale.tables
    benchmarks["parts"] = parts.tables  # last: it turns this process into the app
    facts = machine()
    print("\n".join(facts), flush=True)
    found = []
    for name, tables in benchmarks.items():
        if name in (options.only or benchmarks):
            for table in tables():
                print(f"\n{table}", flush=True)
                found.append(table)
    print("\nMissed bars:", *(missed(found) or ["none"]), sep="\n- ")
    if options.write:
        _write(options.write, "\n".join(facts), found)


def _write(path: Path, facts: str, tables: list[Table]) -> None:
    before, _begin, rest = path.read_text(encoding="utf-8").partition(_BEGIN)
    after = rest.partition(_END)[2]
    figures = "\n\n".join([facts, *map(str, tables)])
    path.write_text(f"{before}{_BEGIN}\n\n{figures}\n\n{_END}{after}", encoding="utf-8")


def _line(*arguments: str) -> str:
    return subprocess.run(arguments, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    main()
