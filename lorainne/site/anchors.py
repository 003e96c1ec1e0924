"""The anchors of the home page, unique, with those that a hand-written page had."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from lorainne.content.model import PersonRef
from lorainne.programme.schedule import Schedule, credit

SECTIONS = (
    *("main-content", "about", "news", "deadlines", "registration", "speakers", "schedule", "talks"),
    *("posters", "venue", "contact", "sponsors", "editions"),
)
"""The ids that the home page's template gives to its sections."""


def anchor(text: str) -> str:
    """The anchor that GitHub and kramdown make of a heading: `André de Almeida` → `andré-de-almeida`."""
    kept = re.sub(r"[^\w\- ]", "", unicodedata.normalize("NFC", text).lower())
    return kept.strip().replace(" ", "-")


def home_anchors(schedule: Schedule) -> Mapping[str, tuple[str, ...]]:
    """For `talk:ID`, `poster:ID` and `speaker:ID` the ids on the home page, its own first."""
    taken = set(SECTIONS)
    found: dict[str, tuple[str, ...]] = {}
    for talk in schedule.talks:
        found[f"talk:{talk.id}"] = (_own("talk", talk.id, taken),)
    for poster in schedule.posters:
        found[f"poster:{poster.id}"] = (_own("poster", poster.id, taken),)
    for talk in schedule.talks:
        found[f"talk:{talk.id}"] += tuple(_new(_headings(talk.speakers, schedule), taken))
    for poster in schedule.posters:
        found[f"poster:{poster.id}"] += tuple(_new(_headings(poster.presenter, schedule), taken))
    for speaker in schedule.speakers:
        found[f"speaker:{speaker.id}"] = tuple(_new((speaker.id, anchor(speaker.name)), taken))
    return found


def _own(kind: str, name: str, taken: set[str]) -> str:
    own = f"{kind}-{name}" if name in taken else name
    taken.add(own)
    return own


def _new(candidates: Iterable[str], taken: set[str]) -> Iterable[str]:
    for candidate in candidates:
        if candidate and candidate not in taken:
            taken.add(candidate)
            yield candidate


def _headings(presenters: Iterable[PersonRef], schedule: Schedule) -> Iterable[str]:
    """The anchors of the headings under which a hand-written page would show what they present."""
    for ref in presenters:
        who = credit(ref, schedule.speaker)
        yield anchor(who.name)
        yield anchor(f"{who.name} ({', '.join(who.affiliation)})")
