"""Do two versions of lorainne publish the same bytes? Usage: same_site.py OLD_CHECKOUT [NEW_CHECKOUT]

Builds LoRAINNe'24, a conference of 1,000 talks with everything on, and a small edition that is hard to write,
with both versions, and lists every published file that differs. Where only the folding of calendar lines or
the version stamp of a frab file differs, it says so.
"""

from __future__ import annotations

import difflib
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "tests")]  # the made-up sites are those of the tests

from full import FILES  # noqa: E402 - found by the line above
from made_up import everything  # noqa: E402 - as above

_RELEASE = """number: 1
date: 2024-10-01
note: The *first* programme
items:
  - {id: engines, start: 2024-10-26 10:00 +02:00, end: 2024-10-26 11:00 +02:00, room: Amphi, title: Old title}
  - {id: gone, start: 2024-10-26 12:00 +02:00, room: Amphi, title: A talk that is gone, people: [Eve]}
"""
_PAPER = """---
title: On $n$ ranks
authors: [Bob, ada]
doi: 10.1000/184
note: A *classic*
---

# Why

Text[^1].

[^1]: A note.
"""

_VERSION = re.compile(rb'((?:<version>|"version": ")(?:draft|final|tentative) )[0-9a-f]+')


def sites() -> Mapping[str, Mapping[str, str | bytes]]:
    """The sources to build, as files by path, by name."""
    real = {str(p.relative_to(ROOT)): p.read_bytes() for p in ROOT.glob("content/**/*.*")}
    conference = everything("url: https://example.org/days/\n", 1000)
    workshop = str(conference["content/workshop.yaml"])
    conference["content/workshop.yaml"] = workshop.replace(
        "dates: 2025-01-01", "dates: 2025-01-01 to 2025-01-31"
    )
    hard = {f"content/{name}": text for name, text in FILES.items()}
    return {
        "lorainne": real,
        "conference": conference,
        "hard": {**hard, "content/releases/v1.yaml": _RELEASE, "content/papers/ranks.md": _PAPER},
    }


def built(checkout: Path, source: Path, output: Path) -> dict[str, bytes]:
    """The bytes of every file that this version publishes, by path."""
    environment = {**os.environ, "PYTHONPATH": str(checkout), "SOURCE_DATE_EPOCH": "1730000000"}
    command = [sys.executable, "-m", "lorainne", "build", "-q", str(source), "-o", str(output), "--no-cache"]
    subprocess.run(command, env=environment, check=True, cwd=checkout)
    return {str(p.relative_to(output)): p.read_bytes() for p in sorted(output.rglob("*")) if p.is_file()}


def kind_of_difference(path: str, old: bytes, new: bytes) -> str:
    """In what two versions of one file differ, in a few words."""
    if path.endswith(".ics") and old.replace(b"\r\n ", b"") == new.replace(b"\r\n ", b""):
        return "folding of calendar lines"
    if path.startswith("schedule.") and _VERSION.sub(rb"\1", old) == _VERSION.sub(rb"\1", new):
        return "version stamp of frab files"
    return "bytes"


def show(path: str, old: bytes, new: bytes) -> None:
    """Print the first lines in which two texts differ."""
    try:
        one, other = (re.sub(r"(>|,|\}) ?", "\\1\n", data.decode()).splitlines() for data in (old, new))
    except UnicodeDecodeError:
        print(f"  {path}: {len(old)} and {len(new)} bytes")
        return
    changed = list(difflib.unified_diff(one, other, path, path, n=0, lineterm=""))
    print("  " + "\n  ".join(line[:160] for line in changed[:14]))


def main(old: Path, new: Path) -> int:
    """Compare all sites; returns how many files differ in bytes that nobody has explained."""
    unexplained = 0
    for name, files in sites().items():
        with TemporaryDirectory() as folder:
            source = Path(folder) / "source"
            for path, content in files.items():
                (source / path).parent.mkdir(parents=True, exist_ok=True)
                (source / path).write_bytes(content.encode() if isinstance(content, str) else content)
            one = built(old, source, Path(folder) / "one")
            shutil.rmtree(source / ".lorainne", ignore_errors=True)
            other = built(new, source, Path(folder) / "other")
        differing = [path for path in one.keys() & other.keys() if one[path] != other[path]]
        kinds = {path: kind_of_difference(path, one[path], other[path]) for path in sorted(differing)}
        missing, extra = sorted(one.keys() - other.keys()), sorted(other.keys() - one.keys())
        print(f"{name}: {len(one)} files, {dict(Counter(kinds.values()))}, missing {missing}, extra {extra}")
        bad = [path for path, kind in kinds.items() if kind == "bytes"]
        for path in bad[:8]:
            show(path, one[path], other[path])
        unexplained += len(bad) + len(missing) + len(extra)
    return unexplained


if __name__ == "__main__":
    given = [Path(argument).resolve() for argument in sys.argv[1:]]
    sys.exit(1 if main(given[0], given[1] if len(given) > 1 else ROOT) else 0)
