"""api/workshop.json: it fits the schema beside it, which names every field of the model."""

from __future__ import annotations

import json
from typing import Any

import pytest
from compiling import site_and_problems
from conftest import Build
from full import full_site
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from lorainne.content import project


def validated(site: dict[str, str]) -> dict[str, Any]:
    """The data of a site, valid against the schema that is published with it."""
    schema = json.loads(site["api/workshop.schema.json"])
    Draft202012Validator.check_schema(schema)
    found = json.loads(site["api/workshop.json"])
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(found)
    return found


def test_a_name_alone_is_valid(build: Build) -> None:
    assert validated(dict(build())) == {
        "$schema": "workshop.schema.json",
        "version": 1,
        "edition": "a-workshop",
        "name": "A workshop",
        "timezone": "Europe/Paris",
    }


def test_everything_is_told_in_plain_words() -> None:
    told = validated(full_site())
    assert told["title"] == "The first days of n-way arrays"
    assert told["about"]["body"] == "We meet, and we talk about O(n log n)."
    assert told["registration"]["deadline"] == {"date": "2024-10-01", "time": "23:59", "zone": "AoE"}
    assert told["committees"][0]["members"][1] == {"name": "Grace Hopper", "role": "chair"}
    assert told["committees"][0]["members"][0]["speaker"] == "ada"
    engines = next(talk for talk in told["talks"] if talk["id"] == "engines")
    assert engines["slides"] == "files/e.pdf"
    assert engines["video"] == "https://example.org/v"
    assert engines["page"] == "talks/engines.html"
    assert [who["name"] for who in engines["authors"]] == ["Charles Babbage", "Ada Lovelace"]
    assert told["news"][0]["date"] == "2024-08-01"
    assert told["schedule_status"] == "final"


def test_the_programme_is_told_with_exact_times() -> None:
    first, second = validated(full_site())["days"]
    assert first["rooms"][0] == "Amphi"
    by_id = {slot["id"]: slot for slot in first["slots"] + second["slots"]}
    assert by_id["long"]["start"] == "2024-10-26T10:15:00+02:00"
    assert by_id["long"]["session"] == "Numbers"
    assert by_id["numbers-2024-10-26"]["talks"] == ["untitled", "long"]
    assert by_id["coffee-2024-10-26"]["break"] is True
    assert by_id["posters-2024-10-26"]["posters"] == ["p"]
    assert "end" not in by_id["dinner-2024-10-27"]
    assert by_id["winter"]["note"] == "Winter time!"


@pytest.mark.parametrize("kind", ["talk", "speaker", "poster", "venue", "slot"])
def test_the_schema_explains_itself(kind: str) -> None:
    shared = json.loads(full_site()["api/workshop.schema.json"])["$defs"]
    assert shared[kind]["description"]
    if kind != "slot":
        assert all(
            "description" in form for form in shared[kind]["properties"].values() if "$ref" not in form
        )


SLOTS = st.lists(
    st.tuples(
        st.integers(0, 1380),
        st.integers(1, 59),
        st.sampled_from(["title", "break", "session"]),
        st.text("aé $*b,;", min_size=1),
    ),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(SLOTS)
def test_any_schedule_that_is_accepted_is_told(slots: list[tuple[int, int, str, str]]) -> None:
    lines = []
    for start, length, kind, name in slots:
        end = start + length
        lines.append(
            f"      - {{time: '{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}', {kind}: {json.dumps(name)}}}\n"
        )
    texts = {
        "content/workshop.yaml": "name: W\ntimezone: Europe/Paris\nurl: https://example.org\n",
        "content/schedule.yaml": "days:\n  - date: 2024-10-27\n"
        + ("    slots:\n" + "".join(lines) if lines else ""),
    }
    site, _ = site_and_problems(project.from_texts(texts))
    if site:
        told = validated({path: text for path, text in site.items() if isinstance(text, str)})
        assert len(told["days"][0]["slots"]) == len(slots)
