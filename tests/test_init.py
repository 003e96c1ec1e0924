"""`lorainne init`: what is asked, what is written, and what is left alone."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner, Result
from compiling import site_and_problems
from jsonschema import Draft202012Validator

from lorainne import report
from lorainne.commands import main, scaffold
from lorainne.commands.scaffold import Answers
from lorainne.content import project
from lorainne.content.collections import COLLECTIONS

OPTIONS = "--name", "Tensor days", "--dates", "2025-06-02 to 2025-06-03", "--timezone", "Europe/Paris"
ANSWERS = Answers(
    name="Tensor days",
    dates="2025-06-02 to 2025-06-03",
    place="The Hall, Nancy, France",
    timezone="Europe/Paris",
)


def run(*words: str | Path, answers: str = "") -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], input=answers)


def answered(folder: Path, answers: str, *options: str) -> Result:
    return run("init", folder, *options, answers=answers)


def files_in(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize(
    ("name", "dates", "place"),
    [
        ("Tensor days", "2025-06-02", ""),
        ("LoRAINNe'25: a survey", "Mon 2025-06-02 to Wed 2025-06-04", "Nancy"),
        ('"W" #1', "2025-06-02 to 2025-06-03", "Nancy, France"),
        ("- 10 % & <b>", "2025-12-31 to 2026-01-02", "Hall: A, B, Nancy, France"),
        ("李明的研讨会", "2025-06-02", "«Hall», Nancy, France"),
        ("2025", "2025-06-02", "  ,  "),
    ],
)
def test_the_example_has_nothing_to_complain_about(name: str, dates: str, place: str) -> None:
    answers = Answers(name=name, dates=dates, place=place, timezone="Europe/Paris")
    found = project.from_texts(scaffold.content(answers, "https://example.org/days/"))
    site, problems = site_and_problems(found)
    assert report.as_text(problems, found.lines) == ""
    assert {"speakers/ada-lovelace.html", "talks/engines.html", "schedule.html", "news.html"} <= site.keys()


def test_every_line_that_is_proposed_in_workshop_yaml_can_be_used() -> None:
    texts = scaffold.content(Answers(name="A", dates="2025-06-02", place="", timezone="Europe/Paris"), "")
    used = re.sub(r"^# (?!Everything|A line)", "", texts["content/workshop.yaml"], flags=re.MULTILINE)
    found = project.from_texts({**texts, "content/workshop.yaml": used})
    _, problems = site_and_problems(found)
    assert report.as_text(problems, found.lines) == ""
    assert [line for line in used.splitlines()[2:] if line.startswith("#")] == []


def test_what_is_not_given_is_asked_until_it_can_be_used(tmp_path: Path) -> None:
    told = answered(
        tmp_path / "days",
        "Tensor days\n2 June\n2025-06-02\nThe Hall, Nancy, France\nNancy\nParis\nEurope/Paris\n",
    )
    assert (told.exit_code, told.stderr) == (0, "")
    assert "write dates like" in told.stdout
    assert "“Nancy” is not a time zone; write a continent and a large city" in told.stdout
    assert "did you mean `Europe/Paris`?" in told.stdout
    text = (tmp_path / "days/content/workshop.yaml").read_text(encoding="utf-8")
    for line in (
        "name: Tensor days",
        "dates: 2025-06-02",
        "venue: {name: The Hall, city: Nancy, country: France}",
    ):
        assert f"{line}\n" in text
    checked = run("check", "--strict", tmp_path / "days")
    assert (checked.exit_code, checked.stdout) == (0, "nothing is wrong\n")


def test_with_options_nothing_is_asked(tmp_path: Path) -> None:
    told = answered(tmp_path, "", *OPTIONS)
    assert (told.exit_code, told.stderr) == (0, "")
    assert "?" not in told.stdout
    wrong = answered(tmp_path / "other", "", *OPTIONS[:-1], "Nancy")
    assert (wrong.exit_code, (tmp_path / "other").exists()) == (2, False)


def test_a_dry_run_writes_nothing_and_names_what_would_be_written(tmp_path: Path) -> None:
    told = answered(tmp_path / "days", "", *OPTIONS, "--dry-run").stdout
    assert "would be written:" in told
    assert not (tmp_path / "days").exists()
    answered(tmp_path / "days", "", *OPTIONS)
    assert re.findall(r"^  (\S+)$", told, re.MULTILINE) == sorted(files_in(tmp_path / "days"))


def test_nothing_that_is_there_is_overwritten_or_mixed_with_examples(tmp_path: Path) -> None:
    mine = {
        "content/workshop.yaml": b"name: Mine\n",
        ".gitignore": b"mine",
        "README.md": b"mine",
        ".github/workflows/check.yml": b"mine",
    }
    for name, data in mine.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    told = answered(tmp_path, "")
    assert (told.exit_code, told.stderr) == (0, "")
    after = files_in(tmp_path)
    assert {name: after[name] for name in mine} == mine
    assert [name for name in after if name.startswith("content/")] == ["content/workshop.yaml"]
    assert "there already, and left alone:\n  .github/workflows/check.yml\n  .gitignore\n" in told.stdout
    assert b"new/main" in after[scaffold.OTHER_GUIDE]


def test_a_second_time_nothing_changes(tmp_path: Path) -> None:
    answered(tmp_path, "", *OPTIONS)
    before = files_in(tmp_path)
    again = answered(tmp_path, "")
    assert again.exit_code == 0
    assert "written:" not in again.stdout
    assert files_in(tmp_path) == before


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("git@github.com:Ada/days.git", "https://ada.github.io/days/"),
        ("https://github.com/ada/days", "https://ada.github.io/days/"),
        ("https://github.com/ada/Ada.github.io.git", "https://ada.github.io/"),
        ("https://gitlab.com/ada/days.git", ""),
    ],
)
def test_the_address_of_the_site_is_found_in_the_clone(tmp_path: Path, remote: str, address: str) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    subprocess.run(["git", "-C", tmp_path, "remote", "add", "origin", remote], check=True)
    assert scaffold.pages_address(tmp_path) == address
    text = scaffold.content(ANSWERS, address)["content/workshop.yaml"]
    assert (f"\nurl: {address}\n" in text) == bool(address)
    assert ("git push" in run("init", tmp_path, *OPTIONS).stdout) == bool(address)


def test_the_guide_links_to_new_files_that_are_filled_in() -> None:
    guide = scaffold.around()["README.md"]
    assert "«" not in guide
    links = [link for link in re.findall(r"\]\(([^)]+)\)", guide) if "new/" in link]
    assert len(links) == len(COLLECTIONS)
    for link in links:
        asked = parse_qs(urlsplit(link).query)
        [path], [text] = asked["filename"], asked["value"]
        assert f"/{path.split('/')[1]}/" in "".join(f"/{each.folder}/" for each in COLLECTIONS)
        assert text.startswith("---\n")
        assert len(link) < 6000  # what web servers take
        _, problems = site_and_problems(
            project.from_texts({"content/workshop.yaml": "name: A\n", path: text})
        )
        assert {p.code for p in problems} <= {
            "undated-news"
        }  # the date is the one thing that must be filled in


def test_editors_get_the_schemas() -> None:
    files = scaffold.around()
    for path, place in json.loads(files[".vscode/settings.json"])["yaml.schemas"].items():
        schema = json.loads(files[path.removeprefix("./")])
        Draft202012Validator.check_schema(schema)
        assert schema["title"] == place
    assert json.loads(files[".vscode/extensions.json"])["recommendations"]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "content").write_text("a file", encoding="utf-8")
    told = answered(tmp_path, "", *OPTIONS)
    assert told.exit_code == 1
    assert "cannot be written" in told.stderr
    assert "Traceback" not in told.stderr
