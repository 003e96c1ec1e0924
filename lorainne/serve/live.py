"""A project's site in memory, built again at every change; while content is broken the last one stays."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Condition

from lorainne.build import compile_site
from lorainne.content import project
from lorainne.content.files import FOLDERS
from lorainne.content.memo import Memo
from lorainne.content.project import Project
from lorainne.diagnostics import Diagnostic, has_errors
from lorainne.output.blob_cache import BlobCache
from lorainne.output.site import Site

_ALIVE = 15.0
"""Seconds after which a silent stream says that it is still there."""

_LOOK = 1000
"""Milliseconds between two looks at whether a watched folder is still the same."""


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """What is served: the last good site, and what is wrong with the content now."""

    project: Project
    site: Site
    good: int
    """The number of the change that made the site."""
    change: int
    problems: list[Diagnostic]
    seconds: float


class Live:
    """A project, and its state for everybody who looks at it."""

    def __init__(self, source: Path) -> None:
        self.source = source.resolve()
        self._started = time.time_ns()
        self._changed = Condition()
        self._memo = Memo()
        self._needs_gc = False
        self._cache = BlobCache(source)
        self.state = self._build(None)

    def _build(self, before: State | None) -> State:
        started = time.perf_counter()
        self._needs_gc = True
        current, problems = project.read(self.source)
        site = Site({})
        if not problems:
            compiled = compile_site(current, self._memo, self._cache.get_or_make)
            problems = compiled.problems
            site = site if has_errors(problems) else compiled.site
        change = before.change + 1 if before else 0
        return State(
            project=current,
            site=site or (before.site if before else site),
            good=change if site or not before else before.good,
            change=change,
            problems=problems,
            seconds=time.perf_counter() - started,
        )

    def version(self, change: int) -> str:
        """Return the number of a change as open pages know it; a new start of the server makes new ones."""
        return f"{self._started}-{change}"

    def wait(self, change: int | None) -> State:
        """Return the state once it is another than this one, or after a while the same again."""
        with self._changed:
            self._changed.wait_for(lambda: self.state.change != change, timeout=_ALIVE)
            return self.state

    def rebuilds(self) -> Iterator[State]:
        """Build at every change of the files, without end."""
        from watchfiles import watch  # late: only this command needs it

        gc.disable()  # memory is cleared up in the pauses
        while True:
            folders = self._folders()
            if not folders:  # for a moment, while another version is checked out
                time.sleep(_LOOK / 1000)
                continue
            is_new = True
            for changes in watch(
                *folders,
                step=5,
                debounce=200,
                rust_timeout=_LOOK,
                yield_on_timeout=True,
                raise_interrupt=True,
            ):
                # What changed before the watch began has no event.
                if changes or (is_new and project.changes(self.source, self.state.project)):
                    yield self._rebuild()
                elif self._needs_gc:  # a pause: nobody waits while memory is cleared up
                    gc.collect()
                    self._needs_gc = False
                is_new = False
                if self._folders() != folders:
                    yield self._rebuild()
                    break

    def _rebuild(self) -> State:
        state = self._build(self.state)
        with self._changed:
            self.state = state
            self._changed.notify_all()
        return state

    def _folders(self) -> dict[Path, int]:
        """The folders to watch, and what tells each from another one of the same name."""
        paths = [self.source / folder for folder in FOLDERS]
        return {path: os.stat(path).st_ino for path in paths if path.is_dir()}
