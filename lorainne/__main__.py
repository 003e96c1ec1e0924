"""The command `lorainne`, and `python -m lorainne`: signals are answered before anything slow is imported."""

from __future__ import annotations

import os
import signal
from types import FrameType


def _stop(number: int, _frame: FrameType | None) -> None:
    """End at once; that is safe at any moment, as what is published changes in one step."""
    os._exit(128 + number)


def run() -> None:
    """Run the command line, ended by Ctrl-C or a request to terminate without a word."""
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:  # after a shell's &, Ctrl-C is not for us
            signal.signal(number, _stop)
    from lorainne.commands import main

    main()


if __name__ == "__main__":
    run()
