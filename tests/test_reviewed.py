"""Faults that somebody found from outside, each with the content that showed it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from compiling import site_and_problems
from conftest import Build
from pages import links, read
from PIL import Image

from lorainne.content import project
from lorainne.content.fix import fixable
from lorainne.diagnostics import Diagnostic
from lorainne.output.blob_cache import BlobCache
from lorainne.output.site import Site


def problems_of(**files: str) -> list[Diagnostic]:
    texts = {name.replace("__", "/").replace("_DOT_", "."): text for name, text in files.items()}
    return site_and_problems(project.from_texts({"content/workshop.yaml": "name: W\n", **texts}))[1]


def test_a_link_by_reference_has_no_certain_repair() -> None:
    text = "Ask [the chair] or [us][r].\n\n[the chair]: a@b.org\n[r]: c@d.org\n"
    problems = problems_of(content__about_DOT_md=text)
    assert {p.code for p in problems} == {"mailto-forgotten"}
    assert fixable(problems) == []


def test_a_key_is_never_respelt_into_one_that_stands_beside_it() -> None:
    problems = problems_of(content__talks__a_DOT_md="---\ntitel: x\ntitle: y\n---\n")
    assert [p.code for p in problems] == ["unknown-field"]
    assert fixable(problems) == []


@pytest.mark.parametrize(
    "template",
    [
        '{% extends "home.html" %}',
        "{{ workshop.title() }}",
        '{{ "a" + 1 }}',
        "{{ 1 / 0 }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{{ 'a'|where_maths|where_maths }}",
    ],
)
def test_whatever_a_template_does_is_told_at_its_place(template: str) -> None:
    problems = problems_of(templates__home_DOT_html=template)
    assert [(p.code, p.span.file) for p in problems] == [("template-error", "templates/home.html")]


def test_a_template_that_no_page_uses_is_checked_too() -> None:
    problems = problems_of(templates__part_DOT_html="{% if %}")
    assert [(p.code, p.span.file) for p in problems] == [("template-error", "templates/part.html")]


@pytest.mark.parametrize(
    "text", ["See [x](https://a.org and more.", "See [x][undef].", "[a](files/../workshop.yaml)"]
)
def test_a_link_that_leads_nowhere_is_told(text: str) -> None:
    assert [p.code for p in problems_of(content__about_DOT_md=text)] in (
        ["broken-link-syntax"],
        ["broken-link"],
    )


def test_a_text_may_link_to_the_pages_that_are_made_by_themselves(build: Build) -> None:
    site = build(
        {
            "about.md": "See [the talks](page:talks).\n",
            "talks/a.md": "---\ntitle: A\n---\n",
        }
    )
    assert "talks.html" in links(read(site["index.html"]))
    assert [p.code for p in problems_of(content__about_DOT_md="[s](page:schedule)")] == ["broken-link"]


def test_a_talk_for_everybody_stands_between_those_of_the_rooms(build: Build) -> None:
    slots = "{time: 10:00-11:00, room: R1, talk: a}, {time: 11:00-12:00, talk: b}, {time: 12:00-13:00, room: R1, talk: c}"
    site = build(
        {
            "schedule.yaml": f"days: [{{date: 2024-11-26, slots: [{slots}]}}]\n",
            **{f"talks/{name}.md": f"---\ntitle: Talk {name}\n---\n" for name in "abc"},
        }
    )
    page = read(site["talks/b.html"])
    assert page.one("a", rel="prev").attributes["href"] == "../talks/a.html"
    assert page.one("a", rel="next").attributes["href"] == "../talks/c.html"
    assert read(site["talks/a.html"]).one("a", rel="next").attributes["href"] == "../talks/b.html"


def test_a_heading_cannot_take_an_id_of_the_page(build: Build) -> None:
    page = read(build({"pages/a.md": "---\ntitle: A\n---\n## Main-content\n"})["a.html"])
    assert len(page.all(id="main-content")) == 1


def test_a_doi_may_have_its_resolver(build: Build) -> None:
    site = build({"talks/a.md": "---\ntitle: A\ndoi: https://doi.org/10.1000/182\n---\n"})
    assert "https://doi.org/10.1000/182" in links(read(site["talks/a.html"]))


def test_both_weekdays_of_the_dates_are_told_at_once() -> None:
    text = "name: W\ndates: Wed 2024-11-26 to Tue 2024-11-27\n"
    problems = problems_of(content__workshop_DOT_yaml=text)
    assert [(p.code, p.span.column, p.fix) for p in problems] == [
        ("weekday-mismatch", 8, "Tue"),
        ("weekday-mismatch", 26, "Wed"),
    ]


def test_the_address_of_an_author_without_a_page_stands_on_the_talk(build: Build) -> None:
    site = build({"talks/a.md": "---\ntitle: A\nauthors: [{name: Carl, email: carl@example.org}]\n---\n"})
    assert "mailto:carl@example.org" in links(read(site["talks/a.html"]))


def test_a_link_in_a_title_is_checked_from_where_it_is_resolved() -> None:
    for link, codes in (("other.md", {"broken-link"}), ("talks/other.md", set())):
        found = problems_of(
            content__talks__other_DOT_md="---\ntitle: Other\nspeakers: [Bob]\n---\n",
            content__talks__a_DOT_md=f"---\ntitle: A [link]({link})\nspeakers: [Ada]\n---\n",
        )
        assert {p.code for p in found} == codes


def test_asking_whether_a_page_is_there_does_not_make_it() -> None:
    made: list[str] = []

    def page() -> str:
        made.append("index.html")
        return "page"

    site = Site({"index.html": page})
    assert "index.html" in site
    assert "other.html" not in site
    assert made == []
    assert site["index.html"] == "page"


def test_a_missing_folder_on_the_path_of_python_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend("/nowhere/site-packages")
    assert BlobCache(tmp_path).get_or_make("key", lambda: b"made") == b"made"


def test_sixteen_bits_of_grey_stay_grey() -> None:
    grey = Image.new("I;16", (300, 200))
    grey.putdata([column * 217 for _ in range(200) for column in range(300)])
    file = BytesIO()
    grey.save(file, "PNG")
    texts = {"content/workshop.yaml": "name: W\n", "content/about.md": "![Ramp](files/a.png)\n"}
    site, _ = site_and_problems(project.from_texts({**texts, "content/files/a.png": file.getvalue()}))
    shown = site["files/a.png"]
    assert isinstance(shown, bytes)
    pixels = Image.open(BytesIO(shown)).convert("L")
    assert [round(pixels.getpixel((x, 100)) / 25) for x in (0, 100, 200, 299)] == [0, 3, 7, 10]
