"""`check --fix` applies certain repairs, and touches nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from compiling import site_and_problems
from hypothesis import given
from hypothesis import strategies as st

from lorainne.content import project
from lorainne.content.fix import fixable, fixed
from lorainne.diagnostics import Diagnostic, Span

CONTENT = {
    "content/workshop.yaml": "name: W\ntimezone: Europe/Paris\ndates: Wed 2024-11-26 # kept\nvenu: {name: 'The Hall'}\n",
    "content/about.md": "Write [us](us@example.org), *now*.\n",
    "content/speakers/ada-lovelace.md": "---\nname: Ada Lovelace\n---\n",
    "content/talks/a.md": "---\nspeakers: [ada-lovelac]\nauthors: ['Ada Lovelace']\n---\n",
}
REPAIRED = {
    "content/workshop.yaml": "name: W\ntimezone: Europe/Paris\ndates: Tue 2024-11-26 # kept\nvenue: {name: 'The Hall'}\n",
    "content/about.md": "Write [us](mailto:us@example.org), *now*.\n",
    "content/speakers/ada-lovelace.md": "---\nname: Ada Lovelace\n---\n",
    "content/talks/a.md": "---\nspeakers: [ada-lovelace]\nauthors: ['ada-lovelace']\n---\n",
}


def repair(texts: dict[str, bytes]) -> dict[str, bytes]:
    _, problems = site_and_problems(project.from_texts(texts))
    return {
        name: fixed(data, [p for p in fixable(problems) if p.span.file == name])
        for name, data in texts.items()
    }


def test_each_certain_repair_is_applied_and_the_result_is_clean() -> None:
    result = repair({name: text.encode() for name, text in CONTENT.items()})
    assert {name: data.decode() for name, data in result.items()} == REPAIRED
    _, problems = site_and_problems(project.from_texts(result))
    assert problems == []


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_byte_order_mark_and_line_ends_stay(end: str) -> None:
    def encoded(texts: dict[str, str]) -> dict[str, bytes]:
        return {name: b"\xef\xbb\xbf" + text.replace("\n", end).encode() for name, text in texts.items()}

    assert repair(encoded(CONTENT)) == encoded(REPAIRED)


def test_two_words_that_could_both_be_meant_are_not_changed() -> None:
    texts = {
        "content/workshop.yaml": b"name: W\n",
        "content/speakers/ada-b.md": b"---\nname: Ada B\n---\n",
        "content/speakers/ada-c.md": b"---\nname: Ada C\n---\n",
        "content/talks/a.md": b"---\nspeakers: [ada-d]\n---\n",
    }
    assert repair(texts) == texts


@given(
    st.text(),
    st.integers(1, 9),
    st.integers(0, 5),
    st.text(st.characters(exclude_characters="\r\n"), max_size=5),
)
def test_everything_outside_the_span_stays(line: str, column: int, length: int, fix: str) -> None:
    line = "".join(c for c in line if c not in "\r\n\ufeff" and not 0xD800 <= ord(c) < 0xE000)
    text = f"first\n{line}\r\nlast"
    span = Span(file="f", line=2, column=column, end_line=2, end_column=column + length)
    found = Diagnostic(message="m", span=span, fix=fix)
    repaired = fixed(text.encode(), [found]).decode()
    assert repaired == f"first\n{line[: column - 1]}{fix}{line[column - 1 + length :]}\r\nlast"


def test_the_command_shows_the_difference_and_writes_it(tmp_path: Path) -> None:
    from test_cli import lorainne

    for name, text in CONTENT.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    told = lorainne("check", tmp_path, "--fix")
    assert told.returncode == 0
    for line in (
        "-dates: Wed 2024-11-26 # kept",
        "+dates: Tue 2024-11-26 # kept",
        "+venue: {name: 'The Hall'}",
    ):
        assert line in told.stdout.splitlines()
    assert "nothing is wrong" in told.stdout
    assert {name: (tmp_path / name).read_text(encoding="utf-8") for name in CONTENT} == REPAIRED
