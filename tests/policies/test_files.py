"""Policies as documents: there and back, and a plan before anything changes."""

import contextlib
import io
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from passwords import domain
from passwords.models import Policy
from passwords.policies import documents, files
from passwords.policies.documents import PolicyFileError
from passwords.policies.files import Effect
from passwords.policies.formats import EXPORTS
from passwords.policies.own import FIELDS

pytestmark = pytest.mark.django_db

TWO_DEFAULTS = json.dumps(
    {
        "policies": [
            {"slug": slug, "name": "X", "kind": "pin", "default": True} for slug in ("x", "y")
        ]
    }
)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.parametrize("format_name", ["json", "yaml"])
def test_an_export_changes_nothing_where_it_comes_from(format_name: str) -> None:
    document = EXPORTS[format_name].dump(Policy.objects.all())

    steps = files.plan(document)

    assert {step.effect for step in steps} == {Effect.KEEP}
    assert files.apply(steps) == 0


def test_a_plan_changes_nothing() -> None:
    before = list(Policy.objects.values())

    files.plan("policies: [{slug: pin, name: x, kind: pin}]")

    assert list(Policy.objects.values()) == before


def test_a_new_default_takes_the_place_of_the_old_one() -> None:
    document = "policies: [{slug: new, name: New, kind: pin, default: true}]"

    files.apply(files.plan(document))

    assert Policy.objects.get(kind="pin", default=True).slug == "new"


def test_two_policies_exchange_being_the_default() -> None:
    policies = json.loads(EXPORTS["json"].dump(Policy.objects.filter(kind="characters")))
    for entry in policies["policies"]:
        entry["default"] = entry["slug"] == "wifi"

    files.apply(files.plan(json.dumps(policies)))

    assert Policy.objects.get(kind="characters", default=True).slug == "wifi"


def test_a_changed_recipe_counts_the_version_up() -> None:
    document = "policies: [{slug: wifi, name: x, kind: characters, parameters: {length: 30}}]"

    files.apply(files.plan(document))

    assert Policy.objects.get(slug="wifi").version == 2


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ("", "no list of policies"),
        ("[]", "no list of policies"),
        ("policies: 3", "no list of policies"),
        ("policies: [3]", "no list of policies"),
        ("a: [", "Line 1: .* neither JSON nor YAML"),
        ("\x00", "neither JSON nor YAML"),
        ("[" * 20_000, "Line 1: The document has too many values"),
        ("!!python/object/apply:os.getcwd []", "tags"),
        ("policies:\n- {slug: x, name: X}", "Line 2: x: kind: This field is missing"),
        ("policies: [{slug: x, name: X, kind: pin, color: red}]", "x: color: There is no such"),
        ("policies: [{slug: x, name: X, kind: dice}]", "x: kind: "),
        ("policies: [{slug: x, name: 3, kind: pin}]", "x: name: must be text"),
        ("policies: [{slug: x y, name: X, kind: pin}]", "x y: slug: "),
        ("policies: [{slug: x, name: X, kind: pin, parameters: []}]", "x: parameters: "),
        ("policies: [{slug: x, name: X, kind: pin, parameters: {length: 1}}]", "between 3 and 32"),
        ("policies: [{slug: x, name: X, kind: pin}, {slug: x, name: X, kind: pin}]", "twice"),
        (TWO_DEFAULTS, "two default policies"),
    ],
)
def test_a_document_that_cannot_be_is_refused_with_its_reason(document: str, says: str) -> None:
    with pytest.raises(PolicyFileError, match=says):
        files.plan(document)


def test_the_fault_of_a_recipe_is_in_the_language_of_the_page() -> None:
    document = "policies: [{slug: x, name: X, kind: pin, parameters: {length: 1}}]"

    with translation.override("pt-br"), pytest.raises(PolicyFileError, match="entre 3 e 32"):
        files.plan(document)


ENTRY = "policies:\n- slug: x\n  kind: pin\n  name: "

LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n"
    for before, name in itertools.pairwise("abcdefghi")
)


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (LAUGHS, "Line 1: Aliases"),
        ("policies: &a [*a]", "Line 1: Aliases"),
        (f"{ENTRY}X\n  parameters: {{length: 4}}\n  <<: {{position: 1}}", "Line 6: Aliases"),
        (f"{ENTRY}!!str 1", "Line 4: Aliases"),
        (f"{ENTRY}X\n  name: Y", "Line 5: Each name must be text and must appear only once"),
        (f"{ENTRY}X\n  1: Y", "Line 5: Each name must be text"),
        (f"{ENTRY}X\n  ? [a]\n  : Y", "Line 5: Each name must be text"),
        (f"{ENTRY}X\n  ? {{a: b}}\n  : Y", "Line 5: Each name must be text"),
        (f"{ENTRY}X\n  position: .inf", "Line 5: x: position: must be a whole number"),
        (f"{ENTRY}X\n  position: .nan", "Line 5: x: position: must be a whole number"),
        (f"{ENTRY}X\n  position: true", "Line 5: x: position: must be a whole number"),
        (f"{ENTRY}X\n  position: 32768", "Line 5: x: position: must be between 0 and 32767"),
        (f"{ENTRY}X\n  position: {'9' * 4_000}", "Line 5: x: position: must be between"),
        (f"{ENTRY}X\n  position: {'9' * 5_000}", "The document is neither JSON nor YAML"),
        (f"{ENTRY}X\n  position: {':'.join(['59'] * 9_000)}", "Line 5: x: position: must be"),
        (f'{ENTRY}X\n  active: "no"', "Line 5: x: active: must be true or false"),
        (f'{ENTRY}"a\\0"', "Line 4: x: name: may hold no control characters"),
        (f'{ENTRY}"a\\ud800"', "Line 4: x: name: may hold no control characters"),
        (f"{ENTRY}{'X' * 81}", "Line 4: x: name: .* at most 80 characters"),
        (f'{ENTRY}X\n  description: "\\e[2J"', "Line 5: x: description: may hold no control"),
        (f'{ENTRY}X\n  parameters: {{"\\0": 1}}', "Line 5: x: parameters: may hold no control"),
        (f"{ENTRY}X\n  parameters: {{length: .inf}}", "Line 5: x: parameters: length: must be a w"),
        (f"{ENTRY}X\n  parameters: {{bits: .nan}}", "Line 5: x: parameters: bits: must be b"),
        (f"{ENTRY}X\n  parameters: {{length: 2020-01-01}}", "Line 5: x: parameters: "),
        (f'{ENTRY}X\n  "a\\0": 1', r"Line 2: x: \?: There is no such field"),
        (f"{ENTRY}2020-02-30", "neither JSON nor YAML"),
        (f"{ENTRY}a\0", "Line 4: The document is neither JSON nor YAML"),
        ('policies: [{slug: "\\ud800", name: X, kind: pin}]', r"Line 1: \?: slug: may hold no"),
        ("policies: [{name: X, kind: pin}]", r"Line 1: \?: slug: This field is missing"),
        ("policies: [{slug: x, name: X, kind: pin, position: .inf}]\n--- 1", "Line 2: .* neither"),
        ('{"policies":\n[\n\t{"slug": "x", "kind": "pin",\n"name": 3}]}', "Line 4: x: name: must"),
        ('{"policies":\n[{"slug": "x", "slug": "y"}]}', "Line 2: Each name must be text and"),
        ('{"policies": [{"slug": "x", "name": "x", "kind": "pin", "position": NaN}]}', "Line 1: x"),
        (
            '{"policies": [{"slug": "x\\u0000", "name": "x", "kind": "pin"}]}',
            "no control characters",
        ),
        ('{"policies": [{"slug": "x", "name": "\x7f", "kind": "pin"}]}', "^x: name: may hold no"),
        (json.dumps({"policies": [{}] * 501}), "more than 500 policies"),
        (f"policies: [{'{},' * 10_000}]", "Line 1: The document has too many values"),
        (f"{'{? ' * 20_000}", "Line 1: The document has too many values"),
        (f"{'- ' * 30_000}", "Line 1: The document has too many values"),
    ],
)
def test_a_hostile_document_is_refused_with_line_and_field(document: str, says: str) -> None:
    with pytest.raises(PolicyFileError, match=says) as caught:
        files.plan(document)

    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("size", [documents.MAX_BYTES, documents.MAX_BYTES + 1])
def test_no_more_is_read_than_a_document_may_hold(size: int) -> None:
    stream = io.BytesIO(b" " * size + b"rest")
    stream.truncate(size)

    if size > documents.MAX_BYTES:
        with pytest.raises(PolicyFileError, match="64 KiB"):
            documents.read(stream)
    else:
        assert len(documents.read(stream)) == size


def test_an_endless_file_is_not_read_to_its_end() -> None:
    with Path("/dev/zero").open("rb") as endless, pytest.raises(PolicyFileError, match="64 KiB"):
        documents.read(endless)


def test_a_file_may_begin_with_a_byte_order_mark() -> None:
    document = documents.read(io.BytesIO(b'\xef\xbb\xbf{"policies": []}'))

    assert files.plan(document) == []


def test_a_name_may_hold_any_printable_text() -> None:
    name = "Família 👨‍👩‍👧 \ufdd0 <b>"

    files.apply(files.plan(f'{ENTRY}"{name}"'))
    files.apply(files.plan(EXPORTS["yaml"].dump(Policy.objects.all())))

    assert Policy.objects.get(slug="x").name == name


def test_the_time_for_checking_recipes_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_SECONDS", -1)

    with pytest.raises(PolicyFileError, match="take too long"):
        files.plan(f"{ENTRY}X")


def test_what_the_database_refuses_changes_nothing() -> None:
    document = EXPORTS["json"].dump(Policy.objects.all())
    steps = files.plan(document.replace('"position": ', '"position": 1')) + files.plan(f"{ENTRY}X")
    Policy.objects.create(slug="x", name="Of somebody else", kind="pin")
    before = list(Policy.objects.values())

    with pytest.raises(PolicyFileError, match="changed by somebody else"):
        files.apply(steps)

    assert list(Policy.objects.values()) == before


_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=9,
)
_PARAMETERS = st.dictionaries(
    st.sampled_from(sorted(domain.parameter_names("characters"))) | st.text(max_size=9),
    _VALUES,
    max_size=3,
)
_ENTRIES = st.fixed_dictionaries(
    {"slug": st.just("x"), "name": st.just("X"), "kind": st.sampled_from(list(domain.RECIPES))},
    optional=dict.fromkeys(("position", "active", "default", "description"), _VALUES)
    | {"parameters": _PARAMETERS},
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(_ENTRIES | st.dictionaries(st.sampled_from(FIELDS), _VALUES), max_size=2))
def test_any_values_are_a_plan_or_a_fault(entries: list[dict[str, Any]]) -> None:
    for document in (json.dumps({"policies": entries}), yaml.dump({"policies": entries})):
        with contextlib.suppress(PolicyFileError):
            files.plan(document)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(alphabet=st.sampled_from("policies:{}[]-,&*!<|>%@`'\"?\\ \n#x1.~"), max_size=40))
def test_any_text_is_a_plan_or_a_fault(text: str) -> None:
    with contextlib.suppress(PolicyFileError):
        files.plan(f"policies: {text}")
