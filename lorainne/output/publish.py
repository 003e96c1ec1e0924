"""A site → disk, whole or not at all: what differs is written, what an earlier build wrote is removed."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from lorainne.content.files import FOLDERS, has_content
from lorainne.diagnostics import Diagnostic, DiagnosticError, Severity, Span, mistake
from lorainne.output import parallel, staging
from lorainne.output.lock import BusyError, exclusive
from lorainne.output.staging import MANIFEST, CannotExchangeError, Tree

LOCK_TIMEOUT = 10.0
"""Seconds that a build waits for another one that writes to the same output."""

MIN_FILES_TO_SHARE = 3000
"""From so many files on, two processes make them."""

Site = Mapping[str, str | bytes]
"""The content of every file by its path; it is made when it is asked for, and may raise DiagnosticError."""

Check = Callable[[], list[Diagnostic]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """What a build did to the output, by path, and what is to be said of it; an error: it did nothing."""

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    problems: tuple[Diagnostic, ...] = ()


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


def publish(site: Site, output: Path, *, adopt: bool = False, check: Check = list) -> Changes:
    """Let the output hold the site; files that no build of ours wrote stay as they are.

    `check` is asked when no other build can come between any more; what it finds stops the publishing.
    """
    real = os.path.realpath(output)
    job = _Job(site=site, output=real, span=Span(file=str(output)), adopt=adopt, check=check)
    try:
        os.makedirs(os.path.dirname(real), exist_ok=True)
        return _publish(job)
    except BusyError:
        return Changes(problems=(output_busy(job.span),))
    except DiagnosticError as error:
        return Changes(problems=(error.diagnostic,))
    except OSError as error:
        return Changes(problems=(not_written(job.span, str(error)),))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Job:
    """One site on its way into one output, which is a real path."""

    site: Site
    output: str
    span: Span
    adopt: bool
    check: Check


@dataclass(frozen=True, kw_only=True, slots=True)
class _Output:
    """The output as it is, and which of its files a build wrote."""

    tree: Tree
    ours: set[str]

    def to_remove(self, paths: set[str]) -> list[str]:
        """Return the files of ours that are no longer among the paths of the site."""
        return sorted((self.ours & self.tree.files.keys()) - paths)

    def emptied(self, paths: set[str]) -> list[str]:
        """Return the folders of ours that the site no longer needs."""
        used, needed = staging.parents(self.ours), staging.parents(paths)
        return sorted((self.tree.folders.keys() & used) - needed)

    def in_the_way(self, paths: set[str], unchanged: Iterable[str]) -> list[str]:
        """Return the files of others that would have to go, and folders where a file would have to be."""
        needed = paths | staging.parents(paths)
        files = (self.tree.files.keys() & needed) - self.ours - {*unchanged}
        return sorted(files | (self.tree.folders.keys() & (paths - staging.parents(self.ours))))


def _publish(job: _Job) -> Changes:
    """Publish in one step, or else file by file."""
    folder = os.path.dirname(job.output)
    try:
        if os.path.ismount(job.output):
            raise CannotExchangeError("it is a mount point")
        if os.path.isdir(job.output) and not os.access(folder, os.W_OK):
            raise CannotExchangeError("the folder around it is not yours to write to")
        staging_dir = staging.staging_dir_beside(job.output)
        with exclusive(staging_dir, LOCK_TIMEOUT):
            return _stage_and(job, staging_dir, _exchange)
    except CannotExchangeError as error:
        reason = str(error)
    staging_dir = os.path.join(job.output, staging.IN_PLACE)
    with exclusive(staging_dir, LOCK_TIMEOUT):
        return _stage_and(job, staging_dir, partial(_update, reason=reason))


def _stage_and(
    job: _Job, staging_dir: str, finish: Callable[[_Job, str, _Output, set[str]], list[Diagnostic]]
) -> Changes:
    """Stage the site, and finish what differs from the output; the staging directory is ours alone."""
    staging.recover(job.output, staging_dir)
    try:
        old = _Output(tree=staging.walk(job.output), ours=staging.read_manifest(job.output))
        paths = {MANIFEST, *job.site}
        written, problems = _stage(job, staging_dir, old.tree)
        if not job.adopt:
            problems += [
                foreign_file(Span(file=os.path.join(job.output, path)))
                for path in old.in_the_way(paths, paths - written)
            ]
        removed = old.to_remove(paths)
        if problems := job.check() + problems:
            staging.discard(staging_dir)
            return Changes(problems=tuple(problems))
        if written or removed or old.emptied(paths):
            problems = finish(job, staging_dir, old, written)
        else:
            staging.discard(staging_dir)
    except BaseException:
        staging.discard(staging_dir)
        raise
    return Changes(
        written=tuple(sorted(written - {MANIFEST})), removed=tuple(removed), problems=tuple(problems)
    )


def _stage(job: _Job, staging_dir: str, old: Tree) -> tuple[set[str], list[Diagnostic]]:
    """Stage what differs from the output; return the paths of that, and what cannot be made."""
    staging.begin(staging_dir)
    stage = partial(_stage_file, job, staging_dir, old)
    # The manifest first: what a build leaves behind is never taken for somebody's files.
    written = {MANIFEST} if stage(MANIFEST, staging.dump_manifest(job.site)) else set()
    problems: list[Diagnostic] = []

    def work(paths: Iterable[str]) -> tuple[list[str], list[Diagnostic]]:
        changed, wrong = [], []
        for path in paths:
            try:
                content = job.site[path]
            except DiagnosticError as error:
                wrong.append(error.diagnostic)
                continue
            if stage(path, content.encode() if isinstance(content, str) else content):
                changed.append(path)
        return changed, wrong

    for changed, wrong in parallel.share(work, [*job.site], min_items=MIN_FILES_TO_SHARE):
        written.update(changed)
        problems += wrong
    return written, problems


def _stage_file(job: _Job, staging_dir: str, old: Tree, path: str, data: bytes) -> bool:
    """Stage one file if it differs from the output, and return whether it does."""
    if _is_same(f"{job.output}/{path}", old.files.get(path), data):
        return False
    staging.put(staging_dir, path, data)
    return True


def _is_same(path: str, status: os.stat_result | None, data: bytes) -> bool:
    """Return whether a file of the output has this content, and the mode that we would give it."""
    if status is None or status.st_size != len(data) or not stat.S_ISREG(status.st_mode):
        return False
    if os.name == "posix" and stat.S_IMODE(status.st_mode) != staging.FILE_MODE:
        return False
    try:
        return has_content(path, data)
    except OSError:  # whatever it is, it is not what readers should find
        return False


def _exchange(job: _Job, staging_dir: str, old: _Output, written: set[str]) -> list[Diagnostic]:
    """Publish in one step; then only the clearing of the old site can fail."""
    devices = {status.st_dev for status in old.tree.folders.values()}
    if devices - {os.stat(staging_dir).st_dev}:
        raise CannotExchangeError("a folder in it is another file system")
    paths = {MANIFEST, *job.site}
    for path in sorted(paths - written):
        staging.link(job.output, staging_dir, path)
    used, needed = staging.parents(old.ours), staging.parents(paths)
    files = old.tree.files.keys() - paths - old.ours - needed
    staging.keep_others(
        job.output, staging_dir, sorted(files), sorted(old.tree.folders.keys() - used - needed)
    )
    staging.replace(job.output, staging_dir, written)
    try:
        staging.recover(job.output, staging_dir)
    except OSError as error:
        return [left_behind(replace(job.span, file=staging_dir), str(error))]
    return []


def _update(job: _Job, staging_dir: str, old: _Output, written: set[str], reason: str) -> list[Diagnostic]:
    """Publish file by file, with a manifest of both sites until it is done."""
    paths = {MANIFEST, *job.site}
    staging.put(staging_dir, MANIFEST, staging.dump_manifest(paths | old.ours))
    removed, emptied = old.to_remove(paths), old.emptied(paths)
    staging.update(job.output, staging_dir, written | {MANIFEST}, removed, emptied)
    staging.begin(staging_dir)
    staging.put(staging_dir, MANIFEST, staging.dump_manifest(job.site))
    staging.update(job.output, staging_dir, [MANIFEST], [], [])
    return [output_in_place(job.span, reason)]
