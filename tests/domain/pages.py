"""The tables of examples in the documentation."""

from pathlib import Path


def rows(page: str, columns: int) -> list[list[str]]:
    """Return the cells of the rows of examples in the page."""
    text = (Path(__file__).parents[2] / "docs" / page).read_text(encoding="utf-8")
    found = [line.strip("| ").split(" | ") for line in text.splitlines() if line[:3] == "| `"]
    return [row for row in found if len(row) == columns]
