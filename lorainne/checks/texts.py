"""Texts that people read: their Markdown and maths, their links, and what was left to be announced."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from posixpath import normpath

from lorainne import markup
from lorainne.checks.walk import is_final, once, records, span_of, values
from lorainne.diagnostics import Diagnostic, Related, Severity, Span, rule
from lorainne.markup import Fragment
from lorainne.model import Poster, Record, Talk, Workshop
from lorainne.programme import Programme
from lorainne.spelling import did_you_mean
from lorainne.values import Inline, Markdown

_ID_LINK = re.compile(r"(talk|speaker|poster|page|news):([^#]*)(?:#(.*))?")
_ELSEWHERE = re.compile(r"(?:https?|mailto|tel):")
_FOLDERS = {"talk": "talks", "speaker": "speakers", "poster": "posters", "page": "pages", "news": "news"}


def fragments(workshop: Workshop) -> list[tuple[Fragment, Span, str]]:
    """Every text of the workshop, parsed, with its place, and the folder below `content/` of its links.

    A line such as a title stands on many pages, whatever file it comes from: its links begin in `content/`.
    """
    return once(workshop, Fragment, _fragments)


def _fragments(workshop: Workshop) -> list[tuple[Fragment, Span, str]]:
    lines = [(markup.parse_inline(text), span, "") for text, span, _ in values(workshop, Inline)]
    return lines + [
        (markup.parse(text), span, record.span.file.removeprefix("content/").rpartition("/")[0])
        for text, span, record in values(workshop, Markdown)
    ]


def misprints(workshop: Workshop) -> Iterator[Diagnostic]:
    """What is wrong in the Markdown and the maths of every text; the codes are those of `misprints`."""
    for fragment, origin, _ in fragments(workshop):
        for problem in fragment.problems:
            yield markup.located(problem, origin)


@rule
def broken_link(workshop: Workshop, _programme: Programme) -> Iterable[Diagnostic]:
    """A link in a text leads to something that is not on the site.

    Links inside a site are by id, `talk:ID`, `speaker:ID`, `poster:ID`, `page:ID` or `news:ID`, or by a file,
    relative to the file that the link stands in, as on GitHub; in a title or another line, to `content/`.

    Wrong: `[her talk](talk:ada-lovelac)`, `[the photo](/assets/photo.jpg)`
    Right: `[her talk](talk:ada-lovelace)`, `[the photo](../files/photo.jpg)`
    """
    bodies = _bodies(workshop)
    for fragment, origin, folder in fragments(workshop):
        for link in fragment.links:
            message, help_ = _link_problem(link.target, folder, fragment, workshop, bodies)
            if message:
                problem = Diagnostic(message=message, span=link.span, help=help_)
                yield markup.located(problem, origin)


def _bodies(workshop: Workshop) -> Mapping[str, Fragment]:
    """The parsed text of every content file that has one, by its name below `content/`."""
    return {
        record.span.file.removeprefix("content/"): markup.parse(text)
        for text, _, record in values(workshop, Markdown)
    }


def _link_problem(
    target: str, folder: str, own: Fragment, workshop: Workshop, bodies: Mapping[str, Fragment]
) -> tuple[str, str]:
    """What is wrong with a link, and its repair; empty where it is right, or judged as a misprint."""
    if _ELSEWHERE.match(target) or target.startswith("//"):
        return "", ""
    if by_id := _ID_LINK.fullmatch(target):
        kind, name, anchor = by_id.groups()
        file = f"{_FOLDERS[kind]}/{name}.md"
        known = [
            f"{kind}:{f.split('/')[1][:-3]}" for f in workshop.files if f.startswith(f"{_FOLDERS[kind]}/")
        ]
        if kind == "page" and name in _lists(workshop):
            return "", ""
        if file not in workshop.files:
            return f"there is no {kind} `{name}`", did_you_mean(f"{kind}:{name}", known)
    elif re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", target):
        return "", ""
    else:
        path, _, anchor = target.partition("#")
        if not path:
            return _anchor_problem(anchor, own)
        file = normpath(f"{folder}/{path}" if folder else path)
        is_published = file.startswith("files/") or file.endswith(".md")
        if file not in workshop.files or not is_published or path.startswith("/"):
            up = "../" if folder else ""
            there = [up + name for name in workshop.files if name.startswith("files/")]
            return f"there is no file {path}, seen from content/{folder}", did_you_mean(
                path, [f"<{name}>" if " " in name else name for name in there]
            ) or f"put it into content/files/ and write `{up}files/{path.rpartition('/')[2]}`"
    return _anchor_problem(anchor, bodies.get(file)) if anchor else ("", "")


def _lists(workshop: Workshop) -> list[str]:
    """The pages that lorainne makes by itself, which a text may link to like any other: `page:schedule`."""
    return [
        name
        for name in ("schedule", "talks", "speakers", "posters", "papers", "news")
        if (workshop.schedule.days if workshop.schedule and name == "schedule" else getattr(workshop, name))
    ]


def _anchor_problem(anchor: str, text: Fragment | None) -> tuple[str, str]:
    known = text.anchors if text else ()
    if anchor in known:
        return "", ""
    return f"there is no heading with the anchor #{anchor}", did_you_mean(
        anchor, known
    ) or "leave the # part out"


@rule
def remote_picture(workshop: Workshop, _programme: Programme) -> Iterable[Diagnostic]:
    """A picture would be fetched from another host by everybody who reads the page.

    That host would learn who reads it, could show another picture, and will be gone before the site is. A
    policy that lets a page ask nobody else, such as the one in docs/theme.md, keeps the picture away.

    Wrong: `![The group](https://example.org/group.jpg)`, `photo: https://example.org/ada.jpg`
    Right: `![The group](files/group.jpg)`, `photo: ada.jpg`, with the file in `content/files/`
    """
    shown = [
        (markup.located(Diagnostic(message="", span=link.span), origin).span, link.target)
        for fragment, origin, _ in fragments(workshop)
        for link in fragment.links
        if link.image
    ]
    shown += [
        (span_of(record, field), name)
        for record in records(workshop, Record)
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
def left_unannounced(workshop: Workshop, _programme: Programme) -> Iterable[Diagnostic]:
    """The schedule is final, and something still says `tba`.

    Wrong: `status: final`, and a talk with `title: TBA`
    Right: its title
    """
    if not is_final(workshop):
        return
    for record in records(workshop, Record):
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
def same_title(workshop: Workshop, _programme: Programme) -> Iterable[Diagnostic]:
    """Two talks, or two posters, have the same title.

    Most often a file was copied and its title was not changed.

    Wrong: `title: On engines` in two files
    Right: the title of each
    """
    kinds: tuple[type[Talk] | type[Poster], ...] = (Talk, Poster)
    for kind in kinds:
        first: dict[str, Talk | Poster] = {}
        for record in records(workshop, kind):
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
def shouted_title(workshop: Workshop, _programme: Programme) -> Iterable[Diagnostic]:
    """A title is written in capitals.

    Screen readers spell it out, and it is hard to read for everybody.

    Wrong: `title: LOW-RANK APPROXIMATION OF TENSORS`
    Right: `title: Low-rank approximation of tensors`
    """
    works: list[Talk | Poster] = [*records(workshop, Talk), *records(workshop, Poster)]
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
