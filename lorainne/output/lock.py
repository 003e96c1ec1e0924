"""A folder in which one process at a time works; it goes when the work is done."""

from __future__ import annotations

import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_NAME = "lock"
_PAUSE = 0.05


class BusyError(Exception):
    """Another process works in the folder, and did not end in time."""


@contextmanager
def exclusive(folder: str, timeout: float) -> Iterator[None]:
    """Make the folder and hold it alone; raise BusyError after `timeout` seconds, or OSError.

    The system lets go of a lock when its process ends, however it ends; what that process left in the folder
    is still there.
    """
    descriptor = _taken(folder, time.monotonic() + timeout)
    try:
        yield
    finally:
        with suppress(OSError):  # a folder that cannot go now goes with the next build
            os.unlink(os.path.join(folder, _NAME))
            os.rmdir(folder)
        with suppress(OSError):
            os.close(descriptor)


def _taken(folder: str, deadline: float) -> int:
    """The descriptor of the locked file."""
    while True:
        descriptor = _opened(folder)
        if descriptor is not None:
            try:
                taken = _locked(descriptor) and _is_still_there(descriptor, folder)
            except OSError:
                os.close(descriptor)
                raise
            if taken:
                return descriptor
            os.close(descriptor)
        if time.monotonic() > deadline:
            raise BusyError
        time.sleep(_PAUSE)


def _opened(folder: str) -> int | None:
    """The file to lock; None when the one who held it has just taken the folder away."""
    with suppress(FileExistsError):
        os.mkdir(folder, 0o700)
    with suppress(FileNotFoundError):
        _refuse_foreign(folder)
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        return os.open(os.path.join(folder, _NAME), flags, 0o600)
    return None


def _refuse_foreign(folder: str) -> None:
    """Somebody else could have put a folder, or a link to one, where ours is expected."""
    status = os.stat(folder, follow_symlinks=False)
    if not stat.S_ISDIR(status.st_mode) or (sys.platform != "win32" and status.st_uid != os.geteuid()):
        raise PermissionError(f"{folder} is not a folder of yours")


def _locked(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # the second is what Windows says
        return False
    return True


def _is_still_there(descriptor: int, folder: str) -> bool:
    """Whether the locked file is the one that others would lock, and not one that was taken away."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(descriptor), os.stat(os.path.join(folder, _NAME)))
    return False
