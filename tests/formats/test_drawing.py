"""Every channel shows secrets in their final form: they are all drawn in one place."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from passwords import domain
from passwords.domain.tokens import ENCODINGS, IDENTIFIERS, PARTIAL_ENCODINGS
from passwords.formats import drawing

PACKAGE = Path(settings.BASE_DIR, "passwords")
# What these modules draw has a fixed recipe: a part of an API token, and a link's passphrase.
OF_A_FIXED_RECIPE = {"accounts/tokens.py", "sharing/passphrases.py"}


def _modules(pattern: str) -> Iterator[str]:
    for path in PACKAGE.rglob("*.py"):
        if re.search(pattern, path.read_text(encoding="utf-8")):
            yield path.relative_to(PACKAGE).as_posix()


def test_no_channel_draws_past_the_completion() -> None:
    drawing_many = set(_modules(r"\bdomain\.(draw_many|stream)\("))
    drawing_one = set(_modules(r"\bdomain\.draw\("))
    importing = set(_modules(r"from passwords\.domain(\.drawing)? import .*\b(draw|stream)"))

    assert drawing_many == {"formats/drawing.py"}
    assert drawing_one == OF_A_FIXED_RECIPE
    assert importing == {"domain/__init__.py"}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_one_several_and_a_stream_have_the_same_form(encoding: Any) -> None:
    recipe = domain.build("token", {"encoding": encoding})

    drawn = drawing.draw_many(recipe, 1) + drawing.draw_many(recipe, 3)
    drawn += [value for batch in drawing.batches(recipe, 3) for value in batch]

    assert len(set(drawn)) == 7
    assert len({len(value) for value in drawn}) == 1
    if encoding in PARTIAL_ENCODINGS - IDENTIFIERS:
        assert not any(re.fullmatch("[0-9a-f]{64}", value) for value in drawn)


def test_what_is_not_a_line_is_not_streamed_as_lines() -> None:
    for encoding in ENCODINGS:
        recipe = domain.build("token", {"encoding": encoding})
        if drawing.is_plain(recipe):
            assert next(drawing.stream(recipe, 1)).endswith(b"\n")
        else:
            with pytest.raises(ValueError, match="not lines"):
                drawing.stream(recipe, 1)

    assert drawing.is_plain(domain.build("pin", {}))
    assert not drawing.is_plain(domain.build("token", {"encoding": "wireguard"}))
