"""Templates that are rendered once, with slots for the values that differ between requests.

Nearly all of a page is the same for everybody with the same language and recipe, and rendering it
takes several times as long as the rest of the request. A rendered template holds no secret:
secrets go into slots, which are filled for each request.
"""

import html
import re
import secrets
from collections.abc import Iterable
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

# Random, so that no text in a template, such as a policy's name, can contain it.
_MARKER: Final = secrets.token_hex(16)
# A third of a template is indentation, and no element on the page shows its white space.
_INDENTATION: Final = re.compile(r"\n\s*")
_SLOT: Final = re.compile(rf"\[{_MARKER} ([a-z_]+)\]")


class SlottedTemplate:
    """A rendered template with slots.

    Args:
        name: the template.
        context: the variables that are the same for each filling.
        slots: the variables of the template that differ.
    """

    def __init__(self, name: str, context: dict[str, Any], *, slots: Iterable[str]) -> None:
        markers = {slot: SafeString(f"[{_MARKER} {slot}]") for slot in slots}
        # Texts and names of slots, alternating.
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
    """Return the rendered template, without its indentation."""
    return SafeString(_INDENTATION.sub("\n", render_to_string(name, context)))


def escaped(value: str) -> SafeString:
    """Return *value* as HTML, which it may be already.

    As django.utils.html.conditional_escape, which is slower: it also handles lazy values.
    """
    return value if isinstance(value, SafeString) else SafeString(html.escape(value))
