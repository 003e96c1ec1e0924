"""`lorainne import ics`: a calendar becomes content."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from importing import SAMPLES, checked, codes, imported, run, unreadable

pytest.importorskip("icalendar", reason="the extra `ics` is not installed")

CALENDAR = SAMPLES / "calendar.ics"
TEXT = CALENDAR.read_text(encoding="utf-8")


def test_a_calendar_becomes_talks_breaks_and_nights() -> None:
    made = imported("ics", TEXT)
    assert (
        made.files["schedule.yaml"]
        == """\
days:
  - date: Mon 2025-06-02
    slots:
      - {time: 09:00-10:00, room: Amphi, talk: on-low-rank-and-on-a-title-that-is-so-long-that-it-is-folded}
      - {time: 10:00-10:30, break: Coffee}
      - {time: 23:00-24:30, title: Dinner, kind: social}
      - {time: 24:30-25:00, talk: guan-yu-zhang-liang}
"""
    )
    assert made.files["workshop.yaml"] == "name: Rank '25\ndates: 2025-06-02\ntimezone: Europe/Paris\n"
    assert made.files["speakers/ada-lovelace.md"] == "---\nname: Ada Lovelace\naffiliation: London\n---\n"


def test_folded_lines_and_escapes_are_read() -> None:
    talk = imported("ics", TEXT).files[
        "talks/on-low-rank-and-on-a-title-that-is-so-long-that-it-is-folded.md"
    ]
    assert talk == (
        "---\ntitle: On low rank, and on a title that is so long that it is folded by the program that wrote it\n"
        "speakers: [ada-lovelace, emmy-noether]\nkind: keynote\nkeywords: [Keynote]\n"
        "links: [{label: Page, url: https://example.org/one}]\n---\n\nThe abstract, with $x^2$.\n"
    )


def test_what_is_cancelled_or_lasts_days_is_no_slot_and_is_listed() -> None:
    made = imported("ics", TEXT)
    assert made.notes == (
        "line 33: “Withdrawn” is cancelled and was left out",
        "line 41: “The whole workshop” lasts whole days and is no slot",
    )
    assert made.problems == ()


def test_the_content_passes_the_checks(tmp_path: Path) -> None:
    done = run("ics", CALENDAR, "-o", tmp_path)
    assert done.exit_code == 0, done.output
    assert checked(tmp_path) == []


def test_overlaps_are_told_on_the_line_of_the_event() -> None:
    made = imported(
        "ics",
        TEXT.replace(
            "DTSTART;TZID=Europe/Paris:20250603T003000", "DTSTART;TZID=Europe/Paris:20250603T000000"
        ),
    )
    assert codes(made.problems) == [(48, "source-overlap")]


def test_the_zone_is_asked_for_when_all_times_are_universal(tmp_path: Path) -> None:
    source = tmp_path / "a.ics"
    source.write_text(TEXT.replace(";TZID=Europe/Paris", ""), encoding="utf-8")
    done = run("ics", source, "-o", tmp_path)
    assert done.exit_code == 1
    assert "source-zone" in done.output
    assert run("ics", source, "-o", tmp_path, "--timezone", "Europe/Paris").exit_code == 0


@pytest.mark.parametrize(
    "text", ["", "BEGIN:VEVENT", "<html>", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n"]
)
def test_what_is_no_calendar_is_refused_with_a_reason(text: str) -> None:
    assert [problem.code for problem in imported("ics", text).problems] == ["source-unreadable"]


LINES = st.sampled_from([
    *("BEGIN:VEVENT", "END:VEVENT", "UID:a", "UID:b", "SUMMARY:On rank", "SUMMARY:", "SUMMARY:Coffee: a break", "LOCATION:A"),
    *("DTSTART;TZID=Europe/Paris:20250602T090000", "DTSTART:20250602T090000Z", "DTSTART;VALUE=DATE:20250602", "DTSTART:x"),
    *("DTEND;TZID=Europe/Paris:20250602T100000", "DTEND:20250101T000000", "DURATION:PT1H", "DURATION:x", "RRULE:FREQ=DAILY"),
    *("DESCRIPTION:Speaker: tba\\\\nx", "ATTENDEE;CN=Ada:mailto:a@b.org", "CATEGORIES:a,b", "URL:x", "STATUS:CANCELLED"),
])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES, max_size=25))
def test_any_calendar_imports_into_content_that_decodes_or_says_why_not(lines: list[str]) -> None:
    text = "\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR", ""])
    made = imported("ics", text, timezone="Europe/Paris")
    assert unreadable(made) == []
    assert made.files or [problem.code for problem in made.problems] == ["source-unreadable"]
