"""`lorainne import csv`: tables of every kind become speakers, talks and posters."""

from __future__ import annotations

import csv
import io
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from importing import SAMPLES, checked, codes, imported, run, unreadable

from lorainne.importers.spreadsheet import Author, read_authors


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def test_the_two_tables_of_easychair_are_joined() -> None:
    made = imported("csv talks", sample("easychair-submission.csv"), sample("easychair-author.csv"))
    assert made.problems == ()
    assert made.files["talks/tensors-a-survey-in-3-parts.md"] == (
        '---\ntitle: "Tensors: a survey, in 3 parts"\nspeakers: [emilie-du-chatelet]\n'
        "authors: [{name: Ada Lovelace, affiliation: Analytical Engines}, emilie-du-chatelet]\n"
        'keywords: [tensors, rank]\n---\n\nWe survey $x^2$.\n\nIt has "two" paragraphs.\n'
    )
    assert made.files["speakers/emilie-du-chatelet.md"] == (
        "---\nname: Émilie du Châtelet\naffiliation: Cirey, Champagne\n---\n"
    )


def test_ids_are_readable_and_unique_whatever_the_titles() -> None:
    made = imported("csv talks", sample("easychair-submission.csv"), sample("easychair-author.csv"))
    assert sorted(name for name in made.files if name.startswith("talks/")) == [
        "talks/guan-yu-zhang-liang.md",
        "talks/tensors-a-survey-in-3-parts-2.md",
        "talks/tensors-a-survey-in-3-parts.md",
    ]


def test_no_id_is_the_name_of_a_device_or_comes_from_elsewhere() -> None:
    made = imported("csv talks", "#,title\n1,CON\n2,Rank\n", known_ids={"talks/2": "talks/../../rank"})
    assert sorted(made.files) == ["talks/con-talk.md", "talks/rank.md"]


def test_what_was_rejected_is_left_out_and_said() -> None:
    made = imported("csv talks", sample("easychair-submission.csv"), sample("easychair-author.csv"))
    assert "pascal" not in "".join(made.files).lower()
    assert made.notes == ("source-1:7: “A title that was refused” was left out: reject",)


def test_hotcrp_has_a_row_for_each_author() -> None:
    made = imported("csv posters", sample("hotcrp-authors.csv"))
    assert made.problems == ()
    assert made.files["posters/low-rank-everywhere.md"] == (
        "---\ntitle: Low rank everywhere\npresenter: {name: Ada Lovelace, affiliation: Analytical Engines}\n"
        "authors: [{name: Ada Lovelace, affiliation: Analytical Engines},"
        " {name: Emmy Noether, affiliation: Göttingen}]\n---\n"
    )
    assert "posters/on-ideals.md" in made.files


def test_the_star_of_cmt_marks_who_presents() -> None:
    made = imported("csv talks", sample("cmt-papers.csv"))
    assert made.problems == ()
    assert "speakers: [emmy-noether]" in made.files["talks/sparse-and-low.md"]
    assert "affiliation: Göttingen (Mathematics)" in made.files["speakers/emmy-noether.md"]


def test_a_french_form_in_another_encoding_and_with_semicolons() -> None:
    made = imported("csv speakers", sample("google-forms-fr.csv"))
    assert codes(made.problems) == [(1, "source-column"), (1, "source-encoding"), (3, "source-value")]
    assert made.files["speakers/emilie-du-chatelet.md"] == (
        "---\nname: Émilie du Châtelet\naffiliation: Cirey\nhomepage: https://www.example.org/emilie\n---\n"
    )
    assert made.files["talks/emilie-du-chatelet.md"] == (
        "---\ntitle: Sur le feu\nspeakers: [emilie-du-chatelet]\n---\n\nUn résumé; avec un point-virgule\n"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_separator_and_any_unicode_encoding(encoding: str, separator: str, end: str) -> None:
    text = end.join([separator.join(["Nom", "Prénom", "Affiliation"]), separator.join(["李", "明", "A"]), ""])
    made = imported("csv speakers", text.encode(encoding))
    assert made.problems == ()
    assert made.files == {"speakers/ming-li.md": "---\nname: 明 李\naffiliation: A\n---\n"}


def test_an_unknown_column_is_told_and_can_be_mapped() -> None:
    text = "Vortragstitel,Speaker\nRank,Ada Lovelace\n"
    assert codes(imported("csv talks", text).problems) == [(1, "source-column")]
    made = imported("csv talks", text, columns={"vortragstitel": "title"})
    assert made.problems == ()
    assert "title: Rank" in made.files["talks/rank.md"]


def test_invisible_characters_are_left_out_and_told() -> None:
    made = imported("csv talks", "title,abstract\nA\x0crank,b\n")
    assert codes(made.problems) == [(2, "source-character")]
    assert "title: Arank" in made.files["talks/arank.md"]


def test_a_table_without_names_or_titles_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    done = run("csv", "talks", tmp_path / "a.csv", "-o", tmp_path)
    assert done.exit_code == 1
    assert "source-unreadable" in done.output
    assert not (tmp_path / "content").exists()


def test_a_mapping_to_a_field_that_does_not_exist_is_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    done = run("csv", "talks", tmp_path / "a.csv", "-o", tmp_path, "--column", "x=titel")
    assert done.exit_code == 2
    assert "did you mean `title`?" in done.output


@pytest.mark.parametrize(
    ("text", "people"),
    [
        (
            "Ada Lovelace (A); Emmy Noether (B, C)*",
            [("Ada Lovelace", "A", False), ("Emmy Noether", "B, C", True)],
        ),
        ("Lovelace, Ada; Noether, Emmy*", [("Ada Lovelace", "", False), ("Emmy Noether", "", True)]),
        ("Ada Lovelace and Emmy Noether", [("Ada Lovelace", "", False), ("Emmy Noether", "", False)]),
        ("A. L., E. N. et B. P.", [("A. L.", "", False), ("E. N.", "", False), ("B. P.", "", False)]),
        ("Ada* (X (Y)); 明", [("Ada", "X (Y)", True), ("明", "", False)]),
        ("", []),
    ],
)
def test_lists_of_authors(text: str, people: list[tuple[str, str, bool]]) -> None:
    assert read_authors(text) == [Author(name=n, affiliation=a, presents=p) for n, a, p in people]


def test_every_sample_passes_the_checks(tmp_path: Path) -> None:
    kinds = {"hotcrp-authors.csv": "talks", "cmt-papers.csv": "posters", "google-forms-fr.csv": "speakers"}
    for name, kind in kinds.items():
        done = run("csv", kind, SAMPLES / name, "-o", tmp_path / name)
        assert done.exit_code == 0, done.output
        assert checked(tmp_path / name) == []


def test_two_thousand_rows_take_seconds() -> None:
    rows = "".join(f"{n},Title {n},Person {n} (A); Other {n % 50} (B)*,Text {n}\n" for n in range(2000))
    started = time.process_time()
    made = imported("csv talks", f"id,title,authors,abstract\n{rows}")
    assert time.process_time() - started < 5
    assert sum(name.startswith("talks/") for name in made.files) == 2000
    assert sum(name.startswith("speakers/") for name in made.files) == 50


CELLS = st.text(max_size=12) | st.sampled_from(
    ["tba", "Ada Lovelace (X)*; B", "10.1/x", "1", "[[[[", "a: b", "é\u2028"]
)
HEADS = st.sampled_from(
    ["title", "authors", "name", "abstract", "#", "keywords", "url", "doi", "type", "?", "email"]
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(HEADS, min_size=1, max_size=6),
    st.lists(st.lists(CELLS, max_size=7), max_size=5),
    st.sampled_from(["speakers", "talks", "posters"]),
)
def test_any_table_imports_into_content_that_decodes_or_says_why_not(
    head: list[str], rows: list[list[str]], kind: str
) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    made = imported(f"csv {kind}", text.getvalue().encode("utf-8", errors="replace"))
    assert unreadable(made) == []
    again = imported(f"csv {kind}", text.getvalue().encode("utf-8", errors="replace"), known_ids=made.ids)
    assert again.files == made.files


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_import_or_say_why_not(data: bytes) -> None:
    made = imported("csv talks", b"title,abstract\n" + data)
    assert unreadable(made) == []
