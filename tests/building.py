"""Builds of real folders by the commands of people, and what they leave."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner
from faults import THEME, put, state

from lorainne import unchanged
from lorainne.__main__ import said_at_once
from lorainne.commands import main
from lorainne.content import project

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


def imported(cwd: Path) -> tuple[str, set[str]]:
    """What a build says in a process of its own, and the packages that it imports."""
    code = (
        "import os, sys; there = set(sys.modules); sys.argv[1:], os._exit = ['build'], sys.exit\n"
        "from lorainne.__main__ import run\n"
        "try: run()\nexcept SystemExit: pass\n"
        "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - there}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=cwd, capture_output=True, text=True, check=True, env=with_us()
    )
    return done.stderr, {*done.stdout.split()}


def lorainne(*arguments: str) -> tuple[int, str]:
    """What the command does, in this process: its exit code and what it says."""
    if (said := said_at_once([*arguments])) is not None:
        return 0, said
    result = CliRunner().invoke(main, arguments, obj=[*arguments])
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


# As small as can be; every place where a body can stand has one.
_BODIES = {
    "talk": "{{ talk.title }}, {{ talk|summary }}\n{{ talk|body('abstract', 3) if talk.abstract else '-' }}",
    "poster": "{{ poster|summary }}\n{{ poster|body('abstract', 3) if poster.abstract else '-' }}",
    "speaker": "{{ speaker|summary }}\n{{ speaker|body('biography') if speaker.biography else '-' }}",
    "page": "{{ page.title }}: {{ page|body('body') if page.body }}",
    "papers": "{% for paper in workshop.papers %}{{ paper|body('abstract', 3) if paper.abstract }};{% endfor %}",
}
SMALL_THEME = {
    **THEME,
    **{
        f"templates/{name}.html": f"{{% filter where_maths %}}maths{{% endfilter %}}{text}"
        for name, text in _BODIES.items()
    },
}


def small_world(folder: Path, monkeypatch: pytest.MonkeyPatch, content: Mapping[str, str]) -> Path:
    """The folder of a small project; the theme, the program and the libraries stand beside it."""
    put(folder / "theme", SMALL_THEME)
    shutil.copytree(ROOT / "templates/words", folder / "theme/templates/words")
    put(folder / "program", {"code.py": "pass"})
    (folder / "some-packages").mkdir()
    monkeypatch.setitem(project.read.__kwdefaults__ or {}, "theme", folder / "theme")
    in_small_world(folder, monkeypatch)
    monkeypatch.setattr(unchanged, "_TICK", 12_000_000)  # longer than a tick of any kernel, shorter than ours
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    here = put(folder / "project", dict(content))
    monkeypatch.chdir(here)
    return here


def in_small_world(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the program and the libraries of this folder for ours."""
    monkeypatch.setattr(unchanged, "_PROGRAM", (str(folder / "program"),))
    monkeypatch.syspath_prepend(folder / "some-packages")
