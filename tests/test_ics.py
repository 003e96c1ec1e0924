"""The calendars, read back by two programs that are not ours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from compiling import site_and_problems
from conftest import Build
from full import FILES, full_site, site_of
from hypothesis import example, given
from hypothesis import strategies as st
from pages import links, read

from lorainne.content import project
from lorainne.exports.ics import escaped, folded, time_zone

PARIS = ZoneInfo("Europe/Paris")
CALENDARS = [path for path in full_site() if path.endswith(".ics")]


def parts(path: str) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(full_site()[path]).walk("VEVENT"))


def titles(path: str) -> list[str]:
    return [str(part["SUMMARY"]) for part in parts(path)]


def test_who_is_in_which_calendar() -> None:
    whole = titles("calendar.ics")
    assert len(whole) == 10
    assert whole.count("Coffee") == 2
    assert titles("days/2024-10-27.ics") == ["冬の時間", "Dinner"]
    assert titles("rooms/amphi.ics") == ["On engines, and O(n log n); a \\ & more"]
    assert [title[:9] for title in titles("rooms/salle-206-bat-a-2e.ics")] == ["Talk by B", "Très long"]
    assert titles("talks/winter.ics") == ["冬の時間"]
    assert titles("speakers/bob.ics") == ["Numbers", "Talk by Böb de la Tour"], (
        "the session that he chairs too"
    )
    assert "talks/waiting.ics" not in CALENDARS, "it has no time yet"


def test_a_talk_says_everything() -> None:
    (part,) = parts("talks/engines.ics")
    assert part["UID"] == "engines.days-of-tensors-and-more-too-2024@example.org"
    assert part["DTSTART"].dt == datetime(2024, 10, 26, 9, 30, tzinfo=PARIS)
    assert part["DTEND"].dt == datetime(2024, 10, 26, 10, 30, tzinfo=PARIS)
    assert part["LOCATION"] == "Amphi, The Hall, 1, Quay, 54000 Nancy, France"
    assert part["GEO"].to_ical() == "48.69743;6.1717"
    assert part["URL"] == "https://example.org/days-24/talks/engines.html"
    assert part["CATEGORIES"].cats == ["Keynote", "rank", "one, two; n"]
    assert part["STATUS"] == "CONFIRMED"
    assert part["DESCRIPTION"].split("\n\n") == [
        "Charles Babbage\nAda Lovelace (London; Cambridge, UK)",
        "First, a paragraph; see [1].",
        "Then a link and x².",
        "[1] A. L., Notes, 1843.",
        "https://example.org/days-24/talks/engines.html",
    ]


def test_the_clocks_change_between_the_days() -> None:
    offsets = {f"{part['SUMMARY']}"[:6]: part["DTSTART"].dt.utcoffset() for part in parts("calendar.ics")}
    assert offsets["Dance"] == timedelta(hours=2)
    assert offsets["冬の時間"] == timedelta(hours=1)
    assert offsets["Dinner"] == timedelta(hours=1)


def test_an_open_end_is_left_open() -> None:
    dinner = next(part for part in parts("calendar.ics") if part["SUMMARY"] == "Dinner")
    assert "DTEND" not in dinner


def test_a_calendar_says_how_it_is_called_and_when_to_look_again() -> None:
    calendar = icalendar.Calendar.from_ical(full_site()["calendar.ics"])
    also = vobject.readOne(full_site()["calendar.ics"])
    assert also.contents["name"][0].value == also.x_wr_calname.value == "Days of tensors; and more, too"
    assert calendar["SOURCE"] == "https://example.org/days-24/calendar.ics"
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=6)
    assert "METHOD" not in calendar


@pytest.mark.parametrize("path", CALENDARS)
def test_two_readers_read_the_same_of_every_calendar(path: str) -> None:
    ours = full_site()[path]
    assert all(len(line.encode()) <= 75 for line in ours.split("\r\n"))
    assert "\n" not in ours.replace("\r\n", "")
    calendar = icalendar.Calendar.from_ical(ours)
    assert not calendar.errors
    one = [
        (str(e["UID"]), e["DTSTART"].dt.astimezone(UTC), str(e["SUMMARY"]), str(e["DESCRIPTION"]))
        for e in calendar.events
    ]
    other = [
        (e.uid.value, e.dtstart.value.astimezone(UTC), e.summary.value, e.description.value)
        for e in vobject.readOne(ours).vevent_list
    ]
    assert one == other
    assert len({uid for uid, *_ in one}) == len(one)


def test_nothing_depends_on_the_clock_and_every_stamp_is_the_first_midnight() -> None:
    stamps = {part["DTSTAMP"].dt for path in CALENDARS for part in parts(path)}
    assert stamps == {datetime(2024, 10, 26, tzinfo=UTC)}


def test_a_talk_that_moves_keeps_its_name() -> None:
    moved = site_of(
        {
            **FILES,
            "schedule.yaml": FILES["schedule.yaml"].replace(
                "09:00-10:00, talk: winter", "15:00-16:00, talk: winter"
            ),
        }
    )
    (before,) = parts("talks/winter.ics")
    (after,) = icalendar.Calendar.from_ical(moved["talks/winter.ics"]).events
    assert before["UID"] == after["UID"]
    assert before["DTSTART"] != after["DTSTART"]


def test_pages_lead_to_calendars_and_to_subscriptions() -> None:
    site = full_site()
    assert {"calendar.ics", "webcal://example.org/days-24/calendar.ics"} <= set(
        links(read(site["index.html"]))
    )
    assert {"days/2024-10-26.ics", "rooms/salle-206-bat-a-2e.ics"} <= set(links(read(site["schedule.html"])))
    assert "../talks/engines.ics" in links(read(site["talks/engines.html"]))
    assert "webcal://example.org/days-24/speakers/ada.ics" in links(read(site["speakers/ada.html"]))
    assert not [
        a
        for a in links(read(site["talks/waiting.html"]))
        if a.startswith("../talks/waiting.") and a.endswith(".ics")
    ]


def test_without_an_address_there_is_no_link_to_one(build: Build) -> None:
    site = build(
        {
            "talks/a.md": "---\ntitle: A\n---\n",
            "schedule.yaml": "days: [{date: 2024-11-26, slots: [{time: 09:00-10:00, talk: a}]}]\n",
        }
    )
    assert "webcal" not in site["talks/a.html"]
    (part,) = icalendar.Calendar.from_ical(site["talks/a.ics"]).events
    assert part["UID"] == "a.a-workshop-2024"
    assert "URL" not in part


def test_a_programme_without_slots_has_no_calendar(build: Build) -> None:
    assert not [path for path in build() if path.endswith((".ics", ".xml", ".bib", ".txt"))]
    assert not [
        path for path in build({"schedule.yaml": "days: [{date: 2024-11-26}]\n"}) if path.endswith(".ics")
    ]


TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\\;,:\"'\t "), max_size=300
)


@given(TEXT)
@example("x" * 74 + "é" * 40)
@example("\\n\\, \\;")
def test_any_text_survives_escaping_and_folding(text: str) -> None:
    written = folded(f"SUMMARY:{escaped(text)}").decode()
    assert all(len(line.encode()) <= 75 for line in written.split("\r\n"))
    whole = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:x\r\n{written}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    (part,) = icalendar.Calendar.from_ical(whole).events
    assert str(part["SUMMARY"]) == text
    assert vobject.readOne(whole).vevent.summary.value == text


@given(
    st.sampled_from(
        [
            "Europe/Paris",
            "America/New_York",
            "Australia/Lord_Howe",
            "Asia/Kolkata",
            "Africa/Casablanca",
            "UTC",
            "Europe/Dublin",
        ]
    ),
    st.datetimes(datetime(2015, 1, 1), datetime(2032, 1, 1)),
)
def test_the_rules_of_a_zone_give_every_moment_the_offset_that_it_has(name: str, moment: datetime) -> None:
    zone = ZoneInfo(name)
    local = moment.replace(tzinfo=UTC).astimezone(zone)
    rules = icalendar.Timezone.from_ical(time_zone(zone, local, local).decode())
    onsets = sorted(
        (part["DTSTART"].dt.replace(tzinfo=None) - part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td)
        for part in rules.subcomponents
    )
    assert [offset for begin, offset in onsets if begin <= moment][-1] == local.utcoffset()


def test_two_rooms_that_would_share_a_calendar_are_told() -> None:
    shared = FILES["schedule.yaml"].replace("room: Amphi, talk", "room: Salle-206 bât A 2ᵉ, talk")
    texts = {**FILES, "schedule.yaml": shared.replace("rooms: [Amphi", "rooms: [Salle-206 bât A 2ᵉ")}
    _, problems = site_and_problems(
        project.from_texts({f"content/{name}": text for name, text in texts.items()})
    )
    assert [problem.code for problem in problems if problem.severity == "error"] == ["path-clash"]
