"""What tells whether anything below a folder has changed: the state of each file."""

from __future__ import annotations

import os
from _blake2 import blake2b  # hashlib's, without the ten milliseconds that OpenSSL takes
from array import array
from collections.abc import Iterable, Iterator, Mapping

EACH = 4
"""So many numbers are the state of a file: mode, size, and the times of its last changes (ns)."""

_PORTION = 500
_WORTH_TWO = 20_000
"""Files of a portion; from so many on, two processes look at them."""

_AS_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)


Folder = tuple[int, int]
"""The state of a folder: its mode, and when a name in it came or went last (ns)."""


class State:
    """The files below a folder in a fixed order, the state of each, and that of the folders."""

    def __init__(self, paths: list[str], folders: Mapping[str, Folder], numbers: array[int]) -> None:
        self.paths, self.numbers = paths, numbers
        self.folders = folders
        """By their path, with a slash at its end."""

    def digest(self) -> str:
        """A hash over the files and their states; that of a folder is not in it."""
        found = blake2b(
            "\0".join([*self.folders, *self.paths]).encode(errors="surrogateescape"), digest_size=32
        )
        found.update(self.numbers)
        return found.hexdigest()

    def latest(self) -> int:
        """When one of the files changed last (ns), by the clock that nobody can turn back."""
        return max(self.numbers[EACH - 1 :: EACH], default=0)

    def changed(self, before: State) -> list[str]:
        """The files with another state than before, none where there are not the same ones."""
        if self.paths != before.paths or len(self.numbers) != len(before.numbers):
            return []
        pairs = enumerate(zip(self.numbers, before.numbers, strict=True))
        places = {at // EACH for at, (now, then) in pairs if now != then}
        return [self.paths[at] for at in sorted(places)]

    def of(self, path: str) -> tuple[int, ...]:
        """The state of one of the files; raises ValueError where it is none of them."""
        at = EACH * self.paths.index(path)
        return tuple(self.numbers[at : at + EACH])

    def put(self, path: str, status: os.stat_result) -> None:
        """Note a new state of one of the files; raises ValueError."""
        at = EACH * self.paths.index(path)
        self.numbers[at : at + EACH] = array("q", numbers_of(status))


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

    def states(self, first: int) -> array[int]:
        """The states of a portion of its files."""
        found = array("q")
        descriptor = os.open(self.place, _AS_FOLDER)
        try:
            for name in self.names[first : first + _PORTION]:
                status = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
                found.extend((status.st_mode, status.st_size, status.st_mtime_ns, status.st_ctime_ns))
        finally:
            os.close(descriptor)
        return found


def look(*roots: tuple[str, str], without: str = "") -> list[State]:
    """The state of each root, a folder and what the paths of its files begin with; raises OSError.

    It is that of all that stands below, but for folders of the name `without`.
    """
    below = [[*_below(*root, without)] for root in roots]
    looked = iter(_looked([portion for folders in below for portion in _portions(folders)]))
    return [_state(folders, looked) for folders in below]


def _portions(folders: Iterable[_Folder]) -> list[tuple[_Folder, int]]:
    return [(folder, first) for folder in folders for first in range(0, len(folder.names), _PORTION)]


def _looked(portions: list[tuple[_Folder, int]]) -> list[array[int]]:
    """The states of these portions of files, in their order; two processes find out where there are many."""
    if sum(min(len(folder.names) - first, _PORTION) for folder, first in portions) < _WORTH_TWO:
        return [folder.states(first) for folder, first in portions]
    from lorainne import processes  # late: most projects need no second one

    def work(numbered: Iterator[tuple[int, tuple[_Folder, int]]]) -> list[tuple[int, array[int]]]:
        return [(number, folder.states(first)) for number, (folder, first) in numbered]

    found = dict(each for part in processes.shared(work, [*enumerate(portions)], least=0) for each in part)
    return [found[number] for number in range(len(portions))]


def _state(folders: list[_Folder], looked: Iterator[array[int]]) -> State:
    numbers = array("q")
    for _ in _portions(folders):
        numbers.extend(next(looked))
    paths = [f"{folder.prefix}{name}" for folder in folders for name in folder.names]
    return State(paths, {folder.prefix: folder.state for folder in folders}, numbers)


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
