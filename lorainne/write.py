"""A site → disk, whole or not at all: what differs is written, what an earlier build wrote is removed."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from lorainne import processes, transaction
from lorainne.diagnostics import Diagnostic, Severity, Span, mistake
from lorainne.lock import BusyError, only_one
from lorainne.manifest import MANIFEST, as_manifest, written_in
from lorainne.scan import FOLDERS, File, UnreadableError, holds
from lorainne.transaction import CannotExchangeError, Difference, Status, Tree
from lorainne.weaving import Woven

PATIENCE = 10.0
"""For so many seconds a build waits for another one that writes to the same output."""

WORTH_TWO = 500
"""From so many files on, two processes make them."""

Site = Mapping[str, str | File]
"""Every output by its path: text, or a file to copy."""
Weave = Callable[[str], Woven | File | str]
Check = Callable[[], list[Diagnostic]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """What a build did to the output, by path, and what is to be said of it; an error: it did nothing."""

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    seams: bytes = b""
    """Where bodies stand: a line for each output that holds one, its path and its seams."""


@mistake
def foreign_output(span: Span) -> Diagnostic:
    """The output folder holds files that lorainne did not write.

    A build replaces what stands in its output; it never begins in a folder that holds somebody's work, unless
    it is told to with `--adopt`. Then files of others stay, but for those where the site has its own.

    Wrong: `lorainne build --output ~/Documents`
    Right: `lorainne build --output _site`
    """
    return Diagnostic(
        message=f"{span.file} holds files that lorainne did not write",
        span=span,
        help="choose another folder with --output, or let lorainne build in this one with --adopt",
    )


@mistake
def dangerous_output(span: Span, what: str) -> Diagnostic:
    """The output is a folder that no site may replace.

    The folder of the project or one around it, one of its source folders, the home folder, the root of the
    file system: a slip in the command must not cost anybody's work.

    Wrong: `lorainne build --output .`
    Right: `lorainne build --output _site`
    """
    return Diagnostic(
        message=f"{span.file} is {what}: no site is written there",
        span=span,
        help="choose a folder of its own with --output",
    )


@mistake
def foreign_file(span: Span) -> Diagnostic:
    """Where the site has a file, the output has one that lorainne did not write.

    Somebody put it there, and it would be lost.

    Wrong: an `about-us.html` written by hand in `_site/`, and then a `content/pages/about-us.md`.
    Right: only one of them.
    """
    return Diagnostic(
        message=f"{span.file} was not written by lorainne, and the site has a file of this name",
        span=span,
        help="take it away, or let the site replace it with --adopt",
    )


@mistake
def not_written(span: Span, why: str) -> Diagnostic:
    """The system does not let lorainne write the site: the disk is full, or a permission is missing.

    The output is as it was.

    Wrong: an output folder that belongs to somebody else.
    Right: an output folder of your own.
    """
    return Diagnostic(
        message=f"the site could not be written: {why}",
        span=span,
        help="make room or give yourself the permission, and run the command again",
    )


@mistake
def output_busy(span: Span) -> Diagnostic:
    """Another build is writing to the same output, and did not end while this one waited.

    Wrong: two builds into one folder at the same time, one of them standing still.
    Right: one after the other, or two outputs.
    """
    return Diagnostic(
        message=f"another build is writing to {span.file}",
        span=span,
        help="wait for it to end, or choose another folder with --output",
    )


@mistake
def output_in_place(span: Span, why: str) -> Diagnostic:
    """The output could not be replaced in one step, so its files were replaced one by one.

    For a moment readers can see pages of the old site beside pages of the new one. A folder cannot be
    exchanged where it is a mount point, or where the folder around it is not yours.

    Wrong: `lorainne build --output /mnt/site`, where a disk is mounted.
    Right: `lorainne build --output /mnt/site/public`
    """
    return Diagnostic(
        message=f"{span.file} was changed file by file: {why}",
        span=span,
        severity=Severity.WARNING,
        help="choose a folder inside this one, and publish that",
    )


@mistake
def left_behind(span: Span, why: str) -> Diagnostic:
    """The new site is published, but what is left of the old one could not be removed.

    Wrong: a folder of somebody else inside the output.
    Right: only files that are yours; the next build tries again.
    """
    return Diagnostic(
        message=f"the new site is in place; the old one beside it could not be removed: {why}",
        span=span,
        severity=Severity.WARNING,
        help=f"remove {span.file}, or build again",
    )


MISTAKES = (
    foreign_output,
    dangerous_output,
    foreign_file,
    not_written,
    output_busy,
    output_in_place,
    left_behind,
)


def refuse(output: Path, source: Path | None = None, *, adopt: bool = False) -> list[Diagnostic]:
    """Why nothing may be written there; empty when it may."""
    span, real = Span(file=str(output)), Path(os.path.realpath(output))
    if what := _danger(real, source and Path(os.path.realpath(source))):
        return [dangerous_output(span, what)]
    try:
        if adopt or not real.exists() or (real / MANIFEST).is_file() or not any(real.iterdir()):
            return []
    except OSError as error:
        return [not_written(span, str(error))]
    return [foreign_output(span)]


def _danger(output: Path, source: Path | None) -> str:
    """What the output is that it must not be; empty when it is no such thing."""
    home = Path(os.path.realpath(os.path.expanduser("~")))
    if output == Path(output.anchor):
        return "the root of the file system"
    if home.is_relative_to(output):
        return "the home folder, or around it"
    if source and source.is_relative_to(output):
        return "the folder of the project, or around it"
    if source and any(output.is_relative_to(source / folder) for folder in FOLDERS):
        return "a folder of the project's own files"
    if ".git" in output.parts:
        return "inside a Git repository's own folder"
    return ""


def write(
    site: Site, output: Path, *, adopt: bool = False, check: Check = list, woven: Weave | None = None
) -> Changes:
    """Make the output hold the site; files that no build of ours wrote stay as they are.

    `check` is asked when no other build can come between any more; what it finds stops the writing. `woven`
    is what is asked for the outputs, where they come with their seams.
    """
    span, real = Span(file=str(output)), os.path.realpath(output)
    try:
        os.makedirs(os.path.dirname(real), exist_ok=True)
        return _exchanged(_Build(site, real, span, adopt, check, woven or site.__getitem__))
    except BusyError:
        return Changes(problems=(output_busy(span),))
    except UnreadableError as error:
        return Changes(problems=(error.diagnostic,))
    except OSError as error:
        return Changes(problems=(not_written(span, str(error)),))


def _exchanged(build: _Build) -> Changes:
    """Write in one step, or else file by file."""
    folder, room = os.path.dirname(build.output), transaction.room_beside(build.output)
    try:
        if os.path.ismount(build.output):
            raise CannotExchangeError("it is a mount point")
        if os.path.isdir(build.output) and not os.access(folder, os.W_OK):
            raise CannotExchangeError("the folder around it is not yours to write to")
        with only_one(room, PATIENCE):
            return build.run(room, build.replace)
    except CannotExchangeError as error:
        why = str(error)
    room = os.path.join(build.output, transaction.ROOM)
    with only_one(room, PATIENCE):
        return build.run(room, lambda room, difference: build.update(room, difference, why))


class _Build:
    """One site on its way into one output."""

    def __init__(self, site: Site, output: str, span: Span, adopt: bool, check: Check, woven: Weave) -> None:
        self.site, self.manifest = site, as_manifest(site)
        self.paths = {MANIFEST, *site}
        self.output, self.span, self.adopt, self.check, self.woven = output, span, adopt, check, woven

    def run(self, room: str, publish: Callable[[str, Difference], list[Diagnostic]]) -> Changes:
        """Find out what differs, and publish it; the room is ours alone."""
        transaction.recover(self.output, room)
        try:
            difference, seams, in_the_way = self._prepared(room)
            if problems := self.check() + in_the_way:
                transaction.discard(room)
                return Changes(problems=tuple(problems))
            if difference.write or difference.remove or difference.emptied:
                problems = publish(room, difference)
            else:
                transaction.discard(room)
        except BaseException:
            transaction.discard(room)
            raise
        return Changes(
            written=tuple(path for path in difference.write if path != MANIFEST),
            removed=difference.remove,
            problems=tuple(problems),
            seams=seams,
        )

    def _prepared(self, room: str) -> tuple[Difference, bytes, list[Diagnostic]]:
        """What differs, put into the room; all seams; what of others is in the way."""
        tree, ours = transaction.walk(self.output), written_in(self.output)
        staged, seams = self._staged(tree, room)
        difference = self._difference(tree, ours, staged)
        return difference, seams, [] if self.adopt else self._in_the_way(tree, ours, difference.stay)

    def _staged(self, tree: Tree, room: str) -> tuple[set[str], bytes]:
        """The paths whose content differs from the output's, which stands in the room now; all seams."""
        transaction.begin(room)
        # The manifest first: what a build leaves behind is never taken for somebody's files. The others in
        # the order of the site, where those that are made from the same things stand together.
        paths = [MANIFEST, *self.site]
        made = processes.shared(partial(self._stage, tree, room), paths, least=WORTH_TWO)
        return set().union(*(staged for staged, _ in made)), b"".join(seams for _, seams in made)

    def _stage(self, tree: Tree, room: str, paths: Iterable[str]) -> tuple[list[str], bytearray]:
        staged, seams = [], bytearray()
        for path in paths:
            content = self.manifest if path == MANIFEST else self.woven(path)
            if isinstance(content, Woven) and content.seams:
                seams += f"{path}\0{content.seams}\n".encode()
            parts = content.parts if isinstance(content, Woven) else [_bytes(content)]
            if not self._is_same(path, tree.files.get(path), parts):
                transaction.put(room, path, parts)
                staged.append(path)
        return staged, seams

    def replace(self, room: str, difference: Difference) -> list[Diagnostic]:
        """Publish in one step; then only the clearing of the old site can fail."""
        transaction.replace(self.output, room, difference)
        try:
            transaction.recover(self.output, room)
        except OSError as error:
            return [left_behind(replace(self.span, file=room), str(error))]
        return []

    def update(self, room: str, difference: Difference, why: str) -> list[Diagnostic]:
        """Publish file by file, with a manifest of both sites until it is done."""
        both = as_manifest({*self.site, *written_in(self.output)})
        for manifest, step in (
            (
                both,
                replace(
                    difference, write=(MANIFEST, *(path for path in difference.write if path != MANIFEST))
                ),
            ),
            (self.manifest, replace(difference, write=(MANIFEST,), remove=(), emptied=())),
        ):
            transaction.begin(room)
            transaction.put(room, MANIFEST, [manifest.encode()])
            transaction.update(self.output, room, step)
        return [output_in_place(self.span, why)]

    def _difference(self, tree: Tree, ours: set[str], staged: set[str]) -> Difference:
        remove = (ours & tree.files.keys()) - self.paths
        used, needed = transaction.parents(ours), transaction.parents(self.site)
        others = tree.files.keys() - self.paths - remove - needed
        return Difference(
            write=tuple(sorted(staged, key=lambda path: (path != MANIFEST, path))),
            stay=tuple(sorted(self.paths - staged)),
            remove=tuple(sorted(remove)),
            emptied=tuple(sorted((tree.folders.keys() & used) - needed)),
            others=tuple(sorted(others)),
            folders_of_others=tuple(sorted(tree.folders.keys() - used - needed)),
            devices=frozenset(status.st_dev for status in tree.folders.values()),
        )

    def _is_same(self, path: str, status: Status | None, parts: Sequence[bytes | bytearray]) -> bool:
        """Whether this stands in the output already."""
        size = sum(map(len, parts))
        if status is None or status.size != size or not stat.S_ISREG(status.mode):
            return False
        if os.name == "posix" and stat.S_IMODE(status.mode) != transaction.FILE_MODE:
            return False
        try:
            return holds(os.path.join(self.output, path), parts)
        except OSError:  # whatever it is, it is not what readers should find
            return False

    def _in_the_way(self, tree: Tree, ours: set[str], stay: Iterable[str]) -> list[Diagnostic]:
        """The files of others that would have to go, and the folders where a file would have to be."""
        needed = {*self.paths, *transaction.parents(self.site)}
        files = (tree.files.keys() & needed) - ours - set(stay)
        folders = tree.folders.keys() & (self.paths - transaction.parents(ours))
        return [foreign_file(Span(file=os.path.join(self.output, path))) for path in sorted(files | folders)]


def _bytes(content: File | str) -> bytes:
    return content.encode() if isinstance(content, str) else content.read()


def rewrite(path: Path, data: bytes) -> None:
    """Replace one file of the project, its permissions kept; a reader never sees half of it."""
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    with new.open("xb") as stream:  # a link that stands there is not followed
        stream.write(data)
    new.chmod(path.stat().st_mode)
    os.replace(new, path)


def existing(root: Path, names: Iterable[str]) -> list[str]:
    """Those of the files that are there, whatever they are."""
    return [name for name in names if os.path.lexists(root / name)]


def create(root: Path, files: Mapping[str, str]) -> list[str]:
    """Write files of the project that are not there yet; the names of those that are, and stay."""
    there = []
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("x", encoding="utf-8", newline="\n") as new:
                new.write(text)
        except FileExistsError:
            there.append(name)
    return there
