"""HTML read back with the standard library's parser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Element:
    """One element: its tag, attributes, and everything inside it."""

    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    def all(self, tag: str = "", **attributes: str) -> list[Element]:
        """The elements below with this tag and these attributes (`class_` for class: one of several)."""
        return [e for e in self._elements() if (not tag or e.tag == tag) and e._has(attributes)]

    def one(self, tag: str = "", **attributes: str) -> Element:
        """The only such element."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} <{tag} {attributes}>"
        return found[0]

    @property
    def text(self) -> str:
        """Its words, white space folded."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child._texts()

    def _elements(self) -> Iterator[Element]:
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child._elements()

    def _has(self, attributes: Mapping[str, str]) -> bool:
        return all(
            value in self.attributes.get("class", "").split()
            if key == "class_"
            else self.attributes.get(key) == value
            for key, value in attributes.items()
        )


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {key: value or "" for key, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read(page: str) -> Element:
    """The page as a tree; every element must be closed in order."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert len(reader.open) == 1, f"<{reader.open[-1].tag}> is not closed"
    return reader.root


def links(page: Element) -> list[str]:
    """Every address on a page."""
    return [e.attributes[name] for e in page.all() for name in ("href", "src") if name in e.attributes]


def broken_links(site: Mapping[str, str], others: set[str]) -> list[tuple[str, str]]:
    """The (page, address) pairs that lead nowhere on the site; `others` are its files that are not pages."""
    trees = {path: read(page) for path, page in site.items() if path.endswith(".html")}
    ids = {
        path: {e.attributes["id"] for e in tree.all() if "id" in e.attributes} for path, tree in trees.items()
    }
    broken = []
    for path, tree in trees.items():
        for address in links(tree):
            parts = urlsplit(address)
            if parts.scheme:
                continue
            base = "" if parts.path.startswith("/") else dirname(path)
            target = normpath(join(base, unquote(parts.path).lstrip("/"))) if parts.path else path
            exists = target in site or target in others
            if not exists or (parts.fragment and unquote(parts.fragment) not in ids.get(target, set())):
                broken.append((path, address))
    return broken
