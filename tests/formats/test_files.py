"""Docker secrets and Terraform variables."""

import pytest

from passwords.formats.files import CREATE_SECRET_OF_FILE
from tests.formats.readers import written


def test_a_docker_secret_is_the_secret_and_the_note_has_the_command() -> None:
    document = written("docker-secret", "S3nha", name="db")

    assert document.text == "S3nha"
    assert "docker secret create db -" in document.note % document.note_params


def test_a_key_of_openssh_keeps_its_newline_as_a_docker_secret() -> None:
    document = written("docker-secret", "-----BEGIN\n-----END\n", name="key")

    assert document.text == "-----BEGIN\n-----END\n"
    assert document.note == CREATE_SECRET_OF_FILE


@pytest.mark.parametrize(
    ("secret", "line"),
    [
        ("S3nha", 'db = "S3nha"'),
        (r"a\b", r'db = "a\\b"'),
        ('a"b', r'db = "a\"b"'),
        ("${a}", 'db = "$${a}"'),
        ("%{a}", 'db = "%%{a}"'),
        ("a\n", r'db = "a\n"'),
        ("$a%b{", 'db = "$a%b{"'),
        ("$${", 'db = "$$${"'),  # as hclwrite writes it
    ],
)
def test_a_terraform_variable_is_escaped(secret: str, line: str) -> None:
    assert written("tfvars", secret, name="db").text == line
