"""The commands of the documentation, run in order as they stand; what they are shown to print is what they print."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from shlex import split

import pytest

from lorainne.commands import main

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
REMOTE = "https://github.com/OWNER/REPOSITORY.git"

PAGE = """\
# Tensor days 2025

2 June 2025, Nancy

## Speakers

* [Grace Hopper](https://example.org/grace) (New York)

## Schedule

| Time | |
|---|---|
| **Monday 2 June** | |
| 9:00-10:00 | Grace Hopper: *On compilers* |
"""


@dataclass
class Shell:
    """Somebody who types the commands of a page: where they are, and what was printed last."""

    folder: Path
    environment: dict[str, str]
    printed: str = ""
    typed: list[str] = field(default_factory=list)

    def follow(self, page: str) -> None:
        """Run all commands of a page; a `text` block below shows what is printed, and what is answered."""
        blocks = re.findall(
            r"^```(sh|text)\n(.*?)^```$", (DOCS / page).read_text(encoding="utf-8"), re.M | re.S
        )
        for place, (kind, text) in enumerate(blocks):
            if kind == "sh":
                shown = blocks[place + 1][1] if blocks[place + 1 :] and blocks[place + 1][0] == "text" else ""
                self.printed = ""
                for line in text.splitlines():
                    self.type(line, shown)
                for line in shown.splitlines():
                    assert line.rpartition(": ")[0].replace("TODAY", "2025-01-01") in self.printed, line

    def type(self, line: str, shown: str) -> None:
        self.typed.append(line)
        words = split(line)
        if words[0] == "cd":
            self.folder /= words[1]
        elif words[:2] == ["lorainne", "serve"]:
            self.look_and_leave(line)
        else:
            answers = "".join(f"{answer.rpartition(': ')[2]}\n" for answer in shown.splitlines())
            done = subprocess.run(
                ["bash", "-euc", line],
                cwd=self.folder,
                env=self.environment,
                input=answers,
                capture_output=True,
                text=True,
                check=False,
            )
            self.printed += done.stdout + done.stderr
            expected = 1 if words[1] == "check" and "error[" in shown else 0
            assert done.returncode == expected, f"{line}\n{done.stdout}{done.stderr}"

    def look_and_leave(self, line: str) -> None:
        """Wait until the site is shown, and press Ctrl-C."""
        server = subprocess.Popen(
            ["bash", "-euc", f"exec {line} --port 0"],
            cwd=self.folder,
            env=self.environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert server.stderr
        said = ""
        while "Ctrl-C ends it" not in said:
            said += (line := server.stderr.readline())
            assert line, said
        server.send_signal(signal.SIGINT)
        assert server.wait(10) in (0, 130)
        assert server.stderr.read() == ""
        server.stderr.close()
        assert "error" not in said


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """An empty folder, lorainne, and a repository that GitHub is said to have."""
    tools = tmp_path / "tools"
    for name, text in {
        "lorainne": f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m lorainne "$@"\n',
        "pip": '#!/bin/sh\ntest "$*" = "install lorainne"\n',
    }.items():
        tools.mkdir(exist_ok=True)
        (tools / name).write_text(text, encoding="utf-8")
        (tools / name).chmod((tools / name).stat().st_mode | stat.S_IXUSR)
    remote = tmp_path / "remote.git"
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", remote], check=True)
    person = {
        f"GIT_{role}_{key}": "ada@example.org"
        for role in ("AUTHOR", "COMMITTER")
        for key in ("NAME", "EMAIL")
    }
    replaced = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{remote}.insteadOf",
        "GIT_CONFIG_VALUE_0": REMOTE,
    }
    (tmp_path / "work").mkdir()
    return Shell(
        tmp_path / "work",
        {
            **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
            **person,
            **replaced,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
            "SOURCE_DATE_EPOCH": "1735732800",
            "BROWSER": "true",
        },
    )


def published(shell: Shell) -> set[str]:
    """The files that have arrived at the remote."""
    listed = subprocess.run(
        ["git", "-C", shell.folder, "ls-tree", "-r", "--name-only", "origin/main"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(listed.stdout.splitlines())


def test_from_nothing_to_published_and_to_other_hosts(shell: Shell) -> None:
    shell.follow("quickstart.md")
    assert {"content/speakers/grace-hopper.md", "content/talks/on-compilers.md"} <= published(shell)
    assert {".github/workflows/site.yml", "README.md"} <= published(shell)
    assert not [name for name in published(shell) if name.startswith("_site/")]
    text = (shell.folder / "content/workshop.yaml").read_text(encoding="utf-8")
    assert "url: https://owner.github.io/REPOSITORY/\n" in text
    shell.follow("publishing.md")
    assert (shell.folder / "public/index.html").is_file()
    assert (shell.folder / "schedule.schema.json").is_file()


def test_an_existing_page_moves(shell: Shell) -> None:
    shell.folder.rmdir()
    for line in (
        f"git clone --quiet {REMOTE} {shell.folder}",
        f"git -C {shell.folder} switch --quiet -c main",
    ):
        subprocess.run(split(line), env=shell.environment, capture_output=True, check=False)
    (shell.folder / "index.md").write_text(PAGE, encoding="utf-8")
    for command in ("add .", "commit --quiet -m Page", "push --quiet -u origin main"):
        subprocess.run(["git", "-C", shell.folder, *command.split()], env=shell.environment, check=True)
    shell.follow("moving.md")
    assert "content/speakers/grace-hopper.md" in published(shell)
    assert ".github/workflows/site.yml" in published(shell)
    assert "index.md" not in published(shell)


def test_every_command_of_lorainne_is_in_the_documentation() -> None:
    pages = "".join(path.read_text(encoding="utf-8") for path in [*DOCS.glob("*.md"), ROOT / "README.md"])
    assert [name for name in main.commands if f"lorainne {name}" not in pages] == []
