"""Work that two processes share, where the system can fork and there is enough of it."""

from __future__ import annotations

import gc
import os
import pickle
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TypeVar

Piece = TypeVar("Piece")
Result = TypeVar("Result")

_TURNS = 512
"""Into so many portions the pieces are divided: the process that is ready first takes the next one."""


def shared(
    work: Callable[[Iterator[Piece]], Result], pieces: Sequence[Piece], *, least: int
) -> tuple[Result, ...]:
    """What `work` makes of the pieces: a result of each process, in no order; one of few pieces (`least`).

    The second process is a copy of this one, so `work` may use all that is here; its result is pickled.
    Raises what `work` raises in either.
    """
    if len(pieces) < least or not can_fork():
        return (work(iter(pieces)),)
    # What is here stays: neither process need look through it for waste, nor copy it by doing so.
    gc.freeze()
    gc.enable()
    turns = _turns()
    answer, say = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(answer)
        _work_and_end(work, _taken(turns, pieces, os.getppid()), say)
    os.close(say)
    try:
        with os.fdopen(answer, "rb") as stream:
            own = work(_taken(turns, pieces, os.getppid()))
            data = stream.read()
    finally:
        os.close(turns)
        with suppress(ChildProcessError):
            os.waitpid(child, 0)  # it ends by itself: there is nobody to answer any more
    if not data:
        raise OSError("the second process has ended before its work was done")
    others, error = pickle.loads(data)
    if error is not None:
        raise error
    return own, others


def can_fork() -> bool:
    """Whether there is a second processor, and a system that copies processes safely."""
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1


def _turns() -> int:
    """The end of a pipe from which each process reads which portion is its next."""
    turns, write = os.pipe()
    os.write(write, b"".join(turn.to_bytes(2, "big") for turn in range(_TURNS)))
    os.close(write)
    return turns


def _taken(turns: int, pieces: Sequence[Piece], parent: int) -> Iterator[Piece]:
    """The pieces of one process."""
    while turn := os.read(turns, 2):
        if os.getppid() != parent:  # nobody waits for the result any more
            os._exit(1)
        number = int.from_bytes(turn, "big")
        yield from pieces[number * len(pieces) // _TURNS : (number + 1) * len(pieces) // _TURNS]


def _work_and_end(work: Callable[[Iterator[Piece]], Result], pieces: Iterator[Piece], say: int) -> None:
    """What the second process does, and all that it does."""
    code = 1
    try:
        answer: tuple[Result | None, BaseException | None]
        try:
            answer = work(pieces), None
        except Exception as error:
            error.add_note(traceback.format_exc())
            answer = None, error
        with os.fdopen(say, "wb") as stream:
            pickle.dump(answer, stream, protocol=pickle.HIGHEST_PROTOCOL)
        code = 0
    finally:
        os._exit(code)
