"""lorainne beside other site generators: the same conference, built by each in turns. See README.md.

Usage: compare.py [TALKS ...] [--rounds N] [--only NAME,NAME] [--tool NAME=PATH] [--folder DIR]
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from generators import GENERATORS, HUGO, Generator, find, version
from measure import Cost, Measured, memory, run
from tables import SCENARIOS, growth_table, size_table

HERE = Path(__file__).parent


class Contest:
    """The generators at one size, each with its site in a folder of its own."""

    def __init__(self, tools: dict[Generator, str], talks: int, folder: Path) -> None:
        self.tools, self.talks = tools, talks
        self.folders = {generator: folder / f"site-{at}" for at, generator in enumerate(tools)}
        self.edits = dict.fromkeys(tools, 0)
        for generator, site in self.folders.items():
            # in a process of its own: a child's peak memory begins with that of the process that starts it
            command = [sys.executable, str(HERE / "sites.py"), generator.site, str(talks), str(site)]
            subprocess.run(command, check=True)

    def cold(self, generator: Generator) -> Cost:
        """Build without any output or cache."""
        generator.forget(self.folders[generator])
        return self._build(generator)

    def again(self, generator: Generator) -> Cost:
        """Build again."""
        return self._build(generator)

    def edited(self, generator: Generator) -> Cost:
        """Build after a sentence was added to one abstract, of another talk each time."""
        self.edits[generator] += 1
        number = self.edits[generator] * 7 % self.talks
        sentence = f"Edit {self.edits[generator]} adds this sentence"
        with generator.talk_file(self.folders[generator], number).open("a", encoding="utf-8") as file:
            file.write(f"{sentence}.\n")
        cost = self._build(generator)
        if sentence not in generator.text_of(self.folders[generator], number):
            raise SystemExit(f"{generator.name} did not build the page of talk-{number} anew")
        return cost

    def _memory(self, generator: Generator) -> float:
        generator.forget(self.folders[generator])
        return memory([self.tools[generator], *generator.arguments], self.folders[generator])

    def _build(self, generator: Generator) -> Cost:
        return run([self.tools[generator], *generator.arguments], self.folders[generator])

    def check(self) -> None:
        """Stop unless all wrote a page of each talk and of each speaker, and say the same of a talk."""
        for generator, folder in self.folders.items():
            talks, speakers = generator.pages(folder)
            if (talks, speakers) != (self.talks, self.talks):
                raise SystemExit(f"{generator.name}: {talks} talks and {speakers} speakers, not {self.talks}")
        told = {generator: generator.words_of(folder, 3) for generator, folder in self.folders.items()}
        for generator, words in told.items():
            for other, others in told.items():
                # lorainne says more, such as what runs in parallel; nobody may say less than the others
                if generator.site != "lorainne" and words - others:
                    raise SystemExit(f"{other.name} does not say {words - others} of talk-3")

    def measure(self, rounds: int) -> dict[str, Measured]:
        """All generators in turns, so that what else the machine does meets all of them."""
        together = {
            generator: self._memory(generator) for generator in self.tools
        }  # warms the file cache too
        self.check()
        steps: dict[str, Callable[[Generator], Cost]] = dict(
            zip(SCENARIOS, (self.cold, self.again, self.edited), strict=True)
        )
        costs: dict[Generator, dict[str, list[Cost]]] = {
            each: {name: [] for name in steps} for each in self.tools
        }
        for _ in range(rounds):
            for name, step in steps.items():
                for generator in self.tools:
                    costs[generator][name].append(step(generator))
        self.check()
        return {each.name: Measured(costs=costs[each], together=together[each]) for each in self.tools}


def _tools(only: str | None, given: dict[str, str]) -> dict[Generator, str]:
    """The generators that take part, with their executables; says which do not, and why."""
    found: dict[Generator, str] = {}
    wanted = [name.strip().casefold() for name in only.split(",")] if only else None
    for generator in GENERATORS:
        if wanted and generator.name.casefold() not in wanted:
            continue
        path = find(generator, given, Path(sys.executable).parent)
        if path is None:
            print(f"{generator.name} is not installed: left out", file=sys.stderr)
        else:
            found[generator] = path
    if not found:
        raise SystemExit("none of the generators is installed")
    return found


def _rounds(talks: int) -> int:
    """Fewer where a round takes minutes."""
    return 9 if talks <= 100 else 7 if talks <= 2000 else 3


def _machine(tools: dict[Generator, str]) -> str:
    """When, where and with which versions."""
    versions = ", ".join(f"{each.name} {version(each, path)}" for each, path in tools.items())
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    today = datetime.now(UTC).date()
    system = f"{platform.system()} {platform.machine()}"
    return f"{today}, {system}, {cores} cores, Python {platform.python_version()}\\\n{versions}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Build one conference with several site generators, in turns."
    )
    parser.add_argument("talks", nargs="*", type=int, default=[30, 1000, 10000], help="sizes")
    parser.add_argument("--rounds", type=int, help="default: 9, 7 or 3, by the size")
    parser.add_argument("--only", metavar="NAME,NAME", help="such as hugo,lorainne")
    parser.add_argument("--tool", action="append", default=[], metavar="NAME=PATH", help="an executable")
    parser.add_argument("--folder", type=Path, help="where the sites are built (default: the system's)")
    return parser.parse_args()


def main() -> None:
    """Measure each size, and print its table when it is done."""
    told = _arguments()
    tools = _tools(told.only, dict(tool.split("=", 1) for tool in told.tool))
    print(_machine(tools))
    measured: dict[int, dict[str, Measured]] = {}
    for talks in sorted(told.talks):
        rounds = told.rounds or _rounds(talks)
        with tempfile.TemporaryDirectory(dir=told.folder) as folder:
            measured[talks] = Contest(tools, talks, Path(folder)).measure(rounds)
        print(f"\n{size_table(talks, rounds, measured[talks], HUGO.name)}", flush=True)
    if len(measured) > 1:
        print(f"\n{growth_table(measured)}")


if __name__ == "__main__":
    main()
