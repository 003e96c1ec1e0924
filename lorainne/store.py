"""What takes long to make of the same bytes, such as a picture in another size, is kept in `.lorainne/`."""

from __future__ import annotations

import os
from _blake2 import blake2b  # hashlib's, without the ten milliseconds that OpenSSL takes
from collections.abc import Callable
from contextlib import suppress

from lorainne import unchanged
from lorainne.scan import read_bytes

MOST = 100_000_000
"""Bytes that are kept; what was not used for the longest time goes first."""

_SEAL = 32

Keep = Callable[[object, Callable[[], bytes]], bytes]
"""Gives what is kept for a key, or makes it. The key holds everything that it is made from."""


def forget(_key: object, make: Callable[[], bytes]) -> bytes:
    """Keep nothing: make it."""
    return make()


class Store:
    """The things that are kept below a project; the key of each holds the program and its libraries too."""

    def __init__(self, source: str) -> None:
        self._folder = os.path.join(source, unchanged.FOLDER, "made")
        self._program = unchanged.program()
        with suppress(OSError):
            self._bound()  # now, so that nothing goes that one build needs, however much it is

    def keep(self, key: object, make: Callable[[], bytes]) -> bytes:
        """What is kept for the key if it is as it was written; else what `make` gives, which is kept."""
        name = blake2b(f"{self._program} {key!r}".encode(), digest_size=20).hexdigest()
        path = os.path.join(self._folder, name)
        with suppress(OSError):
            unchanged.refuse_links(path)
            kept, _ = read_bytes(path, MOST)
            if kept[:_SEAL] == _seal(name, kept[_SEAL:]):
                os.utime(path)
                return kept[_SEAL:]
        made = make()
        with suppress(OSError):
            unchanged.put(path, _seal(name, made) + made)
        return made

    def _bound(self) -> None:
        """Let the things go that were not used for the longest time."""
        with os.scandir(self._folder) as entries:
            states = [(entry.stat(follow_symlinks=False), entry.path) for entry in entries]
        kept = sorted((status.st_mtime_ns, path, status.st_size) for status, path in states)
        size = sum(each for _, _, each in kept)
        for _, path, each in kept:
            if size <= MOST:
                break
            size -= each
            os.unlink(path)


def _seal(name: str, data: bytes) -> bytes:
    return blake2b(data, key=name.encode(), digest_size=_SEAL).digest()
