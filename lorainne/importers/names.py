"""Names of people and of files: when two spellings mean one person, and which id stands for what."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lorainne.content.text import ID, fold
from lorainne.content.yaml_writer import Fields
from lorainne.diagnostics import Span


def words_of(name: str) -> list[str]:
    """The words of a name, to compare it with another spelling."""
    return re.findall(r"\w+", fold(name))


def initials_of(name: str) -> str:
    """`j cohen` for `Jérémy Cohen` and for `J. Cohen`."""
    words = words_of(name)
    return " ".join([words[0][0], *words[1:]]) if len(words) > 1 else ""


def person(name: str, affiliation: str = "", homepage: str = "") -> Fields | str:
    """Someone written in place: the name alone where that is enough and cannot be taken for an id."""
    if not affiliation and not homepage and not ID.fullmatch(name):
        return name
    fields: Fields = {"name": name, "affiliation": affiliation, "homepage": homepage}
    return {key: value for key, value in fields.items() if value}


@dataclass(kw_only=True)
class SourcePerson:
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
        self.all: list[SourcePerson] = []
        self._by: dict[str, SourcePerson] = {}

    def add(self, name: str, span: Span, affiliation: str = "", homepage: str = "") -> SourcePerson:
        """The person of this name, who may be known already; what was not known of them is noted."""
        found = self.find(name)
        if not found:
            found = SourcePerson(name=name, span=span)
            self.all.append(found)
            for key in (self._key(name), initials_of(name)):
                self._by.setdefault(key, found)
        found.affiliation = found.affiliation or affiliation
        found.homepage = found.homepage or homepage
        return found

    def find(self, name: str) -> SourcePerson | None:
        """Whoever is meant, with accents or without, family name first or last, or with an initial."""
        if exact := self._by.get(self._key(name)):
            return exact
        short = re.match(r"\w\.?[\s-]", name.strip())
        return self._by.get(initials_of(name)) if short else None

    @staticmethod
    def _key(name: str) -> str:
        return "name " + (" ".join(sorted(words_of(name))) or name)
