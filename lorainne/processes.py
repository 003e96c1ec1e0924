"""Work that two processes share, where the system can fork and there is enough of it."""

from __future__ import annotations

import gc
import marshal  # what comes from the second process can be trusted, and is read in a tenth of the time
import os
import sys

TYPE_CHECKING = False  # typing's own would cost milliseconds before the first look at a folder
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import TypeVar

    Piece = TypeVar("Piece")
    Result = TypeVar("Result")

_TURNS = 512
"""Into so many portions the pieces are divided: whoever is ready takes the next one from its own end."""


class LostError(OSError):
    """The second process has ended before its work was done, and nobody knows why."""


def shared(
    work: Callable[[Iterator[Piece]], Result], pieces: Sequence[Piece], *, least: int
) -> tuple[Result, ...]:
    """What `work` makes of the pieces: a result of each process; one of few pieces (`least`).

    One begins at the front and the other at the end, so pieces that stand together, and need the same things,
    are mostly done by one. The second process is a copy of this one, so `work` may use all that is here; its
    result is of Python's own types.
    Raises what `work` raises in either.
    """
    # What is here stays: neither process need look through it for waste, nor copy it by doing so.
    gc.freeze()
    gc.enable()
    return begun(work, pieces, least=least)()


def begun(
    work: Callable[[Iterator[Piece]], Result], pieces: Sequence[Piece], *, least: int
) -> Callable[[], tuple[Result, ...]]:
    """Let the second process begin; what is returned does this one's share, once, and has the results."""
    if len(pieces) < least or not can_fork():
        return lambda: (work(iter(pieces)),)
    turns, parent = _turns(), os.getpid()
    answer, say = os.pipe()
    try:
        child = os.fork()
    except OSError:  # there are too many processes already
        for descriptor in (turns, answer, say):
            os.close(descriptor)
        return lambda: (work(iter(pieces)),)
    if child == 0:
        os.close(answer)
        _work_and_end(work, _taken(turns, pieces, parent), say)
    os.close(say)
    return lambda: _joined(child, turns, answer, lambda: work(_taken(turns, pieces)))


def _joined(child: int, turns: int, answer: int, work: Callable[[], Result]) -> tuple[Result, ...]:
    """What both processes made; the first one does its share now."""
    try:
        with os.fdopen(answer, "rb") as stream:
            own = work()
            data = stream.read()
    finally:
        os.read(turns, _TURNS)  # after an error nothing is left for the other to begin
        os.close(turns)
        _await_end(child)
    try:
        others, error = marshal.loads(data)
    except (EOFError, ValueError, TypeError):
        raise LostError("the second process has ended before its work was done") from None
    if error:
        import pickle  # late, and the other imports too, for the same reason

        raise pickle.loads(error)
    return own, others


def _await_end(child: int) -> None:
    try:
        os.waitpid(child, 0)
    except ChildProcessError:  # the system has been told to forget what ends
        return


def can_fork() -> bool:
    """Whether there is a second processor, and a system that copies processes safely."""
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1


def _turns() -> int:
    """The end of a pipe that holds a byte for each portion: who reads it does one more."""
    turns, write = os.pipe()
    os.write(write, bytes(_TURNS))
    os.close(write)
    return turns


def _taken(turns: int, pieces: Sequence[Piece], parent: int | None = None) -> Iterator[Piece]:
    """The pieces of one process; the second one begins at the end, and ends with its parent."""
    for number in range(_TURNS) if parent is None else reversed(range(_TURNS)):
        if not os.read(turns, 1):
            return
        if parent is not None and os.getppid() != parent:  # nobody waits for the result any more
            os._exit(1)
        yield from pieces[number * len(pieces) // _TURNS : (number + 1) * len(pieces) // _TURNS]


def _work_and_end(work: Callable[[Iterator[Piece]], Result], pieces: Iterator[Piece], say: int) -> None:
    """What the second process does, and all that it does."""
    try:
        data = _answer(work, pieces)
        with os.fdopen(say, "wb") as stream:
            stream.write(data)
    finally:
        os._exit(0)


def _answer(work: Callable[[Iterator[Piece]], Result], pieces: Iterator[Piece]) -> bytes:
    """The result, or the error, as it is sent to the first process."""
    try:
        return marshal.dumps((work(pieces), b""))  # type: ignore[arg-type]  # it says what it cannot send
    except Exception as error:
        return marshal.dumps((None, _pickled(error)))


def _pickled(error: Exception) -> bytes:
    import pickle
    import traceback

    error.add_note(traceback.format_exc())
    try:
        data = pickle.dumps(error)
        pickle.loads(data)
    except Exception:  # an error that cannot be sent
        return pickle.dumps(RuntimeError(traceback.format_exc()))
    return data
