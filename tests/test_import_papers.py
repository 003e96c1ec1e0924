"""`lorainne import papers`: lists of papers, copied from the web, become a reading list; none is lost."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from importing import checked, imported, run, tree, unreadable
from pages import read

SEEDS = Path(__file__).parent.parent.parent / "shared/seeds"
ABSTRACT = "We show that a made-up abstract of some length is recognised by its length alone. " * 5

LIST = f"""Get papers in your inbox!
SubscribeA first *paper* on ranks
{ABSTRACT}

A second paper on ranks
{ABSTRACT}
  • 8 authors
·
Feb 8, 2022 3
"""


def test_each_title_with_its_abstract_becomes_a_file() -> None:
    made = imported("papers", LIST)
    assert sorted(made.files) == ["papers/a-first-paper-on-ranks.md", "papers/a-second-paper-on-ranks.md"]
    assert made.files["papers/a-second-paper-on-ranks.md"] == (
        f"---\ntitle: A second paper on ranks\nnote: 8 authors\npublished: Feb 8, 2022\n---\n\n{ABSTRACT.strip()}\n"
    )
    assert made.notes == ("left out: “Get papers in your inbox!”",)


def test_a_list_without_papers_is_told() -> None:
    made = imported("papers", "nothing\nof the kind\n")
    assert [problem.code for problem in made.problems] == ["source-unreadable"]


@pytest.mark.parametrize(
    ("seed", "count"), [("003_7aa96ead4b72dfbd.txt", 119), ("004_b0180bad59e51f84.txt", 32)]
)
def test_all_papers_of_the_seed_are_on_the_reading_list_with_their_abstracts(
    seed: str, count: int, tmp_path: Path
) -> None:
    if not (SEEDS / seed).is_file():
        pytest.skip("the seeds are not beside the repository")
    (tmp_path / "content").mkdir()
    (tmp_path / "content/workshop.yaml").write_text("name: Papers\n", encoding="utf-8")
    assert run("papers", SEEDS / seed, "-o", tmp_path).exit_code == 0
    assert set(checked(tmp_path)) <= {"same-title"}
    built = subprocess.run([sys.executable, "-m", "lorainne", "build", tmp_path, "-q"], check=False)
    assert built.returncode == 0
    page = read((tmp_path / "_site/papers.html").read_text(encoding="utf-8"))
    entries = page.all("article")
    assert len(entries) == count
    assert page.one("input", type="search").attributes["data-filter"] == ".listing > .talk"
    assert all(len(entry.one("div", class_="abstract").text) > 250 for entry in entries)
    shown = set(re.findall(r"\w+", page.text))
    long_lines = [line for line in (SEEDS / seed).read_text(encoding="utf-8").split("\n") if len(line) > 300]
    lost = {word for line in long_lines for word in re.findall(r"\w+", line)} - shown
    assert lost == set()


def test_a_second_import_of_the_same_list_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text(LIST, encoding="utf-8")
    run("papers", tmp_path / "list.txt", "-o", tmp_path)
    before = tree(tmp_path)
    assert run("papers", tmp_path / "list.txt", "-o", tmp_path).exit_code == 0
    assert tree(tmp_path) == before


@given(st.lists(st.one_of(st.just(ABSTRACT), st.text(max_size=80)), max_size=8))
def test_any_text_imports_into_content_that_decodes_or_says_why_not(lines: list[str]) -> None:
    made = imported("papers", "\n".join(lines))
    assert unreadable(made) == []
    assert made.files or made.problems
