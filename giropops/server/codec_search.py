"""Limit the memory that Python's search for codecs uses.

Python keeps every name that it did not find, without limit. Clients choose these names:
``charset=`` in a Content-Type, ``filename*=charset''…`` in each part of a form.
"""

import codecs
import encodings
import pkgutil
from encodings.aliases import aliases
from typing import Final

_NAMES: Final = frozenset(
    [*aliases, *(module.name for module in pkgutil.iter_modules(encodings.__path__))]
)


def forget_unknown_codecs() -> None:
    """Replace Python's search with one that only looks for known names."""
    codecs.unregister(encodings.search_function)
    codecs.register(_search)


def _search(name: str) -> codecs.CodecInfo | None:
    return encodings.search_function(name) if name in _NAMES else None
