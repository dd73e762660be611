"""The links of the documentation lead somewhere, and the list of decisions is complete."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(
    path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
)
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def _text(page: str) -> str:
    """Return the page without its code blocks."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


def _anchors(page: Path) -> set[str]:
    """Return the anchors of the page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_to_a_file_and_a_heading(page: str) -> None:
    for link in _LINK.findall(_text(page)):
        if "://" in link:
            continue
        path, _separator, anchor = link.partition("#")
        target = (ROOT / page).parent / path if path else ROOT / page

        assert target.exists(), link
        assert not anchor or anchor in _anchors(target), link


def test_the_list_of_decisions_names_every_page_and_where_each_missing_number_went() -> None:
    folder = ROOT / "docs" / "adr"
    text = (folder / "README.md").read_text(encoding="utf-8")
    pages = {path.name for path in folder.glob("0*.md")}
    numbers = {int(name[:4]) for name in pages}
    never_used = {*range(14, 20), 29}

    assert set(_LINK.findall(text)) == pages
    rows = [int(number) for number in re.findall(r"^\| (\d+) \|", text, flags=re.MULTILINE)]
    assert sorted(rows) == sorted({*range(1, max(numbers) + 1)} - never_used)


def test_every_decision_that_the_code_names_has_a_page() -> None:
    numbers = {path.name[:4] for path in (ROOT / "docs" / "adr").glob("0*.md")}
    sources = [
        path
        for folder in ("giropops", "passwords", "tests", "tools", "benchmarks", "deploy")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".js", ".css", ".yaml", ".yml"}
    ]
    for path in [ROOT / "manage.py", *sources]:
        text = path.read_text(encoding="utf-8")
        for number in re.findall(r"\bADR (\d+)|docs/adr/(\d{4})", text):
            assert "".join(number).zfill(4) in numbers, path


def test_every_path_in_the_readmes_table_is_there_and_both_name_the_same() -> None:
    tables = {page: _paths_in_table(page) for page in ("README.md", "README.pt-BR.md")}

    assert tables["README.md"] == tables["README.pt-BR.md"]
    assert len(tables["README.md"]) >= 20
    missing = [path for path in tables["README.md"] if not (ROOT / path).exists()]
    assert missing == []


def test_the_readmes_table_names_every_package_and_module() -> None:
    named = _paths_in_table("README.md")
    folders = [ROOT / "giropops", ROOT / "passwords"]
    packages = [path.parent for folder in folders for path in folder.glob("*/__init__.py")]
    modules = [path for folder in folders for path in folder.glob("*.py")]

    paths = [f"{path.relative_to(ROOT)}/" for path in packages]
    paths += [str(path.relative_to(ROOT)) for path in modules]
    missing = {path for path in paths if not any(name.startswith(path) for name in named)}

    assert missing == {"giropops/__init__.py", "passwords/__init__.py", "passwords/apps.py"}


def _paths_in_table(page: str) -> list[str]:
    """Return the paths in the second column of the table "Find your way"."""
    rows = re.findall(r"^\| [^`\n][^|]* \| (.*`.*) \|$", _text(page), flags=re.MULTILINE)
    return [path for row in rows for path in re.findall(r"`([^`]+)`", row)]


def test_the_page_on_design_names_every_script() -> None:
    folder = ROOT / "passwords" / "static" / "passwords" / "js"
    scripts = {path.relative_to(folder).as_posix() for path in folder.rglob("*.js")}

    rows = re.findall(r"^\| (`.+\.js`) \|", _text("docs/design.md"), flags=re.MULTILINE)

    assert {name for row in rows for name in re.findall(r"`([^`]+)`", row)} == scripts


def test_the_page_on_layers_has_those_that_are_checked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    (checked,) = [contract["layers"] for contract in contracts if contract["type"] == "layers"]

    rows = re.findall(r"^\| (`.+`) \|", _text("docs/adr/0002-layers.md"), flags=re.MULTILINE)
    described = [re.findall(r"`(?:passwords\.)?(\w+)`", row) for row in rows]

    assert described == [["giropops"], *([*re.split(r" \| ", layer)] for layer in checked)]


@pytest.mark.parametrize(
    "translation", sorted((ROOT / "docs").glob("*.pt-BR.md")), ids=lambda p: p.name
)
def test_a_translated_page_has_the_sections_and_commands_of_its_original(translation: Path) -> None:
    original = translation.with_name(translation.name.replace(".pt-BR", ""))

    assert _outline(translation) == _outline(original)


def _outline(page: Path) -> tuple[list[str], list[str]]:
    """Return the levels of the headings, and the code in blocks without its comments."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^```.*?\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)
    code = [re.sub(r"\s*# .*", "", line) for block in blocks for line in block.splitlines()]
    prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.findall(r"^#+", prose, flags=re.MULTILINE), [line for line in code if line]
