"""Bombs end in a diagnostic, quickly: no traceback, no minutes, no gigabytes."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

ALIASES = "a: &a [x, x]\n" + "\n".join(
    f"{n}: &{n} [*{p}, *{p}]" for p, n in zip("abcdefgh", "bcdefghi", strict=True)
)
MERGES = "a: &a {x: 1}\n" + "b: {" + ", ".join(["<<: *a"] * 20_000) + "}\n"

BOMBS = {
    "five-megabytes": ("content/talks/a.md", "---\ntitle: A\n---\n" + "word " * 1_000_000),
    "brackets": ("content/schedule.yaml", "days: " + "[" * 10_000 + "]" * 10_000),
    "braces-in-front-matter": ("content/talks/a.md", "---\ntitle: " + "{a: " * 10_000 + "\n---\n"),
    "deep-indentation": ("content/schedule.yaml", "".join(" " * n + "a:\n" for n in range(1_000))),
    "dashes": ("content/schedule.yaml", "- " * 100_000 + "a\n"),
    "aliases": ("content/workshop.yaml", ALIASES),
    "merge-keys": ("content/workshop.yaml", MERGES),
    "asterisks": ("content/about.md", "*" * 100_000),
    "brackets-in-text": ("content/about.md", "[" * 100_000),
    "quotes-in-text": ("content/about.md", ">" * 100_000),
    "maths": ("content/about.md", "$" + "{" * 10_000 + "x" + "}" * 10_000 + "$"),
    "roots": ("content/about.md", "$" + "\\sqrt{" * 10_000 + "x" + "}" * 10_000 + "$"),
    "title": ("content/talks/a.md", '---\ntitle: "' + "*_[" * 30_000 + '"\n---\n'),
    "many-slots": (
        "content/schedule.yaml",
        "days:\n- date: 2024-11-26\n  slots:\n" + "  - {time: 9:00-10:00, title: A}\n" * 2_000,
    ),
}


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_in_a_located_diagnostic(name: str, tmp_path: Path) -> None:
    file, text = BOMBS[name]
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / "content/workshop.yaml").write_text("name: A\ntimezone: Europe/Paris\n", encoding="utf-8")
    (tmp_path / file).write_text(text, encoding="utf-8")
    told = subprocess.run(
        [sys.executable, "-m", "lorainne", "check", tmp_path, "--format", "json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
        preexec_fn=limited,
    )
    assert told.returncode == 1, told.stderr[-500:]
    assert file in told.stdout
    assert told.stderr == ""
