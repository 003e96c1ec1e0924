"""A folder is replaced as a whole: built beside it, exchanged with it in one step, the old one cleared away.

Unchanged files and those of others are hard links: two names exist side by side only during a build, so that
whoever edits a published file in place never changes a second one. No existing file is ever written to.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from lorainne.exchange import exchange
from lorainne.manifest import written_in

NEW, OLD, WASTE = "new", "old", "waste"
"""The folders in the room of a build: what is to be published, and after the exchange what was; the latter,
where names cannot be exchanged; what nobody needs any more."""

_PART = "part"
"""The file in the room that is being written in place of another."""

ROOM = ".lorainne"
"""The room of a build inside its output, where the output cannot be exchanged."""

FILE_MODE, FOLDER_MODE = 0o644, 0o755

# Where a file system, or its guard against links to files of others, does not make hard links.
_NO_LINKS = (errno.EPERM, errno.EACCES, errno.EMLINK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)


class CannotExchangeError(Exception):
    """The output, or a part of it, cannot change places with another folder; carries why."""


class Status(NamedTuple):
    """What a build wants to know of a file: a third of what the system tells."""

    mode: int
    size: int
    inode: int
    changed: int
    """When its content changed last (ns)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tree:
    """What stands below a folder, by path, with its state: folders, and everything else."""

    files: dict[str, Status] = field(default_factory=dict)
    folders: dict[str, os.stat_result] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """What has to happen to the output, by path: `stay` is ours, `others` is not.

    `emptied` are folders of ours that the site no longer needs, `devices` the file systems of all folders.
    """

    write: tuple[str, ...] = ()
    stay: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    emptied: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    folders_of_others: tuple[str, ...] = ()
    devices: frozenset[int] = frozenset()


def walk(folder: str) -> Tree:
    """Everything below a folder but the room of a build; links are not followed. Raises OSError.

    A folder that is not there holds nothing.
    """
    tree = Tree(files={}, folders={})
    waiting = [""] if _exists(folder) else []
    while waiting:
        prefix = waiting.pop()
        with os.scandir(os.path.join(folder, prefix)) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):  # its owner has just taken it away
                    _note(tree, f"{prefix}{entry.name}", entry.stat(follow_symlinks=False), waiting)
    return tree


def _note(tree: Tree, path: str, status: os.stat_result, waiting: list[str]) -> None:
    if not stat.S_ISDIR(status.st_mode):
        tree.files[path] = Status(status.st_mode, status.st_size, status.st_ino, status.st_mtime_ns)
    elif path != ROOM:
        tree.folders[path] = status
        waiting.append(f"{path}/")


def _exists(path: str) -> bool:
    """Unlike `os.path.lexists`, raises what else than its absence keeps the system from telling."""
    try:
        os.lstat(path)
    except FileNotFoundError:
        return False
    return True


def parents(paths: Iterable[str]) -> set[str]:
    """All folders that these paths stand in."""
    found: set[str] = set()
    for path in paths:
        while path := path.rpartition("/")[0]:
            if path in found:
                break
            found.add(path)
    return found


def room_beside(output: str) -> str:
    """The room of the builds into an output (its real path)."""
    folder, name = os.path.split(output)
    return os.path.join(folder, f".{name}.lorainne")


def begin(room: str) -> None:
    """Make the folder in the room that the new files go into."""
    new = os.path.join(room, NEW)
    with suppress(FileExistsError):
        os.mkdir(new)
        os.chmod(new, FOLDER_MODE)  # whatever the umask


def put(room: str, path: str, parts: Iterable[bytes | bytearray]) -> None:
    """Write one file of the new folder; what was put there before is there until the new one is whole."""
    new, part = f"{room}/{NEW}", f"{room}/{_PART}"
    try:
        _write(f"{new}/{path}", parts)
    except FileNotFoundError:
        _make_folders(new, parents([path]))
        _write(f"{new}/{path}", parts)
    except FileExistsError:
        with suppress(FileNotFoundError):  # a build was interrupted here
            os.unlink(part)
        _write(part, parts)
        os.replace(part, f"{new}/{path}")


def discard(room: str) -> None:
    """Take away what was put; only before it is published."""
    import shutil  # late, here and below: it takes long, and an edit needs none of it

    shutil.rmtree(os.path.join(room, NEW), ignore_errors=True)


def replace(output: str, room: str, difference: Difference) -> None:
    """Complete the new folder in the room, and let it take the output's place.

    Raises OSError or CannotExchangeError; the output is untouched then. Afterwards the old one stands in the
    room.
    """
    complete(output, room, difference)
    _publish(os.path.join(room, NEW), output, os.path.join(room, OLD))


def complete(output: str, room: str, difference: Difference) -> None:
    """Add what stays and what others own to what was put; raises OSError or CannotExchangeError."""
    new = os.path.join(room, NEW)
    if difference.devices - {os.stat(new).st_dev}:
        raise CannotExchangeError("a folder in it is another file system")
    _make_folders(new, {*parents((*difference.stay, *difference.others)), *difference.folders_of_others})
    for path in difference.stay:
        _link(os.path.join(output, path), os.path.join(new, path))
    for path in difference.others:
        with suppress(FileNotFoundError):  # its owner has just taken it away
            _link(os.path.join(output, path), os.path.join(new, path))
    for path in (*sorted(difference.folders_of_others, reverse=True), ""):
        with suppress(FileNotFoundError):
            _imitate(os.path.join(output, path), os.path.join(new, path))
    if _exists(output):  # where nothing is published yet, nothing can be lost
        sync(new, difference.write)


def _imitate(old: str, new: str) -> None:
    """Give a folder the mode, and if that may be the owner, of the one that it replaces."""
    status = os.stat(old)
    if os.name == "posix":
        with suppress(PermissionError):
            os.chown(new, status.st_uid, status.st_gid)
    os.chmod(new, stat.S_IMODE(status.st_mode))


def _make_folders(root: str, folders: Iterable[str]) -> None:
    for folder in sorted(folders):
        path = os.path.join(root, folder)
        with suppress(FileExistsError):
            os.mkdir(path)
            os.chmod(path, FOLDER_MODE)  # whatever the umask


def _write(path: str, parts: Iterable[bytes | bytearray]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        for part in parts:
            rest = memoryview(part)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
        os.chmod(descriptor if os.chmod in os.supports_fd else path, FILE_MODE)  # whatever the umask
    finally:
        os.close(descriptor)


def _link(old: str, new: str) -> None:
    """Give a file a second name, or a copy where that cannot be."""
    if os.path.islink(old):
        os.symlink(os.readlink(old), new)
        return
    try:
        os.link(old, new)
    except OSError as error:
        if error.errno == errno.EXDEV:
            raise CannotExchangeError("a folder in it is another file system") from None
        if error.errno not in _NO_LINKS:
            raise
        import shutil

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
        if not _exists(output):
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


def recover(output: str, room: str) -> None:
    """Clear the room of what a build left there, finished or not.

    What others put into the old folder while it was being replaced is saved into the output.
    """
    new, old = os.path.join(room, NEW), os.path.join(room, OLD)
    if _exists(old) and not _exists(output):
        os.rename(old, output)
    waste = os.path.join(room, WASTE)
    _clear(waste)
    for left in (new, old):
        if _exists(left):
            if _exists(output) and room != os.path.join(output, ROOM):
                save_late_files(left, output)
            os.rename(left, waste)
            _clear(waste)


def save_late_files(left: str, output: str) -> None:
    """Move into the output what others have put into a folder that it was."""
    there, ours = walk(output).files, written_in(left) | written_in(output)
    for path, status in walk(left).files.items():
        now = there.get(path)
        is_late = now is None or (now.inode != status.inode and now.changed < status.changed)
        if path not in ours and is_late:
            _make_folders(output, parents([path]))
            os.replace(os.path.join(left, path), os.path.join(output, path))


def _clear(folder: str) -> None:
    """Remove a folder that only lorainne knows, if it is there; raises OSError."""
    if not _exists(folder):
        return
    for path, status in sorted(walk(folder).folders.items()):
        if status.st_mode & stat.S_IRWXU != stat.S_IRWXU:  # a folder of others, closed even to its owner
            os.chmod(os.path.join(folder, path), stat.S_IRWXU)
    import shutil

    shutil.rmtree(folder)


def update(output: str, room: str, difference: Difference) -> None:
    """Change the output file by file, in the shortest time; for an output that cannot be exchanged.

    The manifest is written first: what it no longer names is removed by nobody if this is interrupted, so the
    caller lets it name both sites until this is done.
    """
    new = os.path.join(room, NEW)
    sync(new, difference.write)
    written = set(difference.write)
    before = {p for p in difference.remove if p in parents(written) or parents([p]) & written}
    _remove(output, before, [path for path in difference.emptied if path in written])
    _make_folders(output, parents(written))
    for path in difference.write:
        os.replace(os.path.join(new, path), os.path.join(output, path))
    _remove(output, set(difference.remove) - before, difference.emptied)
    discard(room)


def _remove(output: str, paths: Iterable[str], folders: Iterable[str]) -> None:
    """Remove files, and those of the folders that are now empty."""
    for path in paths:
        os.unlink(os.path.join(output, path))
    for folder in sorted(folders, reverse=True):
        with suppress(OSError):  # something else is in it
            os.rmdir(os.path.join(output, folder))
