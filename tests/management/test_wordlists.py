"""`manage.py wordlists`: the lists, and the words of one."""

import json

import pytest
from django.core.management import CommandError

from passwords.domain.wordlists import WORDLISTS, load
from tests.management.conftest import Call


def test_the_table_has_a_line_for_each_list(call: Call) -> None:
    stdout, _ = call("wordlists")

    _, *lines = stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(WORDLISTS)
    assert lines[0].split(maxsplit=5) == ["eff-large", "en", "7776", "12.92", "yes", "CC BY 3.0 US"]


def test_the_lists_can_be_json(call: Call) -> None:
    stdout, _ = call("wordlists", "--format", "json")

    first, *_ = json.loads(stdout)
    assert first == {
        "name": "eff-large",
        "language": "en",
        "words": 7776,
        "bits_per_word": pytest.approx(12.925, abs=0.001),
        "prefix_free": True,
        "licence": "CC BY 3.0 US",
    }


def test_a_name_prints_the_words_of_that_list(call: Call) -> None:
    stdout, _ = call("wordlists", "eff-short-1")

    assert tuple(stdout.splitlines()) == load("eff-short-1")


def test_an_unknown_name_is_a_bad_request(call: Call) -> None:
    with pytest.raises(CommandError, match=r"^name: must be one of .*eff-large") as caught:
        call("wordlists", "klingon")

    assert caught.value.returncode == 2
