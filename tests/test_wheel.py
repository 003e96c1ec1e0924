"""The wheel, in an empty virtual environment, in a folder with no repository beside it."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

import pytest
from pages import links, read

ROOT = Path(__file__).parent.parent


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(c) for c in command], cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def lorainne(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command installed from the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    built = run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", folder, ROOT, cwd=folder)
    assert built.returncode == 0, built.stderr
    venv.create(folder / "venv")
    wheel = next(folder.glob("lorainne-*.whl"))
    pip = sys.executable, "-m", "pip", "--python", folder / "venv"
    installed = run(*pip, "install", "--quiet", wheel, cwd=folder)
    assert installed.returncode == 0, installed.stderr
    return folder / "venv/bin/lorainne"


def test_a_folder_with_nothing_but_a_name_becomes_a_site(lorainne: Path, tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/workshop.yaml").write_text("name: My workshop\n", encoding="utf-8")
    built = run(lorainne, "build", cwd=tmp_path)
    assert (built.returncode, built.stdout) == (0, "")
    home = read((tmp_path / "_site/index.html").read_text(encoding="utf-8"))
    assert home.one("h1").text == "My workshop"
    for address in links(home):
        assert address.startswith("#") or (tmp_path / "_site" / address).is_file()


def test_an_empty_folder_is_told_how_to_begin(lorainne: Path, tmp_path: Path) -> None:
    built = run(lorainne, "build", cwd=tmp_path)
    assert built.returncode == 1
    assert "lorainne init" in built.stderr
    assert not (tmp_path / "_site").exists()


def test_the_first_site_comes_with_the_wheel(lorainne: Path, tmp_path: Path) -> None:
    answers = "--name", "Tensor days", "--dates", "2025-06-02", "--timezone", "Europe/Paris"
    assert run(lorainne, "init", *answers, cwd=tmp_path).returncode == 0
    assert (tmp_path / ".github/workflows/site.yml").is_file()
    assert run(lorainne, "build", "--strict", cwd=tmp_path).returncode == 0


def test_the_wheel_holds_the_package_the_theme_and_nothing_else(lorainne: Path) -> None:
    from zipfile import ZipFile

    names = ZipFile(next(lorainne.parents[2].glob("*.whl"))).namelist()
    tops = {tuple(name.split("/")[:2]) for name in names if ".dist-info" not in name}
    assert {top for top, *_ in tops} == {"lorainne"}
    assert "lorainne/theme/templates/base.html" in names
    assert "lorainne/theme/static/style.css" in names
    assert "lorainne/serve/serve.js" in names
    assert not [name for name in names if "tests" in name]
    assert [name for name in names if "/content/" in name and not name.endswith(".py")] == [
        name for name in names if name.startswith("lorainne/starter/content/")
    ]
