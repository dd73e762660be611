"""Measure how long images take from `docker run` to the first answered page, side by side.

    python -m tools.image_start IMAGE IMAGE…

Each round starts every image once, with an empty database, on loopback. Only compare the columns
with each other: on a shared machine, absolute times mean nothing.
"""

import http.client
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Final

from giropops.conf import keys

ROUNDS: Final = 7
PORT: Final = 5999
GIVE_UP_SECONDS: Final = 60.0


def start_seconds(image: str) -> float:
    """Return the seconds until a fresh container of *image* answers its page."""
    drawn = [f"{name}={value}" for name, value in keys.draw().items()]
    command = [
        *("docker", "run", "--rm", "--detach", "--network", "host", "--read-only"),
        *("--tmpfs", "/tmp"),  # noqa: S108  # the container's own
        *("--env", "HOST=127.0.0.1", "--env", f"PORT={PORT}"),
        *(part for key in drawn for part in ("--env", key)),
        image,
    ]
    begun = time.monotonic()
    started = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603  # our own arguments
    try:
        while time.monotonic() - begun < GIVE_UP_SECONDS:
            if _answers():
                return time.monotonic() - begun
            time.sleep(0.01)
    finally:
        stop = ["docker", "rm", "--force", "--volumes", started.stdout.strip()]
        subprocess.run(stop, check=True, capture_output=True)  # noqa: S603  # our own arguments
    sys.exit(f"giropops: {image} does not answer")


def _answers() -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def measure(images: Sequence[str]) -> dict[str, list[float]]:
    """Return each image's times, taken in turns."""
    times: dict[str, list[float]] = {image: [] for image in images}
    for _ in range(ROUNDS):
        for image in images:
            times[image].append(start_seconds(image))
    return times


def main() -> None:
    """Print each image's median and best time, and its median as a ratio to the first one's."""
    times = measure(sys.argv[1:])
    first = statistics.median(next(iter(times.values())))
    for image, taken in times.items():
        median = statistics.median(taken)
        sys.stdout.write(
            f"{median:6.2f} s median {min(taken):6.2f} s best {median / first:6.2f}  {image}\n"
        )


if __name__ == "__main__":
    main()
