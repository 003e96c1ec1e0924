"""The schemas: valid themselves, complete, and of one mind with lorainne about real content."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from shutil import which
from typing import Any

import pytest
import yaml
from casefile import all_cases, read_case
from compiling import site_and_problems
from jsonschema import Draft202012Validator
from test_cli import lorainne

from lorainne.content import json_schema as schema
from lorainne.content import project
from lorainne.content.describe import written_fields
from lorainne.diagnostics import has_errors

ROOT = Path(__file__).parent.parent
SCHEMAS = {name: json.loads(schema.schema(name)) for name in schema.FILES}
PATTERNS = sorted(
    set(re.findall(r'"pattern": "((?:[^"\\]|\\.)*)"', "".join(map(schema.schema, schema.FILES))))
)


class Yaml12(yaml.SafeLoader):
    """Scalars as YAML 1.2 has them, and with it the language servers of editors: no dates, no `yes`."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - the base class declares it like this
        first: [(tag, form) for tag, form in forms if tag.rpartition(":")[2] in ("null", "merge")]
        for first, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


for tag, form, first in (
    ("bool", "true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", "[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+0123456789."),
):
    Yaml12.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"(?:{form})$"), list(first))


def wrong(name: str, text: str) -> list[str]:
    content: Any = yaml.load(text, Yaml12)
    found = Draft202012Validator(SCHEMAS[name]).iter_errors({} if content is None else content)
    return [f"{'/'.join(map(str, error.path))}: {error.message}" for error in found]


def front_matter(text: str) -> str:
    return text.split("---\n")[1] if text.startswith("---\n") else ""


def files_of(texts: dict[str, str]) -> list[tuple[str, str]]:
    """The kind and the YAML of each content file."""
    by_folder = {
        file.path.rpartition("/")[0]: name for name, file in schema.FILES.items() if "ID" in file.path
    }
    by_path = {file.path: name for name, file in schema.FILES.items() if "ID" not in file.path}
    found = []
    for path, text in texts.items():
        kind = by_path.get(path) or (path.endswith(".md") and by_folder.get(path.rpartition("/")[0]))
        if kind:
            found.append((kind, front_matter(text) if path.endswith(".md") else text))
    return found


@pytest.mark.parametrize("name", SCHEMAS)
def test_it_is_a_schema_of_2020_12(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    assert SCHEMAS[name]["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_field_is_there_and_explained(name: str) -> None:
    file = schema.FILES[name]
    assert SCHEMAS[name]["properties"].keys() == written_fields(file.record).keys() - {file.body}
    for part in (SCHEMAS[name], *SCHEMAS[name]["$defs"].values()):
        assert part["description"]
        assert all(value["description"] for value in part.get("properties", {}).values())


def test_the_first_site_has_no_marks() -> None:
    texts = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in (ROOT / "content").rglob("*")
        if path.suffix in (".md", ".yaml")
    }
    found = [error for kind, text in files_of(texts) for error in wrong(kind, text)]
    assert len(texts) > 30
    assert found == []


def test_no_mark_stands_where_lorainne_finds_no_error() -> None:
    clean = 0
    for case in all_cases():
        texts, _ = read_case(case)
        _, problems = site_and_problems(project.from_texts(texts))
        if not has_errors(problems):
            clean += 1
            assert [error for kind, text in files_of(texts) for error in wrong(kind, text)] == [], case.name
    assert clean > 10


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("workshop", "nmae: A"),
        ("workshop", "title: A"),
        ("workshop", "name: A\nurl: example.org"),
        ("workshop", "name: A\nregistration: {free: perhaps}"),
        ("workshop", "name: A\nsponsors: [{url: https://example.org/}]"),
        ("schedule", "status: almost"),
        ("schedule", "days: [{date: 26 November}]"),
        ("schedule", "days: [{date: 2024-11-26, slots: [{talk: a}]}]"),
        ("schedule", "days: [{date: 2024-11-26, slots: [{time: 9:00-10:00, talk: André}]}]"),
        ("speaker", "name: A\nafiliation: B"),
        ("talk", "title: A\nkind: keynot"),
    ],
)
def test_what_is_certainly_wrong_is_marked(kind: str, text: str) -> None:
    assert wrong(kind, text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("workshop", "name: 2025\nvenue: The Hall\nurl: tba\ntimezone:\nlanguage: no"),
        ("workshop", "name: A\ncommittees: {name: B, members: [Ada Lovelace, ada-lovelace, {name: C}]}"),
        (
            "workshop",
            "name: A\nwords: {speakers: Confirmed speakers}\nregistration: {free: yes, capacity: 40}",
        ),
        ("schedule", "days: {date: Tue 2024-11-26, slots: {time: 19:30, title: Dinner}}"),
        (
            "schedule",
            "days: [{date: 2024-11-26, slots: [{time: 9:00-10:00, session: S, talks: [a, {talk: b, minutes: 5}]}]}]",
        ),
        ("poster", "board: 12\npresenter: Ada Lovelace"),
    ],
)
def test_short_forms_are_known(kind: str, text: str) -> None:
    assert wrong(kind, text) == []


def test_editors_can_use_the_patterns() -> None:
    node = which("node")
    if not node:
        pytest.skip("there is no JavaScript here that could compile them")
    code = "for (const p of JSON.parse(process.argv[1])) new RegExp(JSON.parse(`\"${p}\"`), 'u')"
    run = subprocess.run(
        [node, "-e", code, json.dumps(PATTERNS)], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert len(PATTERNS) > 5


def test_the_command_prints_a_schema_and_alone_lists_them() -> None:
    listed = lorainne("schema").stdout.splitlines()
    assert [line.split()[0] for line in listed] == [*schema.FILES]
    assert json.loads(lorainne("schema", "talk").stdout) == SCHEMAS["talk"]
    assert "content/workshop.yaml" in lorainne("schema").stdout
    assert lorainne("schema", "tlak").returncode == 2
