"""What is slow to make of the same bytes, such as a picture in another size, is kept in `.lorainne/`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from lorainne import __version__
from lorainne.content.files import read_bytes

FOLDER = ".lorainne"
"""The folder of a project that can be deleted at any time."""

MAX_BYTES = 100_000_000
"""That are kept; what was not used for the longest time goes first."""

_SEAL = 32


class BlobCache:
    """Bytes by the key that they were made for, in files below a project; nothing in them is believed."""

    def __init__(self, source: Path) -> None:
        self._folder = source / FOLDER / "blobs"
        self._program = _program()
        with suppress(OSError):
            self._trim()  # now, so that nothing goes that one build needs, however much it is

    def get_or_make(self, key: object, make: Callable[[], bytes]) -> bytes:
        """Return what is kept for the key, if it is as it was written; else make it, and keep that."""
        name = blake2b(f"{self._program} {key!r}".encode(), digest_size=20).hexdigest()
        path = self._folder / name
        with suppress(OSError):
            self._refuse_links()
            data, _ = read_bytes(path, MAX_BYTES)
            if data[:_SEAL] == _seal(name, data[_SEAL:]):
                os.utime(path)
                return data[_SEAL:]
        made = make()
        with suppress(OSError):
            self._put(path, _seal(name, made) + made)
        return made

    def _put(self, path: Path, data: bytes) -> None:
        """Put a file into the cache in one step; raise OSError."""
        self._refuse_links()
        self._folder.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError), (self._folder.parent / ".gitignore").open("x") as ignored:
            ignored.write("*\n")
        new = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            new.write_bytes(data)
            new.replace(path)
        except BaseException:
            new.unlink(missing_ok=True)
            raise

    def _refuse_links(self) -> None:
        """Raise OSError where the cache's folders lead out of the project: its files could do so."""
        if self._folder.is_symlink() or self._folder.parent.is_symlink():
            raise OSError(f"{self._folder} is a link")

    def _trim(self) -> None:
        """Remove what was not used for the longest time, down to MAX_BYTES; raise OSError."""
        with os.scandir(self._folder) as entries:
            states = [(entry.stat(follow_symlinks=False), entry.path) for entry in entries]
        size = sum(status.st_size for status, _ in states)
        for status, path in sorted(states, key=lambda state: state[0].st_mtime_ns):
            if size <= MAX_BYTES:
                break
            size -= status.st_size
            os.unlink(path)


def _program() -> str:
    """Return what tells two states of lorainne and of its libraries apart."""
    packages = [Path(path) for path in sys.path if path.endswith("-packages")]
    changed = [path.stat().st_mtime_ns for path in packages if path.is_dir()]
    package = Path(__file__).parent.parent
    own = [
        path.stat().st_mtime_ns for folder in ("site", "exports") for path in package.glob(f"{folder}/*.py")
    ]
    return f"{__version__} {sys.version} {sorted(changed)} {sorted(own)}"


def _seal(name: str, data: bytes) -> bytes:
    return blake2b(data, key=name.encode(), digest_size=_SEAL).digest()
