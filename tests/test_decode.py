"""Whatever stands in a field ends in a value or in a diagnostic at its place."""

from __future__ import annotations

import json

import pytest
from compiling import site_and_problems
from hypothesis import given, settings
from hypothesis import strategies as st

from lorainne.content import decode, model, project, yaml_tree
from lorainne.content.collections import COLLECTIONS
from lorainne.content.describe import written_fields
from lorainne.content.model import Workshop
from lorainne.diagnostics import Diagnostic

FILES = {
    "content/workshop.yaml": model.Workshop,
    "content/schedule.yaml": model.Schedule,
    "content/about.md": model.About,
    "content/releases/v1.yaml": model.Release,
    **{f"content/{each.folder}/2024-01-01-a.md": each.record for each in COLLECTIONS},
}
FIELDS = [(file, key) for file, kind in FILES.items() for key in written_fields(kind)]
VALUES = [
    "",
    "tba",
    "text",
    "[]",
    "[a, B c, {}]",
    "{}",
    "{a: b, name: c}",
    "[[a]]",
    '""',
    "7",
    "yes",
    "2024-02-30",
    "§",
]


def read(texts: dict[str, str]) -> tuple[Workshop, list[Diagnostic]]:
    found = project.from_texts({"content/workshop.yaml": "name: W\n", **texts})
    content = found.below("content")
    return decode.decode(yaml_tree.parse(content), content)


@pytest.mark.parametrize(("file", "key"), FIELDS, ids=lambda value: value.removeprefix("content/"))
def test_every_field_survives_every_sort_of_value(file: str, key: str) -> None:
    for value in VALUES:
        line = f"{key}: {value}\n"
        text = line if file.endswith(".yaml") else f"---\n{line}---\n"
        site, problems = site_and_problems(
            project.from_texts({"content/workshop.yaml": "name: W\n", file: text})
        )
        assert bool(site) != any(p.severity == "error" for p in problems)
        assert all(p.span.file and p.span.line >= 1 and p.span.column >= 1 for p in problems)


KEYS = sorted(
    {
        key
        for kind in vars(model).values()
        if isinstance(kind, type) and issubclass(kind, model.Record)
        for key in written_fields(kind)
    }
)
JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.text(max_size=8),
        st.sampled_from(["a", "9:00-10:00", "2024-11-26", "all", "tba"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(sorted(FILES)), st.dictionaries(st.sampled_from(KEYS), JSON, max_size=5), max_size=3
    )
)
def test_any_structure_of_known_keys_ends_in_diagnostics_or_a_site(files: dict[str, object]) -> None:
    """JSON is YAML: what it says must be read, judged and rendered without a traceback."""
    texts = {
        name: json.dumps(value) if name.endswith(".yaml") else f"---\n{json.dumps(value)}\n---\nText.\n"
        for name, value in files.items()
    }
    site, problems = site_and_problems(project.from_texts({"content/workshop.yaml": "name: W\n", **texts}))
    assert bool(site) != any(p.severity == "error" for p in problems)


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("13:15-13:45", (795, 825)),
        ("09:30 – 10:00", (570, 600)),
        ("9:00 to 10:00", (540, 600)),
        ("19:30", (1170, None)),
        ("22:00-01:30", (1320, 1530)),
        ("22:00-25:30", (1320, 1530)),
    ],
)
def test_times_mean_what_they_say(written: str, minutes: tuple[int, int | None]) -> None:
    workshop, problems = read(
        {"content/schedule.yaml": f"days: [{{date: 2024-11-26, slots: [{{time: {written}, title: A}}]}}]"}
    )
    assert problems == []
    assert workshop.schedule is not None
    clock = workshop.schedule.days[0].slots[0].time
    assert (clock.start.total_seconds() / 60, clock.end and clock.end.total_seconds() / 60) == minutes


@pytest.mark.parametrize(
    "text", ["no", "on", "0123", "1_000", "1e3", "13:15", "~x", "2024-11-26", "null and void"]
)
def test_text_that_yaml_would_turn_into_something_else_stays_text(text: str) -> None:
    workshop, problems = read({"content/talks/a.md": f"---\ntitle: {text}\n---\n"})
    assert problems == []
    assert workshop.talks[0].title == text


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2024-10-01", "2024-10-01T23:59:59+02:00"),
        ("2024-10-01 18:00", "2024-10-01T18:00:00+02:00"),
        ("2024-10-01 23:59 AoE", "2024-10-01T23:59:00-12:00"),
        ("2024-10-01 AoE", "2024-10-01T23:59:59-12:00"),
        ("Tue 2024-10-01 12:00 UTC+5:30", "2024-10-01T12:00:00+05:30"),
        ("2024-10-01 12:00 America/New_York", "2024-10-01T12:00:00-04:00"),
    ],
)
def test_a_deadline_is_an_instant(written: str, instant: str) -> None:
    workshop, problems = read(
        {
            "content/workshop.yaml": f"name: W\ntimezone: Europe/Paris\ndeadlines: [{{name: A, date: {written}}}]\n"
        }
    )
    assert problems == []
    assert workshop.timezone is not None
    assert workshop.deadlines[0].date.instant(workshop.timezone).isoformat() == instant
