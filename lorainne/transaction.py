"""A folder is replaced as a whole: built beside it, exchanged with it in one step, the old one cleared away.

Unchanged files and those of others are hard links: the two names exist side by side only during a build, so that
whoever edits a published file in place never changes a second one. No existing file is ever written to.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from lorainne.exchange import exchange

NEW, OLD = "new", "old"
"""The folders in the room of a build: what is to be published; what was, where names cannot be exchanged."""

ROOM = ".lorainne"
"""The room of a build inside its output, where the output cannot be exchanged."""

FILE_MODE, FOLDER_MODE = 0o644, 0o755

# Where a file system, or its guard against links to files of others, does not make hard links.
_NO_LINKS = (errno.EPERM, errno.EACCES, errno.EMLINK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)


class CannotExchangeError(Exception):
    """The output, or a part of it, cannot change places with another folder; carries why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tree:
    """What stands below a folder, by path: folders, and everything else with its state."""

    files: Mapping[str, os.stat_result] = field(default_factory=dict)
    folders: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """What has to happen to the output, by path: `stay` is ours, `others` is not."""

    write: tuple[str, ...]
    stay: tuple[str, ...]
    remove: tuple[str, ...]
    others: tuple[str, ...]
    folders_of_others: tuple[str, ...]


def walk(folder: str) -> Tree:
    """Everything below a folder but the room of a build; links are not followed. Raises OSError."""
    files: dict[str, os.stat_result] = {}
    folders: set[str] = set()
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        with os.scandir(os.path.join(folder, prefix)) as entries:
            for entry in entries:
                path = f"{prefix}{entry.name}"
                status = entry.stat(follow_symlinks=False)
                if not stat.S_ISDIR(status.st_mode):
                    files[path] = status
                elif path != ROOM:
                    folders.add(path)
                    waiting.append(f"{path}/")
    return Tree(files=files, folders=frozenset(folders))


def parents(paths: Iterable[str]) -> set[str]:
    """All folders that these paths stand in."""
    found: set[str] = set()
    for path in paths:
        while path := path.rpartition("/")[0]:
            if path in found:
                break
            found.add(path)
    return found


def replace(output: str, room: str, difference: Difference, content: Callable[[str], bytes]) -> None:
    """Build the new folder in the room and let it take the output's place; raises OSError, CannotExchangeError.

    Until it has, the output is untouched; afterwards the old one stands in the room.
    """
    new = os.path.join(room, NEW)
    try:
        _stage(output, new, difference, content)
        _publish(new, output, os.path.join(room, OLD))
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise


def _stage(output: str, new: str, difference: Difference, content: Callable[[str], bytes]) -> None:
    os.mkdir(new)
    _imitate(output, new)
    paths = (*difference.write, *difference.stay, *difference.others)
    _make_folders(new, parents(paths) | set(difference.folders_of_others))
    for path in difference.write:
        _write(os.path.join(new, path), content(path))
    for path in difference.stay:
        _link(os.path.join(output, path), os.path.join(new, path))
    for path in difference.others:
        with suppress(FileNotFoundError):  # its owner has just taken it away
            _link(os.path.join(output, path), os.path.join(new, path))
    for path in sorted(difference.folders_of_others, reverse=True):
        with suppress(FileNotFoundError):
            shutil.copystat(os.path.join(output, path), os.path.join(new, path))
    sync(new, difference.write)


def _imitate(output: str, new: str) -> None:
    """Give the new folder the mode and the owner of the one that it replaces."""
    try:
        status = os.stat(output)
    except FileNotFoundError:
        os.chmod(new, FOLDER_MODE)
        return
    if hasattr(os, "chown"):
        with suppress(PermissionError):
            os.chown(new, status.st_uid, status.st_gid)
    os.chmod(new, stat.S_IMODE(status.st_mode))


def _make_folders(root: str, folders: Iterable[str]) -> None:
    for folder in sorted(folders):
        path = os.path.join(root, folder)
        if not os.path.isdir(path):
            os.mkdir(path)
            os.chmod(path, FOLDER_MODE)  # whatever the umask


def _write(path: str, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
    finally:
        os.close(descriptor)
    os.chmod(path, FILE_MODE)  # whatever the umask


def _link(old: str, new: str) -> None:
    """Give a file a second name, or a copy where that cannot be."""
    if os.path.islink(old):
        os.symlink(os.readlink(old), new)
        return
    try:
        os.link(old, new)
    except OSError as error:
        if error.errno == errno.EXDEV:
            raise CannotExchangeError(f"{os.path.dirname(old)} is another file system") from None
        if error.errno not in _NO_LINKS:
            raise
        shutil.copy2(old, new)


def sync(root: str, written: Iterable[str]) -> None:
    """Have the system keep what was written before it is published: after all writing, when it is cheap.

    Only now do some file systems tell that the disk is full or broken.
    """
    for path in written:
        _sync(os.path.join(root, path))
    if os.name == "posix":
        for folder in ("", *parents(written)):
            _sync(os.path.join(root, folder))


def _sync(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # file systems that keep no promise
            raise
    finally:
        os.close(descriptor)


def _publish(new: str, output: str, old: str) -> None:
    """The one step after which the new folder is the published one."""
    try:
        if not os.path.lexists(output):
            os.rename(new, output)
        elif not exchange(new, output):
            _rename_twice(new, output, old)
    except OSError as error:
        if error.errno in (errno.EBUSY, errno.EXDEV):
            raise CannotExchangeError("it is a mount point") from None
        raise


def _rename_twice(new: str, output: str, old: str) -> None:
    """The nearest to an exchange: for a moment there is no output; `recover` puts the old one back."""
    os.rename(output, old)
    try:
        os.rename(new, output)
    except BaseException:
        os.rename(old, output)
        raise


def recover(output: str, room: str, ours: Callable[[str], set[str]]) -> None:
    """Clear the room of what a build left there, finished or not; `ours` is the manifest of a folder.

    What others put into the old folder while it was being replaced is saved into the output.
    """
    new, old = os.path.join(room, NEW), os.path.join(room, OLD)
    if os.path.lexists(old) and not os.path.lexists(output):
        os.rename(old, output)
    for left in (new, old):
        if os.path.lexists(left):
            if os.path.lexists(output) and room != os.path.join(output, ROOM):
                _save_late_files(left, output, ours(left) | ours(output))
            _clear(left)


def _save_late_files(left: str, output: str, ours: set[str]) -> None:
    there = walk(output).files
    for path, status in walk(left).files.items():
        now = there.get(path)
        is_late = now is None or (now.st_ino != status.st_ino and now.st_mtime_ns < status.st_mtime_ns)
        if path not in ours and is_late:
            _make_folders(output, parents([path]))
            os.replace(os.path.join(left, path), os.path.join(output, path))


def _clear(folder: str) -> None:
    """Remove a folder that only lorainne knows; raises OSError."""
    for path in sorted(walk(folder).folders):
        os.chmod(os.path.join(folder, path), 0o700)  # another's folder may be closed even to its owner
    shutil.rmtree(folder)


def update(output: str, room: str, difference: Difference, content: Callable[[str], bytes]) -> None:
    """Change the output file by file, in the shortest time; for an output that cannot be exchanged.

    The caller has noted in the manifest what is about to be ours, so that the next build can finish this one.
    """
    new = os.path.join(room, NEW)
    os.mkdir(new)
    _make_folders(new, parents(difference.write))
    for path in difference.write:
        _write(os.path.join(new, path), content(path))
    sync(new, difference.write)
    in_the_way = parents(difference.write) & set(difference.remove)
    _make_folders(output, parents(difference.write))
    for path in difference.write:
        os.replace(os.path.join(new, path), os.path.join(output, path))
    for path in difference.remove:
        os.unlink(os.path.join(output, path))
    emptied = parents(difference.remove) - set(difference.folders_of_others)
    for folder in sorted(emptied, reverse=True):
        with suppress(OSError):  # it holds what others put there
            os.rmdir(os.path.join(output, folder))
