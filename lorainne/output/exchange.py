"""Two names of one file system change places in one step, where the system knows such a step."""

from __future__ import annotations

import errno
import os
import sys

_HERE = -100  # AT_FDCWD: names are relative to the current folder
_SWAP = 2  # RENAME_EXCHANGE of Linux and RENAME_SWAP of macOS

# What a kernel or a file system answers that does not know the step.
_UNKNOWN = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP)


def exchange(one: str, other: str) -> bool:
    """Let two existing names change places; False where there is no such step, raises OSError."""
    if sys.platform not in ("linux", "darwin"):
        return False
    import ctypes  # only when there is something to publish

    libc = ctypes.CDLL(None, use_errno=True)
    first, second = os.fsencode(one), os.fsencode(other)
    if hasattr(libc, "renameat2"):
        failed = libc.renameat2(_HERE, first, _HERE, second, _SWAP)
    elif hasattr(libc, "renamex_np"):
        failed = libc.renamex_np(first, second, _SWAP)
    else:
        return False
    number = ctypes.get_errno()
    if failed and number not in _UNKNOWN:
        raise OSError(number, os.strerror(number), one, None, other)
    return not failed
