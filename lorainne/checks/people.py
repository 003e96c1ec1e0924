"""One person, one spelling: the same name written in two ways."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from lorainne.checks.walk import once, records, span_of
from lorainne.diagnostics import Diagnostic, Related, Severity, Span, rule
from lorainne.model import Person, Record, Speaker, Workshop
from lorainne.programme import Programme


def _people(workshop: Workshop) -> Iterator[tuple[str, Span, Record]]:
    """Every person's name, its place and record; the files in `speakers/` first."""
    people: list[Speaker | Person] = [*records(workshop, Speaker), *records(workshop, Person)]
    for record in people:
        yield record.name, span_of(record, "name"), record


def _bare(name: str) -> str:
    """The name in small letters, without accents and punctuation, its words in a fixed order."""
    letters = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(sorted(re.findall(r"\w+", letters.casefold())))


def _bare_names(workshop: Workshop) -> Callable[[str], str]:
    """What gives the bare form of a name, and works it out once."""
    return once(workshop, _bare, lambda _: cache(_bare))


def _with_initial(name: str) -> str:
    """The bare name with its first word cut to the initial: `j cohen`."""
    words = re.findall(r"\w+", " ".join(re.split(r"[\s.]+", name)))
    return _bare(" ".join([words[0][:1], *words[1:]])) if len(words) > 1 else ""


@rule
def name_variant(workshop: Workshop, _programme: Programme) -> Iterable[Diagnostic]:
    """One person's name is written in two ways.

    Readers take them for two people, and so do search engines.

    Wrong: `Jeremy Cohen` in one file, `Jérémy Cohen` in another
    Right: `Jérémy Cohen` in both; where there is a file in `speakers/`, its id in the other
    """
    bare = _bare_names(workshop)
    first: dict[str, tuple[str, Span]] = {}
    with_file = {bare(speaker.name) for speaker in workshop.speakers}
    for name, span, record in _people(workshop):
        if isinstance(record, Person) and bare(name) in with_file:
            continue  # `speaker-by-name` tells it
        known = first.setdefault(bare(name), (name, span))
        initials = re.match(r"\w\.?\s", name) is not None and first.get(f"initial {bare(name)}")
        cut = _with_initial(name)
        shorter = first.get(cut)
        other = known if known[0] != name else initials or shorter
        if other and other[0] != name:
            yield Diagnostic(
                message=f"“{name}” is written “{other[0]}” elsewhere",
                span=span,
                help=f"if they are one person, write “{other[0]}” here too",
                related=(Related(message="the other spelling", span=other[1]),),
                severity=Severity.WARNING,
            )
        if cut:
            first.setdefault(f"initial {cut}", (name, span))


@rule
def speaker_by_name(workshop: Workshop, _programme: Programme) -> Iterable[Diagnostic]:
    """Someone who has a file in `speakers/` is written by name.

    The id connects the two: the page of the speaker lists the talk, and the affiliation stands in one place.

    Wrong: `authors: [Ada Lovelace]`, beside a file `content/speakers/ada-lovelace.md`
    Right: `authors: [ada-lovelace]`
    """
    bare = _bare_names(workshop)
    known = {bare(speaker.name): speaker for speaker in workshop.speakers}
    for name, span, record in _people(workshop):
        speaker = known.get(bare(name))
        if speaker and isinstance(record, Person):
            yield Diagnostic(
                message=f"{name} has a file of their own"
                if name == speaker.name
                else f"{name} is {speaker.name}, who has a file",
                span=span,
                help=f"write the id `{speaker.id}` in place of the name",
                fix=speaker.id if len(record.spans) <= 1 else None,
                related=(Related(message="the file", span=span_of(speaker, "name")),),
                severity=Severity.WARNING,
            )


RULES = (name_variant, speaker_by_name)
