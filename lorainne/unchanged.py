"""Whether a build would find everything as the last one left it, answered before anything slow is imported.

A record in `.lorainne/` holds what the last build said, and a hash over all that its outcome depends on: the
command, the day, the program, and the state of every file that was read or written.
"""

from __future__ import annotations

import os
import sys
import time
from _blake2 import blake2b  # hashlib's, without the ten milliseconds that OpenSSL takes

from lorainne import __version__
from lorainne.states import State, look, looking

TYPE_CHECKING = False  # typing's own would cost milliseconds
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

FOLDER = ".lorainne"
"""The folder of a project for what a build may need again; it can be deleted at any time."""

KEPT = 8
"""So many records stay, the latest ones: somebody may build drafts and the site in turns."""

_HERE = os.path.dirname(os.path.abspath(__file__))
_PROGRAM = (_HERE, *(os.path.join(os.path.dirname(_HERE), part) for part in ("templates", "static")))
"""The code, and the theme where it stands beside it."""

_READ = ("content", "templates", "static")

_TICK = 50_000_000
"""Nanoseconds in which a file can change twice without showing it."""

_NAME = frozenset("0123456789abcdef.")
"""The letters in the names of records: nothing else in their folder is ours."""

_MAX_RECORD = 50_000_000
"""No build says more."""

CAREFULLY = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""How to open what could stand in a project: a link or a pipe is none of ours."""


class Said:
    """What a build says: before it begins, of the content in plain text and in colours, and at its end."""

    def __init__(self, opening: str, plain: str, coloured: str, pages: str, told: str) -> None:
        self.parts = opening, plain, coloured, pages, told

    def again(self) -> str:
        """What is said where nothing has changed."""
        _, _, _, pages, told = self.parts
        return self._problems() + (f"{pages}, nothing has changed{told}\n" if pages else "")

    def anew(self, seconds: float, written: int, removed: int = 0) -> str:
        """What is said last of files that were written in so many seconds."""
        _, _, _, pages, told = self.parts
        counts = f"{written} files written, {removed} removed"
        return f"{pages} in {seconds:.2f} s{told} ({counts})\n" if pages else ""

    def edited(self, seconds: float, written: int) -> str:
        """All that is said where only these files had to be written."""
        return self.parts[0] + self._problems() + self.anew(seconds, written)

    def _problems(self) -> str:
        _, plain, coloured, _, _ = self.parts
        return coloured if sys.stderr.isatty() and not os.environ.get("NO_COLOR") else plain


class Last:
    """The last build of the same command, and the state of its files now; raises OSError or ValueError.

    That of the content is known at once, while a second process may still look at the others.
    """

    def __init__(self, source: str, arguments: list[str]) -> None:
        self.source, self.arguments = source, arguments
        refuse_links(path := path_of(source, arguments))
        self.digest, self._content, self.output, *said = read(path).decode().split("\0")
        self.said = Said(*said)
        content, *others = roots(source)
        self._looking: Callable[[], list[State]] | None = looking(*others, (self.output, ""))
        self.inputs: list[State] = []
        """The other folders that it read."""
        try:
            [self.content] = look(content, alone=True)
        except OSError:
            self.complete()
            raise

    def complete(self) -> None:
        """Have the states of the other files too, once; raises OSError."""
        states, self._looking = self._looking, None
        if states:
            *self.inputs, self.site = states()

    def found(self, content: str) -> bool:
        """Whether it found content with this digest, and left what is there now; raises OSError."""
        if content != self._content:
            return False
        self.complete()
        states = [content, *(state.digest() for state in (*self.inputs, self.site))]
        return self.digest == digest_of(self.arguments, self.output, self.said, states)

    def is_now(self) -> bool:
        """Whether nothing has changed; raises OSError."""
        return self.found(self.content.digest())


def last(arguments: list[str]) -> Last | None:
    """The last build of the same command, if it has left a record."""
    if arguments[:1] == ["build"] and "--no-cache" not in arguments:
        for source in (*arguments[1:], "."):
            try:
                return Last(source, arguments)
            except (OSError, ValueError, TypeError):
                continue
    return None


class Watch:
    """The files of one build, as they were before it read them."""

    def __init__(self, source: str, output: str) -> None:
        self.source, self.output = source, output
        self.before: list[State] = []
        try:
            self.before = look(*roots(source))
            await_later(max((state.latest() for state in self.before), default=0))
        except OSError:  # the build will say what is wrong
            return


def keep(source: str, arguments: list[str], output: str, said: Said, digest: str, content: str) -> None:
    """Keep the record of a build, its digest and that of its content; raises OSError."""
    put_among(path_of(source, arguments), "\0".join([digest, content, output, *said.parts]).encode())


def path_of(source: str, arguments: list[str], kind: str = "builds") -> str:
    """Where a command keeps its records of this kind."""
    name = blake2b("\0".join([os.getcwd(), *arguments]).encode(), digest_size=8).hexdigest()
    return os.path.join(source, FOLDER, kind, name)


def digest_of(arguments: list[str], output: str, said: Said, states: list[str]) -> str:
    """A hash over all that the outcome of a build depends on, and what it was; raises OSError."""
    today = os.environ.get("SOURCE_DATE_EPOCH") or int(time.time()) // 86400
    where = [os.getcwd(), os.path.realpath(output)]
    return _hash([program(), today, where, arguments, said.parts, states])


def program() -> str:
    """A hash over lorainne, its theme, its libraries and Python; raises OSError."""
    packages = [path for path in sys.path if path.endswith("-packages") and os.path.isdir(path)]
    libraries = [os.stat(path).st_mtime_ns for path in packages]
    folders = [(folder, "") for folder in _PROGRAM if os.path.isdir(folder)]
    own = [state.digest() for state in look(*folders, without="__pycache__")]
    return _hash([__version__, sys.version, libraries, own])


def _hash(known: list[object]) -> str:
    return blake2b(repr(known).encode(), digest_size=32).hexdigest()


def roots(source: str) -> list[tuple[str, str]]:
    """The folders that a build reads, content first; raises OSError where it would refuse one."""
    there = [(path, f"{name}/") for name in _READ if os.path.lexists(path := os.path.join(source, name))]
    if not there or there[0][1] != "content/" or any(os.path.islink(path) for path, _ in there):
        raise OSError
    return there


def read(path: str) -> bytes:
    """What is kept; raises OSError where there is none."""
    with opened(path) as stream:
        if os.fstat(stream.fileno()).st_size > _MAX_RECORD:
            raise OSError
        return stream.read()


def opened(path: str) -> BinaryIO:
    """The file of what is kept; raises OSError where there is none."""
    refuse_links(path)
    return open(os.open(path, CAREFULLY), "rb")


def refuse_links(path: str) -> None:
    """Raise OSError where the folders of what is kept lead out of the project: its files could do so."""
    folder = os.path.dirname(path)
    if os.path.islink(folder) or os.path.islink(os.path.dirname(folder)):
        raise OSError


def put_among(path: str, *parts: bytes | memoryview) -> None:
    """Put a record in its place among the others of its kind, and let the oldest go; raises OSError."""
    put(path, *parts)
    folder = os.path.dirname(path)
    records = [os.path.join(folder, name) for name in os.listdir(folder) if _NAME.issuperset(name)]
    for old in sorted(records, key=os.path.getmtime)[:-KEPT]:
        os.unlink(old)


def put(path: str, *parts: bytes | memoryview) -> None:
    """Put a file into the folder of what is kept, in one step; raises OSError."""
    from contextlib import suppress  # late: where nothing has changed nothing is put

    folder = os.path.dirname(path)
    refuse_links(path)
    os.makedirs(folder, exist_ok=True)
    with suppress(FileExistsError), open(os.path.join(os.path.dirname(folder), ".gitignore"), "x") as ignored:
        ignored.write("*\n")
    new = f"{path}.{os.getpid()}"
    try:
        with open(new, "xb") as stream:
            stream.writelines(parts)
        os.replace(new, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(new)
        raise


def await_later(moment: int) -> None:
    """Wait until the clock of the files shows a later time than this (ns); raises OSError where that is long.

    It goes in steps of some milliseconds: what changes twice within one would not show it.
    """
    end = time.monotonic_ns() + 2 * _TICK
    while _clock_of_files() <= moment:
        if time.monotonic_ns() > end:
            raise OSError
        time.sleep(0.001)


def _clock_of_files() -> int:
    """What the clock of the files shows at least (ns)."""
    if sys.platform == "linux":
        return time.clock_gettime_ns(5)  # CLOCK_REALTIME_COARSE of <linux/time.h>, from which it takes them
    return time.time_ns() - _TICK


def await_tick(source: str) -> None:
    """Wait until the clock of the project's file system has gone on; raises OSError where that takes long."""
    path = os.path.join(source, FOLDER, "builds", f"tick.{os.getpid()}")
    put(path, b"")
    try:
        first = os.stat(path).st_ctime_ns
        end = time.monotonic_ns() + _TICK
        while os.stat(path).st_ctime_ns == first:
            if time.monotonic_ns() > end:
                raise OSError
            os.utime(path)
    finally:
        os.unlink(path)
