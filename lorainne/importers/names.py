"""Names of people and of files: when two spellings mean one person, and which id stands for what."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from lorainne.decode import is_id
from lorainne.diagnostics import Span
from lorainne.fields import ID
from lorainne.importers.draft import Record

_LONGEST = 60
_TAKEN = {
    "posters": {"all"},
    "pages": {"index", "404", "schedule", "talks", "speakers", "posters", "papers", "news"},
}
"""Ids that mean something else already."""


def folded(text: str) -> str:
    """A text in small letters, without accents."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(bare.casefold().split())


def words_of(name: str) -> list[str]:
    """The words of a name, to compare it with another spelling."""
    return re.findall(r"\w+", folded(name))


def initials_of(name: str) -> str:
    """`j cohen` for `Jérémy Cohen` and for `J. Cohen`."""
    words = words_of(name)
    return " ".join([words[0][0], *words[1:]]) if len(words) > 1 else ""


def slug(text: str) -> str:
    """Small letters, digits and hyphens for any text; empty where it has no letter."""
    from slugify import slugify  # late: only imports need it

    return str(slugify(text, max_length=_LONGEST, word_boundary=True)).strip("-")


def person(name: str, affiliation: str = "", homepage: str = "") -> Record | str:
    """Someone written in place: the name alone where that is enough and cannot be taken for an id."""
    if not affiliation and not homepage and not ID.fullmatch(name):
        return name
    fields: Record = {"name": name, "affiliation": affiliation, "homepage": homepage}
    return {key: value for key, value in fields.items() if value}


class Ids:
    """Ids of new files: readable, unique, and the same again at the next import."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._known = known
        self.given: dict[str, str] = {}
        self._taken = {f"{folder}/{name}" for folder, names in _TAKEN.items() for name in names}
        self._reserved = set(known.values())

    def give(self, folder: str, key: str, text: str) -> str:
        """The id in a folder for what `key` identifies in the source; `text` is what it should read like."""
        full_key = f"{folder}/{key}"
        if full_key in self.given:
            return self.given[full_key].rpartition("/")[2]
        known = self._known.get(full_key, "")
        if is_id(known.removeprefix(f"{folder}/")):
            path = known
        else:
            stem = slug(text) or slug(key) or folder.rstrip("s")
            stem = (
                stem if is_id(stem) else f"{stem}-{folder.rstrip('s')}"
            )  # such as `con`, a device on Windows
            path = f"{folder}/{stem}"
            number = 2
            while path in self._taken or path in self._reserved:
                path, number = f"{folder}/{stem}-{number}", number + 1
        self._taken.add(path)
        self.given[full_key] = path
        return path.rpartition("/")[2]


@dataclass(kw_only=True)
class Someone:
    """A person of the source: the spelling that counts, and where it stands."""

    name: str
    span: Span
    affiliation: str = ""
    homepage: str = ""
    speaks: bool = False
    notes: list[str] = field(default_factory=list)


class People:
    """Everyone of a source, found again under other spellings."""

    def __init__(self) -> None:
        self.all: list[Someone] = []
        self._by: dict[str, Someone] = {}

    def add(self, name: str, span: Span, affiliation: str = "", homepage: str = "") -> Someone:
        """The person of this name, who may be known already; what was not known of them is noted."""
        found = self.find(name)
        if not found:
            found = Someone(name=name, span=span)
            self.all.append(found)
            for key in (self._key(name), initials_of(name)):
                self._by.setdefault(key, found)
        found.affiliation = found.affiliation or affiliation
        found.homepage = found.homepage or homepage
        return found

    def find(self, name: str) -> Someone | None:
        """Whoever is meant, with accents or without, family name first or last, or with an initial."""
        if exact := self._by.get(self._key(name)):
            return exact
        short = re.match(r"\w\.?[\s-]", name.strip())
        return self._by.get(initials_of(name)) if short else None

    @staticmethod
    def _key(name: str) -> str:
        return "name " + (" ".join(sorted(words_of(name))) or name)
