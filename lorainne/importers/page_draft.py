"""What the parts of the page importer fill together, and the content files that come of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from posixpath import basename, normpath
from urllib.parse import unquote

from lorainne.content.ids import IdAllocator
from lorainne.content.text import fold
from lorainne.content.values import READERS, Email, Target, Url
from lorainne.content.yaml_writer import Fields, Value
from lorainne.diagnostics import Diagnostic, Span
from lorainne.importers.draft import Request
from lorainne.importers.mistakes import source_link, source_spelling
from lorainne.importers.names import People, SourcePerson, person
from lorainne.importers.page_blocks import LINK, Line, Section, is_rule, plain, without_anchors

WORDS = {
    "about": "about",
    "speakers": "speakers",
    "schedule": "schedule",
    "schedule_tentative": "tentative schedule",
    "talks": "talks",
    "posters": "posters",
    "contact": "contact",
    "registration": "registration",
    "deadlines": "important dates",
    "sponsors": "sponsors",
    "editions": "other editions",
}
"""The headings of the home page as the theme has them; others are replaced under `words:`."""

UNKNOWN_YET = ("tba", "tbd", "tbc", "title tba", "to be announced", "à venir")

_BACK = re.compile(
    r"\(?\s*\[\(?back to[^\]]*\]\([^)]*\)\s*\)?|\(?\s*\[\(?retour[^\]]*\]\(#[^)]*\)\s*\)?", re.I
)
_ABSTRACT = re.compile(r"\(?(?:abstract|résumé|resume)\)?", re.IGNORECASE)


@dataclass(kw_only=True)
class Work:
    """A talk or a poster of the page."""

    folder: str
    id: str
    presenters: list[SourcePerson]
    span: Span
    title: str = ""
    title_span: Span | None = None
    body: list[Line] = field(default_factory=list)
    more: Fields = field(default_factory=dict)
    anchors: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class Draft:
    """The content as far as it is known."""

    file: str
    request: Request
    ids: IdAllocator
    people: People = field(default_factory=People)
    first: date | None = None
    last: date | None = None
    workshop: Fields = field(default_factory=dict)
    words: Fields = field(default_factory=dict)
    about: list[Line] = field(default_factory=list)
    schedule: Fields = field(default_factory=dict)
    talks: list[Work] = field(default_factory=list)
    posters: list[Work] = field(default_factory=list)
    pages: list[tuple[Section, list[Line]]] = field(default_factory=list)
    texts: list[tuple[str, str, Section]] = field(default_factory=list)
    """Sentences below a heading of the theme: the word that holds them, the sentences, their section."""
    copies: dict[str, bytes] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    known_anchors: set[str] = field(default_factory=set)
    """Of all headings and named places of the old page."""

    def heading(self, key: str, section: Section) -> None:
        """Keep the page's own heading of something that the theme has another one for."""
        name = section.name
        if fold(name) not in (WORDS[key], key) and name:
            self.words.setdefault(key, name)

    def unplaced(self, section: Section, lines: Sequence[Line]) -> None:
        """Keep what has no place of its own as a page, under the outermost heading but the title."""
        if not any(line.text.strip() and not is_rule(line.text) for line in lines):
            return
        outer = next((above for above in (*section.above, section) if above.level > 1), section)
        if not section.title or section.level <= 1:
            self.about += [Line(number=0, text=""), *lines]
            return
        number = outer.heading.number
        held = next((held for known, held in self.pages if known.heading.number == number), None)
        if held is None:
            held = []
            self.pages.append((outer, held))
        if section is not outer:
            mark = "#" * max(2, section.level - outer.level + 1)
            held.append(Line(number=section.heading.number, text=f"\n{mark} {section.title}\n"))
        held += [Line(number=0, text=""), *lines]

    def page_id(self, section: Section) -> str:
        """The id of the page that a section becomes."""
        number = section.heading.number
        before = sum(known.name == section.name and known.heading.number < number for known, _ in self.pages)
        key = f"{fold(section.name)} {before}" if before else fold(section.name)
        return self.ids.assign("pages", key, section.name)

    # --- People ------------------------------------------------------------------------------------------

    def someone(self, name: str, line: Line) -> SourcePerson | None:
        """Who is meant by a name; another spelling is reported, an initial is not."""
        found = self.people.find(name)
        if found and sorted(name.split()) != sorted(found.name.split()) and not re.match(r"\w\.", name):
            span = line.span(self.file, name)
            self.problems.append(source_spelling(span, name, found.name, found.span))
        return found

    def speaker_id(self, who: SourcePerson) -> str:
        """The id of someone who has a file in `speakers/`."""
        return self.ids.assign("speakers", fold(who.name), who.name)

    def reference(self, who: SourcePerson) -> Value:
        """SourcePerson in a list of people: the id, or in place where they have no file."""
        return self.speaker_id(who) if who.speaks else person(who.name, who.affiliation, who.homepage)

    # --- Links -------------------------------------------------------------------------------------------

    def markdown(self, lines: Sequence[Line], folder: str) -> str:
        """Lines of the page as content: tags and links that only the old page had are replaced."""
        text = "\n".join(self.rewritten(line, folder) for line in lines if not is_rule(line.text)).strip()
        return "" if text.lower() in UNKNOWN_YET else re.sub(r"\n{3,}", "\n\n", text)

    def rewritten(self, line: Line, folder: str = "") -> str:
        """One line, its links leading where they now lead; `folder` is where the text will stand."""
        text = _BACK.sub("", without_anchors(line.text))
        text = re.sub(r"<img\s[^>]*?src=[\"']([^\"'\s]+)[\"'][^>]*>", r"![](\1)", text, flags=re.IGNORECASE)
        text = re.sub(r"<br\s*/?>\s*$", r"\\", text, flags=re.IGNORECASE)
        text = re.sub(r"\s*<br\s*/?>\s*", "\\\\\n", text, flags=re.IGNORECASE)
        text = re.sub(r"</?(?:b|strong)>", "**", text, flags=re.IGNORECASE)
        text = re.sub(r"</?(?:i|em)>", "*", text, flags=re.IGNORECASE)
        text = re.sub(
            r"</?(?:p|div|center|span|font|u|small|big)(?:\s[^<>]*)?>", "", text, flags=re.IGNORECASE
        )
        return LINK.sub(lambda link: self._link(link, line, folder), text).rstrip()

    def _link(self, link: re.Match[str], line: Line, folder: str) -> str:
        target, text, image = link["target"], link["text"], link["image"]
        if target.startswith("#"):
            return self._anchor(target, text, line)
        if re.match(r"(?:https?|mailto|tel):", target):
            return link.group()
        if found := self.target(target, line):
            if "://" in found or ":" in found:
                return f"{image}[{text}]({found})"
            return f"{image}[{text}]({'../' if folder else ''}files/{found})"
        return text

    def _anchor(self, target: str, text: str, line: Line) -> str:
        wanted = fold(unquote(target[1:]))
        for work in (*self.talks, *self.posters):
            if wanted in work.anchors:
                return f"[{text}]({work.folder.rstrip('s')}:{work.id})"
        for section, _ in self.pages:
            if wanted == anchor(section.name):
                return f"[{text}](page:{self.page_id(section)})"
        if not _ABSTRACT.fullmatch(text) and wanted not in self.known_anchors:
            self.problems.append(source_link(line.span(self.file, target), target, "kept without the link"))
        return text

    def target(self, written: str, line: Line) -> str:
        """Where a link really leads: a web address, a mailto, or a file that was copied; else empty."""
        span = line.span(self.file, written)
        if _reads(Url, written):
            return written
        if _reads(Email, written):
            self.problems.append(source_link(span, written, "`mailto:` was added"))
            return f"mailto:{written}"
        if re.match(r"www\.|[\w-]+(?:\.[\w-]+)*\.(?:org|com|net|fr|eu|edu|io|de|uk|be)(?:/|$)", written):
            if _reads(Url, f"https://{written}"):
                self.problems.append(source_link(span, written, "`https://` was added"))
                return f"https://{written}"
        elif copied := self._copied(written):
            return copied
        self.problems.append(source_link(span, written, "kept without the link"))
        return ""

    def _copied(self, written: str) -> str:
        path = normpath(unquote(written.partition("#")[0].partition("?")[0]).lstrip("/"))
        name = re.sub(r"[^\w.-]+", "-", basename(path)).strip("-.")
        if not name or path.startswith("..") or not _reads(Target, name) or path == ".":
            return ""
        content = self.request.neighbour(path)
        if content is None:
            return ""
        self.copies[name] = content
        return name

    def first_link(self, text: str, line: Line, test: Callable[[str], bool] = bool) -> str:
        """The target of the first link in a text whose words pass the test, as a field holds it."""
        for link in LINK.finditer(text):
            if test(plain(link["text"])) and not link["target"].startswith("#"):
                return self.target(link["target"], line)
        return ""


def _reads(kind: object, text: str) -> bool:
    try:
        READERS[kind].read(text)
    except (ValueError, KeyError):
        return False
    return True


def is_email(text: str) -> bool:
    """Whether a text is an e-mail address."""
    return _reads(Email, text)


def is_url(text: str) -> bool:
    """Whether a text is a web address as fields hold it."""
    return _reads(Url, text)


def anchor(heading: str) -> str:
    """The anchor that a hand-written page has for a heading, without accents."""
    return re.sub(r"[^\w\- ]", "", fold(heading)).strip().replace(" ", "-")
