"""Seed a history of a million rows, and time the admin's pages on it: SQLite and PostgreSQL.

    python -m benchmarks.admin [--rows N] [--requests N] [--databases sqlite,postgres]

Pages are requested in this process, signed in as a superuser, with no server between: what is
timed is the app and its database. The export's peak of memory is that of the whole process.
"""

from __future__ import annotations

import argparse
import os
import random  # noqa: TID251  # rows of a benchmark are no secrets
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.test import Client

ROWS: Final = 1_000_000
DAYS: Final = 90
USERS: Final = 40
LIMIT_MS: Final = 200
# Channel, kind, policy, size, entropy and how often, in parts of a hundred.
_RECIPES: Final = (
    ("web", "characters", "", 20, 131.09, 40),
    ("web", "passphrase", "memorable-passphrase", 6, 77.54, 12),
    ("web", "pin", "pin", 6, 19.90, 5),
    ("api", "characters", "", 8, 45.60, 20),
    ("api", "token", "api-token", 32, 256.0, 10),
    ("api", "characters", "wifi", 20, 116.2, 8),
    ("command", "characters", "administrator", 20, 131.09, 5),
)
_COLUMNS: Final = (  # that of the channel still has its earlier name
    "created_at, user_id, user_name, owner_hash, surface, kind, policy_id, policy_slug,"
    " policy_version, count, size, entropy_bits, client_address"
)
_BATCH_ROWS: Final = 20_000


def rows(number: int, now: datetime) -> Iterator[tuple[Any, ...]]:
    """Yield so many rows of a plausible history, oldest first."""
    draw = random.Random(5)  # noqa: S311  # the same each time
    step = timedelta(days=DAYS) / number
    recipes = [recipe for recipe in _RECIPES for _ in range(recipe[-1])]
    for place in range(number):
        channel, kind, slug, size, bits, _parts = draw.choice(recipes)
        user = draw.randrange(USERS) if draw.random() < 0.2 else None  # noqa: PLR2004  # a fifth
        yield (
            now - timedelta(days=DAYS) + place * step,
            None if user is None else user + 1,
            "" if user is None else f"user{user}",
            f"{draw.getrandbits(128):032x}" if user is None else "",
            *(channel, kind, None, slug, 1 if slug else None, 1, size, bits, None),
        )


def seed(number: int) -> None:
    """Fill the history: by executemany in SQLite, by COPY in PostgreSQL."""
    from django.contrib.auth.models import User  # noqa: PLC0415  # after the settings
    from django.db import connection, transaction  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    User.objects.bulk_create(User(username=f"user{place}") for place in range(USERS))
    adapt = connection.ops.adapt_datetimefield_value
    made = rows(number, timezone.now())
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY passwords_generation ({_COLUMNS}) FROM STDIN") as copy:
                for row in made:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * 13)
            insert = f"INSERT INTO passwords_generation ({_COLUMNS}) VALUES ({places})"  # noqa: S608  # constants
            while batch := [(adapt(row[0]), *row[1:]) for row in islice(made, _BATCH_ROWS)]:
                cursor.executemany(insert, batch)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def pages() -> dict[str, str]:
    """Return the pages to time, by what they show."""
    from django.urls import reverse  # noqa: PLC0415  # after the settings
    from django.utils import timezone  # noqa: PLC0415

    day = timezone.localdate() - timedelta(days=45)
    listed = reverse("admin:passwords_generation_changelist")
    in_day = f"created_at__year={day.year}&created_at__month={day.month}&created_at__day={day.day}"
    return {
        "dashboard": reverse("admin:index"),
        "list": listed,
        "list, last page": f"{listed}?p=40",
        "day": f"{listed}?{in_day}",
        "channel": f"{listed}?channel__exact=api",
        "rare channel": f"{listed}?channel__exact=admin",
        "kind": f"{listed}?kind__exact=token",
        "policy": f"{listed}?policy=wifi",
        "no policy": f"{listed}?policy=-",
        "user": f"{listed}?who=user7",
        "anonymous": f"{listed}?who=-",
        "channel and kind": f"{listed}?channel__exact=api&kind__exact=token",
        "search for one": f"{listed}?q=user17",
        "search for many": f"{listed}?q=user",
        "search without a match": f"{listed}?q=nobody",
        "audit": reverse("admin:passwords_auditentry_changelist"),
    }


def time_page(client: Client, path: str, requests: int) -> tuple[float, float]:
    """Return the median and the 95th percentile of a page, in milliseconds.

    Raises:
        RuntimeError: the page does not open.
    """
    times = []
    for _ in range(requests + 1):
        started = time.perf_counter()
        response = client.get(path)
        times.append(1000 * (time.perf_counter() - started))
        if response.status_code != 200:  # noqa: PLR2004  # OK
            raise RuntimeError(path)
    warm = sorted(times[1:])
    return statistics.median(warm), warm[max(0, round(0.95 * len(warm)) - 1)]


def export(client: Client) -> tuple[int, float, float]:
    """Return how many lines the CSV has, its seconds, and the megabytes that memory grew by."""
    from django.urls import reverse  # noqa: PLC0415  # after the settings

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    response = client.get(reverse("admin:passwords_generation_export"))
    lines = sum(bytes(chunk).count(b"\n") for chunk in response)
    seconds = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return lines, seconds, (after - before) / 1024


def measure(number: int, requests: int) -> None:
    """Measure on the database of the environment, which is empty."""
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giropops.settings")
    django.setup()
    from django.contrib.auth.models import User  # noqa: PLC0415  # after the settings
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import override_settings  # noqa: PLC0415

    from passwords import audit  # noqa: PLC0415
    from passwords.history import daily_totals  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    seed(number)
    seeded = time.perf_counter()
    daily_totals.update()
    summed = time.perf_counter()
    sealed = audit.seal()
    done = time.perf_counter()
    print(f"\n{connection.vendor}: {number:,} rows seeded in {seeded - started:.0f} s")
    print(f"summed in {summed - seeded:.0f} s")
    print(f"{sealed.rows:,} rows sealed in {done - summed:.0f} s")
    started = time.perf_counter()
    finding = next(audit.verify(), None)
    print(f"verified in {time.perf_counter() - started:.0f} s: {finding or 'all as it was'}")
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={"staticfiles": plain}, ALLOWED_HOSTS=["testserver"]):
        client = Client()
        client.force_login(User.objects.create_superuser("boss"))
        for name, path in pages().items():
            median, p95 = time_page(client, path, requests)
            print(f"{name:<20} {median:7.1f} ms {p95:7.1f} ms{'  SLOW' if p95 > LIMIT_MS else ''}")
        lines, seconds, growth = export(client)
    print(f"export: {lines:,} lines in {seconds:.0f} s, memory grew by {growth:.1f} MB")


def main() -> None:
    """Measure on each database in a process of its own."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--requests", type=int, default=20)
    parser.add_argument("--databases", default="sqlite,postgres")
    parser.add_argument("--here", action="store_true", help="on DATABASE_URL, which must be empty")
    options = parser.parse_args()
    if options.here:
        measure(options.rows, options.requests)
        return
    from tests.plugin import fresh_keys  # noqa: PLC0415  # needs pytest
    from tests.servers import PostgresServer  # noqa: PLC0415

    own = ["--here", f"--rows={options.rows}", f"--requests={options.requests}"]

    def run(url: str) -> None:
        environment = {
            **os.environ,
            **fresh_keys(),
            "DOTENV": "",
            "DATABASE_URL": url,
            "LOG_REQUESTS": "false",
        }
        subprocess.run(
            [sys.executable, "-m", "benchmarks.admin", *own], env=environment, check=True
        )

    if "sqlite" in options.databases:
        with tempfile.TemporaryDirectory() as folder:
            run(f"sqlite:///{Path(folder, 'history.sqlite3')}")
    if "postgres" in options.databases:
        with PostgresServer() as server:
            run(server.url)


if __name__ == "__main__":
    main()
