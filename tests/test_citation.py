"""Citations, read back by somebody else's BibTeX parser, and the tags that Scholar and Zotero look for."""

from __future__ import annotations

import json

import bibtexparser
import pytest
from bibtexparser.middlewares import LatexDecodingMiddleware, NormalizeFieldKeys, SeparateCoAuthors
from full import full_site
from hypothesis import given
from hypothesis import strategies as st
from pages import links, read

from lorainne.exports.citations import latex

ENGINES = "days-of-tensors-and-more-too-2024-talk-engines"


def parsed(text: str) -> dict[str, dict[str, object]]:
    """The entries by key: LaTeX decoded, names apart."""
    readers = [SeparateCoAuthors(), LatexDecodingMiddleware(), NormalizeFieldKeys()]
    library = bibtexparser.parse_string(text, append_middleware=readers)
    assert library.failed_blocks == []
    return {e.key: {f.key: f.value for f in e.fields} for e in library.entries}


def tags(path: str) -> list[tuple[str, str]]:
    metas = read(full_site()[path]).all("meta")
    return [
        (e.attributes["name"], e.attributes["content"])
        for e in metas
        if e.attributes.get("name", "")[:3] in ("cit", "DC.")
    ]


def test_every_citable_work_is_in_the_bibliography_and_no_other() -> None:
    keys = [
        key.removeprefix("days-of-tensors-and-more-too-2024-") for key in parsed(full_site()["citations.bib"])
    ]
    assert keys == ["talk-engines", "talk-long", "talk-winter", "talk-waiting", "poster-p"]
    assert "talks/untitled.bib" not in full_site()


def test_bibtex_says_who_what_where_and_when() -> None:
    entry = parsed(full_site()["talks/engines.bib"])[ENGINES]
    assert entry["author"] == ["Charles Babbage", "Ada Lovelace"]
    assert entry["title"] == "On engines, and O(n log n); a \\ & more"
    assert entry["howpublished"] == "Talk, Days of tensors; and more, too, Nancy, France"
    assert (entry["year"], entry["doi"]) == ("2024", "10.1000/182")
    assert entry["url"] == "https://example.org/days-24/talks/engines.html"


def test_a_name_with_a_comma_stays_one_name_as_it_is_written() -> None:
    (entry,) = parsed(full_site()["talks/long.bib"]).values()
    assert entry["author"] == ["{Carl, Jr}", "Dora"]
    assert r"Très long \textbraceleft{}A\_b\%c\textbraceright{}}}" in full_site()["talks/long.bib"]


def test_csl_says_the_same() -> None:
    everything = json.loads(full_site()["citations.csl.json"])
    assert [item["id"] for item in everything] == list(parsed(full_site()["citations.bib"]))
    (item,) = json.loads(full_site()["talks/engines.csl.json"])
    assert item == everything[0]
    assert item["author"] == [
        {"family": "Babbage", "given": "Charles"},
        {"family": "Lovelace", "given": "Ada"},
    ]
    assert item["issued"] == {"date-parts": [[2024, 10, 26]]}
    assert (item["type"], item["genre"], item["DOI"]) == ("speech", "Talk", "10.1000/182")
    assert item["abstract"].startswith("First, a paragraph; see [1].")
    assert everything[2]["author"] == [{"literal": "李明"}]


def test_pages_have_the_tags_of_scholar_and_of_dublin_core() -> None:
    found = tags("talks/engines.html")
    assert [content for name, content in found if name == "citation_author"] == [
        "Charles Babbage",
        "Ada Lovelace",
    ]
    assert [content for name, content in found if name == "DC.creator"] == ["Charles Babbage", "Ada Lovelace"]
    assert dict(found) | {"citation_author": "", "DC.creator": ""} == {
        "citation_title": "On engines, and O(n log n); a \\ & more",
        "citation_author": "",
        "citation_author_institution": "Cambridge, UK",
        "citation_author_orcid": "https://orcid.org/0000-0002-1825-0097",
        "citation_publication_date": "2024/10/26",
        "citation_conference_title": "Days of tensors; and more, too",
        "citation_language": "en",
        "citation_keywords": "rank; one, two; n",
        "citation_doi": "10.1000/182",
        "citation_abstract_html_url": "https://example.org/days-24/talks/engines.html",
        "citation_pdf_url": "https://example.org/days-24/files/e.pdf",
        "DC.title": "On engines, and O(n log n); a \\ & more",
        "DC.date": "2024-10-26",
        "DC.language": "en",
        "DC.identifier": "https://doi.org/10.1000/182",
        "DC.creator": "",
    }
    assert dict(tags("posters/p.html"))["citation_pdf_url"] == "https://example.org/days-24/files/p.pdf"
    assert tags("talks/untitled.html") == []


@pytest.mark.parametrize("page", ["talks/engines", "posters/p"])
def test_the_box_to_copy_holds_what_the_file_holds(page: str) -> None:
    box = read(full_site()[f"{page}.html"]).one("details", class_="cite")
    (text,) = box.one("code").children
    assert text == full_site()[f"{page}.bib"]
    assert links(box) == [f"../{page}.bib", f"../{page}.csl.json"]


@given(
    st.text(
        st.characters(min_codepoint=33, max_codepoint=0x24F, exclude_categories=["Cc", "Cs", "Zs"]),
        max_size=60,
    )
)
def test_any_title_is_one_value_of_one_entry(text: str) -> None:
    library = bibtexparser.parse_string(
        f"@misc{{key,\n  title = {{{{{latex(text)}}}}},\n  year = {{2024}},\n}}\n"
    )
    assert library.failed_blocks == []
    (entry,) = library.entries
    assert entry["title"] == f"{{{latex(text)}}}"
    assert entry["year"] == "2024"
