"""What the image's packages lose, and what they keep."""

import ast
import ctypes
import importlib
import importlib.util
import types
from pathlib import Path

import pytest

from tests.live import ROOT
from tools import slim_venv

# Compiled, without types: whether mypy finds it depends on the machine.
_sodium = importlib.import_module("nacl._sodium")


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A folder with one package, as pip would install it."""
    files = {
        "sample/__init__.py": '"""A docstring."""\n\nVALUE = 42\n',
        "sample/__init__.pyi": "VALUE: int\n",
        "sample/empty.py": '"""A docstring alone."""\n',
        "sample/late.py": (
            '"""A docstring."""\nfrom __future__ import annotations\n\n\n'
            'def fail():\n    """Fail."""\n    assert False, "kept"\n'
        ),
        "sample/locale/pt_BR/LC_MESSAGES/django.po": "source",
        "sample/locale/pt_BR/LC_MESSAGES/django.mo": "compiled",
        "sample/locale/pt/LC_MESSAGES/django.mo": "compiled",
        "sample/locale/de/LC_MESSAGES/django.mo": "compiled",
        "sample/locale/__init__.py": "",
        "django/contrib/gis/__init__.py": "",
        "tzdata/zones": "America/Sao_Paulo\nEtc/UTC\nUTC\n",
        "tzdata/zoneinfo/__init__.py": "",
        "tzdata/zoneinfo/UTC": "TZif",
        "tzdata/zoneinfo/Etc/__init__.py": "",
        "tzdata/zoneinfo/Etc/UTC": "TZif",
        "tzdata/zoneinfo/Etc/GMT": "TZif",
        "tzdata/zoneinfo/America/Sao_Paulo": "TZif",
        "sample-1.dist-info/METADATA": "Name: sample\nVersion: 1\n\nA long\n\ndescription.\n",
        "sample-1.dist-info/RECORD": "sample/__init__.py,,\n",
        "sample-1.dist-info/licenses/LICENSE": "Do as you please.\n",
    }
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path


def load(path: Path) -> types.ModuleType:
    """Import the module at *path*, bytecode without a source too."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_is_left_is_what_the_app_reaches(packages: Path) -> None:
    slim_venv.slim(packages, frozenset({"pt-br", "en"}))

    left = {str(path.relative_to(packages)) for path in packages.rglob("*") if path.is_file()}
    assert left == {
        "sample/__init__.pyc",
        "sample/empty.pyc",
        "sample/late.pyc",
        "sample/locale/__init__.pyc",
        "sample/locale/pt_BR/LC_MESSAGES/django.mo",
        "sample/locale/pt/LC_MESSAGES/django.mo",
        "sample-1.dist-info/METADATA",
        "sample-1.dist-info/licenses/LICENSE",
        "tzdata/zones",
        "tzdata/zoneinfo/__init__.pyc",
        "tzdata/zoneinfo/UTC",
        "tzdata/zoneinfo/Etc/__init__.pyc",
        "tzdata/zoneinfo/Etc/UTC",
    }
    assert (packages / "tzdata" / "zones").read_text(encoding="utf-8") == "Etc/UTC\nUTC\n"


def test_modules_work_without_their_sources_and_docstrings(packages: Path) -> None:
    slim_venv.slim(packages, frozenset({"en"}))

    module = load(packages / "sample" / "__init__.pyc")

    assert module.VALUE == 42
    assert module.__doc__ is None
    assert load(packages / "sample" / "empty.pyc").__doc__ is None


def test_assertions_and_line_numbers_stay(packages: Path) -> None:
    slim_venv.slim(packages, frozenset({"en"}))
    module = load(packages / "sample" / "late.pyc")

    with pytest.raises(AssertionError, match="kept") as caught:
        module.fail()

    assert caught.traceback[-1].lineno + 1 == 7


def test_a_module_that_does_not_compile_stops_the_build(packages: Path) -> None:
    (packages / "sample" / "broken.py").write_text("def", encoding="utf-8")

    with pytest.raises(SyntaxError):
        slim_venv.slim(packages, frozenset({"en"}))


def test_metadata_keeps_its_headers(packages: Path) -> None:
    slim_venv.slim(packages, frozenset({"en"}))

    metadata = (packages / "sample-1.dist-info" / "METADATA").read_text(encoding="utf-8")
    assert metadata == "Name: sample\nVersion: 1\n"


def test_a_stripped_library_still_loads(tmp_path: Path) -> None:
    content = Path(_sodium.__file__ or "").read_bytes()
    library = tmp_path / "library.so"

    stripped = slim_venv.strip_elf(content)

    library.write_bytes(stripped)
    assert hasattr(ctypes.CDLL(str(library)), "sodium_init")
    assert slim_venv.strip_elf(stripped) == stripped
    assert len(stripped) < len(content) / 2


@pytest.mark.parametrize("content", [b"", b"\x7fELF\x01\x01", b"MZ" * 40])
def test_other_formats_are_refused(content: bytes) -> None:
    with pytest.raises(slim_venv.NotElfError):
        slim_venv.strip_elf(content)


def test_a_variant_brings_its_base_along() -> None:
    assert slim_venv.locale_names("pt-br") == {"pt", "pt_BR"}
    assert slim_venv.locale_names("es") == {"es"}


def test_the_app_imports_nothing_that_is_left_out() -> None:
    left_out = [name.replace("/", ".") for name in slim_venv.UNREACHED if "*" not in name]
    sources = [path for name in ("giropops", "passwords") for path in (ROOT / name).rglob("*.py")]

    imported = {name for source in sources for name in imports(source)}

    assert "django.conf" in imported
    assert {name for name in imported if name.startswith(tuple(left_out))} == set()


def imports(source: Path) -> set[str]:
    """Return the modules that *source* names in its imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source.read_bytes())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names
