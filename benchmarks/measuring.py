"""What a process costs, from /proc, and what its clients see, from wrk."""

import json
import math
import os
import re
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

Result = TypeVar("Result")

CONNECTIONS: Final = 32
_TICKS_PER_SECOND: Final = os.sysconf("SC_CLK_TCK")
_UNITS: Final = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One kind of request: what wrk sends."""

    name: str
    method: str
    path: str
    body: str = ""
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one run of wrk showed."""

    cpu_ms: float
    requests_per_second: float
    p50_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A median with the least and the greatest value."""

    median: float
    least: float
    greatest: float

    def __str__(self) -> str:
        return f"{_short(self.median)} ({_short(self.least)} to {_short(self.greatest)})"


def spread(values: Sequence[float]) -> Spread:
    """Return the spread of *values*."""
    return Spread(median=statistics.median(values), least=min(values), greatest=max(values))


def process_tree(pid: int) -> list[int]:
    """Return *pid* and all that descend from it."""
    parents: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        parents.setdefault(int(fields[1]), []).append(int(status.parent.name))
    found = [pid]
    for member in found:
        found.extend(parents.get(member, []))
    return found


def cpu_seconds(pids: Sequence[int]) -> float:
    """Return the CPU time that the processes have used so far, in user and kernel mode."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / _TICKS_PER_SECOND


def pss_megabytes(pids: Sequence[int]) -> float:
    """Return the processes' share of memory, each shared page divided among its users."""
    kilobytes = 0
    for pid in pids:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        match = re.search(r"^Pss:\s+(\d+) kB", rollup, flags=re.MULTILINE)
        kilobytes += int(match[1]) if match else 0
    return kilobytes / 1024


def load(pid: int, base_url: str, call: Call, *, seconds: int) -> Load:
    """Send *call* over 32 connections for some seconds, to the server that *pid* leads.

    Raises:
        RuntimeError: an answer was no success, or wrk saw a socket error.
    """
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "call.lua"
        script.write_text(_lua(call), encoding="utf-8")
        options = ["-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s", str(script)]
        pids = process_tree(pid)
        before = cpu_seconds(pids)
        printed = subprocess.run(
            ["wrk", *options, base_url + call.path], capture_output=True, text=True, check=True
        ).stdout
        used = cpu_seconds(pids) - before
    if "Non-2xx" in printed or "Socket errors" in printed:
        raise RuntimeError(f"{call.name}: {printed}")
    answered = int(_found(r"(\d+) requests in", printed))
    return Load(
        cpu_ms=used * 1000 / answered,
        requests_per_second=float(_found(r"Requests/sec:\s+([\d.]+)", printed)),
        p50_ms=_milliseconds(_found(r"^ +50%\s+(\S+)", printed)),
        p99_ms=_milliseconds(_found(r"^ +99%\s+(\S+)", printed)),
    )


def interleave(
    rounds: int, measures: Mapping[str, Callable[[], Result]]
) -> dict[str, list[Result]]:
    """Run the measures in turn (A B A B …), after one round that warms up and does not count."""
    results: dict[str, list[Result]] = {name: [] for name in measures}
    for number in range(rounds + 1):
        for name, measure in measures.items():
            result = measure()
            if number:
                results[name].append(result)
    return results


def _short(value: float) -> str:
    """Return three significant digits, without an exponent."""
    digits = max(0, 2 - math.floor(math.log10(value))) if value > 0 else 0
    return f"{value:,.{digits}f}"


def _lua(call: Call) -> str:
    headers = "\n".join(
        f"wrk.headers[{_quoted(name)}] = {_quoted(value)}" for name, value in call.headers.items()
    )
    body = f"wrk.body = {_quoted(call.body)}" if call.body else ""
    return f"wrk.method = {_quoted(call.method)}\n{headers}\n{body}\n"


def _quoted(text: str) -> str:
    return json.dumps(text)  # of ASCII, which Lua reads alike


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text, flags=re.MULTILINE)
    if match is None:
        raise RuntimeError(f"no {pattern} in {text}")
    return match[1]


def _milliseconds(text: str) -> float:
    match = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text)
    if match is None:
        raise RuntimeError(text)
    return float(match[1]) * _UNITS[match[2]]
