"""The command `lorainne`, and `python -m lorainne`: signals are answered before anything slow is imported."""

from __future__ import annotations

import gc
import os
import sys
import time

TYPE_CHECKING = False  # typing's own would cost milliseconds
if TYPE_CHECKING:
    import signal
    from types import FrameType
    from typing import NoReturn
else:
    import _signal as signal  # the same without its enumerations, which cost milliseconds too


def _stop(number: int, _frame: FrameType | None) -> None:
    """End at once; that is safe at any moment, as what is published changes in one step."""
    os._exit(128 + number)


def run() -> None:
    """The command line, ended by Ctrl-C or a request to terminate without a word."""
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:  # behind a shell's &, Ctrl-C is not for us
            signal.signal(number, _stop)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115 - it stays open
    gc.disable()  # what is read is needed until the end; looking for waste in it takes a fifth of the time
    if (said := said_at_once(sys.argv[1:])) is not None:
        try:
            sys.stderr.write(said)
        except OSError:  # nobody listens any more
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
        _end(0)
    from lorainne.cli import main

    try:
        main(obj=sys.argv[1:])
    except SystemExit as ended:
        if not isinstance(ended.code, int):
            raise
        _end(ended.code)


def _end(code: int) -> NoReturn:
    """End here: the system frees the memory faster than Python takes it apart."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:  # nobody listens any more
            continue
    os._exit(code)


def said_at_once(arguments: list[str]) -> str | None:
    """What a build says that finds nothing changed, or little; None where it has to be whole."""
    from lorainne import unchanged

    started = time.perf_counter()
    last = unchanged.last(arguments)
    if last is None:
        return None
    try:
        if last.is_now():
            return last.said.again()
    except OSError:
        return None
    from lorainne import edited

    return edited.told(last, started)


if __name__ == "__main__":
    run()
