"""`manage.py generate`: what it makes of its options."""

import csv
import json
import re
import string
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from passwords.formats.key_pairs import public_half
from passwords.management import progress
from passwords.models import Generation, Policy
from tests.management.conftest import Call

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def test_without_options_it_gives_twenty_characters(call: Call) -> None:
    stdout, _ = call("generate")

    assert len(stdout) == 21
    assert stdout.endswith("\n")


@pytest.mark.parametrize(
    ("arguments", "pattern"),
    [
        ("characters --length 12 --no-symbols --no-digits", r"[a-zA-Z]{12}"),
        ("--no-lowercase --no-uppercase --no-symbols --length 9", r"[0-9]{9}"),
        ("--symbols !? --no-lowercase --no-uppercase --no-digits --length 30", r"[!?]{30}"),
        ("--no-lowercase --no-uppercase --no-symbols --exclude 0123456", r"[789]{20}"),
        ("--exclude-lookalikes --length 200", r"[^Il1|O0o]{200}"),
        ("--length 4 --min-lowercase 4 --min-uppercase 0 --min-digits 0 --min-symbols 0", "[a-z]+"),
        ("--no-symbols --bits 128", r"[A-Za-z0-9]{22}"),
        ("--passwordrules maxlength:9;required:digit;allowed:[-a]", r"(?=.*\d)[-a\d]{9}"),
        ("--passwordrules allowed:digit --length 8", r"\d{8}"),
        ("passphrase --words 4 --separator .", r"[a-z-]+(\.[a-z-]+){3}"),
        ("passphrase --words 3 --separator _ --wordlist eff-short-1", r"[a-z-]+(_[a-z-]+){2}"),
        ("passphrase --words 3 --separator _ --capitalize first", r"([A-Z][a-z-]+_?){3}"),
        ("passphrase --words 3 --separator _ --insert digit", r"[a-z_-]+[0-9][a-z_-]*"),
        ("pin", r"[0-9]{6}"),
        ("pin --length 3 --no-repeats-or-runs", r"(?!000|123|321)[0-9]{3}"),
        ("pattern", r"[A-Z0-9]{5}(-[A-Z0-9]{5}){4}"),
        (r"pattern --pattern \V-d{2}[u^Z] --exclude-lookalikes", r"V-[2-9]{2}[^AEIOU\W]"),
        ("token", r"[A-Za-z0-9_-]{43}"),
        ("token --bytes 16 --encoding hex", r"[0-9a-f]{32}"),
        ("token --encoding uuid4", r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f-]{21}"),
        ("token --encoding base58 --bits 130", r"[1-9A-HJ-NP-Za-km-z]{24}"),
        ("token --encoding laravel", r"base64:[A-Za-z0-9+/]{43}="),
        ("token --encoding uuid7", r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}"),
        ("token --encoding ulid", r"0[0-9A-HJKMNP-TV-Z]{25}"),
        ("token --encoding age", r"AGE-SECRET-KEY-1[0-9A-Z]{58}\nage1[0-9a-z]{58}"),
        ("token --encoding wireguard", r"[A-Za-z0-9+/]{43}=\n[A-Za-z0-9+/]{43}="),
        (
            "token --encoding ssh-ed25519",
            r"-----BEGIN [A-Z ]+-----\n(.{1,70}\n){5}-----END .*-----\nssh-ed25519 AAAA[\w+/]{64}",
        ),
    ],
)  # fmt: skip
def test_the_options_shape_the_secret(call: Call, arguments: str, pattern: str) -> None:
    stdout, _ = call("generate", *arguments.split())

    assert re.fullmatch(pattern, stdout.removesuffix("\n")), stdout


@pytest.mark.parametrize(
    ("arguments", "at_fault"),
    [
        ("--length 0", "--length"),
        ("--passwordrules required:letters", "--passwordrules"),
        ("--passwordrules allowed:digit --no-symbols", "--no-symbols"),
        ("--passwordrules maxlength:8 --length 9", "--length"),
        ("--length -5", "--length"),
        ("--length 10000000", "--length"),
        ("--length 10000000000000000", "--length"),
        ("--length 20.5", "--length"),
        ("--length abc", "--length"),
        ("--length=", "--length"),
        ("--bits nan", "--bits"),
        ("--bits inf", "--bits"),
        ("--bits abc", "--bits"),
        ("--count 0", "--count"),
        ("--count -1", "--count"),
        ("--count 100000000", "--count"),
        ("--count many", "--count"),
        ("banana", "kind"),
        ("--min-digits 21", "--min-digits"),
        ("--no-symbols --min-symbols 2", "--min-symbols"),
        ("--no-lowercase --no-uppercase --no-digits --no-symbols", "--no-lowercase"),
        ("--symbols é", "--symbols"),
        ("--length 8 --bits 90", "--bits"),
        ("passphrase --words 3 --bits 90", "--bits"),
        ("token --bytes 16 --bits 90", "--bits"),
        ("passphrase --words 2", "--words"),
        ("passphrase --wordlist klingon", "--wordlist"),
        ("passphrase --separator x", "--separator"),
        ("passphrase --capitalize all", "--capitalize"),
        ("passphrase --insert word", "--insert"),
        ("token --encoding rot13", "--encoding"),
        ("token --encoding uuid4 --bytes 16", "--bytes"),
        ("pattern --pattern A{999999999}", "--pattern"),
        ("pattern --pattern A --bits 90", "--bits"),
        ("pattern --pattern p --exclude-lookalikes", "--exclude-lookalikes"),
        ("pattern --length 5", "--length"),
        ("pin --words 5", "--words"),
        ("token --length 5", "--length"),
        ("token --no-digits", "--no-digits"),
        ("token --no-symbols", "--no-symbols"),
        ("token --symbols !", "--symbols"),
        ("token --no-repeats-or-runs", "--no-repeats-or-runs"),
        ("pin --exclude-lookalikes", "--exclude-lookalikes"),
        ("pin --exclude 1", "--exclude"),
        ("--policy no-such-policy", "--policy"),
        ("--policy pin --length 6", "--length"),
        ("pin --policy pin", "kind"),
    ],
)
def test_a_bad_request_names_the_option_and_records_nothing(
    call: Call, arguments: str, at_fault: str
) -> None:
    with pytest.raises(CommandError, match=rf"^{at_fault}: ") as caught:
        call("generate", *arguments.split())

    assert caught.value.returncode == 2
    assert "\n" not in str(caught.value)
    assert not Generation.objects.exists()


@pytest.mark.parametrize("encoding", ["wireguard", "age", "ssh-ed25519"])
@pytest.mark.parametrize("format_name", ["csv", "json", "ndjson"])
def test_each_record_of_a_key_pair_has_its_public_half(
    call: Call, encoding: str, format_name: str
) -> None:
    stdout, _ = call(
        "generate", "token", "--encoding", encoding, "--count", "3", "--format", format_name
    )

    records = (
        list(csv.DictReader(StringIO(stdout)))
        if format_name == "csv"
        else json.loads(stdout)
        if format_name == "json"
        else [json.loads(line) for line in stdout.splitlines()]
    )
    assert len(records) == 3
    for record in records:
        assert list(record) == ["value", "kind", "entropy_bits", "public"]
        assert record["public"] == public_half(encoding, record["value"])


def test_stderr_says_that_identifiers_are_no_secrets(call: Call) -> None:
    _, of_uuid7 = call("generate", "token", "--encoding", "uuid7")
    _, of_uuid4 = call("generate", "token", "--encoding", "uuid4")

    assert "identifiers, no secrets" in of_uuid7
    assert "identifiers" not in of_uuid4


def test_the_requested_number_of_different_lines_is_written(call: Call) -> None:
    stdout, _ = call("generate", "--count", "5000")

    lines = stdout.splitlines()
    assert len(lines) == len(set(lines)) == 5000


def test_the_entropy_is_written_to_stderr_only(call: Call) -> None:
    stdout, stderr = call("generate", "token", "--encoding", "hex")

    assert stderr == "Entropy of each: 256.0 bits.\n"
    assert set(stdout) <= set(string.hexdigits + "\n")


def test_quiet_leaves_stderr_empty(call: Call) -> None:
    _, stderr = call("generate", "--quiet")

    assert stderr == ""


def test_json_is_one_array_of_all_secrets(call: Call) -> None:
    stdout, _ = call("generate", "--format", "json", "--count", "9000")

    secrets = json.loads(stdout)
    assert len({secret["value"] for secret in secrets}) == 9000
    assert secrets[0].keys() == {"value", "kind", "entropy_bits"}
    assert {len(secret["value"]) for secret in secrets} == {20}


def test_ndjson_is_one_object_a_line(call: Call) -> None:
    stdout, _ = call("generate", "pin", "--format", "ndjson", "--count", "3")

    secrets = [json.loads(line) for line in stdout.splitlines()]
    assert [secret["kind"] for secret in secrets] == ["pin"] * 3
    assert secrets[0]["entropy_bits"] == pytest.approx(19.93, abs=0.01)


def test_csv_keeps_secrets_with_commas_and_quotes_whole(call: Call) -> None:
    only_signs = ("--no-lowercase", "--no-uppercase", "--no-digits", "--symbols", ',"')

    stdout, _ = call("generate", *only_signs, "--format", "csv", "--count", "200")

    header, *rows = csv.reader(stdout.splitlines())
    assert header == ["value", "kind", "entropy_bits"]
    assert len(rows) == 200
    assert all(set(value) <= {",", '"'} and len(value) == 20 for value, _, _ in rows)


def test_a_policy_is_a_recipe_by_name(call: Call) -> None:
    Policy.objects.create(
        slug="ten-digits", name="Ten", kind="pin", parameters={"length": 10}, version=3
    )

    stdout, _ = call("generate", "--policy", "ten-digits", "--count", "2")

    row = Generation.objects.get()
    assert re.fullmatch(r"([0-9]{10}\n){2}", stdout)
    assert (row.policy_slug, row.policy_version, row.count) == ("ten-digits", 3, 2)


def test_one_request_is_one_row_without_owner_and_secret(call: Call) -> None:
    stdout, _ = call("generate", "passphrase", "--words", "5", "--count", "40")

    row = Generation.objects.get()
    assert (row.channel, row.kind, row.count, row.size) == ("command", "passphrase", 40, 5)
    assert (row.user, row.owner_hash, row.client_address) == (None, "", None)
    assert stdout.splitlines()[0] not in str(Generation.objects.values_list())


class _Terminal(StringIO):
    """A stream that people watch."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stdout", "stderr", "arguments", "drawn"),
    [
        (StringIO(), _Terminal(), [], True),
        (StringIO(), _Terminal(), ["--quiet"], False),
        (StringIO(), StringIO(), [], False),
        # On one and the same terminal the bar and the secrets would write over each other.
        (_Terminal(), _Terminal(), [], False),
    ],
    ids=["watched", "quiet", "redirected", "one terminal"],
)
def test_the_bar_is_drawn_where_only_stderr_is_a_terminal(
    monkeypatch: pytest.MonkeyPatch,
    stdout: StringIO,
    stderr: StringIO,
    arguments: list[str],
    drawn: bool,  # noqa: FBT001  # a column of the table above
) -> None:
    monkeypatch.setattr(progress, "DELAY_SECONDS", 0)

    call_command("generate", *arguments, stdout=stdout, stderr=stderr, no_color=True)

    assert ("100 % (1/1)" in stderr.getvalue()) is drawn
    assert stdout.getvalue().count("\n") == 1
