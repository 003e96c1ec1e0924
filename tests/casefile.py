"""Case files: content in which the expected codes stand on the offending lines.

`=== path` begins a file; `⟵ code@column` at the end of a line says what is expected there (on the `===`
line: of the file as a whole, line 1). The marks are taken out before the content is read.
"""

from __future__ import annotations

import re
from pathlib import Path

CASES = Path(__file__).parent / "cases"
WORKSHOP = "name: A workshop\ntimezone: Europe/Paris\n"

Expected = set[tuple[str, int, str, int | None]]


def read_case(path: Path) -> tuple[dict[str, str], Expected]:
    """The files of a case, and the expected (file, line, code, column)."""
    files: dict[str, list[str]] = {}
    expected: Expected = set()
    name = ""
    for written in path.read_text(encoding="utf-8").split("\n"):
        line, _, marks = written.partition(" ⟵ ")
        if line.startswith("=== "):
            name = line.removeprefix("=== ")
            files[name] = []
            number = 1
        elif name:
            files[name].append(line)
            number = len(files[name])
        for mark in marks.split():
            code, _, column = mark.partition("@")
            expected.add((name, number, code, int(column) if column else None))
    texts = {name: "\n".join(lines).rstrip("\n") + "\n" for name, lines in files.items()}
    return {"content/workshop.yaml": WORKSHOP, **texts}, expected


def all_cases() -> list[Path]:
    """Every case file, in a fixed order."""
    return sorted(CASES.rglob("*.txt"))


def slug(path: Path) -> str:
    """The code that a case file is about: its name without what follows a dot."""
    return re.split(r"[.]", path.name)[0]
