"""One person, one spelling: the same name written in two ways."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lorainne.content.model import Person, Speaker
from lorainne.content.text import fold
from lorainne.diagnostics import Diagnostic, Related, Severity, Span, rule
from lorainne.programme.facts import Facts, span_of


def _people(facts: Facts) -> Iterator[Speaker | Person]:
    """Yield everybody who has a name; the files in `speakers/` first."""
    yield from facts.records(Speaker)
    yield from facts.records(Person)


def _bare(facts: Facts, name: str) -> str:
    """Return the name folded, without punctuation, its words in a fixed order."""
    return facts.cached(("bare name", name), lambda: " ".join(sorted(re.findall(r"\w+", fold(name)))))


def _with_initial(facts: Facts, name: str) -> str:
    """Return the bare name with its first word cut to the initial: `j cohen`."""
    words = re.findall(r"\w+", " ".join(re.split(r"[\s.]+", name)))
    return _bare(facts, " ".join([words[0][:1], *words[1:]])) if len(words) > 1 else ""


@rule
def name_variant(facts: Facts) -> Iterable[Diagnostic]:
    """One person's name is written in two ways.

    Readers take them for two people, and so do search engines.

    Wrong: `Jeremy Cohen` in one file, `Jérémy Cohen` in another
    Right: `Jérémy Cohen` in both; where there is a file in `speakers/`, its id in the other
    """
    first: dict[str, tuple[str, Span]] = {}
    with_file = {_bare(facts, speaker.name) for speaker in facts.workshop.speakers}
    for record in _people(facts):
        name, span, bare = record.name, span_of(record, "name"), _bare(facts, record.name)
        if isinstance(record, Person) and bare in with_file:
            continue  # `speaker-by-name` reports it
        known = first.setdefault(bare, (name, span))
        initials = re.match(r"\w\.?\s", name) is not None and first.get(f"initial {bare}")
        cut = _with_initial(facts, name)
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
def speaker_by_name(facts: Facts) -> Iterable[Diagnostic]:
    """Someone who has a file in `speakers/` is written by name.

    The id connects the two: the page of the speaker lists the talk, and the affiliation stands in one place.

    Wrong: `authors: [Ada Lovelace]`, beside a file `content/speakers/ada-lovelace.md`
    Right: `authors: [ada-lovelace]`
    """
    known = {_bare(facts, speaker.name): speaker for speaker in facts.workshop.speakers}
    for record in facts.records(Person):
        name = record.name
        if speaker := known.get(_bare(facts, name)):
            yield Diagnostic(
                message=f"{name} has a file of their own"
                if name == speaker.name
                else f"{name} is {speaker.name}, who has a file",
                span=span_of(record, "name"),
                help=f"write the id `{speaker.id}` in place of the name",
                fix=speaker.id if len(record.spans) <= 1 else None,
                related=(Related(message="the file", span=span_of(speaker, "name")),),
                severity=Severity.WARNING,
            )


RULES = (name_variant, speaker_by_name)
