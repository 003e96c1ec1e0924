"""What one run of a program costs, as the system counts it."""

from __future__ import annotations

import os
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep
from typing import IO


@dataclass(frozen=True, kw_only=True)
class Cost:
    wall: float
    """Seconds from the start of the process to its end."""
    cpu: float
    """Seconds of all its processes and threads, in the program and in the system."""
    peak: float
    """MiB: the largest of its processes at its largest."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What one generator cost at one size."""

    costs: dict[str, list[Cost]]
    """By scenario, one for each round."""
    together: float
    """MiB: all processes of a cold build at once, at their most, what they share counted once."""

    @property
    def largest(self) -> float:
        """MiB: the largest process in any round, as the system counted it."""
        return max(cost.peak for costs in self.costs.values() for cost in costs)


def run(command: list[str], folder: Path) -> Cost:
    """Run a program to its end."""
    with tempfile.TemporaryFile() as said:
        begun = perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        # wait4 tells what this one child used, with the children that it waited for itself
        _, status, used = os.wait4(process.pid, 0)
        wall = perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        _must_succeed(command, process.returncode, said)
    return Cost(wall=wall, cpu=used.ru_utime + used.ru_stime, peak=used.ru_maxrss / 1024)


def memory(command: list[str], folder: Path) -> float:
    """Run a program and look again and again at the memory of all its processes; 0 where it cannot be seen.

    In a run of its own: looking costs the program time.
    """
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        most = 0
        while process.poll() is None:
            most = max(most, sum(_share(each) for each in _family(process.pid)))
            sleep(0.005)
        _must_succeed(command, process.returncode, said)
    return most / 1024


def _must_succeed(command: list[str], code: int, said: IO[bytes]) -> None:
    """A program that fails ends the benchmark, with what it said."""
    if code:
        said.seek(0)
        raise SystemExit(f"{' '.join(command)} failed ({code}):\n{said.read().decode(errors='replace')}")


def _family(process: int) -> list[int]:
    """A process and those that it began, and those that they began."""
    members = [process]
    for member in members:
        for children in Path(f"/proc/{member}/task").glob("*/children"):
            with suppress(OSError):
                members += map(int, children.read_text().split())
    return members


def _share(process: int) -> int:
    """Its memory in kB; a page that several processes share counts in parts. 0 for one that has ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
