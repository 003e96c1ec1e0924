"""`lorainne new`: the file, its name, its fields, and what is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from compiling import site_and_problems

from lorainne.commands import main
from lorainne.content import new_file, project
from lorainne.content.collections import BY_FOLDER, BY_KIND
from lorainne.content.describe import written_fields
from lorainne.diagnostics import has_errors

EMPTY = project.from_texts({"content/workshop.yaml": "name: A\n"})


def run(source: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["new", *words, "--source", str(source)])


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/workshop.yaml").write_text("name: A workshop\n", encoding="utf-8")
    return tmp_path


def test_the_command_line_knows_a_kind_for_every_folder(source: Path) -> None:
    asked = run(source, "wat", "Ada")
    assert (asked.exit_code, asked.stdout) == (2, "")
    assert all(f"'{kind}'" in asked.stderr for kind in BY_KIND)
    assert {collection.folder for collection in BY_KIND.values()} == {*BY_FOLDER}


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Ada Lovelace", "ada-lovelace"),
        ("André de Almeida", "andre-de-almeida"),
        ("李明", "li-ming"),
        ("Ольга Ладыженская", "olga-ladyzhenskaia"),
        ("Μαρία Κούρη", "maria-koure"),
        ("O'Neill, Ph.D.", "o-neill-ph-d"),
    ],
)
def test_names_of_all_scripts_become_ids(name: str, stem: str) -> None:
    assert new_file.path_of("speaker", name, EMPTY) == f"content/speakers/{stem}.md"


@pytest.mark.parametrize("kind", BY_KIND)
@pytest.mark.parametrize("name", ["李明", "Tensors: a survey", 'He said "no" # twice', "tba", "- [x] & *y*"])
def test_a_new_file_is_content_without_mistakes(kind: str, name: str) -> None:
    path = new_file.path_of(kind, name, EMPTY)
    found = project.from_texts({"content/workshop.yaml": "name: A\n", path: new_file.blank(kind, name)})
    site, problems = site_and_problems(found)
    assert not has_errors(problems)
    assert site


@pytest.mark.parametrize("kind", BY_KIND)
def test_every_field_is_there_and_can_be_used_by_deleting_its_mark(kind: str) -> None:
    collection = BY_KIND[kind]
    text = new_file.blank(kind, "A")
    proposed = re.findall(r"^(?:# )?([a-z]+):", text, re.MULTILINE)
    assert set(proposed) == written_fields(collection.record).keys() - {collection.body}
    used = re.sub(r"^# (?=[a-z]+:)", "", text, flags=re.MULTILINE)
    files = {"content/workshop.yaml": "name: A\n", new_file.path_of(kind, "A", EMPTY): used}
    _, problems = site_and_problems(project.from_texts(files))
    assert {problem.code for problem in problems} <= {"unknown-speaker", "missing-file", "late-deadline"}


def test_the_file_is_written_and_the_next_steps_are_told(source: Path) -> None:
    made = run(source, "speaker", "李", "明")
    assert (made.exit_code, made.stderr) == (0, "")
    assert "content/speakers/li-ming.md" in made.stdout
    assert "speakers: [li-ming]" in made.stdout
    assert (
        (source / "content/speakers/li-ming.md").read_text(encoding="utf-8").startswith("---\nname: 李 明\n")
    )
    told = run(source, "talk", "On engines").stdout
    assert "its `speakers:` are some of these: li-ming" in told
    assert "talk: on-engines}" in told


def test_news_is_dated_today(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1731672000")
    run(source, "news", "Registration is open")
    assert (source / "content/news/2024-11-15-registration-is-open.md").is_file()


def test_a_file_that_is_there_is_refused_and_stays_as_it_was(source: Path) -> None:
    run(source, "page", "Venue")
    (source / "content/pages/venue.md").write_text("mine", encoding="utf-8")
    again = run(source, "page", "Venue")
    assert (again.exit_code, again.stdout) == (2, "")
    assert "content/pages/venue.md is there already" in again.stderr
    assert (source / "content/pages/venue.md").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("kind", "name"),
    [("page", "Talks"), ("poster", "All"), ("speaker", "Con"), ("speaker", "…!"), ("page", "index")],
)
def test_names_that_cannot_be_used_are_refused(kind: str, name: str) -> None:
    with pytest.raises(new_file.UnusableNameError):
        new_file.path_of(kind, name, EMPTY)


def test_new_alone_explains_itself_and_without_content_tells_how_to_begin(tmp_path: Path) -> None:
    alone = CliRunner().invoke(main, ["new"])
    assert "lorainne new speaker Ada Lovelace" in alone.output
    nowhere = run(tmp_path, "page", "Venue")
    assert nowhere.exit_code == 2
    assert "lorainne init" in nowhere.stderr
    assert list(tmp_path.iterdir()) == []
