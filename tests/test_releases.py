"""Releases: what changed is told to calendars, to readers and to those whom it concerns."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import feedparser
import icalendar
import vobject
from conftest import Build
from full import FILES, full_site, site_of
from hypothesis import given
from hypothesis import strategies as st
from pages import links, read

from lorainne.build import compile_site
from lorainne.content import project
from lorainne.content.model import Release, ReleasedSlot
from lorainne.programme import release_file
from lorainne.programme.context import Context
from lorainne.programme.releases import trace

ROOT = Path(__file__).parent.parent
UID = "{}.days-of-tensors-and-more-too-2024@example.org"

CHANGED = FILES["schedule.yaml"]
for before, after in (
    ("{time: 09:00-10:00, talk: winter,", "{time: 15:00-16:00, talk: winter,"),  # moved
    ("room: Amphi, talk: engines", "room: Amphi, talk: waiting"),  # one cancelled, one added
):
    assert before in CHANGED
    CHANGED = CHANGED.replace(before, after)


def context_of(files: dict[str, str]) -> Context:
    compiled = compile_site(project.from_texts({f"content/{name}": text for name, text in files.items()}))
    assert compiled.context
    return compiled.context


def released(files: dict[str, str], name: str, day: str, note: str = "") -> dict[str, str]:
    """The content with one more release, as the command would write it on that day."""
    text = release_file.text(context_of(files), note)
    today = f"date: {project.from_texts({}).today}\n"
    assert today in text
    return {**files, f"releases/{name}.yaml": text.replace(today, f"date: {day}\n")}


V1 = released(FILES, "v1", "2024-09-10", note="The *first* one")
UNRELEASED = {**V1, "schedule.yaml": CHANGED}
V2 = released(UNRELEASED, "v2", "2024-09-20")


@cache
def site(name: str) -> dict[str, str]:
    return site_of({"v1": V1, "v2": V2, "not released": UNRELEASED}[name])


Events = dict[str, icalendar.Event]


def events(texts: dict[str, str], path: str = "calendar.ics") -> Events:
    return {str(event["UID"]): event for event in icalendar.Calendar.from_ical(texts[path]).events}


def sequences(found: Events) -> dict[str, int]:
    return {uid.partition(".")[0]: event["SEQUENCE"] for uid, event in found.items()}


def test_names_stay_and_a_sequence_rises_only_where_something_changed() -> None:
    first, second = events(site("v1")), events(site("v2"))
    assert first.keys() == events(full_site()).keys()
    assert second.keys() - first.keys() == {UID.format("waiting")}
    assert not first.keys() - second.keys()
    assert set(sequences(first).values()) == {0}
    raised = {name for name, number in sequences(second).items() if number}
    assert raised == {"winter", "engines"}
    assert sequences(second)["winter"] == sequences(second)["engines"] == 1


def test_what_is_not_released_yet_counts_once() -> None:
    assert sequences(events(site("not released"))) == sequences(events(site("v2")))


def test_a_talk_that_goes_and_comes_back_rises_twice_and_is_no_longer_cancelled() -> None:
    back = {**released(V2, "v3", "2024-09-30"), "schedule.yaml": FILES["schedule.yaml"]}
    found = events(site_of(back))
    assert sequences(found)["engines"] == sequences(found)["winter"] == 2
    assert found[UID.format("engines")]["STATUS"] == "CONFIRMED"
    assert found[UID.format("waiting")]["STATUS"] == "CANCELLED"


def test_the_cancelled_is_still_told() -> None:
    for path in ("calendar.ics", "days/2024-10-26.ics", "rooms/amphi.ics"):
        event = events(site("v2"), path)[UID.format("engines")]
        assert event["STATUS"] == "CANCELLED"
        assert event["SUMMARY"] == "On engines, and O(n log n); a \\ & more"
        assert event["DTSTART"].dt == events(site("v1"))[UID.format("engines")]["DTSTART"].dt
        assert event["URL"] == "https://example.org/days-24/changes.html"
    assert len(vobject.readOne(site("v2")["calendar.ics"]).vevent_list) == 11


def test_a_reader_who_had_the_first_release_ends_with_the_truth_of_the_second() -> None:
    calendar, news = events(site("v1")), events(site("v2"))
    for uid, event in news.items():
        if uid not in calendar or event["SEQUENCE"] >= calendar[uid]["SEQUENCE"]:
            calendar[uid] = event
    held = {uid: event["DTSTART"].dt for uid, event in calendar.items() if event["STATUS"] != "CANCELLED"}
    context = context_of({**FILES, "schedule.yaml": CHANGED})
    truth = {UID.format(slot.id): slot.entry.start for slot in context.slots if slot.is_whole}
    assert held == truth


def test_stamps_are_the_days_of_releases() -> None:
    found = events(site("v2"))
    changed, same = found[UID.format("winter")], found[UID.format("dinner-2024-10-27")]
    assert changed["LAST-MODIFIED"].dt == changed["DTSTAMP"].dt == datetime(2024, 9, 20, tzinfo=UTC)
    assert same["LAST-MODIFIED"].dt == same["DTSTAMP"].dt == datetime(2024, 9, 10, tzinfo=UTC)


def test_the_page_says_it_in_words() -> None:
    page = read(site("v2")["changes.html"])
    assert [heading.text for heading in page.all("h2")] == ["v2", "v1"]
    assert [item.text for item in page.one("ul", class_="works").all("li")] == [
        "On engines, and O(n log n); a \\ & more: cancelled; it was on Sat 26 Oct, 09:30–10:30, Amphi",
        "Not yet: new, Sat 26 Oct, 09:30–10:30, Amphi",
        "冬の時間: moved from Sun 27 Oct, 09:00–10:00 to Sun 27 Oct, 15:00–16:00",
    ]
    assert "20 September 2024" in page.text
    assert "The first one" in page.text
    assert "talks/winter.html" in links(page)
    assert "changes.html" in links(read(site("v2")["schedule.html"]))
    since = read(site("not released")["changes.html"])
    assert [heading.text for heading in since.all("h2")] == ["Since v1", "v1"]


def test_the_schedule_marks_what_changed_since_the_release_before() -> None:
    def marks(texts: dict[str, str]) -> list[str]:
        return [mark.text for mark in read(texts["schedule.html"]).all("strong", class_="change")]

    assert marks(site("v1")) == []
    assert marks(site("v2")) == marks(site("not released")) == ["new", "cancelled", "moved"]
    quiet = {**V2, "releases/v3.yaml": V2["releases/v2.yaml"].replace("number: 2", "number: 3")}
    assert context_of(quiet).history.recent == {}


def test_another_room_and_another_title_are_told_too() -> None:
    files = {
        **V1,
        "schedule.yaml": FILES["schedule.yaml"]
        .replace("room: Amphi, talk", 'room: "Hall", talk')
        .replace("[Amphi,", "[Hall,"),
        "talks/winter.md": FILES["talks/winter.md"].replace("冬の時間", "Winter"),
    }
    context = context_of(files)
    assert release_file.sentences(context, release_file.unreleased(context)) == [
        "On engines, and O(n log n); a \\ & more: in Hall instead of Amphi",
        "Winter: it was called “冬の時間”",
    ]
    french = context_of(
        {**files, "workshop.yaml": FILES["workshop.yaml"].replace("language: en", "language: fr")}
    )
    assert (
        "son titre était « 冬の時間 »" in release_file.sentences(french, release_file.unreleased(french))[-1]
    )


def test_the_feed_has_an_entry_for_each_release() -> None:
    feed = feedparser.parse(site("v2")["feed.xml"])
    assert not feed.bozo
    newest, oldest = (entry for entry in feed.entries if "/releases/" in entry.id)
    assert newest.id == "tag:example.org,2024:days-of-tensors-and-more-too-2024/releases/v2"
    assert newest.link == "https://example.org/days-24/changes.html#release-v2"
    assert newest.updated == "2024-09-20T00:00:00Z"
    assert "moved from Sun 27 Oct, 09:00–10:00" in read(newest.content[0].value).text
    assert read(oldest.content[0].value).text == "The first one"
    without = {name: text for name, text in V1.items() if not name.startswith("news/")}
    assert [entry.title for entry in feedparser.parse(site_of(without)["feed.xml"]).entries] == [
        "Changes: v1"
    ]


def test_the_same_releases_make_the_same_bytes_and_are_read_as_they_were_written() -> None:
    assert site_of(V2) == site("v2")
    assert release_file.unreleased(context_of(V2)) == release_file.unreleased(context_of(V1)) == ()


def test_a_site_without_releases_tells_nothing_of_them(build: Build) -> None:
    texts = full_site()
    assert "changes.html" not in texts
    assert not [path for path, text in texts.items() if "SEQUENCE" in text or "changes.html" in text]
    assert "feed.xml" not in build({}, url="https://example.org/")


def test_a_workshop_without_a_zone_has_releases_too() -> None:
    files = {
        "workshop.yaml": "name: W\n",
        "schedule.yaml": "days: [{date: 2024-11-26, slots: [{time: 9:00-10:00, title: A}]}]\n",
    }
    kept = released(files, "v1", "2024-09-01")
    assert "start: 2024-11-26 09:00, end" in kept["releases/v1.yaml"]
    later = {**kept, "workshop.yaml": "name: W\ntimezone: Europe/Paris\n"}
    assert release_file.unreleased(context_of(kept)) == release_file.unreleased(context_of(later)) == ()


def run(folder: Path, *words: str, day: int = 20) -> subprocess.CompletedProcess[str]:
    epoch = datetime(2024, 9, day, tzinfo=UTC).timestamp()
    return subprocess.run(
        [sys.executable, "-m", "lorainne", "release", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": f"{epoch:.0f}", "PYTHONUTF8": "1"},
    )


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_the_story_of_two_releases_at_the_command_line(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    first = run(tmp_path, "v1", "--note", "The *first* one", day=10)
    assert (first.returncode, first.stderr) == (0, "")
    kept = tmp_path / "content/releases/v1.yaml"
    assert kept.read_text(encoding="utf-8") == V1["releases/v1.yaml"]
    nothing = run(tmp_path, "v2")
    assert nothing.stdout == "nothing has changed since v1; no release was written\n"
    assert nothing.returncode == 0
    write(tmp_path, {"schedule.yaml": CHANGED})
    dry = run(tmp_path, "v2", "--dry-run")
    assert "冬の時間: moved from Sun 27 Oct, 09:00–10:00 to Sun 27 Oct, 15:00–16:00\n" in dry.stdout
    assert sorted(kept.parent.iterdir()) == [kept]
    second = run(tmp_path, "v2")
    assert (kept.parent / "v2.yaml").read_text(encoding="utf-8") == V2["releases/v2.yaml"]
    assert "To: Charles Babbage, Ada Lovelace, Zoe, 李明\n" in second.stdout
    assert "* 冬の時間 (李明): moved from Sun 27 Oct, 09:00–10:00 to" in second.stdout
    assert "https://example.org/days-24/changes.html\n" in second.stdout


def test_a_release_that_cannot_be_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    write(tmp_path, V1)
    again = run(tmp_path, "v1")
    assert again.returncode == 2
    assert "content/releases/v1.yaml is there already" in again.stderr
    assert run(tmp_path, "Version 2").returncode == 2
    write(tmp_path, {"schedule.yaml": CHANGED.replace("talk: winter", "talk: wintre")})
    wrong = run(tmp_path, "v2")
    assert wrong.returncode == 1
    assert "unknown-talk" in wrong.stderr
    assert [path.name for path in (tmp_path / "content/releases").iterdir()] == ["v1.yaml"]


SLOTS = st.dictionaries(st.sampled_from("abc"), st.tuples(st.integers(9, 11), st.sampled_from(["", "Hall"])))


def slots(programme: dict[str, tuple[int, str]]) -> Iterable[ReleasedSlot]:
    return [
        ReleasedSlot(id=name, start=datetime(2024, 11, 26, hour), room=room)
        for name, (hour, room) in programme.items()
    ]


@given(st.lists(SLOTS, min_size=1, max_size=5), SLOTS)
def test_whatever_happens_every_reader_ends_with_the_truth(
    past: list[dict[str, tuple[int, str]]], now: dict[str, tuple[int, str]]
) -> None:
    """Sequences never fall from release to release, and rise with every change that readers could see."""
    told: list[Release] = []
    known: dict[str, int] = {}
    for number, programme in enumerate([*past, now], start=1):
        history = trace(told, slots(programme), None)
        for name, sequence in history.sequence.items():
            assert sequence >= known.get(name, 0)
        if told:
            changed = {change.slot.id for change in history.steps[-1].changes}
            assert changed == {n for n, s in history.sequence.items() if s != known.get(n)}
            assert {slot.id for slot in history.withdrawn} == history.sequence.keys() - programme.keys()
        told.append(
            Release(id=f"v{number}", number=number, date=date(2024, 9, number), items=tuple(slots(programme)))
        )
        known = dict(trace(told, slots(programme), None).sequence)
