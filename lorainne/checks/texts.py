"""Texts that people read: their Markdown and maths, their links, and what was left to be announced."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from posixpath import normpath

from lorainne.content.collections import BY_SCHEME
from lorainne.content.model import Poster, Record, Talk
from lorainne.content.text import did_you_mean
from lorainne.content.values import Markdown
from lorainne.diagnostics import Diagnostic, Related, Severity, rule
from lorainne.markup import Link, located, moved
from lorainne.programme.facts import Facts, Parsed, span_of

_ID_LINK = re.compile(rf"({'|'.join(BY_SCHEME)}):([^#]*)(?:#(.*))?")
_ELSEWHERE = re.compile(r"(?:https?|mailto|tel):")


def problems_in_texts(facts: Facts) -> Iterator[Diagnostic]:
    """Yield what is wrong in the Markdown and the maths of every text; the codes are those of `markup`."""
    for parsed in facts.parsed():
        for problem in parsed.text.problems:
            yield located(problem, parsed.span)


@dataclass(frozen=True, kw_only=True, slots=True)
class _BrokenLink:
    """What is wrong with a link, and how to repair it."""

    message: str
    help: str


@rule
def broken_link(facts: Facts) -> Iterable[Diagnostic]:
    """A link in a text leads to something that is not on the site.

    Links inside a site are by id, `talk:ID`, `speaker:ID`, `poster:ID`, `page:ID` or `news:ID`, or by a file,
    relative to the file that the link stands in, as on GitHub; in a title or another line, to `content/`.

    Wrong: `[her talk](talk:ada-lovelac)`, `[the photo](/assets/photo.jpg)`
    Right: `[her talk](talk:ada-lovelace)`, `[the photo](../files/photo.jpg)`
    """
    for parsed in facts.parsed():
        for link in parsed.text.links:
            if broken := _broken(link, parsed, facts):
                span = moved(link.span, parsed.span)
                yield Diagnostic(message=broken.message, span=span, help=broken.help)


def _broken(link: Link, parsed: Parsed, facts: Facts) -> _BrokenLink | None:
    """Return what is wrong with a link; nothing where it is right, or is judged by `markup`."""
    target = link.target
    if _ELSEWHERE.match(target) or target.startswith("//"):
        return None
    if by_id := _ID_LINK.fullmatch(target):
        return _broken_id(by_id[1], by_id[2], by_id[3], facts)
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", target):
        return None
    path, _, anchor = target.partition("#")
    if not path:
        return _broken_anchor(anchor, parsed.text.anchors)
    file = normpath(f"{parsed.folder}/{path}" if parsed.folder else path)
    is_published = file.startswith("files/") or file.endswith(".md")
    if file not in facts.workshop.files or not is_published or path.startswith("/"):
        return _missing_file(path, parsed.folder, facts)
    return _broken_anchor(anchor, _anchors_of(file, facts)) if anchor else None


def _broken_id(scheme: str, name: str, anchor: str | None, facts: Facts) -> _BrokenLink | None:
    """Return what is wrong with a link such as `talk:ID`; lists are linked to like pages, `page:schedule`."""
    folder = BY_SCHEME[scheme].folder
    file = f"{folder}/{name}.md"
    if scheme == "page" and name in facts.routes.sections:
        return None
    if file not in facts.workshop.files:
        names = [other for other in facts.workshop.files if other.startswith(f"{folder}/")]
        known = [f"{scheme}:{other.split('/')[1][:-3]}" for other in names]
        message = f"there is no {scheme} `{name}`"
        return _BrokenLink(message=message, help=did_you_mean(f"{scheme}:{name}", known))
    return _broken_anchor(anchor, _anchors_of(file, facts)) if anchor else None


def _missing_file(path: str, folder: str, facts: Facts) -> _BrokenLink:
    up = "../" if folder else ""
    published = [up + name for name in facts.workshop.files if name.startswith("files/")]
    help_ = did_you_mean(path, [f"<{name}>" if " " in name else name for name in published])
    return _BrokenLink(
        message=f"there is no file {path}, seen from content/{folder}",
        help=help_ or f"put it into content/files/ and write `{up}files/{path.rpartition('/')[2]}`",
    )


def _anchors_of(file: str, facts: Facts) -> tuple[str, ...]:
    """Return the anchors in the text of a content file."""
    anchors = facts.cached(
        "anchors by file",
        lambda: {
            value.record.span.file.removeprefix("content/"): facts.texts.parse(value.text).anchors
            for value in facts.values(Markdown)
        },
    )
    return anchors.get(file, ())


def _broken_anchor(anchor: str, known: tuple[str, ...]) -> _BrokenLink | None:
    if anchor in known:
        return None
    message = f"there is no heading with the anchor #{anchor}"
    return _BrokenLink(message=message, help=did_you_mean(anchor, known) or "leave the # part out")


@rule
def remote_picture(facts: Facts) -> Iterable[Diagnostic]:
    """A picture would be fetched from another host by everybody who reads the page.

    That host would learn who reads it, could show another picture, and will be gone before the site is. A
    policy that lets a page ask nobody else, such as the one in docs/theme.md, keeps the picture away.

    Wrong: `![The group](https://example.org/group.jpg)`, `photo: https://example.org/ada.jpg`
    Right: `![The group](files/group.jpg)`, `photo: ada.jpg`, with the file in `content/files/`
    """
    shown = [
        (moved(link.span, parsed.span), link.target)
        for parsed in facts.parsed()
        for link in parsed.text.links
        if link.image
    ]
    shown += [
        (span_of(record, field), name)
        for record in facts.records(Record)
        for field in ("photo", "logo", "hero")
        if (name := getattr(record, field, None))
    ]
    for span, name in shown:
        if re.match(r"https?:", name, re.IGNORECASE):
            yield Diagnostic(
                message="this picture would be fetched from another host",
                span=span,
                help="put the file into content/files/ and name it here",
                severity=Severity.WARNING,
            )


@rule
def left_unannounced(facts: Facts) -> Iterable[Diagnostic]:
    """The schedule is final, and something still says `tba`.

    Wrong: `status: final`, and a talk with `title: TBA`
    Right: its title
    """
    if not facts.is_final:
        return
    for record in facts.records(Record):
        for field in record.spans:
            if "." in field or getattr(record, field, "") not in (None, ()):
                continue
            span = record.spans[field]
            if span.column < span.end_column:
                yield Diagnostic(
                    message=f"the schedule is final, and `{field.rstrip('_')}` is still to be announced",
                    span=span,
                    help="write it now, or delete the line",
                    severity=Severity.WARNING,
                )


@rule
def same_title(facts: Facts) -> Iterable[Diagnostic]:
    """Two talks, or two posters, have the same title.

    Most often a file was copied and its title was not changed.

    Wrong: `title: On engines` in two files
    Right: the title of each
    """
    kinds: tuple[type[Talk] | type[Poster], ...] = (Talk, Poster)
    for kind in kinds:
        first: dict[str, Talk | Poster] = {}
        for record in facts.records(kind):
            if record.title:
                key = " ".join(record.title.casefold().split())
                other = first.setdefault(key, record)
                if other is not record:
                    yield Diagnostic(
                        message="another file has the same title",
                        span=span_of(record, "title"),
                        help="was this file copied from the other one?",
                        related=(Related(message="the other one", span=span_of(other, "title")),),
                        severity=Severity.WARNING,
                    )


@rule
def shouted_title(facts: Facts) -> Iterable[Diagnostic]:
    """A title is written in capitals.

    Screen readers spell it out, and it is hard to read for everybody.

    Wrong: `title: LOW-RANK APPROXIMATION OF TENSORS`
    Right: `title: Low-rank approximation of tensors`
    """
    works: list[Talk | Poster] = [*facts.records(Talk), *facts.records(Poster)]
    for record in works:
        title = record.title
        words = re.findall(r"[^\W\d_]{4,}", title or "")
        if title and len(words) >= 3 and all(word.isupper() for word in words):
            yield Diagnostic(
                message="this title is written in capitals",
                span=span_of(record, "title"),
                help=f"write it as a sentence: {title.capitalize()}",
                severity=Severity.WARNING,
            )


RULES = (broken_link, remote_picture, left_unannounced, same_title, shouted_title)
