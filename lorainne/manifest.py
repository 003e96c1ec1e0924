"""The manifest in an output: which of the files there a build has written."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable

from lorainne.scan import read_bytes

MANIFEST = ".lorainne.json"

_MAX_BYTES = 50_000_000
"""No build writes a larger one."""


def as_manifest(paths: Iterable[str]) -> str:
    """The manifest of a site."""
    return json.dumps(sorted({*paths} - {MANIFEST}), ensure_ascii=False, indent=0) + "\n"


def written_in(folder: str) -> set[str]:
    """The paths that a build wrote, those that stay inside the folder; the manifest is one of them.

    Raises OSError where it is there and cannot be read: nobody knows then what is whose.
    """
    try:
        data, _ = read_bytes(os.path.join(folder, MANIFEST), _MAX_BYTES)
        paths = json.loads(data)
    except (FileNotFoundError, ValueError, RecursionError):
        return {MANIFEST}
    named = paths if isinstance(paths, list) else []
    return {MANIFEST, *(path for path in named if isinstance(path, str) and _is_inside(path))}


def _is_inside(path: str) -> bool:
    return bool(path) and not path.startswith("/") and ".." not in path.split("/")
