"""What tells whether anything below a folder has changed: the state of each file."""

from __future__ import annotations

import os
import sys
from _blake2 import blake2b  # hashlib's, without the ten milliseconds that OpenSSL takes
from struct import Struct

TYPE_CHECKING = False  # typing's own would cost milliseconds
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_NUMBERS = Struct("=4q")
"""What the state of a file is: its mode, its size, and the times of its last changes (ns)."""

_PORTION = 500
_WORTH_TWO = 3_000
"""Files of a portion; from so many on, two processes look at them."""

_AS_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)


Folder = tuple[int, int]
"""The state of a folder: its mode, and when a name in it came or went last (ns)."""


class State:
    """The files below a folder in a fixed order, the state of each, and that of the folders."""

    def __init__(self, folders: list[_Folder], numbers: bytes) -> None:
        self.numbers = bytearray(numbers)
        self.folders = {folder.prefix: folder.state for folder in folders}
        """By their path, with a slash at its end."""
        self._names = {folder.prefix: folder.names for folder in folders}

    def digest(self, numbers: bytes = b"") -> str:
        """A hash over the files and their states, or others that they had; those of folders are not in it."""
        found = blake2b(digest_size=32)
        for prefix, names in self._names.items():
            found.update("\0".join([prefix, *names, ""]).encode(errors="surrogateescape"))
        found.update(numbers or self.numbers)
        return found.hexdigest()

    def latest(self) -> int:
        """When one of the files changed last (ns), by the clock that nobody can turn back."""
        return max((changed for *_, changed in _NUMBERS.iter_unpack(self.numbers)), default=0)

    def changed(self, before: bytes) -> list[str]:
        """The files with another state than before, none where there were others."""
        if len(before) != len(self.numbers):
            return []
        paths = (f"{prefix}{name}" for prefix, names in self._names.items() for name in names)
        states = zip(_NUMBERS.iter_unpack(self.numbers), _NUMBERS.iter_unpack(before), strict=True)
        return [path for path, (now, then) in zip(paths, states, strict=True) if now != then]

    def of(self, path: str) -> tuple[int, ...]:
        """The state of one of the files; raises ValueError where it is none of them."""
        return _NUMBERS.unpack_from(self.numbers, self._place(path))

    def put(self, path: str, status: os.stat_result) -> None:
        """Note a new state of one of the files; raises ValueError."""
        _NUMBERS.pack_into(self.numbers, self._place(path), *numbers_of(status))

    def _place(self, path: str) -> int:
        at = 0
        for prefix, names in self._names.items():
            if prefix == path[: path.rfind("/") + 1]:
                return _NUMBERS.size * (at + names.index(path[len(prefix) :]))
            at += len(names)
        raise ValueError


class _Folder:
    """A folder as it was looked at: where, what its files' paths begin with, when it changed, their names."""

    def __init__(self, place: str, prefix: str) -> None:
        self.place, self.prefix = place, prefix
        self.names: list[str] = []
        self.folders: list[str] = []
        descriptor = os.open(place, _AS_FOLDER)
        try:
            self.state = state_of_folder(os.fstat(descriptor))
            with os.scandir(descriptor) as entries:
                for entry in entries:
                    (self.folders if entry.is_dir(follow_symlinks=False) else self.names).append(entry.name)
        finally:
            os.close(descriptor)
        self.names.sort()

    def states(self, first: int) -> bytes:
        """The states of a portion of its files."""
        found, pack = [], _NUMBERS.pack
        descriptor = os.open(self.place, _AS_FOLDER)
        try:
            for name in self.names[first : first + _PORTION]:
                status = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
                found.append(pack(status.st_mode, status.st_size, status.st_mtime_ns, status.st_ctime_ns))
        finally:
            os.close(descriptor)
        return b"".join(found)


def look(*roots: tuple[str, str], without: str = "", alone: bool = False) -> list[State]:
    """The state of each root, a folder and what the paths of its files begin with; raises OSError.

    It is that of all that stands below, but for folders of the name `without`. Two processes find it out
    where there are many files, or one `alone`.
    """
    return looking(*roots, without=without, alone=alone)()


def looking(*roots: tuple[str, str], without: str = "", alone: bool = False) -> Callable[[], list[State]]:
    """Let the second process begin to look; what is returned helps it, once, and tells the states."""
    below = [[*_below(*root, without)] for root in roots]
    portions = [portion for folders in below for portion in _portions(folders)]
    looked = _looking(portions, sys.maxsize if alone else _WORTH_TWO)

    def states() -> list[State]:
        found = iter(looked())
        return [State(folders, b"".join(next(found) for _ in _portions(folders))) for folders in below]

    return states


def _portions(folders: Iterable[_Folder]) -> list[tuple[_Folder, int]]:
    return [(folder, first) for folder in folders for first in range(0, len(folder.names), _PORTION)]


def _looking(portions: list[tuple[_Folder, int]], least: int) -> Callable[[], list[bytes]]:
    """What tells the states of these portions of files, in their order."""
    if sum(min(len(folder.names) - first, _PORTION) for folder, first in portions) < least:
        return lambda: [folder.states(first) for folder, first in portions]
    from lorainne import processes  # late: small projects need no second one

    def work(numbered: Iterator[tuple[int, tuple[_Folder, int]]]) -> list[tuple[int, bytes]]:
        return [(number, folder.states(first)) for number, (folder, first) in numbered]

    begun = processes.begun(work, [*enumerate(portions)], least=0)

    def looked() -> list[bytes]:
        found = dict(each for part in begun() for each in part)
        return [found[number] for number in range(len(portions))]

    return looked


def _below(place: str, prefix: str, without: str) -> Iterator[_Folder]:
    waiting = [_Folder(place, prefix)]
    for folder in waiting:  # which grows meanwhile
        yield folder
        waiting += [
            _Folder(f"{folder.place}/{name}", f"{folder.prefix}{name}/")
            for name in sorted(folder.folders)
            if name != without
        ]


def state_of_folder(status: os.stat_result) -> Folder:
    """The state of a folder; its other times change when it gets another place."""
    return status.st_mode, status.st_mtime_ns


def numbers_of(status: os.stat_result) -> tuple[int, ...]:
    """The state of a file."""
    return status.st_mode, status.st_size, status.st_mtime_ns, status.st_ctime_ns
