"""Print the size of each layer of an image above its base; fail if the sum exceeds a limit.

    python -m tools.image_size IMAGE BASE LIMIT

LIMIT is in megabytes of 10^6 bytes, uncompressed, as `docker history` counts them.
"""

import subprocess
import sys
from typing import Final, NamedTuple

MEGABYTE: Final = 1_000_000


class Layer(NamedTuple):
    """One layer: the instruction that made it, and its uncompressed size in bytes."""

    made_by: str
    size: int


def own_layers(image: str, base: str) -> list[Layer]:
    """Return the layers that *image* has above *base*, lowest first, without the empty ones."""
    lines = _docker("history", "--no-trunc", "--human=false", "--format", _FORMAT, image)
    inherited = _docker("history", "--quiet", base).splitlines()
    layers = [
        Layer(made_by=made_by.partition(" # ")[0], size=int(size))
        for size, _, made_by in (line.partition("\t") for line in reversed(lines.splitlines()))
    ]
    return [layer for layer in layers[len(inherited) :] if layer.size]


def own_size(image: str, base: str) -> int:
    """Return the bytes of *image* above *base*."""
    return _size(image) - _size(base)


def report(image: str, base: str) -> str:
    """Return the table of the layers, the sum and the whole image's size."""
    rows = [f"{layer.size:>12,}  {layer.made_by}" for layer in own_layers(image, base)]
    return "\n".join(
        [
            *rows,
            f"{own_size(image, base):>12,}  above {base}",
            f"{_size(image):>12,}  {image}",
        ]
    )


def main() -> None:
    """Print the report; exit 1 if the image's own layers exceed the limit."""
    image, base, limit = sys.argv[1:]
    sys.stdout.write(f"{report(image, base)}\n")
    if own_size(image, base) > float(limit) * MEGABYTE:
        sys.exit(f"giropops: {image} weighs more than {limit} MB above {base}")


_FORMAT: Final = "{{.Size}}\t{{.CreatedBy}}"


def _size(image: str) -> int:
    return int(_docker("image", "inspect", "--format", "{{.Size}}", image))


def _docker(*arguments: str) -> str:
    command = ["docker", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603  # our own arguments


if __name__ == "__main__":
    main()
