"""The same content makes the same bytes, wherever, whenever and by whichever Python it is built."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import replace
from datetime import date
from difflib import unified_diff
from pathlib import Path

import pytest
from compiling import site_and_problems
from full import FILES

from lorainne.content import project

ROOT = Path(__file__).parent.parent

# Runs the command with the day, the order of folders and the number of processors of somewhere else.
ELSEWHERE = """
import os, random, sys, time
import datetime as module
days = int(sys.argv.pop(1))
class Later(module.datetime):
    @classmethod
    def now(cls, tz=None):
        return super().now(tz) + module.timedelta(days=days)
module.datetime = Later
now = time.time
time.time = lambda: now() + days * 86400
scandir = os.scandir
class Shuffled:
    def __init__(self, *args):
        with scandir(*args) as entries:
            self.entries = sorted(entries, key=lambda entry: entry.name, reverse=True)
        random.shuffle(self.entries)
    def __iter__(self): return iter(self.entries)
    def __enter__(self): return self
    def __exit__(self, *error): pass
os.scandir = Shuffled
os.supports_fd.add(Shuffled)
os.cpu_count = lambda: days % 7 + 1
os.umask(0o077 if days else 0o002)
from lorainne.__main__ import run
run()
"""


def built(
    out: Path, source: Path, *, days: int = 0, python: str = sys.executable, **environment: str
) -> Path:
    """The site of a source, built by another process under other circumstances."""
    told_otherwise = ("LC_", "LANG", "TZ", "PYTHON", "SOURCE_DATE_EPOCH")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(told_otherwise)}
    paths = f"{ROOT}{os.pathsep}{sysconfig.get_path('purelib')}"
    told = subprocess.run(
        [python, "-c", ELSEWHERE, str(days), "build", "-q", str(source), "-o", str(out)],
        env={**kept, "PYTHONPATH": paths, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (told.returncode, told.stderr) == (0, "")
    return out


def contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mode, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, bytes]]:
    site = contents(built(tmp_path_factory.mktemp("here") / "site", ROOT, PYTHONHASHSEED="0"))
    assert len(site) > 40
    return site


def test_another_folder_day_zone_locale_seed_umask_order_and_machine_make_the_same_bytes(
    reference: dict[str, tuple[int, bytes]], tmp_path: Path
) -> None:
    source = tmp_path / "Ünother place" / "deep"
    for folder in ("templates", "static", "content"):
        if (ROOT / folder).is_dir():
            shutil.copytree(ROOT / folder, source / folder)
    circumstances = {
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "tr_TR.UTF-8",
        "PYTHONHASHSEED": "12345",
        "COLUMNS": "20",
    }
    assert contents(built(tmp_path / "a", source, days=400, **circumstances)) == reference
    old_fashioned = {"TZ": "America/Los_Angeles", "LC_ALL": "C", "PYTHONUTF8": "0", "LANG": "C"}
    assert contents(built(tmp_path / "b", source, days=-3, **old_fashioned)) == reference


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_every_supported_python_makes_the_same_bytes(
    reference: dict[str, tuple[int, bytes]], tmp_path: Path, version: str
) -> None:
    told = "import sys; print('%d.%d' % sys.version_info[:2])"
    managed = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    for python in map(str, filter(None, (shutil.which(f"python{version}"), *managed))):
        found = subprocess.run([python, "-c", told], capture_output=True, text=True, check=False)
        if found.stdout.strip() == version:
            break
    else:
        pytest.skip(f"there is no Python {version} here")
    assert contents(built(tmp_path / "site", ROOT, python=python)) == reference


def test_the_day_changes_only_whether_registration_is_open() -> None:
    """The whole of what docs/SECURITY.md lists; the deadline of these files is in October 2024."""
    texts = {f"content/{name}": text for name, text in FILES.items()}
    before, after = (
        site_and_problems(replace(project.from_texts(texts), today=date(year, 1, 1)))[0]
        for year in (2024, 2030)
    )
    assert {path for path in before if before[path] != after[path]} == {"index.html"}
    pages = (str(before["index.html"]).splitlines(), str(after["index.html"]).splitlines())
    changed = [line for line in unified_diff(*pages, n=0) if line[0] in "+-"][2:]
    assert changed
    assert all("data-deadline=" in line or 'class="registration-status"' in line for line in changed)


def test_every_dependency_has_a_lower_bound_and_a_locked_version() -> None:
    import tomllib

    from packaging.requirements import Requirement

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [Requirement(line) for line in project["dependencies"]]
    wanted += [Requirement(line) for lines in project["optional-dependencies"].values() for line in lines]
    locked = {}
    for line in (ROOT / ".ci/constraints.txt").read_text(encoding="utf-8").splitlines():
        name, _, version = line.partition("==")
        if version:
            locked[name.lower()] = version
    for requirement in wanted:
        assert any(part.operator in (">=", "==") for part in requirement.specifier), requirement
        if requirement.marker is None or requirement.marker.evaluate():
            assert locked[requirement.name.lower()] in requirement.specifier, requirement
