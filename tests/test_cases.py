"""Every code has a case file, and every case file yields exactly the diagnostics written in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from casefile import all_cases, read_case, slug
from compiling import site_and_problems

from lorainne import codes
from lorainne.content import project
from lorainne.diagnostics import code_of

# What no content file can show: its test stands elsewhere.
TESTED_ELSEWHERE = {
    "oversized-picture": "test_pictures.py",
    "small-hero": "test_shown_pictures.py",
    "no-content": "test_project.py",
    "not-a-file": "test_project.py",
    "not-utf8": "test_project.py",
    "file-too-large": "test_project.py",
    "project-too-large": "test_project.py",
    "unreadable-file": "test_project.py",
    "unreadable-name": "test_project.py",
    "changed-meanwhile": "test_project.py",
    "foreign-output": "test_write.py",
    "source-unreadable": "test_import_frab.py",
    "source-encoding": "test_import_csv.py",
    "source-character": "test_import_csv.py",
    "source-weekday": "test_import_page.py",
    "source-spelling": "test_import_page.py",
    "source-titles": "test_import_page.py",
    "source-asterisk": "test_import_page.py",
    "source-link": "test_import_page.py",
    "source-overlap": "test_import_page.py",
    "source-value": "test_import_csv.py",
    "source-column": "test_import_csv.py",
    "source-zone": "test_import_frab.py",
    "import-conflict": "test_import_again.py",
    "import-vanished": "test_import_again.py",
    "dangerous-output": "test_write.py",
    "foreign-file": "test_write.py",
    "not-written": "test_transaction.py",
    "output-busy": "test_transaction.py",
    "output-in-place": "test_transaction.py",
    "left-behind": "test_transaction.py",
}


@pytest.mark.parametrize("path", all_cases(), ids=slug)
def test_a_case_yields_exactly_the_diagnostics_written_in_it(path: Path) -> None:
    files, expected = read_case(path)
    _, problems = site_and_problems(project.from_texts(files))
    columns = {(file, line, code) for file, line, code, column in expected if column is not None}
    found = {
        (
            d.span.file,
            d.span.line,
            d.code,
            d.span.column if (d.span.file, d.span.line, d.code) in columns else None,
        )
        for d in problems
    }
    assert found == expected


def test_every_code_has_a_case_file_or_a_test() -> None:
    named = {slug(path) for path in all_cases()}
    assert named.isdisjoint(TESTED_ELSEWHERE)
    assert named | TESTED_ELSEWHERE.keys() == {code_of(function) for function in codes.ALL}
    here = Path(__file__).parent
    for code, test in TESTED_ELSEWHERE.items():
        assert code in (here / test).read_text(encoding="utf-8")


@pytest.mark.parametrize("function", codes.ALL, ids=code_of)
def test_every_code_is_explained_with_a_wrong_and_a_right_example(function: codes.Coded) -> None:
    text = codes.explanation(function)
    first, _, rest = text.partition("\n")
    assert first.endswith("."), "the first line is a sentence that says what the code means"
    assert re.search(r"^Wrong:", rest, re.MULTILINE)
    assert re.search(r"^Right:", rest, re.MULTILINE)


def test_every_diagnostic_of_every_case_tells_how_to_repair_it() -> None:
    for path in all_cases():
        files, _ = read_case(path)
        _, problems = site_and_problems(project.from_texts(files))
        for problem in problems:
            assert problem.help, f"{path.name}: {problem.message}"
            assert not problem.message.endswith(".")
