"""A folder is replaced as a whole: staged beside it, exchanged with it in one step, the old one cleared away.

Unchanged files and those of others are hard links: two names exist side by side only during a build, so that
whoever edits a published file in place never changes a second one. No existing file is ever written to.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from lorainne.content.files import read_bytes
from lorainne.output.exchange import exchange

STAGED, PREVIOUS, TRASH = "new", "old", "waste"
"""Folders inside the staging directory: what is to be published; after an exchange what was published, where
names cannot be exchanged; what is being removed."""

IN_PLACE = ".lorainne"
"""The staging directory inside an output that cannot be exchanged."""

FILE_MODE, FOLDER_MODE = 0o644, 0o755

MANIFEST = ".lorainne.json"
"""The file in an output that names what a build wrote there."""

_MAX_MANIFEST = 50_000_000
"""Bytes; no build writes a larger one."""

# Where a file system, or its guard against links to files of others, does not make hard links.
_NO_LINKS = (errno.EPERM, errno.EACCES, errno.EMLINK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)


class CannotExchangeError(Exception):
    """The output, or a part of it, cannot change places with another folder; carries why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tree:
    """What is below a folder, by path, with its status: folders, and everything else."""

    files: dict[str, os.stat_result] = field(default_factory=dict)
    folders: dict[str, os.stat_result] = field(default_factory=dict)


def dump_manifest(paths: Iterable[str]) -> bytes:
    """Return the manifest of a site."""
    return (json.dumps(sorted({*paths} - {MANIFEST}), ensure_ascii=False, indent=0) + "\n").encode()


def read_manifest(folder: str) -> set[str]:
    """Return the paths that a build wrote, those inside the folder; the manifest is one of them.

    Raise OSError where it is there and cannot be read: nobody knows then what is whose.
    """
    try:
        data, _ = read_bytes(os.path.join(folder, MANIFEST), _MAX_MANIFEST)
        paths = json.loads(data)
    except (FileNotFoundError, ValueError, RecursionError):
        return {MANIFEST}
    named = paths if isinstance(paths, list) else []
    return {MANIFEST, *(path for path in named if isinstance(path, str) and _is_inside(path))}


def _is_inside(path: str) -> bool:
    return bool(path) and not path.startswith("/") and ".." not in path.split("/")


def walk(folder: str) -> Tree:
    """Return everything below a folder but a staging directory, following no links; raise OSError.

    A folder that is not there holds nothing.
    """
    tree = Tree()
    waiting = [""] if _exists(folder) else []
    while waiting:
        prefix = waiting.pop()
        with os.scandir(os.path.join(folder, prefix)) as entries:
            for entry in entries:
                path = f"{prefix}{entry.name}"
                with suppress(FileNotFoundError):  # its owner has just taken it away
                    status = entry.stat(follow_symlinks=False)
                    if not stat.S_ISDIR(status.st_mode):
                        tree.files[path] = status
                    elif path != IN_PLACE:
                        tree.folders[path] = status
                        waiting.append(f"{path}/")
    return tree


def _exists(path: str) -> bool:
    """Return whether a path exists; unlike `os.path.lexists`, raise where the system cannot tell."""
    try:
        os.lstat(path)
    except FileNotFoundError:
        return False
    return True


def parents(paths: Iterable[str]) -> set[str]:
    """Return all folders that these paths are in."""
    folders: set[str] = set()
    for path in paths:
        while path := path.rpartition("/")[0]:
            if path in folders:
                break
            folders.add(path)
    return folders


def staging_dir_beside(output: str) -> str:
    """Return the staging directory of the builds into an output (its real path)."""
    folder, name = os.path.split(output)
    return os.path.join(folder, f".{name}.lorainne")


def begin(staging_dir: str) -> None:
    """Make the folder that the new files are staged in."""
    staged = os.path.join(staging_dir, STAGED)
    with suppress(FileExistsError):
        os.mkdir(staged)
        os.chmod(staged, FOLDER_MODE)  # whatever the umask


def put(staging_dir: str, path: str, data: bytes) -> None:
    """Stage one file, in place of one that was staged under the same name."""
    staged = f"{staging_dir}/{STAGED}"
    try:
        _write(f"{staged}/{path}", data)
    except FileNotFoundError:
        make_folders(staged, parents([path]))
        _write(f"{staged}/{path}", data)
    except FileExistsError:
        os.unlink(f"{staged}/{path}")
        _write(f"{staged}/{path}", data)


def link(output: str, staging_dir: str, path: str) -> None:
    """Stage a file of the output as it is; raise OSError or CannotExchangeError."""
    staged = f"{staging_dir}/{STAGED}"
    try:
        _link(f"{output}/{path}", f"{staged}/{path}")
    except FileNotFoundError:
        make_folders(staged, parents([path]))
        _link(f"{output}/{path}", f"{staged}/{path}")


def discard(staging_dir: str) -> None:
    """Remove what was staged; only before it is published."""
    shutil.rmtree(os.path.join(staging_dir, STAGED), ignore_errors=True)


def keep_others(output: str, staging_dir: str, files: Iterable[str], folders: Iterable[str]) -> None:
    """Stage the files and folders of others as they are; raise OSError or CannotExchangeError."""
    make_folders(os.path.join(staging_dir, STAGED), folders)
    for path in files:
        with suppress(FileNotFoundError):  # its owner has just taken it away
            link(output, staging_dir, path)
    for path in (*sorted(folders, reverse=True), ""):
        with suppress(FileNotFoundError):
            _copy_owner_and_mode(os.path.join(output, path), os.path.join(staging_dir, STAGED, path))


def replace(output: str, staging_dir: str, written: Iterable[str]) -> None:
    """Let what is staged take the output's place; raise OSError or CannotExchangeError, the output untouched.

    Afterwards the old output is in the staging directory.
    """
    staged = os.path.join(staging_dir, STAGED)
    if _exists(output):  # where nothing is published yet, nothing can be lost
        sync(staged, written)
    _publish(staged, output, os.path.join(staging_dir, PREVIOUS))


def _copy_owner_and_mode(old: str, new: str) -> None:
    """Give a folder the mode, and the owner where the system allows it, of the one that it replaces."""
    status = os.stat(old)
    if os.name == "posix":
        with suppress(PermissionError):
            os.chown(new, status.st_uid, status.st_gid)
    os.chmod(new, stat.S_IMODE(status.st_mode))


def make_folders(root: str, folders: Iterable[str]) -> None:
    """Make the folders that are missing below a root."""
    for folder in sorted(folders):
        path = os.path.join(root, folder)
        with suppress(FileExistsError):
            os.mkdir(path)
            os.chmod(path, FOLDER_MODE)  # whatever the umask


def _write(path: str, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        rest = memoryview(data)
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


def recover(output: str, staging_dir: str) -> None:
    """Clear the staging directory of what a build left there, finished or not; raise OSError.

    What others put into the old folder while it was being replaced is saved into the output.
    """
    staged, previous = os.path.join(staging_dir, STAGED), os.path.join(staging_dir, PREVIOUS)
    if _exists(previous) and not _exists(output):
        os.rename(previous, output)
    trash = os.path.join(staging_dir, TRASH)
    _clear(trash)
    for left in (staged, previous):
        if _exists(left):
            if _exists(output) and staging_dir != os.path.join(output, IN_PLACE):
                _rescue_new_files(left, output)
            os.rename(left, trash)
            _clear(trash)


def _rescue_new_files(left: str, output: str) -> None:
    """Move into the output what others have put into a folder that it was."""
    current, ours = walk(output).files, read_manifest(left) | read_manifest(output)
    for path, status in walk(left).files.items():
        now = current.get(path)
        is_late = now is None or (now.st_ino != status.st_ino and now.st_mtime_ns < status.st_mtime_ns)
        if path not in ours and is_late:
            make_folders(output, parents([path]))
            os.replace(os.path.join(left, path), os.path.join(output, path))


def _clear(folder: str) -> None:
    """Remove a folder that only lorainne knows, if it is there; raises OSError."""
    if not _exists(folder):
        return
    for path, status in sorted(walk(folder).folders.items()):
        if status.st_mode & stat.S_IRWXU != stat.S_IRWXU:  # a folder of others, closed even to its owner
            os.chmod(os.path.join(folder, path), stat.S_IRWXU)
    shutil.rmtree(folder)


def update(
    output: str, staging_dir: str, written: Iterable[str], removed: Iterable[str], emptied: Iterable[str]
) -> None:
    """Change the output file by file, in the shortest time; for an output that cannot be exchanged.

    The manifest is replaced first: what it no longer names is removed by nobody if this is interrupted, so
    the caller lets it name both sites until this is done. `emptied` are folders that are needed no longer.
    """
    staged, written = os.path.join(staging_dir, STAGED), {*written}
    sync(staged, written)
    # A file becomes a folder, or a folder a file.
    in_the_way = {p for p in removed if p in parents(written) or parents([p]) & written}
    _remove(output, in_the_way, [folder for folder in emptied if folder in written])
    make_folders(output, parents(written))
    for path in sorted(written, key=lambda path: (path != MANIFEST, path)):
        os.replace(os.path.join(staged, path), os.path.join(output, path))
    _remove(output, {*removed} - in_the_way, emptied)
    discard(staging_dir)


def _remove(output: str, files: Iterable[str], folders: Iterable[str]) -> None:
    """Remove files, and those of the folders that are now empty."""
    for path in files:
        os.unlink(os.path.join(output, path))
    for folder in sorted(folders, reverse=True):
        with suppress(OSError):  # something else is in it
            os.rmdir(os.path.join(output, folder))
