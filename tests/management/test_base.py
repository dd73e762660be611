"""What all commands share."""

import pytest

from passwords.management.base import number, terminal_language
from tests.management import program


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "pt_BR.UTF-8"}, "pt-br"),
        ({"LANG": "pt_PT@euro"}, "pt-br"),
        ({"LANG": "es"}, "es"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "es_ES.UTF-8", "LC_MESSAGES": "en_GB"}, "en"),
        ({"LANG": "en_GB", "LC_MESSAGES": "en_GB", "LC_ALL": "es_MX.UTF-8"}, "es"),
        ({"LANG": "es_ES.UTF-8", "LC_ALL": ""}, "es"),
        ({"LANG": "../../etc/passwd"}, "en"),
    ],
)
def test_the_language_is_the_terminal_s_or_english(
    variables: dict[str, str], language: str
) -> None:
    assert terminal_language(variables) == language


@pytest.mark.parametrize(
    ("text", "value"), [("20", 20), ("-5", -5), ("90.5", 90.5), ("abc", "abc"), ("", "")]
)
def test_text_that_is_no_number_is_left_to_the_domain(text: str, value: float | str) -> None:
    parsed = number(text)

    assert parsed == value
    assert type(parsed) is type(value)


def test_a_traceback_is_shown_on_request(no_database: dict[str, str]) -> None:
    ended = program.run("generate", "--length", "0", "--traceback", own=no_database)

    assert ended.returncode == 1
    assert "Traceback" in ended.stderr
    assert "--length: " in ended.stderr
