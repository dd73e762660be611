"""A line of an .env file gives back the secret in each reader, or says in which it does not."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passwords.formats import SAFE_SYMBOLS
from passwords.formats.env import QUOTES_KEPT, READ_DIFFERENTLY, SEVERAL_LINES
from tests.formats.readers import by_docker_run, by_dotenv, by_shell, written

ALIKE = string.ascii_letters + string.digits + SAFE_SYMBOLS


def _line(secret: str) -> str:
    return written("env", secret, name="DB_PASSWORD").text


@settings(max_examples=30)
@given(st.text(ALIKE, min_size=1, max_size=40))
def test_the_safe_characters_are_read_alike_without_quotes(secret: str) -> None:
    document = written("env", secret, name="DB_PASSWORD")

    assert (document.text, document.note) == (f"DB_PASSWORD={secret}", "")
    for read in (by_shell, by_dotenv, by_docker_run):
        assert read(document.text, "DB_PASSWORD") == secret


def test_the_padding_of_base64_needs_no_quotes() -> None:
    assert _line("UzNuaGE=") == "DB_PASSWORD=UzNuaGE="


@pytest.mark.parametrize("secret", ["=ls", "a:=ls"])
def test_what_zsh_would_replace_by_a_path_is_quoted(secret: str) -> None:
    assert _line(secret) == f"DB_PASSWORD='{secret}'"


@pytest.mark.parametrize("secret", ["a b", "a$HOME", "a#b", 'a"b', "`id`", r"a\b", "~", "!x;y|z"])
def test_other_characters_are_single_quoted_with_the_caveat(secret: str) -> None:
    document = written("env", secret, name="DB_PASSWORD")

    assert (document.text, document.note) == (f"DB_PASSWORD='{secret}'", QUOTES_KEPT)


def test_a_value_of_several_lines_says_who_cannot_read_it() -> None:
    document = written("env", "-----BEGIN\na+/=\n", name="KEY")

    assert (document.text, document.note) == ("KEY='-----BEGIN\na+/=\n'", SEVERAL_LINES)
    for read in (by_shell, by_dotenv):
        assert read(document.text, "KEY") == "-----BEGIN\na+/=\n"


def test_a_single_quote_is_between_double_quotes() -> None:
    document = written("env", "it's #1", name="DB_PASSWORD")

    assert (document.text, document.note) == ('DB_PASSWORD="it\'s #1"', QUOTES_KEPT)


@pytest.mark.parametrize("secret", ["'$x", "${HOME}", "a\\\\b", "ends\\", "'\"", "`'`"])
def test_what_readers_disagree_about_is_written_for_shells_and_says_so(secret: str) -> None:
    document = written("env", secret, name="DB_PASSWORD")

    assert document.note == READ_DIFFERENTLY
    assert by_shell(document.text, "DB_PASSWORD") == secret


@settings(max_examples=60)
@given(st.text(string.punctuation + "ab 1", min_size=1, max_size=20))
def test_a_shell_reads_every_secret_and_dotenv_unless_the_note_says_otherwise(secret: str) -> None:
    document = written("env", secret, name="X")

    assert by_shell(document.text, "X") == secret
    if document.note != READ_DIFFERENTLY:
        assert by_dotenv(document.text, "X") == secret
