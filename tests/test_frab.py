"""schedule.xml and schedule.json, held against the schemas of those who read them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from full import FILES, SCHEMAS, full_site, site_of
from jsonschema import Draft6Validator, FormatChecker
from lxml import etree

needs_schemas = pytest.mark.skipif(
    not (SCHEMAS / "frab").is_dir(), reason="frab's schemas stand beside the repository, not in it"
)


def json_events(site: dict[str, str]) -> list[dict[str, Any]]:
    days = json.loads(site["schedule.json"])["schedule"]["conference"]["days"]
    return [event for day in days for room in day["rooms"].values() for event in room]


def xml_events(site: dict[str, str]) -> list[Any]:
    return list(etree.fromstring(site["schedule.xml"].encode()).iter("event"))


SMALL = {
    "workshop.yaml": "name: X\nurl: http://example.org\ntimezone: America/Argentina/Buenos_Aires\n",
    "schedule.yaml": "days: [{date: 2024-11-26, slots: [{time: 09:00-10:00, title: Opening}]}]\n",
}


@needs_schemas
@pytest.mark.parametrize("files", [FILES, SMALL], ids=["full", "small"])
def test_both_are_valid(files: dict[str, str]) -> None:
    site = site_of(files)
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "frab" / "schedule.xml.xsd"))
    schema.assertValid(etree.fromstring(site["schedule.xml"].encode()))
    form = json.loads((SCHEMAS / "frab" / "schema.json").read_text(encoding="utf-8"))
    found = Draft6Validator(form, format_checker=FormatChecker()).iter_errors(
        json.loads(site["schedule.json"])
    )
    assert [f"{error.json_path}: {error.message}" for error in found] == []


def test_both_say_the_same() -> None:
    told = json_events(full_site())
    also = xml_events(full_site())
    assert len(told) == len(also) == 8
    for event, element in zip(told, also, strict=True):
        assert (int(element.get("id")), element.get("guid")) == (event["id"], event["guid"])
        for name in (
            "date",
            "start",
            "duration",
            "room",
            "slug",
            "title",
            "track",
            "type",
            "language",
            "abstract",
            "url",
        ):
            assert (element.findtext(name) or "") == event[name], name
        people = [(int(p.get("id")), p.text) for p in element.iter("person")]
        assert people == [(p["id"], p["name"]) for p in event["persons"]]
        for group in ("links", "attachments"):
            files = [(file.get("href"), file.get("type"), file.text) for file in element.find(group)]
            assert files == [(file["url"], file["type"], file["title"]) for file in event[group]]


def test_giggity_recognises_it_by_its_first_characters() -> None:
    beginning = full_site()["schedule.xml"][:1024]
    assert "<schedule" in beginning
    assert "<conference" in beginning


def test_fahrplan_knows_every_slot_by_a_number_that_stays() -> None:
    before = {event["title"]: event["id"] for event in json_events(full_site())}
    assert len(set(before.values())) == len(before)
    assert all(0 < number < 2**31 for number in before.values())
    changed = FILES["schedule.yaml"].replace(
        "09:00-10:00, talk: winter", "15:00-16:00, room: Amphi, talk: winter"
    )
    site = site_of({**FILES, "schedule.yaml": changed})
    after = {event["title"]: event["id"] for event in json_events(site)}
    assert after == before
    version = "{*}version"
    assert etree.fromstring(site["schedule.xml"].encode()).findtext(version) != etree.fromstring(
        full_site()["schedule.xml"].encode()
    ).findtext(version)


def test_a_day_lasts_until_its_last_slot_is_over() -> None:
    day = etree.fromstring(full_site()["schedule.xml"].encode()).find("day")
    assert (day.get("start"), day.get("end")) == ("2024-10-26T09:00:00+02:00", "2024-10-27T01:30:00+02:00")


def test_the_schedule_page_leads_to_both_and_to_giggity() -> None:
    page = full_site()["schedule.html"]
    assert 'href="https://ggt.gaa.st/#url=https%3A//example.org/days-24/schedule.xml"' in page
    assert 'href="schedule.xml"' in page
    assert 'href="schedule.json"' in page


def test_there_is_none_without_an_address_or_a_zone() -> None:
    for line in ("url: http://example.org\n", "timezone: America/Argentina/Buenos_Aires\n"):
        site = site_of({**SMALL, "workshop.yaml": SMALL["workshop.yaml"].replace(line, "")})
        assert "schedule.xml" not in site
        assert "schedule.json" not in site
