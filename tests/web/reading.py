"""A page as a test reads it: its elements, not its text."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test.client import _MonkeyPatchedWSGIResponse as ClientResponse

_VOID: Final = frozenset({"base", "br", "hr", "img", "input", "link", "meta", "path", "use"})


@dataclass
class Element:
    """An element with its attributes; a valueless one is ""."""

    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text inside, as it stands."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def has(self, name: str, value: str) -> bool:
        """Return whether the attribute has the value; a class may be one of several."""
        present = self.attributes.get(name)
        return value in (present or "").split() if name == "class" else present == value

    def walk(self) -> Iterator[Element]:
        """Yield the element and all inside it."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def all(self, tag: str = "", **attributes: str) -> list[Element]:
        """Return the elements inside with the tag and the attributes; `class_`, `data_kind`."""
        wanted = {name.strip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            element
            for element in self.walk()
            if tag in {"", element.tag}
            and all(element.has(name, value) for name, value in wanted.items())
        ]

    def one(self, tag: str = "", **attributes: str) -> Element:
        """Return the only such element."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} elements {tag} {attributes}"
        return found[0]


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1].tag == tag, f"</{tag}> closes <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


@dataclass
class Reading:
    """An answer: its status, its headers and its elements."""

    status: int
    headers: dict[str, str]
    page: Element
    text: str

    @property
    def secret(self) -> str:
        """The secret that is shown as the result; "" if there is none."""
        return self.page.one(id="secret").text.strip()

    @property
    def recents(self) -> list[str]:
        """The values of the recent secrets, newest first."""
        return [element.text for element in self.page.all(class_="recent-value")]

    def field(self, name: str) -> Element:
        """Return the control of a field of the recipe."""
        return self.page.one(id=f"f-{name}")


def parse(html: str) -> Element:
    """Return the tree of a page, which must close what it opens."""
    tree = _Tree()
    tree.feed(html)
    tree.close()
    return tree.root


def read(response: ClientResponse) -> Reading:
    """Return a response with its page parsed."""
    text = response.content.decode()
    return Reading(
        status=response.status_code,
        headers=dict(response.headers),
        page=parse(text),
        text=text,
    )
