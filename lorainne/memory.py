"""What was made of a file, for as long as the file stays the same: for a server, which builds many times."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Made = TypeVar("Made")


class Memory:
    """For each place the latest thing that was made there, and the object that it was made from."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[object, Any]] = {}

    def recall(self, place: str, source: object, make: Callable[[], Made]) -> Made:
        """What `make` gives; it is asked again for another source, and always for one that is empty."""
        kept = self._made.get(place)
        if kept is None or not source or (kept[0] is not source and kept[0] != source):
            kept = self._made[place] = source, make()
        made: Made = kept[1]
        return made


class NoMemory(Memory):
    """Makes everything anew, and keeps nothing."""

    def recall(self, place: str, source: object, make: Callable[[], Made]) -> Made:  # noqa: ARG002 - see above
        """What `make` gives."""
        return make()


NO_MEMORY = NoMemory()
