"""Exact times and look-ups that follow from the schedule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lorainne.content import decode, project, yaml_tree
from lorainne.content.model import Workshop
from lorainne.markup import Texts
from lorainne.programme.schedule import Schedule, derive, sort_key


def programme(**files: str) -> Schedule:
    texts = {f"content/{name.replace('__', '/')}": text for name, text in files.items()}
    workshop, problems = read(texts)
    assert problems == []
    return derive(workshop, Texts())


def read(texts: dict[str, str]) -> tuple[Workshop, list[str]]:
    named = {
        name + (".md" if "/" in name.removeprefix("content/") else ".yaml"): t for name, t in texts.items()
    }
    found = project.from_texts({"content/workshop.yaml": "name: W\ntimezone: Europe/Paris\n", **named})
    content = found.below("content")
    workshop, problems = decode.decode(yaml_tree.parse(content), content)
    return workshop, [p.message for p in problems]


def talk(*speakers: str, title: str = "A talk") -> str:
    return f"---\ntitle: {title}\nspeakers: [{', '.join(speakers)}]\n---\n"


def test_nested_talks_follow_from_their_minutes_and_share_what_is_left() -> None:
    found = programme(
        talks__a=talk("Ada"),
        talks__b=talk("Bob"),
        talks__c=talk("Cy"),
        schedule="days: [{date: 2024-11-26, slots: [{time: 09:00-10:30, session: S, "
        "talks: [a, {talk: b, minutes: 45}, c]}]}]",
    )
    times = [
        (e.start.strftime("%H:%M"), e.end and e.end.strftime("%H:%M")) for e in found.days[0].entries[0].talks
    ]
    assert times == [("09:00", "09:22"), ("09:22", "10:07"), ("10:07", "10:30")]


def test_a_slot_over_midnight_ends_on_the_next_day() -> None:
    found = programme(schedule="days: [{date: 2024-11-26, slots: [{time: 22:00-01:30, title: Jam}]}]")
    entry = found.days[0].entries[0]
    assert entry.end == entry.start + timedelta(hours=3, minutes=30)
    assert entry.end.isoformat() == "2024-11-27T01:30:00+01:00"


def test_a_slot_after_midnight_belongs_to_the_evening_before() -> None:
    found = programme(schedule="days: [{date: 2024-11-26, slots: [{time: 24:30-25:15, title: Stars}]}]")
    assert found.days[0].entries[0].start.isoformat() == "2024-11-27T00:30:00+01:00"


def test_a_session_across_the_change_of_clocks_lasts_as_long_as_it_lasts() -> None:
    """On 26 October 2025 the hour from 2 to 3 comes twice in Paris: 1:00 to 4:00 are four hours."""
    found = programme(
        talks__a=talk("Ada"),
        talks__b=talk("Bob"),
        schedule="days: [{date: 2025-10-26, slots: [{time: 01:00-04:00, session: S, talks: [a, b]}]}]",
    )
    first, second = found.days[0].entries[0].talks
    assert first.end is not None
    assert second.end is not None
    assert first.end.astimezone(UTC) - first.start.astimezone(UTC) == timedelta(hours=2)
    assert second.end.isoformat() == "2025-10-26T04:00:00+01:00"


def test_a_workshop_across_the_change_of_clocks_has_the_offset_of_each_day() -> None:
    found = programme(
        schedule="days: [{date: 2025-03-29, slots: [{time: 9:00, title: A}]},"
        " {date: 2025-03-31, slots: [{time: 9:00, title: B}]}]"
    )
    assert [day.entries[0].start.isoformat()[-6:] for day in found.days] == ["+01:00", "+02:00"]


def test_neighbours_are_those_of_the_same_room() -> None:
    found = programme(
        **{f"talks__{name}": talk(name.upper()) for name in "abcd"},
        schedule="days: [{date: 2024-11-26, rooms: [X, Y], slots: ["
        "{time: 9:00-10:00, room: X, talk: a}, {time: 9:00-10:00, room: Y, talk: b},"
        "{time: 10:00-11:00, room: X, talk: c}]}]",
    )
    before, after = found.neighbours[found.talks[0].id]
    assert (before, after and after.id) == (None, "c")
    assert [entry.talk and entry.talk.id for entry in found.parallel[found.talks[0].id]] == ["b"]
    assert "d" not in found.neighbours


def test_people_are_joined_by_their_id_and_by_their_name() -> None:
    found = programme(
        speakers__ada="---\nname: Ada Lovelace\naffiliation: [Paris, Oslo]\n---\n",
        talks__a="---\nspeakers: [ada]\nauthors: [Charles Babbage, ada]\n---\n",
        posters__p="---\npresenter: {name: Bob, affiliation: Nancy}\nauthors: [Ada King, Bob]\n---\n",
        talks__b=talk("Ada King"),
    )
    from lorainne.programme.schedule import credits_of

    first = next(t for t in found.talks if t.id == "a")
    assert [(c.name, c.presents) for c in credits_of(first.speakers, first.authors, found.speaker)] == [
        ("Charles Babbage", False),
        ("Ada Lovelace", True),
    ]
    poster = found.posters[0]
    assert [(c.name, c.affiliation) for c in credits_of(poster.presenter, poster.authors, found.speaker)] == [
        ("Ada King", ()),
        ("Bob", ("Nancy",)),
    ]
    assert [t.id for t in found.talks_of[found.speakers[0].id]] == ["a"]


@pytest.mark.parametrize(
    ("names", "order"),
    [
        (["Yang Qi", "André de Almeida", "Ève Ångström"], ["André de Almeida", "Ève Ångström", "Yang Qi"]),
        (["Sammy Davis Jr.", "Ada Cohen"], ["Ada Cohen", "Sammy Davis Jr."]),
    ],
)
def test_names_sort_by_family_name_without_accents(names: list[str], order: list[str]) -> None:
    assert sorted(names, key=sort_key) == order


def test_posters_sort_by_board_as_letters_and_numbers() -> None:
    found = programme(
        **{f"posters__{b.lower()}": f"---\nboard: {b}\n---\n" for b in ("A10", "B1", "A9", "A2")}
    )
    assert [poster.board for poster in found.posters] == ["A2", "A9", "A10", "B1"]


@given(
    start=st.integers(0, 24 * 60 - 1),
    minutes=st.lists(st.one_of(st.none(), st.integers(1, 90)), min_size=1, max_size=6),
    day=st.dates(min_value=datetime(2024, 1, 1).date(), max_value=datetime(2026, 12, 31).date()),
)
def test_nested_talks_are_contiguous_and_never_run_backwards(
    start: int, minutes: list[int | None], day: object
) -> None:
    end = start + sum(m or 10 for m in minutes)
    if end > 30 * 60:
        return
    listed = ", ".join(f"{{talk: t{i}, minutes: {m}}}" if m else f"t{i}" for i, m in enumerate(minutes))
    found = programme(
        **{f"talks__t{i}": talk("Ada") for i in range(len(minutes))},
        schedule=f"days: [{{date: {day}, slots: [{{time: {start // 60}:{start % 60:02}-{end // 60}:{end % 60:02},"
        f" session: S, talks: [{listed}]}}]}}]",
    )
    entry = found.days[0].entries[0]
    moments = [entry.start.astimezone(UTC)]
    for nested in entry.talks:
        assert nested.start.astimezone(UTC) == moments[-1]
        moments.append((nested.end or nested.start).astimezone(UTC))
    assert moments == sorted(moments)
