"""Every output tells one story: each talk's times, room, title and people are the same everywhere."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

import icalendar
import pytest
from full import full_site
from lxml import etree
from pages import Element, read
from test_jsonld import graph

NAMES = {"untitled": "Talk by Böb de la Tour"}


@dataclass(frozen=True)
class Told:
    """What an output says of a talk; moments in UTC."""

    start: datetime
    end: datetime
    room: str | None
    title: str
    people: tuple[str, ...]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def name_of(address: str) -> str:
    return address.removesuffix(".html").rpartition("/")[2]


def by_html() -> dict[str, Told]:
    def told(name: str, slot: Element) -> Told:
        page = read(full_site()[f"talks/{name}.html"])
        start, end = (time.attributes["datetime"] for time in page.all(class_="when")[0].all("time"))
        assert [t.attributes["datetime"] for t in slot.all("time")[:2]] == [start, end]
        room = page.all("span", class_="room")
        people = [each.text for each in page.one("ul", class_="people").all(class_="name")]
        # In words, maths has blanks that MathML leaves out.
        title = page.one("title").text.removesuffix(" · Days of tensors; and more, too")
        return Told(moment(start), moment(end), room[0].text if room else None, title, tuple(people))

    slots = [e for e in read(full_site()["schedule.html"]).all("li") if "slot-" in e.attributes.get("id", "")]
    names = [slot.attributes["id"].removeprefix("slot-") for slot in slots]
    return {name: told(name, slot) for name, slot in zip(names, slots, strict=True)}


def by_ics() -> dict[str, Told]:
    found = {}
    for part in icalendar.Calendar.from_ical(full_site()["calendar.ics"]).events:
        if "/talks/" in str(part["URL"]):
            room = str(part["LOCATION"]).removesuffix("The Hall, 1, Quay, 54000 Nancy, France").rstrip(", ")
            names = str(part["DESCRIPTION"]).split("\n\n")[0].split("\n")
            found[name_of(part["URL"])] = Told(
                part["DTSTART"].dt.astimezone(UTC),
                part["DTEND"].dt.astimezone(UTC),
                room or None,
                str(part["SUMMARY"]),
                tuple(name.partition(" (")[0] for name in names),
            )
    return found


def by_jsonld() -> dict[str, Told]:
    edition = next(node for node in graph(full_site()["schedule.html"]) if node["@type"] == "Event")
    return {
        name_of(part["url"]): Told(
            moment(part["startDate"]),
            moment(part["endDate"]),
            part["location"]["name"] if "containedInPlace" in part["location"] else None,
            part["name"],
            tuple(who["name"] for who in part["performer"]),
        )
        for part in edition["subEvent"]
    }


def by_frab_json() -> dict[str, Told]:
    days = json.loads(full_site()["schedule.json"])["schedule"]["conference"]["days"]
    return {
        name_of(event["url"]): Told(
            moment(event["date"]),
            moment(event["end"]),
            None if event["room"] == "The Hall" else event["room"],
            event["title"],
            tuple(person["name"] for person in event["persons"]),
        )
        for day in days
        for room in day["rooms"].values()
        for event in room
        if "/talks/" in event["url"]
    }


def by_frab_xml() -> dict[str, Told]:
    found = {}
    for event in etree.fromstring(full_site()["schedule.xml"].encode()).iter("event"):
        hours, minutes = map(int, event.findtext("duration").split(":"))
        start, room = moment(event.findtext("date")), event.findtext("room")
        if "/talks/" in event.findtext("url"):
            found[name_of(event.findtext("url"))] = Told(
                start,
                datetime.fromtimestamp(start.timestamp() + 3600 * hours + 60 * minutes, UTC),
                None if room == "The Hall" else room,
                event.findtext("title"),
                tuple(person.text for person in event.iter("person")),
            )
    return found


def by_api() -> dict[str, Told]:
    told = json.loads(full_site()["api/workshop.json"])
    talks = {talk["id"]: talk for talk in told["talks"]}

    def people(talk: dict[str, list[dict[str, str]]]) -> tuple[str, ...]:
        written = [who["name"] for who in talk.get("authors", [])]
        return tuple([who["name"] for who in talk["speakers"] if who["name"] not in written] + written)

    return {
        slot["talk"]: Told(
            moment(slot["start"]),
            moment(slot["end"]),
            slot.get("room"),
            slot["title"],
            people(talks[slot["talk"]]),
        )
        for day in told["days"]
        for slot in day["slots"]
        if "talk" in slot
    }


@pytest.mark.parametrize("other", [by_ics, by_jsonld, by_frab_json, by_frab_xml, by_api])
def test_the_story_is_the_one_of_the_pages(other: object) -> None:
    assert callable(other)
    pages = by_html()
    assert set(pages) == {"engines", "untitled", "long", "winter"}
    assert other() == pages
