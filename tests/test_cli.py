"""The command line: what it prints, where, and how it exits."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lorainne import __version__

ROOT = Path(__file__).parent.parent


def lorainne(*args: str | Path, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lorainne", *map(str, args)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/workshop.yaml").write_text("name: A workshop\n", encoding="utf-8")
    return tmp_path


def test_version_and_help_are_told() -> None:
    assert lorainne("--version").stdout == f"lorainne {__version__}\n"
    told = lorainne("--help").stdout
    assert "content/workshop.yaml" in told
    assert "build" in told
    assert "Exit codes" in lorainne("build", "--help").stdout


def test_a_build_speaks_on_stderr_only_and_sums_up(source: Path) -> None:
    built = lorainne("build", source)
    assert (built.returncode, built.stdout) == (0, "")
    assert "2 pages in" in built.stderr
    assert (source / "_site/index.html").is_file()


def test_quiet_is_quiet(source: Path) -> None:
    built = lorainne("build", source, "--quiet", "--output", source / "out")
    assert (built.returncode, built.stdout, built.stderr) == (0, "", "")
    assert (source / "out/index.html").is_file()


def test_a_mistake_is_located_and_the_last_good_site_stays_as_it_was(source: Path) -> None:
    lorainne("build", source)
    before = {p: p.read_bytes() for p in (source / "_site").rglob("*") if p.is_file()}
    (source / "content/workshop.yaml").write_text("name: A workshop\ntilte: B\n", encoding="utf-8")
    built = lorainne("build", source)
    assert (built.returncode, built.stdout) == (1, "")
    assert "content/workshop.yaml:2:1: error[unknown-field]" in built.stderr
    assert "did you mean `title`?" in built.stderr
    assert {p: p.read_bytes() for p in (source / "_site").rglob("*") if p.is_file()} == before


def test_a_warning_does_not_stop_a_build(source: Path) -> None:
    (source / "content/schedule.yaml").write_text("days: [{date: 2024-11-26}]\n", encoding="utf-8")
    built = lorainne("build", source)
    assert built.returncode == 0
    assert "warning[no-timezone]" in built.stderr
    assert "1 warning" in built.stderr


def test_a_wrong_use_exits_with_2(tmp_path: Path) -> None:
    assert lorainne("build", tmp_path / "nowhere").returncode == 2
    assert lorainne("biuld").returncode == 2


def test_a_foreign_folder_is_refused_and_untouched(source: Path) -> None:
    built = lorainne("build", source, "--output", source / "content")
    assert built.returncode == 1
    assert "dangerous-output" in built.stderr
    assert [p.name for p in (source / "content").iterdir()] == ["workshop.yaml"]


def test_the_same_bytes_whatever_the_folder_the_locale_the_zone_and_the_hash_seed(tmp_path: Path) -> None:
    environments = (
        {"LC_ALL": "C", "TZ": "UTC", "PYTHONHASHSEED": "1", "PYTHONUTF8": "0"},
        {"LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "2"},
    )
    sites = []
    for number, environment in enumerate(environments):
        out = tmp_path / f"site{number}"
        built = lorainne("build", ROOT, "-q", "-o", out, SOURCE_DATE_EPOCH="1731672000", **environment)
        assert (built.returncode, built.stderr) == (0, "")
        sites.append({p.relative_to(out): p.read_bytes() for p in out.rglob("*") if p.is_file()})
    assert sites[0] == sites[1]
    assert len(sites[0]) > 40


def test_help_does_not_wait_for_the_slow_libraries() -> None:
    code = "import sys, lorainne.commands; print({'yaml','jinja2','markdown_it','math_core','watchfiles','slugify'} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout == "set()\n"
