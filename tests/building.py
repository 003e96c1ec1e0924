"""Builds of real folders by the commands of people, and what they leave."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner
from faults import state

from lorainne.commands import main

ROOT = Path(__file__).parent.parent


def with_us(**environment: str) -> dict[str, str]:
    """The environment of a process that finds this lorainne."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **environment}


def command(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """What the command does, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "lorainne", *arguments],
        cwd=cwd, capture_output=True, text=True, check=False, env=with_us(**environment),
    )  # fmt: skip


def lorainne(*arguments: str) -> tuple[int, str]:
    """What the command does, in this process: its exit code and what it says."""
    result = CliRunner().invoke(main, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stderr


def written(folder: Path) -> dict[Path, tuple[int, ...]]:
    """Everything below a folder, with what shows that it was written to."""
    found = {path: path.lstat() for path in folder.rglob("*")}
    return {path: (s.st_ino, s.st_mode, s.st_size, s.st_mtime_ns, s.st_ctime_ns) for path, s in found.items()}


def clean(here: Path) -> dict[str, object]:
    """The site as it is made where nothing is known of another one."""
    folder = here.parent / "clean"
    assert lorainne("build", str(here), "--no-cache", "-o", str(folder))[0] == 0
    return state(folder)
