"""The wordlists of WORDLISTS_DIR: what a file may hold, and that every channel has the list."""

import json
import os
import re
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Final

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError
from django.test import Client
from django.utils import translation

from passwords import domain, formats, own_wordlists
from passwords.admin.recipe_fields import PolicyForm
from passwords.domain import passphrases, wordlists
from passwords.models import Policy
from passwords.presentation.page_cache import _cache_of
from tests.management import program
from tests.management.conftest import Call, call  # noqa: F401  # a fixture
from tests.web.reading import read

WORDS: Final = tuple(map("".join, product("abcdeghilç", repeat=3)))
"""1000 words of three letters: a prefix code."""

Write = Callable[..., Path]
Load = Callable[[], tuple[str, ...]]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file of the folder, with the thousand words after *head*."""

    def write_one(head: str | bytes = "", name: str = "casa.txt") -> Path:
        content = head.encode() if isinstance(head, str) else head
        file = tmp_path / name
        file.write_bytes(content + "\n".join(WORDS).encode())
        return file

    return write_one


@pytest.fixture
def load(tmp_path: Path) -> Iterator[Load]:
    """Register the folder, and load its list "casa"."""
    packaged = dict(wordlists.WORDLISTS)

    def load_one() -> tuple[str, ...]:
        own_wordlists.register(str(tmp_path))
        return wordlists.load("casa")

    def forget() -> None:
        for cache in (
            wordlists.load, passphrases._vocabulary, passphrases._needs_no_separator, _cache_of,
        ):  # fmt: skip
            cache.cache_clear()

    forget()
    yield load_one
    wordlists.WORDLISTS.clear()
    wordlists.WORDLISTS.update(packaged)
    forget()


class TestFiles:
    """What a file may hold."""

    @pytest.mark.parametrize(
        "head",
        [
            "",
            "# Palavras da casa, 2026\n\n \n",
            "maçã\n",
            "\ufeffmaçã\n",
            "  maçã \r\n",
            "mac\u0327a\u0303\n",
            "\uff4da\u00e7\u00e3\n",
            "11111\tmaçã\n",
            "11111   maçã\n",
        ],
    )
    def test_a_line_is_a_word_perhaps_after_dice_numbers_or_a_comment_or_blank(
        self, write: Write, load: Load, head: str
    ) -> None:
        write(head)

        first = () if head.startswith("#") or not head else ("maçã",)
        assert load() == first + WORDS

    def test_the_files_of_a_configmap_are_links_into_a_hidden_folder(
        self, write: Write, load: Load, tmp_path: Path
    ) -> None:
        data = tmp_path / "..2026_01_31"
        data.mkdir()
        write().rename(data / "casa.txt")
        (tmp_path / "..data").symlink_to(data)
        (tmp_path / "casa.txt").symlink_to("..data/casa.txt")
        (tmp_path / ".hidden.txt").touch()
        (tmp_path / "LICENSE").touch()

        assert load() == WORDS
        assert list(wordlists.WORDLISTS)[-2:] == ["es", "casa"]

    @pytest.mark.parametrize(
        ("head", "fault"),
        [
            ("casa\n\nMaçã\n", ", line 3: a word has lowercase letters, and"),
            ("duas palavras\n", ", line 1: a word has lowercase letters, and"),
            ("77777 casa\n", ", line 1: a word has lowercase letters, and"),
            ("11111\n", ", line 1: a word has lowercase letters, and"),
            ("a\0b\n", ", line 1: a word has lowercase letters, and"),
            ("é" * 33 + "\n", ", line 1: a word has .* at most 64 bytes"),
            ("casa\n# casa\ncasa\n", ", line 3: the word of line 1 again"),
            ("maçã\nmac\u0327a\u0303\n", ", line 2: the word of line 1 again"),
            (b"casa\nma\xe7\xe3\n", ", line 2: is not UTF-8"),
            (b"#" * (8 * 1024 * 1024), " has more than 8388608 bytes"),
        ],
    )
    def test_a_fault_names_the_file_and_the_line(
        self, write: Write, load: Load, head: str | bytes, fault: str
    ) -> None:
        write(head)

        with pytest.raises(ImproperlyConfigured, match=f"^WORDLISTS_DIR: casa.txt{fault}"):
            load()

    @pytest.mark.parametrize(
        ("words", "fault"),
        [
            ([], " has 0 words without a hyphen: a list has at least 1000"),
            (WORDS[1:], " has 999 words without a hyphen: a list has at least 1000"),
            (
                [*WORDS[1:], "a-b", "a-c"],
                " has 999 words without a hyphen: a list has at least 1000",
            ),
            (
                map("".join, product("abcdefghijk", repeat=5)),
                ", line 100001: a list has at most 100000 words",
            ),
        ],
    )
    def test_a_list_has_1000_to_100000_words(
        self, tmp_path: Path, load: Load, words: list[str], fault: str
    ) -> None:
        (tmp_path / "casa.txt").write_text("\n".join(words), encoding="utf-8")

        with pytest.raises(ImproperlyConfigured, match=f"^WORDLISTS_DIR: casa.txt{fault}$"):
            load()

    @pytest.mark.parametrize("kind", ["folder", "pipe", "missing", "/dev/zero"])
    def test_what_is_no_file_is_not_opened(self, tmp_path: Path, load: Load, kind: str) -> None:
        path = tmp_path / "casa.txt"
        match kind:
            case "folder":
                path.mkdir()
            case "pipe":
                os.mkfifo(path)
            case _:
                path.symlink_to(kind)

        with pytest.raises(ImproperlyConfigured, match=r"^WORDLISTS_DIR: casa\.txt is not a file$"):
            load()

    @pytest.mark.parametrize(
        ("name", "fault"),
        [
            ("Casa.txt", "'Casa.txt': before .txt, a name has 1 to 50 lowercase letters"),
            ("minha\ncasa.txt", r"'minha\\ncasa.txt': before .txt, a name has "),
            ("a--b.txt", "'a--b.txt': before .txt, a name has "),
            (f"{'a' * 51}.txt", f"'{'a' * 51}.txt': before .txt, a name has "),
            ("eff-large.txt", "eff-large.txt: the app has a list of this name"),
            ("casa.TXT", r"/.* has 0 files \*.txt: it takes 1 to 20"),
        ],
    )
    def test_a_fault_of_a_name_is_one_line(
        self, write: Write, load: Load, name: str, fault: str
    ) -> None:
        write(name=name)

        with pytest.raises(ImproperlyConfigured, match=f"^WORDLISTS_DIR: {fault}") as caught:
            load()

        assert "\n" not in str(caught.value)

    def test_a_folder_has_at_most_20_lists(self, write: Write, load: Load) -> None:
        for number in range(21):
            write(name=f"lista-{number}.txt")

        with pytest.raises(ImproperlyConfigured, match="has 21 files"):
            load()

    def test_the_check_at_the_start_names_each_bad_file(self, write: Write, load: Load) -> None:
        write()
        for name in ("um.txt", "dois.txt"):
            write("1\n", name)
        load()

        found = [
            error.msg for error in run_checks(tags=["giropops"]) if error.id == "giropops.E005"
        ]

        assert [text.split(",")[0] for text in found] == [
            "WORDLISTS_DIR: dois.txt",
            "WORDLISTS_DIR: um.txt",
        ]


@pytest.mark.django_db
class TestChannels:
    """Every channel has the list by its name."""

    @pytest.fixture(autouse=True)
    def _list(self, write: Write, load: Load) -> None:
        write("pão-de-ló\n")
        load()

    def test_the_page_offers_it_and_draws_its_words(self, client: Client) -> None:
        answer = read(client.get("/?kind=passphrase&wordlist=casa", HTTP_ACCEPT_LANGUAGE="en"))

        (chosen,) = answer.page.one("select", name="wordlist").all("option", selected="")
        assert chosen.text.strip() == "casa: 1,001 words"
        assert re.fullmatch(r"(\w{3}-){5}\w{3}", answer.page.one(id="secret").text)

    def test_a_secret_with_accents_is_spelled(self, client: Client) -> None:
        page = read(client.get("/?kind=passphrase&wordlist=casa&words=24")).page
        draft = page.one("input", name="draft").attributes["value"]

        spelled = read(client.post("/recents/read-aloud", {"draft": draft})).page

        signs = [sign.text for sign in spelled.one(class_="spelling").all("b")]
        assert "".join(signs) == page.one(id="secret").text

    def test_the_api_draws_its_words_as_utf8(self, client: Client) -> None:
        body = {"kind": "passphrase", "wordlist": "casa", "words": 24, "capitalize": "first"}

        answer = client.post("/api/v1/secrets", body, content_type="application/json")

        (secret,) = answer.json()["secrets"]
        words = secret["value"].split("-")
        assert {word.lower() for word in words} <= set(WORDS)
        assert all(word[0].isupper() and word[1:].islower() for word in words)

    def test_a_wireless_network_has_no_password_with_accents(self) -> None:
        choice = formats.read({"as": "wifi", "network": "Casa"})

        with pytest.raises(domain.RecipeError, match=r"^as: .* ASCII characters"):
            choice.check(domain.build("passphrase", {"wordlist": "casa", "words": 3}))

    def test_the_command_lists_it_last_and_prints_its_words(self, call: Call) -> None:  # noqa: F811  # the fixture
        with translation.override("en"):
            listed, _ = call("wordlists")
            as_json, _ = call("wordlists", "--format", "json")
            words, _ = call("wordlists", "casa")

        assert listed.splitlines()[-1].split() == ["casa", "-", "1001", "9.96", "yes", "-"]
        assert json.loads(as_json)[-1]["language"] is None
        assert words.split() == ["pão-de-ló", *WORDS]

    def test_a_format_that_takes_no_accents_refuses_such_a_passphrase(
        self,
        client: Client,
        call: Call,  # noqa: F811  # the fixture
    ) -> None:
        # One of nine of these has no accent.
        recipe = {"kind": "passphrase", "wordlist": "casa", "words": 7}
        body = recipe | {"format": {"as": "wifi", "network": "Casa"}}
        command = (
            "generate passphrase --wordlist casa --words 7 --as wifi --network Casa --count 20"
        )

        answers = [
            client.post("/api/v1/secrets", body, content_type="application/json") for _ in range(20)
        ]

        (refused, *_others) = [answer for answer in answers if answer.status_code != 201]
        assert refused.status_code == 422
        assert list(refused.json()["errors"]) == ["format.as"]
        with translation.override("en"), pytest.raises(CommandError, match=r"^--as: The password"):
            call(*command.split())

    def test_a_policy_can_name_it_and_the_admin_offers_it(self) -> None:
        offered = dict(PolicyForm().fields["wordlist"].choices)  # type: ignore[attr-defined]

        assert "casa" in offered
        Policy(slug="casa", name="Casa", kind="passphrase", parameters={"wordlist": "casa"}).clean()


@pytest.mark.django_db
class TestRemovedLists:
    """A policy whose list was removed is a clear error."""

    @pytest.fixture(autouse=True)
    def _policy(self) -> None:
        _cache_of.cache_clear()
        parameters = {"wordlist": "removed"}
        Policy.objects.create(slug="old", name="Old", kind="passphrase", parameters=parameters)

    def test_the_api_names_the_list_and_still_lists_the_policies(self, client: Client) -> None:
        refused = client.post("/api/v1/secrets", {"policy": "old"}, content_type="application/json")
        listed = client.get("/api/v1/policies").json()["policies"]

        assert refused.status_code == 422
        assert refused.json()["errors"]["wordlist"]
        assert {policy["slug"]: policy["entropy_bits"] for policy in listed}["old"] is None
        assert len(listed) > 1

    def test_the_page_shows_the_error(self, client: Client) -> None:
        for answer in (client.get("/?policy=old"), client.post("/", {"policy": "old"})):
            assert answer.status_code == 422
            assert "eff-large" in answer.content.decode()
        assert client.get("/").status_code == 200

    def test_the_admin_opens_the_policy(self, admin_client: Client) -> None:
        policy = Policy.objects.get(slug="old")

        for path in ("", f"{policy.pk}/change/"):
            assert admin_client.get(f"/admin/passwords/policy/{path}").status_code == 200


class TestPrograms:
    """Programs of their own: with Django's setup, and `generate` without it."""

    @pytest.fixture
    def environment(self, write: Write, tmp_path: Path) -> dict[str, str]:
        write()
        (tmp_path / "ruim.txt").write_text("1\n", encoding="utf-8")
        return {"WORDLISTS_DIR": str(tmp_path), "DATABASE_URL": "sqlite://:memory:"}

    def test_generate_reads_the_list_that_it_uses_and_no_other(
        self, environment: dict[str, str]
    ) -> None:
        drawn = program.run("generate", "passphrase", "--wordlist", "casa", own=environment)
        failed = program.run("generate", "passphrase", "--wordlist", "ruim", own=environment)
        unknown = program.run("generate", "passphrase", "--wordlist", "x", own=environment)

        assert set(drawn.stdout.strip().split("-")) <= set(WORDS)
        assert (failed.returncode, unknown.returncode) == (2, 2)
        assert failed.stderr.startswith("giropops: WORDLISTS_DIR: ruim.txt, line 1: ")
        assert "eff-large, eff-short-1, eff-short-2, pt-br, es, casa, ruim" in unknown.stderr

    def test_the_contract_of_the_api_names_the_lists(self, environment: dict[str, str]) -> None:
        code = (
            "from passwords.api.contract import build_contract as build;"
            "print(build()['components']['schemas']['PassphraseRequest']['properties']['wordlist'])"
        )

        ended = program.run("shell", "--no-imports", "-c", code, own=environment)

        assert "'es', 'casa', 'ruim']" in ended.stdout
