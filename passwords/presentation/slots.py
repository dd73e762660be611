"""Templates that are rendered once, with slots left for what differs from request to request.

Nearly all of a page is the same for everybody with the same language and recipe, and rendering it
costs several times as much as all the rest of the request. What is kept holds no secret: secrets
go into slots, and slots are filled anew every time.
"""

from __future__ import annotations

import html
import re
import secrets
from typing import TYPE_CHECKING, Any, Final

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from collections.abc import Iterable

# Random, so that nobody can write it: a policy's name, too, is part of the template.
_MARKER: Final = secrets.token_hex(16)
# Nothing on the page keeps its white space, and a third of a template is indentation.
_INDENTATION: Final = re.compile(r"\n\s*")
_SLOT: Final = re.compile(rf"\[{_MARKER} ([a-z_]+)\]")


class SlottedTemplate:
    """A rendered template with slots.

    Args:
        name: the template.
        context: what all fillings have in common.
        slots: the variables of the template that each filling gives.
    """

    def __init__(self, name: str, context: dict[str, Any], *, slots: Iterable[str]) -> None:
        markers = {slot: SafeString(f"[{_MARKER} {slot}]") for slot in slots}
        # Text and names of slots in turn.
        self._parts = _SLOT.split(render_part(name, {**context, **markers}))

    def fill(self, **values: str) -> SafeString:
        """Return the HTML; a value is escaped unless it is HTML already.

        Raises:
            KeyError: a slot has no value.
        """
        safe = {slot: escaped(value) for slot, value in values.items()}
        parts = self._parts.copy()
        parts[1::2] = [safe[slot] for slot in parts[1::2]]
        return SafeString("".join(parts))


def render_part(name: str, context: dict[str, Any]) -> SafeString:
    """Return what the template says, without its indentation."""
    return SafeString(_INDENTATION.sub("\n", render_to_string(name, context)))


def escaped(value: str) -> SafeString:
    """Return *value* as HTML, which it may be already.

    As django.utils.html.conditional_escape does, which spends its time on lazy values.
    """
    return value if isinstance(value, SafeString) else SafeString(html.escape(value))
