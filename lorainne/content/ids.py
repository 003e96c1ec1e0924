"""Ids of new files, from names in any script."""

from __future__ import annotations

from collections.abc import Mapping

from lorainne.content.collections import COLLECTIONS
from lorainne.content.text import is_id

_MAX_LENGTH = 60
_RESERVED = {"posters/all", "pages/index", "pages/404", "pages/schedule"} | {
    f"pages/{collection.folder}" for collection in COLLECTIONS if collection.list_page
}
"""Ids that mean something else already, by their folder."""


def slug_of_any_script(text: str) -> str:
    """Small letters, digits and hyphens for any text; empty where it has no letter."""
    from slugify import slugify  # late: only new files and imports need it

    return str(slugify(text, max_length=_MAX_LENGTH, word_boundary=True)).strip("-")


class IdAllocator:
    """Ids of new files: readable, unique, and the same again at the next import."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._known = known
        self.given: dict[str, str] = {}
        self._taken = set(_RESERVED)
        self._reserved = set(known.values())

    def assign(self, folder: str, key: str, text: str) -> str:
        """The id in a folder for what `key` identifies in the source; `text` is what it should read like."""
        full_key = f"{folder}/{key}"
        if full_key in self.given:
            return self.given[full_key].rpartition("/")[2]
        known = self._known.get(full_key, "")
        if is_id(known.removeprefix(f"{folder}/")):
            path = known
        else:
            stem = slug_of_any_script(text) or slug_of_any_script(key) or folder.rstrip("s")
            stem = (
                stem if is_id(stem) else f"{stem}-{folder.rstrip('s')}"
            )  # such as `con`, a device on Windows
            path = f"{folder}/{stem}"
            number = 2
            while path in self._taken or path in self._reserved:
                path, number = f"{folder}/{stem}-{number}", number + 1
        self._taken.add(path)
        self.given[full_key] = path
        return path.rpartition("/")[2]
