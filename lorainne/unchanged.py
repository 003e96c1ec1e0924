"""Whether a build would find everything as the last one left it, answered before anything slow is imported.

A record in `.lorainne/` holds what the last build said, and a hash over all that its outcome depends on: the
command, the day, the program, and the state of every file that was read or written.
"""

from __future__ import annotations

import os
import stat
import sys
import time
from _blake2 import blake2b  # hashlib's, without the ten milliseconds that OpenSSL takes
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from lorainne import __version__

FOLDER = ".lorainne"
"""The folder of a project for what a build may need again; it can be deleted at any time."""

_KEPT = 8
"""So many records stay, the latest ones: somebody may build drafts and the site in turns."""

_HERE = os.path.dirname(os.path.abspath(__file__))
_PROGRAM = (_HERE, *(os.path.join(os.path.dirname(_HERE), part) for part in ("templates", "static")))
"""The code, and the theme where it stands beside it."""

_READ = ("content", "templates", "static")

_TICK = 50_000_000
"""Nanoseconds in which a file can change twice without showing it."""

_NAME = frozenset("0123456789abcdef.")
"""The letters in the names of records: nothing else in their folder is ours."""

_CAREFULLY = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""How to open what could stand in a project: a link or a pipe is none of ours."""


def told(arguments: list[str]) -> str | None:
    """What the same command said when it built what stands there now; None if it has to be built."""
    if arguments[:1] != ["build"] or "--no-cache" in arguments:
        return None
    for source in (*arguments[1:], "."):
        with suppress(OSError, ValueError):
            digest, output, *said = _read(_path(source, arguments)).split("\0")
            if digest == _digest(arguments, output, said, [_inputs(source)[0], _state(output)[0]]):
                return said[sys.stderr.isatty() and not os.environ.get("NO_COLOR")]
    return None


class Watch:
    """The files of one build, as they were before it read them."""

    def __init__(self, source: str, output: str) -> None:
        self._source, self._output = source, output
        self._begun = time.time_ns()
        self._before: tuple[str, int] | None = None
        with suppress(OSError):  # the build will say what is wrong
            self._before = _inputs(source)

    def record(self, arguments: list[str], plain: str, coloured: str) -> None:
        """Keep what is to be said while nothing changes; where it cannot be kept, the next build is whole."""
        with suppress(OSError, ValueError):
            now, latest = _inputs(self._source)
            if (now, latest) == self._before and latest < self._begun - _TICK:
                record = partial(self._record, arguments, [plain, coloured], now)
                _keep(_path(self._source, arguments), record)

    def _record(self, arguments: list[str], said: list[str], now: str) -> bytes:
        digest = _digest(arguments, self._output, said, [now, _state(self._output)[0]])
        return "\0".join([digest, self._output, *said]).encode()


def _path(source: str, arguments: list[str]) -> str:
    name = blake2b("\0".join([os.getcwd(), *arguments]).encode(), digest_size=8).hexdigest()
    return os.path.join(source, FOLDER, "builds", name)


def _digest(arguments: list[str], output: str, said: list[str], states: list[str]) -> str:
    """A hash over all that the outcome of a build depends on."""
    today = os.environ.get("SOURCE_DATE_EPOCH") or int(time.time()) // 86400
    where = [os.getcwd(), os.path.realpath(output)]
    return _hash([program(), today, where, arguments, said, states])


def program() -> str:
    """A hash over lorainne, its theme, its libraries and Python; raises OSError."""
    packages = [path for path in sys.path if path.endswith("-packages") and os.path.isdir(path)]
    libraries = [os.stat(path).st_mtime_ns for path in packages]
    own = [_state(folder)[0] for folder in _PROGRAM if os.path.isdir(folder)]
    return _hash([__version__, sys.version, libraries, own])


def _hash(known: list[object]) -> str:
    return blake2b(repr(known).encode(), digest_size=32).hexdigest()


def _inputs(source: str) -> tuple[str, int]:
    paths = [os.path.join(source, name) for name in _READ]
    there = [path for path in paths if os.path.lexists(path)]
    if any(map(os.path.islink, there)):  # a build refuses them
        raise OSError
    states = [_state(path) for path in there]
    return " ".join(state for state, _ in states), max((latest for _, latest in states), default=0)


def _state(folder: str) -> tuple[str, int]:
    """A hash over the names and the states of everything below a folder, and the time of the latest change.

    Raises OSError. The state of a file is its mode, size, and the times of its last changes in nanoseconds.
    """
    latest, found = 0, blake2b(digest_size=32)
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        lines = [here]
        descriptor = os.open(here, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            for name in sorted(os.listdir(descriptor)):
                status = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
                if stat.S_ISDIR(status.st_mode):
                    if name != "__pycache__":
                        waiting.append(f"{here}/{name}")
                    continue
                latest = max(latest, status.st_mtime_ns, status.st_ctime_ns)
                lines.append(
                    f"{name} {status.st_mode} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"
                )
        finally:
            os.close(descriptor)
        found.update("\0".join(lines).encode(errors="surrogateescape"))
    return found.hexdigest(), latest


def _read(path: str) -> str:
    """A record; raises OSError or ValueError where there is none."""
    refuse_links(path)
    descriptor = os.open(path, _CAREFULLY)
    try:
        with open(descriptor, encoding="utf-8", closefd=False) as stream:
            return stream.read()
    finally:
        os.close(descriptor)


def refuse_links(path: str) -> None:
    """Raise OSError where the folders of what is kept lead out of the project: its files could do so."""
    folder = os.path.dirname(path)
    if os.path.islink(folder) or os.path.islink(os.path.dirname(folder)):
        raise OSError


def _keep(path: str, record: Callable[[], bytes]) -> None:
    """Put a record in its place, and let the oldest go.

    It is made at a moment after which every change of a file shows in its times.
    """

    def made(new: str) -> bytes:
        _await_tick(new)
        return record()

    put(path, made)
    folder = os.path.dirname(path)
    records = [os.path.join(folder, name) for name in os.listdir(folder) if _NAME.issuperset(name)]
    for old in sorted(records, key=os.path.getmtime)[:-_KEPT]:
        os.unlink(old)


def put(path: str, content: Callable[[str], bytes]) -> None:
    """Put a file into the folder of what is kept, in one step; raises OSError.

    `content` is asked, with the name of the new file, when that is there.
    """
    folder = os.path.dirname(path)
    refuse_links(path)
    os.makedirs(folder, exist_ok=True)
    with suppress(FileExistsError), open(os.path.join(os.path.dirname(folder), ".gitignore"), "x") as ignored:
        ignored.write("*\n")
    new = f"{path}.{os.getpid()}"
    try:
        with open(new, "xb") as stream:
            stream.write(content(new))
        os.replace(new, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(new)
        raise


def _await_tick(path: str) -> None:
    """Wait until the clock of the file system goes on: what changes from now on shows it. Raises OSError."""
    first = os.stat(path).st_ctime_ns
    end = time.monotonic_ns() + _TICK
    while os.stat(path).st_ctime_ns == first:
        if time.monotonic_ns() > end:
            raise OSError
        os.utime(path)
