"""A site → disk: only what differs is written, only what an earlier build wrote is removed."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lorainne.diagnostics import Diagnostic, Span, mistake
from lorainne.project import File

MANIFEST = ".lorainne.json"

Site = Mapping[str, str | File]
"""Every output by its path: text, or a file to copy."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """What a build did to the output, by path."""

    written: tuple[str, ...]
    removed: tuple[str, ...]


@mistake
def foreign_output(span: Span) -> Diagnostic:
    """The output folder holds files that lorainne did not write.

    A build replaces what stands in its output; it never begins in a folder that holds somebody's work.

    Wrong: `lorainne build --output content`
    Right: `lorainne build --output _site`
    """
    return Diagnostic(
        message=f"{span.file} holds files that lorainne did not write",
        span=span,
        help="choose an empty folder with --output, or one that lorainne wrote before",
    )


MISTAKES = (foreign_output,)


def refuse(output: Path) -> list[Diagnostic]:
    """Why nothing may be written there; empty when it may."""
    if not output.exists() or (output / MANIFEST).is_file() or not any(output.iterdir()):
        return []
    return [foreign_output(Span(file=str(output)))]


def write(site: Site, output: Path) -> Changes:
    """Make the output hold the site; files that no build of ours wrote stay as they are."""
    before = _manifest(output)
    written = [path for path in sorted(site) if _write_one(output / path, site[path])]
    removed = sorted(path for path in before if path not in site and (output / path).is_file())
    for path in removed:
        (output / path).unlink()
        _remove_empty(output, (output / path).parent)
    _write_one(output / MANIFEST, json.dumps(sorted(site), ensure_ascii=False, indent=0) + "\n")
    return Changes(written=tuple(written), removed=tuple(removed))


def _manifest(output: Path) -> list[str]:
    """The paths that an earlier build wrote, those that stay inside the output."""
    try:
        paths = json.loads((output / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [path for path in paths if isinstance(path, str) and _is_inside(path)]


def _is_inside(path: str) -> bool:
    return not path.startswith("/") and ".." not in path.split("/")


def _write_one(path: Path, content: str | File) -> bool:
    """Whether the file had to be written; a reader never sees half of it."""
    data = content.encode() if isinstance(content, str) else content.read()
    try:
        if path.stat().st_size == len(data) and path.read_bytes() == data:
            return False
    except OSError:
        path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    new.write_bytes(data)
    os.replace(new, path)
    return True


def rewrite(path: Path, data: bytes) -> None:
    """Replace one file of the project, its permissions kept; a reader never sees half of it."""
    new = path.with_name(f".{path.name}.new")
    new.write_bytes(data)
    new.chmod(path.stat().st_mode)
    os.replace(new, path)


def _remove_empty(output: Path, folder: Path) -> None:
    while folder != output and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
