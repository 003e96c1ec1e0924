"""Work that two processes share: fork once, and each does every second block of items."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import NoReturn, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


_BLOCK = 64
"""Neighbouring items need the same things, so they are done by the same process."""


def share(work: Callable[[Iterable[Item]], Result], items: Sequence[Item], *, min_items: int) -> list[Result]:
    """Return what `work` makes of the items in each of two processes, or in this one where there are few.

    Raise what `work` raises in either, and OSError where the second process ends without a word.
    """
    if len(items) < min_items or not can_fork():
        return [work(items)]
    gc.freeze()  # what is here stays: looking for waste in it would only copy it into both processes
    reading, writing = os.pipe()
    parent = os.getpid()
    try:
        child = os.fork()
    except OSError:  # there are too many processes already
        os.close(reading)
        os.close(writing)
        return [work(items)]
    if child == 0:
        _work_and_end(work, _while_alive(parent, _half(items, 1)), writing)
    os.close(writing)
    try:
        with os.fdopen(reading, "rb") as stream:
            own = work(_half(items, 0))
            answer = stream.read()
    except BaseException:
        os.kill(child, signal.SIGKILL)
        raise
    finally:
        with suppress(ChildProcessError):  # the system was told to forget what ends
            os.waitpid(child, 0)
    if not answer:
        raise OSError("the second process has ended before its work was done")
    result, error = pickle.loads(answer)  # from a copy of this process
    if error:
        raise error
    return [own, result]


def can_fork() -> bool:
    """Return whether there is a second processor, and a system that copies processes safely."""
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1


def _half(items: Sequence[Item], number: int) -> list[Item]:
    """Return the first (0) or the second (1) half of the items, a block from here and a block from there."""
    return [item for at, item in enumerate(items) if at // _BLOCK % 2 == number]


def _while_alive(parent: int, items: Iterable[Item]) -> Iterator[Item]:
    """Yield the items as long as somebody waits for the result."""
    for item in items:
        if os.getppid() != parent:
            os._exit(1)
        yield item


def _work_and_end(work: Callable[[Iterable[Item]], Result], items: Iterable[Item], writing: int) -> NoReturn:
    try:
        try:
            answer = pickle.dumps((work(items), None))
        except Exception as error:
            answer = _dump_error(error)
        with os.fdopen(writing, "wb") as stream:
            stream.write(answer)
    finally:
        os._exit(0)


def _dump_error(error: Exception) -> bytes:
    """Return the answer of a process that failed; an error that cannot be sent is told by its traceback."""
    error.add_note(traceback.format_exc())
    try:
        answer = pickle.dumps((None, error))
        pickle.loads(answer)
    except Exception:
        return pickle.dumps((None, RuntimeError(traceback.format_exc())))
    return answer
