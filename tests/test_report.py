"""Diagnostics as people and programs read them."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from casefile import all_cases, read_case
from compiling import site_and_problems
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from lorainne import report
from lorainne.content import project
from lorainne.diagnostics import Diagnostic, Related, Span

HERE = Path(__file__).parent
Screen = Callable[[str, str], None]

EDITOR = {
    "content/workshop.yaml": "name: Tensor days\ntimezone: Europe/Paris\ndates: 2024-11-26 to 2024-11-27\n",
    "content/speakers/jeremy-cohen.md": "---\nname: Jérémy Cohen\nafiliation: CNRS\n---\n",
    "content/talks/jeremy-cohen.md": "---\ntitle: Implicit Regularization: a survey\nspeakers: [jeremy-cohen]\n---\n",
}
SCHEDULE = {
    "content/workshop.yaml": "name: Tensor days\ntimezone: Europe/Paris\ndates: 2024-11-26 to 2024-11-27\n",
    "content/talks/李明.md": "---\ntitle: 张量\n---\n",
    "content/talks/a.md": "---\ntitle: 张量 $\\frac{1}{2$\n---\nSee <b>this</b>.\n",
    "content/schedule.yaml": "days:\n  - date: Wed 2024-11-26\n    slots: []\n  - date: 2024-11-27\n    slots:\n"
    "      - {time: 15:00-15:30, talk: a}\n      - {time: 15:15-15:45, break: Coffee break}\n"
    "      - {time: 16:30-16:00, title: Farewell}\n",
}


def problems_of(texts: dict[str, str]) -> tuple[list[Diagnostic], project.Project]:
    found = project.from_texts(texts)
    return site_and_problems(found)[1], found


@cache
def problems_of_all_cases() -> list[list[Diagnostic]]:
    return [problems_of(read_case(path)[0])[0] for path in all_cases()]


@pytest.mark.parametrize(("name", "texts"), [("editor", EDITOR), ("schedule", SCHEDULE)])
def test_the_text_is_the_one_that_somebody_has_read(screen: Screen, name: str, texts: dict[str, str]) -> None:
    problems, found = problems_of(texts)
    screen(name, report.as_text(problems, found.lines) + report.summary(problems) + "\n")


def test_the_text_in_colour_is_the_one_that_somebody_has_read(screen: Screen) -> None:
    problems, found = problems_of(EDITOR)
    screen("editor-in-colour", report.as_text(problems, found.lines, colour=True))


def test_every_screen_is_used() -> None:
    used = {"editor", "schedule", "editor-in-colour"}
    assert {path.stem for path in (HERE / "screens").iterdir()} == used


def test_the_caret_stands_below_the_value_also_behind_wide_and_combining_letters() -> None:
    span = Span(file="f", line=1, column=5, end_line=1, end_column=7)
    for line, shift in (("a: xyz", 4), ("张量: xyz", 6), ("e\u0301: xyz", 3)):
        text = report.as_text([Diagnostic(message="m", span=span)], lambda _, line=line: [line])
        excerpt, caret = text.splitlines()[1:3]
        assert caret == "    | " + " " * shift + "^^", excerpt


def test_the_summary_counts() -> None:
    problems, _ = problems_of(SCHEDULE)
    assert report.summary(problems) == "6 errors"
    assert report.summary([]) == ""


def test_json_is_valid_by_its_published_schema_for_every_case() -> None:
    schema = json.loads((HERE.parent / "docs/check.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for problems in problems_of_all_cases():
        result = json.loads(report.as_json(problems))
        validator.validate(result)
        assert [d["code"] for d in result["diagnostics"]] == [p.code for p in problems]


def test_sarif_is_read_by_a_model_of_the_standard_that_knows_every_property() -> None:
    from pydantic import BaseModel
    from sarif_pydantic import Sarif

    def unknown(value: Any) -> list[str]:
        if isinstance(value, BaseModel):
            inner = [name for field in type(value).model_fields for name in unknown(getattr(value, field))]
            return [*(value.model_extra or {}), *inner]
        return [name for item in value for name in unknown(item)] if isinstance(value, list) else []

    for problems in problems_of_all_cases():
        log = Sarif.model_validate_json(report.as_sarif(problems))
        assert set(unknown(log)) <= {"columnKind"}  # which the standard has (section 3.14.17), the model not
        results = log.runs[0].results or []
        regions = [r.locations[0].physical_location.region for r in results]  # type: ignore[index, union-attr]
        assert [(r.rule_id, g.start_line, g.start_column) for r, g in zip(results, regions, strict=True)] == [  # type: ignore[union-attr]
            (p.code, p.span.line, p.span.column) for p in problems
        ]


def read_workflow_command(line: str) -> tuple[str, dict[str, str], str]:
    """What GitHub's runner makes of a line: the command, its properties and its text."""

    def unescaped(text: str) -> str:
        for code, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
            text = text.replace(code, character)
        return text

    _, head, text = line.split("::", 2)
    command, _, properties = head.partition(" ")
    pairs = (pair.split("=", 1) for pair in properties.split(","))
    return command, {key: unescaped(value) for key, value in pairs}, unescaped(text)


@given(st.text(), st.text(), st.text(min_size=1))
def test_an_annotation_survives_every_character(message: str, help_: str, file: str) -> None:
    found = Diagnostic(message=message, help=help_, span=Span(file=file), code="some-code")
    line = report.as_github([found])
    assert "\n" not in line
    assert "\r" not in line
    command, properties, text = read_workflow_command(line)
    assert (command, properties["title"]) == ("error", "some-code")
    if "%" not in message + help_ + file:
        assert text == f"{message}\n{help_}".strip()
        assert properties["file"] == file


@given(st.lists(st.text(max_size=200), max_size=3), st.integers(1, 4), st.integers(1, 300), st.integers(0, 9))
def test_any_line_and_any_place_can_be_shown(lines: list[str], line: int, column: int, length: int) -> None:
    span = Span(file="f", line=line, column=column, end_line=line, end_column=column + length)
    found = Diagnostic(message="m", span=span, related=(Related(message="r", span=span),))
    assert report.as_text([found], lambda _: lines).startswith(f"f:{line}:{column}: error[]: m\n")
