"""`manage.py generate --as`: documents on stdout, and secrets that are nowhere else on stderr."""

import base64
import subprocess

import nacl.pwhash
import pytest
import yaml
from django.core.management import CommandError

from passwords.formats.key_pairs import public_half
from passwords.models import Generation, Policy
from tests.management import program
from tests.management.conftest import Call

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def test_each_secret_is_a_line_for_env(call: Call) -> None:
    stdout, _ = call(*["generate", "--as", "env", "--name", "DB_PASSWORD", "--count", "3"])

    assert [len(line) for line in stdout.splitlines()] == [len("DB_PASSWORD=") + 20] * 3
    assert all(line.startswith("DB_PASSWORD=") for line in stdout.splitlines())


def test_the_manifests_of_kubernetes_are_one_file(call: Call) -> None:
    arguments = "generate --as kubernetes --name db --key token --count 2"

    stdout, _ = call(*arguments.split())

    found = list(yaml.safe_load_all(stdout))
    assert [secret["metadata"]["name"] for secret in found] == ["db", "db"]
    assert len({base64.b64decode(secret["data"]["token"]) for secret in found}) == 2


def test_a_docker_secret_ends_without_a_newline(call: Call) -> None:
    stdout, stderr = call(*["generate", "--length", "32", "--as", "docker-secret", "--name", "db"])

    assert len(stdout) == 32
    assert not stdout.endswith("\n")
    assert "docker secret create db -" in stderr


@pytest.mark.parametrize("quiet", [[], ["--quiet"]])
def test_the_secrets_of_a_one_way_format_go_to_stderr_in_the_same_order(
    call: Call, quiet: list[str]
) -> None:
    stdout, stderr = call("generate", "--as", "argon2id", "--count", "2", *quiet)

    drawn = stderr.splitlines()[-2:] if quiet else stderr.splitlines()
    secrets = [line for line in drawn if len(line) == 20]
    for secret, hashed in zip(secrets, stdout.splitlines(), strict=True):
        assert nacl.pwhash.verify(hashed.encode(), secret.encode())
    assert len(secrets) == 2
    assert not quiet or stderr == "".join(f"{secret}\n" for secret in secrets)


def test_a_secret_that_can_be_read_from_its_document_is_not_on_stderr(call: Call) -> None:
    stdout, stderr = call(*["generate", "--as", "env", "--name", "A", "--quiet"])

    assert (len(stdout), stderr) == (len("A=") + 21, "")


def test_a_note_is_written_once_and_not_with_quiet(call: Call) -> None:
    options = ["generate", "--symbols", "$", "--as", "env", "--name", "A", "--count", "3"]

    _, stderr = call(*options)
    _, quiet = call(*options, "--quiet")

    assert stderr.count("docker run --env-file") == 1
    assert quiet == ""


def test_the_file_of_a_key_is_one_value(call: Call) -> None:
    arguments = "generate token --encoding ssh-ed25519 --as kubernetes --name key"

    stdout, _ = call(*arguments.split())

    key = base64.b64decode(yaml.safe_load(stdout)["data"]["password"])
    assert key.startswith(b"-----BEGIN OPENSSH PRIVATE KEY-----\n")
    assert key.endswith(b"-----END OPENSSH PRIVATE KEY-----\n")


def test_a_policy_is_written_in_a_format(call: Call) -> None:
    Policy.objects.create(name="P", slug="p", kind="pin", parameters={"length": 8})

    stdout, _ = call(*["generate", "--policy", "p", "--as", "tfvars", "--name", "pin"])

    assert len(stdout) == len('pin = "12345678"\n')


def test_the_history_has_one_row_for_the_request(call: Call) -> None:
    call(*["generate", "--as", "env", "--name", "A", "--count", "3"])

    assert Generation.objects.get().count == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("--as xml", "--as: must be one of env, kubernetes, "),
        ("--as env", "--name: must be given"),
        ("--as env --name 1", "--name: must look like DB_PASSWORD"),
        ("--as env --name A --key b", "--key: is not a parameter of env"),
        ("--as htpasswd --user a --cost 20", "--cost: must be between 5 and 12"),
        ("--as shadow --rounds x", "--rounds: must be a whole number"),
        ("--as env --name A --count 10001", "--count: must be between 1 and 10000"),
        ("--as wifi --network x --length 7", "--as: The password of a network has 8 to 63"),
        ("token --encoding age --as wifi --network x", "--as: The password of a network has 8"),
        ("token --encoding ssh-ed25519 --as shadow", "--as: takes secrets of at most 256 bytes"),
        ("--as otpauth --issuer a --account b", "--as: takes only tokens in Base32"),
        ("--name A", "--name: needs --as"),
        ("--hidden", "--hidden: needs --as"),
        ("--as env --name A --format json", "--format: must be text or left out beside --as"),
        ("--as env --name A --share", "--as: must be left out beside --share"),
    ],
)
def test_a_wrong_option_is_named_and_nothing_is_recorded(
    call: Call, arguments: str, message: str
) -> None:
    with pytest.raises(CommandError) as caught:
        call("generate", *arguments.split())

    assert str(caught.value).startswith(message)
    assert caught.value.returncode == 2
    assert not Generation.objects.exists()


def test_the_program_writes_a_hash_and_its_secret_apart(no_database: dict[str, str]) -> None:
    ended = program.run("generate", "--quiet", "--as", "shadow", own=no_database)

    assert ended.returncode == 0
    made = subprocess.run(
        ["openssl", "passwd", "-6", "-salt", ended.stdout.split("$")[2], "-stdin"],
        input=ended.stderr,
        capture_output=True,
        text=True,
        check=True,
    )
    assert made.stdout == ended.stdout


def test_the_public_half_of_a_key_pair_is_on_stderr(call: Call) -> None:
    options = ["generate", "token", "--encoding", "wireguard", "--as", "env", "--name", "KEY"]
    stdout, stderr = call(*options)

    public = public_half("wireguard", stdout.strip().removeprefix("KEY="))
    assert f"no secret: {public}\n" in stderr
    assert str(public) not in stdout
    assert call(*options, "--quiet")[1] == ""
