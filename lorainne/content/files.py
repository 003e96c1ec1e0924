"""Folders on disk → files that can be read: nothing outside them, nothing endless, nothing too large.

Only this module reads a project from disk.
"""

from __future__ import annotations

import errno
import os
import stat
import struct
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from lorainne.diagnostics import Diagnostic, DiagnosticError, Span, mistake

FOLDERS = ("content", "templates", "static")

MAX_BYTES = 1_000_000
"""Of one text: a content file, a template."""

MAX_PUBLISHED = 100_000_000
"""Of one file that is published as it is; Git hosts take no larger ones."""

MAX_TEXTS = 50_000_000
MAX_TOTAL = 2_000_000_000
MAX_FILES = 50_000
MAX_FOLDERS = 16
"""Of all content texts in bytes, of everything in bytes, of files, of folders inside each other."""

Stamp = bytes
"""What tells two states of a file on disk apart: device, inode, size, time of the last change."""


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """A file that can be read: its size in bytes, and the reading itself, which raises DiagnosticError."""

    size: int
    read: Callable[[], bytes]
    stamp: Stamp = b""


@mistake
def not_a_file(span: Span) -> Diagnostic:
    """Something in the project is neither a file nor a folder.

    A symbolic link could publish what lies outside the project, and a pipe or a device never ends. lorainne
    follows none of them.

    Wrong: `content/files/slides.pdf` is a link to `/home/me/slides.pdf`.
    Right: `content/files/slides.pdf` is a copy of it.
    """
    return Diagnostic(
        message=f"{span.file} is a symbolic link or a special file, and is not followed",
        span=span,
        help="put the file itself here",
    )


@mistake
def file_too_large(span: Span, size: int, most: int = MAX_BYTES) -> Diagnostic:
    """A file is larger than a file of its kind can be.

    The limit keeps a file that was put here by mistake from stopping everybody's builds. A text of content
    or a template has at most 1,000,000 bytes, a file below `content/files/` at most 100,000,000.

    Wrong: a 20 MB recording saved as `talks/a.md`.
    Right: the recording in `content/files/`, named in `talks/a.md`.
    """
    published = most > MAX_BYTES
    kind = "published" if published else "content"
    return Diagnostic(
        message=f"this file has {size:,} bytes; {kind} files have at most {most:,}",
        span=span,
        help="put it where recordings and data sets are kept, and write its web address"
        if published
        else "put large files below content/files/ and name them here",
    )


@mistake
def project_too_large(span: Span, what: str, most: int) -> Diagnostic:
    """The project as a whole is larger than the site of a workshop can be.

    The limits keep a folder that was put here by mistake from stopping everybody's builds: 50,000 files,
    folders 16 deep, 50,000,000 bytes of texts, 2,000,000,000 bytes in all.

    Wrong: an archive of all photographs of the last ten years in `content/files/`.
    Right: the photographs that a page shows.
    """
    return Diagnostic(
        message=f"the project has more than {most:,} {what}",
        span=span,
        help="move out of content/, templates/ and static/ what the site does not show",
    )


@mistake
def unreadable_file(span: Span, why: str) -> Diagnostic:
    """The system does not let lorainne read a file or a folder.

    Wrong: a file that only another user may read.
    Right: the same file after `chmod u+r`.
    """
    return Diagnostic(
        message=f"{span.file} cannot be read: {why}",
        span=span,
        help="give yourself the permission to read it, or take it out of the project",
    )


@mistake
def unreadable_name(span: Span) -> Diagnostic:
    """The name of a file or a folder holds characters that cannot be shown, or that are not UTF-8.

    It could not be an address on the web, and could read as something else than it is.

    Wrong: a name with a line end, or unpacked from an archive in another encoding.
    Right: `content/files/poster.pdf`
    """
    return Diagnostic(
        message="the name of this file or folder holds characters that cannot be shown",
        span=span,
        help="rename it, best with small letters, digits and hyphens only",
    )


@mistake
def changed_meanwhile(span: Span) -> Diagnostic:
    """A file was saved, added or deleted while the site was being built.

    A site made half of the old and half of the new files could contradict itself, so nothing is written.

    Wrong: a file that is saved in the same second in which a build runs.
    Right: `lorainne build`, once more.
    """
    return Diagnostic(
        message=f"{span.file} changed while the site was being built",
        span=span,
        help="run the command again",
    )


MISTAKES = (
    not_a_file,
    file_too_large,
    project_too_large,
    unreadable_file,
    unreadable_name,
    changed_meanwhile,
)


# A pipe must not stop the build, a link must not be followed; where the system has no such flag, the
# comparison with the scan finds the same.
_SAFE_FLAGS = os.O_RDONLY | sum(
    getattr(os, flag, 0) for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
)


# What the system says of a file that was scanned and is no longer there; None is said of a special file.
_NOT_THERE = (None, errno.ENOENT, errno.ENOTDIR, errno.ELOOP)


_BY_DESCRIPTOR = os.scandir in os.supports_fd


def _stamp(status: os.stat_result) -> Stamp:
    identity = (status.st_dev, status.st_ino) if _BY_DESCRIPTOR else (0, 0)  # Windows has them not everywhere
    return struct.pack("QQqqq", *identity, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def read_bytes(path: Path | str, limit: int) -> tuple[bytes, os.stat_result]:
    """Return a regular file's bytes, up to one more than `limit`, and its status; raise OSError."""
    with _opened(path) as descriptor:
        parts, missing = [], limit + 1
        while missing > 0 and (part := os.read(descriptor, min(missing, 1 << 20))):
            parts.append(part)
            missing -= len(part)
        return b"".join(parts), os.fstat(descriptor)


def has_content(path: str, data: bytes) -> bool:
    """Return whether a regular file holds exactly these bytes; raise OSError where it cannot be read."""
    with _opened(path) as descriptor:
        return os.read(descriptor, len(data)) == data and not os.read(descriptor, 1)


@contextmanager
def _opened(path: Path | str) -> Iterator[int]:
    """The descriptor of a regular file; raises OSError."""
    descriptor = os.open(path, _SAFE_FLAGS)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(f"{path} is not a regular file")
        yield descriptor
    finally:
        os.close(descriptor)


def _read(root: str, name: str, size: int, stamp: Stamp) -> bytes:
    """The bytes that stood in a file when it was scanned; raises DiagnosticError."""
    try:
        data, status = read_bytes(f"{root}/{name}", size)
    except OSError as error:
        if error.errno in _NOT_THERE:
            raise DiagnosticError(changed_meanwhile(Span(file=name))) from None
        raise DiagnosticError(unreadable_file(Span(file=name), error.strerror or "")) from None
    if _stamp(status) != stamp or len(data) != size:
        raise DiagnosticError(changed_meanwhile(Span(file=name)))
    return data


class _Scan:
    """The regular files below some folders; what is special, or beyond the limits, is a problem."""

    def __init__(self, root: Path) -> None:
        self.root = os.fspath(root)
        self.files: dict[str, File] = {}
        self.problems: list[Diagnostic] = []
        self._texts = self._bytes = 0

    def folder(self, folder: str, expected: os.stat_result) -> None:
        """Add what is below this folder, if it is still this one; raises DiagnosticError at a limit."""
        if folder.count("/") >= MAX_FOLDERS:
            raise DiagnosticError(
                project_too_large(Span(file=folder), "folders inside each other", MAX_FOLDERS)
            )
        try:
            entries = _entries(f"{self.root}/{folder}", expected)
        except OSError as error:
            self.problems.append(unreadable_file(Span(file=folder), error.strerror or ""))
            return
        for base, status in entries:
            self._entry(f"{folder}/{base}", status)

    def _entry(self, name: str, status: os.stat_result) -> None:
        if not name.isprintable():  # nor are bytes that are not UTF-8
            shown = "".join(c if c.isprintable() else "\ufffd" for c in name)
            self.problems.append(unreadable_name(Span(file=shown)))
        elif stat.S_ISDIR(status.st_mode):
            self.folder(name, status)
        elif not stat.S_ISREG(status.st_mode):
            self.problems.append(not_a_file(Span(file=name)))
        elif status.st_size > MAX_PUBLISHED:
            self.problems.append(file_too_large(Span(file=name), status.st_size, MAX_PUBLISHED))
        else:
            size, stamp = status.st_size, _stamp(status)
            read = partial(_read, self.root, name, size, stamp)
            self.files[name] = File(size=size, read=read, stamp=stamp)
            self._bound(name, size)

    def _bound(self, name: str, size: int) -> None:
        self._bytes += size
        if name.endswith((".md", ".yaml")) and not name.startswith("content/files/"):
            self._texts += size
        if len(self.files) > MAX_FILES:
            raise DiagnosticError(project_too_large(Span(file=name), "files", MAX_FILES))
        if self._texts > MAX_TEXTS:
            raise DiagnosticError(project_too_large(Span(file=name), "bytes of texts", MAX_TEXTS))
        if self._bytes > MAX_TOTAL:
            raise DiagnosticError(project_too_large(Span(file=name), "bytes", MAX_TOTAL))


def _entries(folder: str, expected: os.stat_result) -> list[tuple[str, os.stat_result]]:
    """The names in a folder with their states, but for hidden ones; raises OSError."""
    if not _BY_DESCRIPTOR:
        with os.scandir(folder) as entries:
            return _visible(entries)
    descriptor = os.open(folder, _SAFE_FLAGS | os.O_DIRECTORY)
    try:
        if not os.path.samestat(os.fstat(descriptor), expected):
            raise OSError(errno.ESTALE, "it was replaced while it was read")
        with os.scandir(descriptor) as entries:
            return _visible(entries)
    finally:
        os.close(descriptor)


def _visible(entries: Iterator[os.DirEntry[str]]) -> list[tuple[str, os.stat_result]]:
    return [
        (name, entry.stat(follow_symlinks=False))
        for entry in entries
        if not (name := entry.name).startswith(".") and name != "__pycache__"
    ]


def tree(root: Path, folders: Iterable[str] = FOLDERS) -> tuple[dict[str, File], list[Diagnostic]]:
    """The files below these folders of a project by name, and what of them cannot be read."""
    scan = _Scan(root)
    for folder in folders:
        try:
            status = os.stat(root / folder, follow_symlinks=False)
            if stat.S_ISDIR(status.st_mode):
                scan.folder(folder, status)
            elif not stat.S_ISREG(status.st_mode):
                scan.problems.append(not_a_file(Span(file=folder)))
        except FileNotFoundError:
            continue
        except OSError as error:
            scan.problems.append(unreadable_file(Span(file=folder), error.strerror or ""))
        except DiagnosticError as error:
            scan.problems.append(error.diagnostic)
    return scan.files, scan.problems
