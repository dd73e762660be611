"""Remove from installed packages what the running app cannot use.

    python -X no_debug_ranges tools/slim_venv.py --languages pt-br,en,es FOLDER

FOLDER holds packages as pip installs them (`site-packages`). Each step below says what it removes
and why the app does not need it. docs/image.md has the sizes, and `tests/image` runs the tests
against the result. `-X no_debug_ranges` leaves columns out of the bytecode, a twentieth of it:
tracebacks without source lines do not show them.
"""

import argparse
import ast
import importlib.util
import marshal
import shutil
import struct
import sys
from pathlib import Path
from typing import Final, NamedTuple

UNREACHED: Final = {
    "django/contrib/gis": "geography: needs GDAL and GEOS, which are not in the image",
    "django/contrib/admindocs": "an app that is not installed",
    "django/contrib/flatpages": "an app that is not installed",
    "django/contrib/humanize": "an app that is not installed",
    "django/contrib/postgres": "an app that is not installed; the database backend is another",
    "django/contrib/redirects": "an app that is not installed",
    "django/contrib/sitemaps": "an app that is not installed",
    "django/contrib/syndication": "an app that is not installed",
    "django/db/backends/mysql": "a database whose driver is not in the image",
    "django/db/backends/oracle": "a database whose driver is not in the image",
    "gunicorn/asgi": "for asynchronous workers; ours are threads",
    "gunicorn/ctl": "the control socket, which is switched off",
    "gunicorn/dirty": "workers for long tasks, which are switched off",
    "gunicorn/http2/*connection.py": "HTTP/2, which is switched off; the worker imports the other"
    " modules",
    "gunicorn/uwsgi": "the protocol of uWSGI, which is switched off",
    "gunicorn/workers/*async.py": "for workers that are not threads",
    "gunicorn/workers/gasgi.py": "a worker for asyncio; ours are threads",
    "gunicorn/workers/ggevent.py": "a worker for gevent; ours are threads",
    "gunicorn/workers/gtornado.py": "a worker for Tornado; ours are threads",
    "django_otp/plugins/otp_email": "an app that is not installed",
    "django_otp/plugins/otp_hotp": "an app that is not installed",
    "redis/commands/bf": "a module of Redis that the app does not use",
    "redis/commands/json": "a module of Redis that the app does not use",
    "redis/commands/search": "a module of Redis that the app does not use",
    "redis/commands/timeseries": "a module of Redis that the app does not use",
    "redis/commands/vectorset": "a module of Redis that the app does not use",
    "redis/multidb": "a client for several deployments of Redis; ours are for one",
    "redis/asyncio/multidb": "a client for several deployments of Redis; ours are for one",
    "django/contrib/admin/static": "collected into the app's own static folder by then",
    "cffi": "compiles bindings; those of PyNaCl come compiled and need _cffi_backend alone",
    "cffi-*.dist-info/entry_points.txt": "names programs of the compiler",
    "pycparser": "reads C for cffi's compiler",
    "yaml/_yaml*.so": "a parser in C; the one in Python reads the few kilobytes that policies are",
    "**/*.pyi": "types, for checkers",
    "**/py.typed": "types, for checkers",
    "**/*.po": "the sources of the .mo catalogues beside them",
    "**/__pycache__": "bytecode that is made anew, without its sources",
    "*.dist-info/RECORD": "lists files for pip, which is not there; no longer true besides",
    "*.dist-info/REQUESTED": "for pip",
    "*.dist-info/INSTALLER": "for pip",
}
"""Glob patterns below the folder, each with the reason why nothing that runs needs it."""

TIME_ZONES: Final = frozenset({"UTC", "Etc/UTC"})
"""What `settings.TIME_ZONE` may name; the app stores and shows no other time."""


class Segment(NamedTuple):
    """Where a part of an ELF file that gets loaded lies in it, in bytes."""

    offset: int
    size: int


class NotElfError(ValueError):
    """The file is no 64-bit little-endian ELF file."""


def remove_unreached(folder: Path) -> None:
    """Remove what matches `UNREACHED`."""
    for pattern in UNREACHED:
        for path in sorted(folder.glob(pattern)):
            remove(path)


def remove_translations(folder: Path, languages: frozenset[str]) -> None:
    """Remove the catalogues and formats of the languages that the app does not offer.

    Django falls back from a variant to its base (`pt_BR` to `pt`), so bases stay as well.
    """
    kept = {locale for language in languages for locale in locale_names(language)}
    for catalogue in sorted(folder.glob("**/locale/*")):
        if catalogue.is_dir() and catalogue.name not in kept | {"__pycache__"}:
            remove(catalogue)


def locale_names(language: str) -> set[str]:
    """Return the folder names in which Django looks for *language* (`pt-br`: `pt_BR`, `pt`)."""
    base, _, variant = language.partition("-")
    return {base, f"{base}_{variant.upper()}"} if variant else {base}


def remove_time_zones(folder: Path) -> None:
    """Remove all time zones but `TIME_ZONES`, also from the list of those that are there."""
    zones = folder / "tzdata" / "zoneinfo"
    if not zones.is_dir():
        return
    for path in sorted(zones.rglob("*"), reverse=True):
        name = str(path.relative_to(zones))
        if path.is_dir():
            if not any(kept.startswith(f"{name}/") for kept in TIME_ZONES):
                remove(path)
        elif name not in TIME_ZONES and path.suffix != ".py":
            remove(path)
    (folder / "tzdata" / "zones").write_text(
        "".join(f"{name}\n" for name in sorted(TIME_ZONES)), encoding="utf-8"
    )


def trim_metadata(folder: Path) -> None:
    """Remove the long description from each package's METADATA.

    Name, version, licence and requirements stay, because scanners and `importlib.metadata` read
    them.
    """
    for path in folder.glob("*.dist-info/METADATA"):
        headers, _, _description = path.read_text(encoding="utf-8").partition("\n\n")
        path.write_text(f"{headers}\n", encoding="utf-8")


def strip_libraries(folder: Path) -> None:
    """Remove symbols and debugging data from compiled modules: the loader does not read them."""
    for path in folder.glob("**/*.so*"):
        path.write_bytes(strip_elf(path.read_bytes()))


def strip_elf(content: bytes) -> bytes:
    """Return an ELF file without its section table and everything after its last segment.

    Layout: System V ABI, "ELF Header" and "Program Header", for 64 bits, little-endian. The loader
    reads only the program headers.

    Raises:
        NotElfError: *content* is not such a file.
    """
    if content[:6] != b"\x7fELF\x02\x01":
        raise NotElfError
    (table,) = struct.unpack_from("<Q", content, 0x20)
    entry_size, entries = struct.unpack_from("<HH", content, 0x36)
    segments = [
        Segment(
            offset=struct.unpack_from("<Q", content, table + index * entry_size + 0x08)[0],
            size=struct.unpack_from("<Q", content, table + index * entry_size + 0x20)[0],
        )
        for index in range(entries)
    ]
    end = max(
        table + entries * entry_size, *(segment.offset + segment.size for segment in segments)
    )
    stripped = bytearray(content[:end])
    struct.pack_into("<Q", stripped, 0x28, 0)  # e_shoff: there is no section table
    struct.pack_into("<HHH", stripped, 0x3A, 0, 0, 0)  # e_shentsize, e_shnum, e_shstrndx
    return bytes(stripped)


def compile_sources(folder: Path) -> None:
    """Replace the source of each module with its bytecode, including assertions.

    Python does not compare bytecode without a source with anything, so the image starts fast and
    writes nothing. Tracebacks keep file names and line numbers.

    Raises:
        SyntaxError: a module does not compile.
    """
    for source in sorted(folder.glob("**/*.py")):
        source.with_suffix(".pyc").write_bytes(bytecode(source.read_bytes(), str(source)))
        source.unlink()


def bytecode(source: bytes, name: str) -> bytes:
    """Return *source* as a hash-based, unchecked `.pyc` (PEP 552)."""
    tree = ast.parse(source, name)
    remove_docstrings(tree)
    code = compile(tree, name, "exec", dont_inherit=True, optimize=0)
    header = importlib.util.MAGIC_NUMBER + struct.pack("<I", 0b01)
    return header + importlib.util.source_hash(source) + marshal.dumps(code)


def remove_docstrings(tree: ast.Module) -> None:
    """Remove the docstrings; line numbers stay the same."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if ast.get_docstring(node, clean=False) is not None:
            docstring = node.body.pop(0)
            if not node.body:
                node.body.append(ast.copy_location(ast.Pass(), docstring))


def remove(path: Path) -> None:
    """Remove a file or a folder with its content; do nothing if it does not exist."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def size_of(folder: Path) -> int:
    """Return the bytes in the files below *folder*."""
    return sum(
        path.lstat().st_size for path in folder.rglob("*") if path.is_symlink() or path.is_file()
    )


def slim(folder: Path, languages: frozenset[str]) -> list[tuple[str, int]]:
    """Run every step; return the name of each with the bytes that are left after it."""
    sizes = [("as installed", size_of(folder))]
    remove_unreached(folder)
    sizes.append(("without what is not reached", size_of(folder)))
    remove_translations(folder, languages)
    sizes.append(("without other languages", size_of(folder)))
    remove_time_zones(folder)
    sizes.append(("without other time zones", size_of(folder)))
    trim_metadata(folder)
    sizes.append(("without descriptions", size_of(folder)))
    strip_libraries(folder)
    sizes.append(("without symbols", size_of(folder)))
    compile_sources(folder)
    sizes.append(("as bytecode", size_of(folder)))
    return sizes


def main() -> None:
    """Slim the folder named on the command line, and print the size after each step."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--languages", required=True, help="languages to keep, commas between")
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    languages = frozenset(arguments.languages.split(","))
    for name, size in slim(arguments.folder, languages):
        sys.stdout.write(f"{size:>12,}  {name}\n")


if __name__ == "__main__":
    main()
