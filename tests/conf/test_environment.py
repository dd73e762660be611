"""Reading the environment: typed, and one clear line for a bad value."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from giropops.conf.environment import (
    Environment,
    EnvironmentVariableError,
    another_port,
    header_name,
    hosts,
    key_ring,
    load,
    local_path,
    networks,
    origins,
    read_dotenv,
    site_url,
    url_prefix,
)
from tests.live import ROOT
from tests.plugin import APP_VARIABLES


def test_a_value_loses_surrounding_white_space() -> None:
    assert Environment({"NAME": " value \n"}).text("NAME") == "value"


def test_an_empty_value_counts_as_not_set() -> None:
    assert Environment({"NAME": ""}).text("NAME", default="default") == "default"


def test_a_missing_value_without_default_names_the_variable_and_what_it_takes() -> None:
    with pytest.raises(EnvironmentVariableError) as caught:
        Environment({}).text("NAME", takes="a word")

    assert str(caught.value) == "NAME is not set: it takes a word"


def test_a_bad_value_is_never_quoted() -> None:
    with pytest.raises(EnvironmentVariableError) as caught:
        Environment({"NUMBER": "hunter2"}).integer("NUMBER", default=1, minimum=0, maximum=9)

    assert str(caught.value) == "NUMBER takes a whole number from 0 to 9"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("true", True), ("ON", True), ("1", True), ("yes", True), ("False", False), ("0", False)],
)
def test_a_flag_is_read_from_the_usual_words(text: str, *, expected: bool) -> None:
    assert Environment({"FLAG": text}).flag("FLAG") is expected


@pytest.mark.parametrize("text", ["maybe", "2", "y"])
def test_a_flag_refuses_other_words(text: str) -> None:
    with pytest.raises(EnvironmentVariableError, match="FLAG takes true or false"):
        Environment({"FLAG": text}).flag("FLAG")


@pytest.mark.parametrize("text", ["-1", "10", "1.5", "ten"])
def test_a_number_outside_its_range_is_refused(text: str) -> None:
    with pytest.raises(EnvironmentVariableError):
        Environment({"NUMBER": text}).integer("NUMBER", default=1, minimum=0, maximum=9)


def test_a_choice_is_one_of_the_choices() -> None:
    environment = Environment({"SCOPE": "other"})

    with pytest.raises(EnvironmentVariableError, match="SCOPE takes one of: owner, shared"):
        environment.choice("SCOPE", ("owner", "shared"), default="owner")


def test_a_list_leaves_out_empty_parts() -> None:
    assert Environment({"HOSTS": "a, b,,"}).items("HOSTS") == ["a", "b"]


def test_a_value_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from a file\n", encoding="utf-8")

    assert Environment({"NAME_FILE": str(secret)}).text("NAME") == "from a file"


def test_the_variable_itself_wins_over_its_file(tmp_path: Path) -> None:
    values = {"NAME": "direct", "NAME_FILE": str(tmp_path / "missing")}

    assert Environment(values).text("NAME") == "direct"


def test_an_unreadable_file_is_one_clear_line(tmp_path: Path) -> None:
    environment = Environment({"NAME_FILE": str(tmp_path / "missing")})

    with pytest.raises(EnvironmentVariableError, match="NAME_FILE takes the path of a readable"):
        environment.text("NAME")


def test_the_process_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("# comment\n\nONE=file\nTWO='quoted=value'\n", encoding="utf-8")
    monkeypatch.delenv("DOTENV")
    monkeypatch.setenv("ONE", "process")

    environment = load(dotenv)

    assert (environment.text("ONE"), environment.text("TWO")) == ("process", "quoted=value")


def test_another_file_can_be_named_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "other").write_text("ONE=other\n", encoding="utf-8")
    (tmp_path / ".env").write_text("ONE=usual\n", encoding="utf-8")

    monkeypatch.setenv("DOTENV", str(tmp_path / "other"))
    named = load(tmp_path / ".env").text("ONE")
    monkeypatch.setenv("DOTENV", "")
    none = load(tmp_path / ".env").text("ONE", default="none")

    assert (named, none) == ("other", "none")


def test_a_usual_file_need_not_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOTENV")

    assert load(tmp_path / ".env").text("ONE", default="none") == "none"


def test_a_named_file_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOTENV", str(tmp_path / "missing"))

    with pytest.raises(ImproperlyConfigured, match=r"^DOTENV: .*missing cannot be read \(No such"):
        load(tmp_path / ".env")


def test_a_value_file_of_the_process_wins_over_a_value_in_the_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from the process\n", encoding="utf-8")

    environment = Environment({"NAME_FILE": str(secret)}, {"NAME": "from .env"})

    assert environment.text("NAME") == "from the process"


@pytest.mark.parametrize(
    "line", ["ONE=1", " ONE = 1 ", "export ONE=1", "ONE='1'", 'ONE="1"', "\ufeffONE=1", "ONE=1\r"]
)
def test_a_line_may_be_written_in_several_ways(tmp_path: Path, line: str) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_bytes(f"{line}\n".encode())

    assert read_dotenv(dotenv) == {"ONE": "1"}


@pytest.mark.parametrize("line", ["ONE: 1", "ONE", "1ONE=1", "=1", "set ONE=1"])
def test_a_wrong_line_is_named(tmp_path: Path, line: str) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text(f"# comment\n{line}\n", encoding="utf-8")

    with pytest.raises(ImproperlyConfigured, match=r"\.env, line 2: write it as NAME=value"):
        read_dotenv(dotenv)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "latin-1"])
def test_another_encoding_is_one_clear_line(tmp_path: Path, encoding: str) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("ONE=é\n", encoding=encoding)

    with pytest.raises(ImproperlyConfigured, match=r"\.env( is not UTF-8|, line 1: )"):
        read_dotenv(dotenv)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("LOGFORMAT", "LOG_FORMAT"),
        ("log_format", "LOG_FORMAT"),
        ("LOG_FORMATS", "LOG_FORMAT"),
        ("LOG_FILE", None),
        ("LOG_FORMAT_FILE", None),
    ],
)
def test_a_misspelt_name_is_found(name: str, meant: str | None) -> None:
    environment = Environment({name: "text"})
    environment.names.add("LOG_FORMAT")

    assert environment.misspelt() == ((name, meant) if meant else None)


def service_variables(service: str) -> dict[str, str]:
    """Return what Kubernetes sets in every container of the namespace for a Service."""
    prefix = service.upper().replace("-", "_")
    address = "tcp://10.96.0.7:6379"
    return {
        f"{prefix}_SERVICE_HOST": "10.96.0.7",
        f"{prefix}_SERVICE_PORT": "6379",
        f"{prefix}_SERVICE_PORT_HTTP": "6379",
        f"{prefix}_PORT": address,
        f"{prefix}_PORT_6379_TCP": address,
        f"{prefix}_PORT_6379_TCP_PROTO": "tcp",
        f"{prefix}_PORT_6379_TCP_PORT": "6379",
        f"{prefix}_PORT_6379_TCP_ADDR": "10.96.0.7",
    }


def test_a_service_of_any_name_beside_the_app_changes_nothing() -> None:
    services = {
        name[:end].lower().replace("_", "-")
        for name in APP_VARIABLES
        for end in [*(place.start() for place in re.finditer("_", name)), len(name)]
    }
    services |= {f"{name}{end}" for name in services for end in ("s", "2", "-2", "-service")}
    injected = {key: value for name in services for key, value in service_variables(name).items()}
    script = (
        "from giropops import settings\n"
        "print(settings.PORT, settings.METRICS_PORT, settings.HOST, settings.ALLOWED_HOSTS)"
    )

    ended = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, **injected},
        capture_output=True,
        text=True,
        check=True,
    )

    assert {"redis", "metrics", "host", "port", "redis-2", "log"} <= services
    assert ended.stdout == "5000 0 127.0.0.1 ['*']\n"


@pytest.mark.parametrize(
    "text",
    ["10.0.0.1/8", "0.0.0.0/0", "10.0.0.0/8, ::/0", "::ffff:127.0.0.1", "proxy", "10.1"],
)
def test_what_is_no_network_of_proxies_is_refused(text: str) -> None:
    assert [str(network) for network in networks("10.0.0.0/8, 2001:db8::1")] == [
        "10.0.0.0/8",
        "2001:db8::1/128",
    ]
    with pytest.raises(ValueError, match=r".*"):
        networks(text)


@pytest.mark.parametrize("name", ["X_Forwarded_User", "X-User:", "ação", "-", "HTTP X"])
def test_a_header_has_no_underscore(name: str) -> None:
    assert header_name("Remote-User") == "Remote-User"
    with pytest.raises(ValueError, match=r".*"):
        header_name(name)


@pytest.mark.parametrize(
    "text", ["//evil.test", "/\\evil.test", "https://evil.test", "out", "/a b"]
)
def test_a_path_of_this_host_leads_to_no_other(text: str) -> None:
    assert local_path("/oauth2/sign_out?rd=%2F") == "/oauth2/sign_out?rd=%2F"
    with pytest.raises(ValueError, match=r".*"):
        local_path(text)


def test_origins_need_their_scheme() -> None:
    assert origins("https://a.example, http://b.example:8080") == [
        "https://a.example",
        "http://b.example:8080",
    ]
    with pytest.raises(ValueError, match="1"):
        origins("a.example")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", ""), ("https://a.example/", "https://a.example"), ("http://a:80", "http://a:80")],
)
def test_the_address_of_the_site_is_one_origin(text: str, expected: str) -> None:
    assert site_url(text) == expected


@pytest.mark.parametrize(
    "text", ["a.example", "https://a.example/path", "https://a.example,https://b.example"]
)
def test_another_address_of_the_site_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\d"):
        site_url(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", ""), ("/", ""), ("/giropops-senhas/", "/giropops-senhas"), ("/a/b", "/a/b")],
)
def test_a_prefix_has_a_slash_before_and_none_behind(text: str, expected: str) -> None:
    assert url_prefix(text) == expected


@pytest.mark.parametrize("text", ["giropops", "/a b", "/a//b", "/a?b", "https://a.example/b"])
def test_what_is_no_path_is_no_prefix(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        url_prefix(text)


def test_keys_are_32_bytes_padded_or_not() -> None:
    key = "A" * 43

    assert key_ring(f"{key}=, {key}") == [b"\0" * 32, b"\0" * 32]


@pytest.mark.parametrize("text", ["", ",", "AAAA", "A" * 44, "é" * 43, "A" * 43 + "," + "B" * 5])
def test_anything_else_is_no_key(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        key_ring(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("0", 0), ("8088", 8088), ("tcp://10.96.0.12:8088", 0)]
)
def test_a_second_port_is_optional(text: str, expected: int) -> None:
    assert another_port(5000)(text) == expected


@pytest.mark.parametrize("text", ["5000", "-1", "65536", "x"])
def test_a_second_port_is_another(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        another_port(5000)(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*", ["*"]),
        ("localhost, .example.com,[::1]", ["localhost", ".example.com", "[::1]"]),
        ("10.0.0.1", ["10.0.0.1"]),
        ("giropops_senhas", ["giropops_senhas"]),
    ],
)
def test_hosts_are_names_and_addresses(text: str, expected: list[str]) -> None:
    assert hosts(text) == expected


@pytest.mark.parametrize("text", ["http://x", "x:5000", "x/y", "*.example.com", "a b"])
def test_a_scheme_a_port_or_a_path_is_no_host(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        hosts(text)
