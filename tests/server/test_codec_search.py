"""A charset that a client makes up leaves nothing in memory."""

import codecs
import encodings
from collections.abc import Iterator

import pytest

from giropops.server import codec_search


@pytest.fixture(autouse=True)
def _bounded_search() -> Iterator[None]:
    codec_search.forget_unknown_codecs()
    yield
    codecs.unregister(codec_search._search)
    codecs.register(encodings.search_function)


def test_an_unknown_codec_stays_in_no_cache() -> None:
    for number in range(100):
        with pytest.raises(LookupError):
            codecs.lookup(f"made-up-{number}")

    cached: set[str] = set(vars(encodings)["_cache"])
    assert not any(name.startswith("made") for name in cached)


@pytest.mark.parametrize("name", ["UTF-8", "latin-1", "ISO-8859-15", "cp1252", "idna", "utf_8_sig"])
def test_every_codec_of_python_is_found(name: str) -> None:
    assert codecs.lookup(name)
