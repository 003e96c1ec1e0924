"""The workflows that `init` writes, the action and the hook: sound by others' schemas, and their steps do what they say."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from lorainne.commands.project_files import create
from lorainne.commands.scaffold import Answers, around, content

ROOT = Path(__file__).parent.parent
WORKFLOWS = ROOT / "lorainne/starter/github/workflows"
ACTION = ROOT / ".github/actions/build/action.yml"
ANSWERS = Answers(name="Tensor days", dates="2025-06-02", place="", timezone="Europe/Paris")
NOETHER = "content/speakers/emmy-noether.md"


def parsed(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)


def steps_of(path: Path) -> list[dict[str, Any]]:
    file = parsed(path)
    jobs = file["jobs"].values() if "jobs" in file else [file["runs"]]
    return [step for job in jobs for step in job["steps"]]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """What `init` writes, checked out; `pip` is one that knows what it may be asked for."""
    create(tmp_path / "repository", {**content(ANSWERS, ""), **around()})
    tools = tmp_path / "tools"
    tools.mkdir()
    pip = tools / "pip"
    pip.write_text(
        '#!/bin/sh\ntest "$1" = install && { test "$2" = lorainne || test -f "$2/pyproject.toml"; }\n'
    )
    lorainne = tools / "lorainne"
    lorainne.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m lorainne "$@"\n')
    for tool in (pip, lorainne):
        tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    return tmp_path / "repository"


def run(repository: Path, path: Path, **given: str) -> tuple[int, str]:
    """Run the shell steps of a file one after the other, as the runner does; the status of the last, and what was said."""
    inputs = {name: value["default"] for name, value in parsed(path).get("inputs", {}).items()} | given
    said = ""
    for step in steps_of(path):
        if "run" in step:
            environment = {name: filled(value, inputs) for name, value in step.get("env", {}).items()}
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", filled(step["run"], inputs)],
                cwd=repository,
                capture_output=True,
                text=True,
                check=False,
                env={**tools_of(repository), **environment},
            )
            said += done.stdout + done.stderr
            if done.returncode:
                return done.returncode, said
    return 0, said


def tools_of(repository: Path) -> dict[str, str]:
    return {**os.environ, "PATH": f"{repository.parent / 'tools'}{os.pathsep}{os.environ['PATH']}"}


def filled(text: str, inputs: dict[str, str]) -> str:
    """A text with the expressions evaluated that the action uses."""

    def value(found: re.Match[str]) -> str:
        expression = found[1]
        if expression == "github.action_path":
            return str(ACTION.parent)
        if choice := re.fullmatch(r"inputs\.(\w+) == '(\w+)' && '(.*)' \|\| ''", expression):
            return choice[3] if inputs[choice[1]] == choice[2] else ""
        return inputs[expression.removeprefix("inputs.")]

    return re.sub(r"\$\{\{ (.*?) \}\}", value, text)


def sound(schema: str, *paths: Path) -> bool:
    """Whether files are sound by the schema that another project keeps for them; says why not."""
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        f"vendor.{schema}",
        *map(str, paths),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    print(done.stdout, done.stderr)
    return bool(paths) and done.returncode == 0


def test_they_are_what_github_reads() -> None:
    assert sound("github-workflows", *sorted(WORKFLOWS.glob("*.yml")))
    assert sound("github-actions", ACTION)


@pytest.mark.parametrize("path", [*sorted(WORKFLOWS.glob("*.yml")), ACTION], ids=lambda path: path.stem)
def test_no_step_puts_what_others_wrote_into_a_command(path: Path) -> None:
    for step in steps_of(path):
        assert "uses" not in step or re.fullmatch(r"actions/[a-z-]+@v\d+", step["uses"])
        for expression in re.findall(r"\$\{\{ (.*?) \}\}", step.get("run", "")):
            assert re.fullmatch(r"inputs\.\w+ == '\w+' && '[^']*' \|\| ''", expression)


def test_the_site_is_built_on_push_and_every_night_and_only_there_published() -> None:
    site, check = parsed(WORKFLOWS / "site.yml"), parsed(WORKFLOWS / "check.yml")
    assert site["on"].keys() == {"push", "schedule", "workflow_dispatch"}
    assert site["permissions"] == {"contents": "read", "pages": "write", "id-token": "write"}
    assert (check["on"], check["permissions"]) == ("pull_request", {"contents": "read"})


def test_the_steps_of_a_push_build_the_site(repository: Path) -> None:
    assert run(repository, WORKFLOWS / "site.yml")[0] == 0
    uploaded = next(s for s in steps_of(WORKFLOWS / "site.yml") if "upload" in s.get("uses", ""))["with"][
        "path"
    ]
    assert (repository / uploaded / "index.html").is_file()
    assert (repository / ".gitignore").read_text(encoding="utf-8").splitlines()[-1] == f"/{uploaded}/"


def test_the_steps_of_a_pull_request_mark_a_mistake_on_its_line(repository: Path) -> None:
    assert run(repository, WORKFLOWS / "check.yml")[0] == 0
    assert (repository / "_site/index.html").is_file()
    path = repository / NOETHER
    path.write_text(path.read_text(encoding="utf-8").replace("affiliation", "afiliation"), encoding="utf-8")
    status, said = run(repository, WORKFLOWS / "check.yml")
    assert status == 1
    assert f"::error file={NOETHER},line=4,endLine=4,col=1,endColumn=10,title=unknown-field::" in said


def test_the_action_builds_checks_and_is_strict_when_told(repository: Path) -> None:
    repository.rename(repository.parent / "my site")
    (repository / "place").mkdir(parents=True)
    inputs = {"source": "../my site", "output": "place/my output"}
    assert run(repository, ACTION, **inputs)[0] == 0
    assert (repository / "place/my output/index.html").is_file()
    path = repository.parent / "my site/content/workshop.yaml"
    path.write_text("name: Tensor days\n", encoding="utf-8")
    status, said = run(repository, ACTION, **inputs)
    assert (status, "::warning" in said) == (0, True)
    status, said = run(repository, ACTION, **inputs, strict="true")
    assert (status, "::warning" in said) == (1, True)


def test_the_gitlab_file_of_the_documentation_is_sound_and_builds_what_it_publishes(repository: Path) -> None:
    page = (ROOT / "docs/publishing.md").read_text(encoding="utf-8")
    [text] = [block for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL) if "pages:" in block]
    path = repository / ".gitlab-ci.yml"
    path.write_text(text, encoding="utf-8")
    assert sound("gitlab-ci", path)
    jobs = {name: job for name, job in parsed(path).items() if isinstance(job, dict)}
    for job in jobs.values():
        done = subprocess.run(
            ["bash", "-euc", "\n".join(job["script"])], cwd=repository, env=tools_of(repository), check=False
        )
        assert done.returncode == 0
    assert (repository / jobs["pages"]["artifacts"]["paths"][0] / "index.html").is_file()


def test_the_hook_runs_a_command_that_there_is(repository: Path) -> None:
    [hook] = parsed(ROOT / ".pre-commit-hooks.yaml")
    assert {"id", "name", "entry", "language"} <= hook.keys()
    assert (hook["language"], hook["pass_filenames"]) == ("python", "false")
    assert re.match(hook["files"], NOETHER)
    done = subprocess.run(
        [str(repository.parent / "tools" / hook["entry"].split()[0]), *hook["entry"].split()[1:]],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "nothing is wrong\n")
