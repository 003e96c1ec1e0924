"""`lorainne serve` as a process of its own, and Chromium to look at it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Condition, Thread
from urllib.request import urlopen

ROOT = Path(__file__).parent.parent
PATIENCE = 20.0


@dataclass
class Serving:
    """A running server: what it has said so far, and its address."""

    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)
    _more: Condition = field(default_factory=Condition)

    def listen(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            with self._more:
                self.said.append(line)
                self._more.notify_all()

    def hear(self, pattern: str) -> re.Match[str]:
        """Wait until it says this."""
        with self._more:
            found = self._more.wait_for(lambda: re.search(pattern, "".join(self.said)), PATIENCE)
        assert found, f"{pattern} was not said, but:\n{''.join(self.said)}"
        return found

    @property
    def url(self) -> str:
        return self.hear(r"(http://127\.0\.0\.1:\d+/)  \(Ctrl-C ends it\)")[1]

    def get(self, path: str) -> str:
        with urlopen(self.url + path) as answer:
            return str(answer.read().decode())

    def interrupt(self) -> float:
        """Press Ctrl-C; the seconds until it has ended."""
        started = time.perf_counter()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE)
        return time.perf_counter() - started


@contextmanager
def serving(source: Path, *options: str) -> Iterator[Serving]:
    """Run `lorainne serve` on a folder, on a free port unless the options say another."""
    port = () if "--port" in options else ("--port", "0")
    process = subprocess.Popen(
        [sys.executable, "-m", "lorainne", "serve", str(source), *port, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
    )
    server = Serving(process)
    listener = Thread(target=server.listen, daemon=True)
    listener.start()
    try:
        yield server
    finally:
        process.terminate()
        process.wait(PATIENCE)
        listener.join(PATIENCE)
        assert process.stdout
        process.stdout.close()
