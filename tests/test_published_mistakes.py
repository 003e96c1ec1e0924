"""Every mistake that the first users' pages carried in public is found, where it stands."""

from __future__ import annotations

from pathlib import Path

from casefile import read_case
from compiling import site_and_problems

from lorainne.content import project
from lorainne.diagnostics import Diagnostic

HERE = Path(__file__).parent
EARLIER = HERE / "editions" / "2024-10"


def problems_of(texts: dict[str, str]) -> list[Diagnostic]:
    return site_and_problems(project.from_texts(texts))[1]


def test_each_kind_of_mistake_that_was_published_is_found_on_its_line() -> None:
    files, expected = read_case(HERE / "published-mistakes.txt")
    columns = {(file, line, code): column for file, line, code, column in expected}
    found = [(p.span.file, p.span.line, p.code, p.span.column) for p in problems_of(files)]
    assert {(file, line, code) for file, line, code, _ in found} == set(columns)
    for file, line, code, column in found:
        assert columns[file, line, code] in (column, None)


def test_the_earlier_edition_with_its_mistakes_kept_yields_exactly_these() -> None:
    texts = {
        str(p.relative_to(EARLIER)): p.read_text(encoding="utf-8")
        for p in (EARLIER / "content").rglob("*")
        if p.is_file()
    }
    assert problems_of(texts) == []

    def put(name: str, right: str, as_published: str) -> None:
        assert right in texts[name]
        texts[name] = texts[name].replace(right, as_published)

    link = "[firstname.lastname@univ-lorraine.fr](firstname.lastname@univ-lorraine.fr)"
    put("content/schedule.yaml", "Wed 2024-11-27", "Wed 2024-11-26")
    put("content/talks/jeremy-cohen.md", "speakers: [jeremy-cohen]", "speakers: [Jeremy Cohen]")
    put(
        "content/workshop.yaml",
        '"You can email the organizers at:"',
        f'"You can email the organizers at: {link}"',
    )
    assert sorted((p.code, p.span.file) for p in problems_of(texts)) == [
        ("mailto-forgotten", "content/workshop.yaml"),
        ("speaker-by-name", "content/talks/jeremy-cohen.md"),
        ("weekday-mismatch", "content/schedule.yaml"),
    ]


def test_the_order_of_diagnostics_does_not_depend_on_the_order_of_files() -> None:
    files, _ = read_case(HERE / "published-mistakes.txt")
    assert problems_of(files) == problems_of(dict(reversed(files.items())))
