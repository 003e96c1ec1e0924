"""What was made in earlier builds of the same process and still holds: `serve` builds at every change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Made = TypeVar("Made")


class Memo:
    """For each key the latest thing that was made, and the fingerprint of what it was made from."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[object, Any]] = {}

    def get_or_make(self, key: str, fingerprint: object, make: Callable[[], Made]) -> Made:
        """Return what `make` gave for this fingerprint; an empty fingerprint never stays the same."""
        entry = self._made.get(key)
        if entry is None or not fingerprint or (entry[0] is not fingerprint and entry[0] != fingerprint):
            entry = self._made[key] = fingerprint, make()
        made: Made = entry[1]
        return made

    def renew(self, key: str, make: Callable[[Made | None], Made]) -> Made:
        """Return what `make` gives when it is handed what it gave in the build before."""
        made = make(self._made.get(key, (None, None))[1])
        self._made[key] = None, made
        return made


class _NoMemo(Memo):
    def get_or_make(self, key: str, fingerprint: object, make: Callable[[], Made]) -> Made:  # noqa: ARG002 - see Memo
        return make()

    def renew(self, key: str, make: Callable[[Made | None], Made]) -> Made:  # noqa: ARG002 - as above
        return make(None)


NO_MEMO = _NoMemo()
"""Makes everything and keeps nothing: for a process that builds once."""
