"""Writing files of a project: those that a person edits, never the site."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path


def rewrite(path: Path, data: bytes) -> None:
    """Replace one file of the project, its permissions kept; a reader never sees half of it."""
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    with new.open("xb") as stream:  # a link that stands there is not followed
        stream.write(data)
    new.chmod(path.stat().st_mode)
    os.replace(new, path)


def existing(root: Path, names: Iterable[str]) -> list[str]:
    """Those of the files that are there, whatever they are."""
    return [name for name in names if os.path.lexists(root / name)]


def create(root: Path, files: Mapping[str, str]) -> list[str]:
    """Write files of the project that are not there yet; the names of those that are, and stay."""
    there = []
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("x", encoding="utf-8", newline="\n") as new:
                new.write(text)
        except FileExistsError:
            there.append(name)
    return there
