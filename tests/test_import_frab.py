"""`lorainne import frab`: published schedules become content."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from importing import SAMPLES, checked, codes, imported, run, unreadable

XML = SAMPLES / "schedule.xml"
TEXT = XML.read_text(encoding="utf-8")
EXAMPLES = Path(__file__).parent.parent.parent / "shared/schemas/frab/examples"


def test_a_schedule_becomes_days_rooms_and_slots() -> None:
    made = imported("frab", TEXT)
    assert (
        made.files["schedule.yaml"]
        == """\
days:
  - date: Mon 2025-06-02
    rooms: [Amphi, Salle 206]
    slots:
      - {time: 09:00-10:00, room: Amphi, talk: c-algebras-and-a-1-rank}
      - {time: 09:00-09:45, room: Salle 206, talk: guan-yu-zhang-liang}
      - {time: 09:30-10:00, room: Salle 206, talk: blaise-pascal}
      - {time: 10:00-10:30, room: Amphi, break: Coffee break}
      - {time: 24:30-26:00, room: Amphi, talk: night-session}
  - date: Tue 2025-06-03
    slots:
      - {time: 09:00-09:45, room: Amphi, talk: guan-yu-zhang-liang-2}
"""
    )
    assert made.files["workshop.yaml"] == (
        "name: Rank & file '25\ndates: 2025-06-02 to 2025-06-03\ntimezone: Europe/Paris\nlanguage: en\n"
    )


def test_html_and_markdown_become_an_abstract_without_dead_links() -> None:
    talk = imported("frab", TEXT).files["talks/c-algebras-and-a-1-rank.md"]
    assert talk.partition("---\n\n")[2] == (
        "An *HTML* abstract.\n\n- one\n- two [link](https://example.org/x)\n\n"
        "And a *Markdown* one, with a dead link.\n"
    )
    assert 'title: "C\\\\*-algebras \\\\<and> $a_1^*$ rank"\n' in talk
    assert (
        "slides: https://example.org/slides.pdf\nlinks: [{label: More, url: https://example.org/more}]\n"
        in talk
    )


def test_its_own_mistakes_are_told_on_their_lines() -> None:
    problems = imported("frab", TEXT).problems
    lines = TEXT.split("\n")
    assert [code for _, code in codes(problems)] == ["source-value", "source-overlap"]
    assert all("<event " in lines[problem.span.line - 1] for problem in problems)


def test_the_content_passes_the_checks_but_for_the_overlap_of_the_source(tmp_path: Path) -> None:
    assert run("frab", XML, "-o", tmp_path).exit_code == 0
    assert checked(tmp_path) == ["same-title", "slot-clash"]


def test_the_same_schedule_as_json_gives_the_same_content() -> None:
    event = {
        "guid": "g1", "title": "On rank", "date": "2025-06-02T09:00:00+02:00", "duration": "01:00", "type": "Keynote",
        "abstract": "A.", "persons": [{"guid": "p1", "public_name": "Ada Lovelace", "biography": "She."}],
    }  # fmt: skip
    conference = {"title": "R", "time_zone_name": "Europe/Paris"}
    day = {"date": "2025-06-02", "rooms": {"Amphi": [event]}}
    first = {"schedule": {"conference": {**conference, "days": [day]}}}
    new = {
        **event,
        "start": event["date"],
        "room": {"name": "Amphi"},
        "participants": [{"guid": "p1", "name": "Ada Lovelace"}],
    }
    del new["date"], new["persons"]
    persons = [{"guid": "p1", "name": "Ada Lovelace", "biography": "She."}]
    second = {"schedule": {"conference": conference, "events": [new], "persons": persons}}
    made = imported("frab", json.dumps(first))
    assert made.files == imported("frab", json.dumps(second)).files
    assert made.files["speakers/ada-lovelace.md"] == "---\nname: Ada Lovelace\n---\n\nShe.\n"
    assert "{time: 09:00-10:00, room: Amphi, talk: on-rank}" in made.files["schedule.yaml"]


def test_the_zone_is_asked_for_when_the_file_does_not_say(tmp_path: Path) -> None:
    source = tmp_path / "schedule.xml"
    source.write_text(TEXT.replace("<time_zone_name>Europe/Paris</time_zone_name>", ""), encoding="utf-8")
    done = run("frab", source, "-o", tmp_path)
    assert done.exit_code == 1
    assert "source-zone" in done.output
    assert run("frab", source, "-o", tmp_path, "--timezone", "Europe/London").exit_code == 0
    assert "time: 08:00-09:00" in (tmp_path / "content/schedule.yaml").read_text(encoding="utf-8")
    assert run("frab", source, "-o", tmp_path, "--timezone", "Mars/Base").exit_code == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "%PDF-1.4",
        "<schedule>",
        "<rss/>",
        "[]",
        "{",
        '{"schedule": 3}',
        '<!DOCTYPE s [<!ENTITY a "b">]><schedule>&a;</schedule>',
        '<!DOCTYPE s [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]><schedule/>',
        "<schedule>" + "<a>" * 50_000,
        "[" * 100_000,
        '{"schedule":' + "[" * 100_000,
    ],
)
def test_what_is_no_schedule_is_refused_with_a_reason(text: str) -> None:
    made = imported("frab", text)
    assert [problem.code for problem in made.problems] == ["source-unreadable"]
    assert made.files == {}


@pytest.mark.parametrize("title", ["On\x1b tea", "On\ufdd0 tea", "On\ud800 tea", "On tea\u202e"])
def test_what_nobody_can_see_is_left_out_however_it_is_written(title: str) -> None:
    """JSON writes it as an escape, HTML as a reference: neither is seen in the source as it stands."""
    event = {"guid": "g", "title": title, "date": "2025-06-02T09:00:00+02:00", "duration": "00:30"}
    event |= {"abstract": "<p>Words&#x202e; of it.</p>", "persons": [{"name": "Ada Byron"}]}
    days = [{"date": "2025-06-02", "rooms": {"A": [event]}}]
    conference = {"title": "R", "time_zone_name": "Europe/Paris", "days": days}
    made = imported("frab", json.dumps({"schedule": {"conference": conference}}))
    assert unreadable(made) == []
    (talk,) = (text for path, text in made.files.items() if path.startswith("talks/"))
    assert "\ntitle: On tea\n" in talk
    assert talk.endswith("\nWords of it.\n")


@pytest.mark.parametrize("name", ["pretalx-democon.json", "hub-schedule2.json"])
def test_published_examples_pass_the_checks_but_for_their_own_mistakes(name: str, tmp_path: Path) -> None:
    if not EXAMPLES.is_dir():
        pytest.skip("the examples of the format are not beside this repository")
    assert run("frab", EXAMPLES / name, "-o", tmp_path).exit_code == 0
    assert checked(tmp_path) == {"pretalx-democon.json": ["speaker-clash"]}.get(name, [])


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8)
    | st.sampled_from(["2025-06-02T09:00:00+02:00", "2025-06-02", "09:00", "01:30", "99:99", "<p>a</p>", "tba"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "title", "url"]), inner, max_size=3),
    max_leaves=4,
)  # fmt: skip
NAMES = st.sampled_from([
    *("guid", "id", "title", "subtitle", "date", "start", "end", "duration", "room", "type", "language", "abstract"),
    *("description", "track", "persons", "links", "attachments", "participants", "video_download_url"),
])  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.dictionaries(NAMES, VALUES, max_size=10), max_size=5))
def test_any_events_import_into_content_that_decodes(events: list[dict[str, object]]) -> None:
    conference = {
        "title": "R",
        "time_zone_name": "Europe/Paris",
        "days": [{"date": "2025-06-02", "rooms": {"A": events}}],
    }
    text = json.dumps({"schedule": {"conference": conference, "events": events}})
    made = imported("frab", text)
    assert unreadable(made) == []
    assert imported("frab", text, known_ids=made.ids).files == made.files
