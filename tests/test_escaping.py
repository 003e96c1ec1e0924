"""What people write comes back as it was from every output, and can end nothing around it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from functools import cache
from xml.etree import ElementTree

import icalendar
import pytest
from compiling import site_and_problems
from full import FILES, site_of
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lorainne.content import project
from lorainne.markup import parse, to_plain

MARKDOWN = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="[]\u2028\u2029\ufeff")
    | st.sampled_from("\\*_$<>&\"';,:-  \n\n"),
    min_size=1,
    max_size=300,
)
SITE = {
    "content/workshop.yaml": "name: W\ntimezone: Europe/Paris\nurl: https://example.org/\ndates: 2024-11-26\n",
    "content/schedule.yaml": "days: [{date: 2024-11-26, slots: [{time: 9:00-10:00, talk: a}]}]\n",
}


@cache
def published(markdown: str) -> dict[str, str]:
    """The site of a talk with this abstract; empty where the abstract has a mistake."""
    talk = f"---\ntitle: A\nspeakers: [Ada]\n---\n{markdown}"
    site, _ = site_and_problems(project.from_texts({**SITE, "content/talks/a.md": talk}))
    wanted = ("talks/a.html", "talks/a.ics", "schedule.xml", "api/workshop.json", "citations.csl.json")
    return {path: str(site[path]) for path in wanted} if site else {}


def hard_to_write(test: Callable[[str], None]) -> Callable[[], None]:
    """Try a test with texts of people, and with what is hard to write."""
    for text in (
        "It's *here*: & \"there\" 'too'; a\\\\b, `c`",
        "$x<y$ and $$\\alpha + \\beta$$",
        "- one\n- two\n\n> three\n\n1. four",
        r"\</script>\<!-- \]]> -->",
        "自" * 100 + "🙂",
        "x" * 74 + "é" * 40,
        "&amp; &lt; &#39; &#13; line",
        "a line\\\nand another  \nthird",
    ):
        test = example(text)(test)
    return settings(max_examples=25, deadline=None)(given(MARKDOWN)(test))


@hard_to_write
def test_json_gives_the_words_back(markdown: str) -> None:
    if site := published(markdown):
        words = to_plain(parse(markdown))
        (talk,) = json.loads(site["api/workshop.json"])["talks"]
        (citation,) = json.loads(site["citations.csl.json"])
        assert (talk.get("abstract", ""), citation.get("abstract", "")) == (words, words)


@hard_to_write
def test_json_in_a_page_gives_the_words_back_and_ends_no_script(markdown: str) -> None:
    if site := published(markdown):
        (script,) = re.findall(r"<script type=.application/ld.json.>(.*?)</script>", site["talks/a.html"])
        graph = json.loads(script)["@graph"]
        assert graph[-1].get("description", "") == to_plain(parse(markdown))
        assert set("<>&'") & {*script} == set()


@hard_to_write
def test_xml_gives_the_words_back(markdown: str) -> None:
    if site := published(markdown):
        abstract = ElementTree.fromstring(site["schedule.xml"]).findtext(".//abstract")
        assert abstract == to_plain(parse(markdown)).replace("\r", "\n"), "as XML reads the end of a line"


@hard_to_write
def test_a_description_in_html_gives_the_first_words_back(markdown: str) -> None:
    if site := published(markdown):
        (written,) = re.findall(r'<meta name="description" content="([^"]*)"', site["talks/a.html"]) or [""]
        words = " ".join(to_plain(parse(markdown)).split())
        said = html.unescape(written).removesuffix("...").strip()
        assert words.startswith(said) or not words, "where nothing is said, the workshop is described"
        assert not set("<>\n") & {*written}


@hard_to_write
def test_a_calendar_gives_the_words_back_in_lines_of_75_octets(markdown: str) -> None:
    if site := published(markdown):
        calendar = site["talks/a.ics"]
        assert all(len(line.encode()) <= 75 for line in calendar.split("\r\n"))
        (event,) = icalendar.Calendar.from_ical(calendar).events
        kept = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", to_plain(parse(markdown)))
        middle = f"\n\n{kept}" if kept else ""
        assert str(event["DESCRIPTION"]) == f"Ada{middle}\n\nhttps://example.org/talks/a.html"


@pytest.mark.parametrize("character", ["&#12;", "&#x1;", "&#xfffe;", "&#xfdd0;", "&#xd800;"])
def test_a_character_that_xml_does_not_know_leaves_the_programme_well_formed(character: str) -> None:
    """HTML knows a form feed, and Markdown lets one be written as an entity."""
    site = site_of({**FILES, "talks/winter.md": f"---\ntitle: W\n---\nA {character} B.\n"})
    ElementTree.fromstring(site["schedule.xml"])


@pytest.mark.parametrize("word", ["word ", "自然", "𝛼𝛽"])
def test_a_description_is_cut_between_words_or_where_there_are_none(word: str) -> None:
    (long,) = re.findall(r'name="description" content="([^"]*)"', published(word * 200)["talks/a.html"])
    assert long.endswith("...")
    assert 150 < len(long) <= 205
    assert long.removesuffix("...").strip() in word * 200
