"""Errors and sudden ends at every file operation of a build."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from compiling import site_and_problems

from lorainne.content import project
from lorainne.diagnostics import Diagnostic, has_errors
from lorainne.output import staging
from lorainne.output.publish import publish

OPERATIONS = (
    "chmod chown close fstat fsync link lstat mkdir open read readlink rename replace rmdir scandir stat"
    " symlink unlink utime write"
).split()

ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES)

KILLED = 9


class KilledError(BaseException):
    """The process is as good as dead: nothing that it does any more has an effect."""


class Operations:
    """Counts the file operations of a build, and does something before one of them."""

    def __init__(self, at: int = 0, act: Callable[[str], None] = str) -> None:
        self.names: list[str] = []
        self.at, self.act = at, act
        self.dead = False
        self.descriptors: set[int] = set()

    def wrapped(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def operation(*args: Any, **kwargs: Any) -> Any:
            self.names.append(name)
            if len(self.names) == self.at:
                self._act(name, lambda: real(*args, **kwargs))
            if self.dead:
                raise KilledError
            result = real(*args, **kwargs)
            if name == "open":
                self.descriptors.add(result)
            elif name == "close":
                self.descriptors.discard(args[0])
            return result

        return operation

    def _act(self, name: str, do: Callable[[], Any]) -> None:
        try:
            self.act(name)
        except KilledError:
            self.dead = True
        except OSError:
            if name == "close":  # a file is closed even when that fails
                do()
            raise

    @contextmanager
    def patched(self) -> Iterator[None]:
        close = os.close
        with pytest.MonkeyPatch.context() as patch:
            for name in OPERATIONS:
                patch.setattr(os, name, self.wrapped(name, getattr(os, name)))
            patch.setattr(staging, "exchange", self.wrapped("exchange", staging.exchange))
            yield
        for descriptor in self.descriptors if self.dead else ():
            with suppress(OSError):  # it was closed together with its stream
                close(descriptor)  # as the system does for a process that has ended


def raising(number: int) -> Callable[[str], None]:
    """What makes an operation fail."""

    def act(name: str) -> None:
        raise OSError(number, os.strerror(number), name)

    return act


def killing(_name: str) -> None:
    """What stops a build as a kill does, in this process: nothing is cleared up."""
    raise KilledError


def ending(_name: str) -> None:
    """What ends the whole process."""
    os._exit(KILLED)


def state(folder: Path) -> dict[str, object]:
    """Everything in a folder: its bytes, or what it is; an empty one is not there."""
    found: dict[str, object] = {}
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        name = str(path.relative_to(folder))
        mode = oct(path.lstat().st_mode)
        found[name] = (mode, os.readlink(path) if path.is_symlink() else path.is_file() and path.read_bytes())
    return found


def fresh_copy(master: Path, output: Path) -> None:
    """Put the output into the state before the build, and take away what stood beside it."""
    for path in output.parent.iterdir():
        if path != output:
            shutil.rmtree(path)
    shutil.rmtree(output, ignore_errors=True)
    if master.is_dir():
        shutil.copytree(master, output, symlinks=True)


def in_child(work: Callable[[], object]) -> int:
    """The exit code of work in a process of its own."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def children() -> set[str]:
    """The processes that this one has started and not waited for, such as the browser of other tests."""
    return {
        child for task in Path("/proc/self/task").glob("*/children") for child in task.read_text().split()
    }


def disturbed(work: Callable[[], list[Diagnostic]], number: int, act: Callable[[str], None]) -> bool:
    """Whether the work, disturbed at this operation, says that it was done; no error may leave it."""
    with Operations(number, act).patched():
        try:
            return not has_errors(work())
        except KilledError:
            return False


OLD = {
    "content/workshop.yaml": "name: Old\n",
    "content/speakers/ada.md": "---\nname: Ada Lovelace\n---\n",
    "content/files/a.txt": "old",
    "content/files/same.txt": "same",
}
NEW = {
    "content/workshop.yaml": "name: New\n",
    "content/pages/venue.md": "---\ntitle: Venue\n---\nHere.\n",
    "content/files/a.txt": "new",
    "content/files/deep/b.txt": "b",
    "content/files/same.txt": "same",
}


ROOT = Path(__file__).parent.parent

# A theme as small as can be: what is tested is not how pages look.
THEME = {
    "static/style.css": "body {}",
    **{f"templates/{page.name}": "{{ workshop.name }}" for page in ROOT.glob("templates/*.*")},
}


def put(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def build(source: Path, output: Path) -> list[Diagnostic]:
    """A whole build; what is wrong."""
    found, problems = project.read(source, theme=source.parent / "theme")
    if not problems:
        site, problems = site_and_problems(found)
        if site:
            check = lambda: project.changes(source, found)  # noqa: E731
            problems = [*publish(site, output, check=check).problems]
    return problems


def put_files_of_others(output: Path) -> None:
    """What people keep in a folder that they publish."""
    put(
        output,
        {"CNAME": "example.org", ".git/HEAD": "ref", "files/mine.pdf": "mine", "talks/mine.txt": "mine"},
    )
    (output / "latest").symlink_to("CNAME")
    (output / "empty").mkdir()


class Stage:
    """A source with the old content and one with the new, the output between them, and its two states."""

    def __init__(self, folder: Path, *, first: bool) -> None:
        self.output, self.master = folder / "site" / "out", folder / "master"
        self.old_source, self.new_source = put(folder / "a", OLD), put(folder / "b", NEW)
        put(folder / "theme", THEME)
        self.output.parent.mkdir()
        if not first:
            assert build(self.old_source, self.master) == []
            put_files_of_others(self.master)
        self.reset()
        self.old = state(self.output)
        assert self.build() == []
        self.new = state(self.output)
        assert self.new != self.old

    def reset(self) -> None:
        fresh_copy(self.master, self.output)

    def build(self) -> list[Diagnostic]:
        """Let the output hold the new content."""
        return build(self.new_source, self.output)

    def operations(self) -> list[str]:
        """The file operations of the build, in their order."""
        self.reset()
        counted = Operations()
        with counted.patched():
            self.build()
        return counted.names

    def is_clean(self, *, repeated: bool = True) -> bool:
        """Whether nothing is left behind; repeated: whether the next build makes the new site, and cleans up."""
        if repeated and (self.build() or state(self.output) != self.new):
            return False
        return {path.name for path in self.output.parent.iterdir()} <= {self.output.name}
