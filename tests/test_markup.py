"""Markdown becomes inert HTML and readable text; every mistake is found and points at its place."""

from __future__ import annotations

import re
import time
from html import escape
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lorainne.diagnostics import Diagnostic, Related, Span
from lorainne.markup import MISTAKES, Text, lint, located, maths, parse, parse_line, to_html, to_plain

HTML_TAGS = set(
    "p h1 h2 h3 h4 h5 h6 ul ol li blockquote table thead tbody tr th td dl dt dd pre code hr br em strong s a"
    " img sup section div math".split()
)
HTML_ATTRIBUTES = set("href src alt title id class role tabindex aria-label scope start loading".split())


class Elements(HTMLParser):
    """What a browser would see: start tags with their attributes, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.found.append((f"comment {data}", {}))

    def handle_decl(self, decl: str) -> None:
        self.found.append((f"declaration {decl}", {}))

    def handle_pi(self, data: str) -> None:
        self.found.append((f"instruction {data}", {}))

    def tags(self) -> list[str]:
        return [tag for tag, _ in self.found]

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def elements(fragment: Text, prefix: str = "", level: int = 2) -> Elements:
    return Elements(to_html(fragment, str, prefix=prefix, level=level))


def targets_of(fragment: Text) -> list[str]:
    """The targets that a page is asked to give addresses for, in the order of the text."""
    asked: list[str] = []
    to_html(fragment, lambda target: asked.append(target) or target)  # type: ignore[func-returns-value]
    return asked


# --- What a text becomes -------------------------------------------------------------------------


def test_addresses_are_asked_for_with_targets_as_written() -> None:
    fragment = parse_line("[a](talk:x) and ![b](<my photo.png>) [c](https://é.org/ü?q=1&r)")
    assert targets_of(fragment) == ["talk:x", "my photo.png", "https://é.org/ü?q=1&r"]
    assert [(link.target, link.image) for link in fragment.links] == [
        ("talk:x", False),
        ("my photo.png", True),
        ("https://é.org/ü?q=1&r", False),
    ]


def test_href_maps_each_target_and_is_escaped() -> None:
    html = to_html(parse_line("[a](talk:x)"), lambda target: f'"><script>{target}')
    assert Elements(html).found == [("a", {"href": '"><script>talk:x'})]


def test_links_keep_their_title_and_get_no_other_attribute() -> None:
    assert elements(parse_line('[a](https://b.org "T & t")')).all("a") == [
        {"href": "https://b.org", "title": "T & t"}
    ]


def test_links_know_where_their_target_stands() -> None:
    text = "- > one\n  > two [a](talk:x) and <https://b.org> and [r]\n\n[r]: files/x.pdf"
    spans = [
        (link.target, link.span.line, link.span.column, link.span.end_column) for link in parse(text).links
    ]
    assert spans == [("talk:x", 2, 13, 19), ("https://b.org", 2, 25, 40), ("files/x.pdf", 2, 45, 48)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("It costs $5 and $10.", "It costs $5 and $10."),
        ("US$ 500 or 500 $", "US$ 500 or 500 $"),
        ("a ticket at 5$, two at 10$", "a ticket at 5$, two at 10$"),
        ("5$/10$ or $5/$10", "5$/10$ or $5/$10"),
        (r"a \$x\$ b", "a $x$ b"),
        ("`$x$`", "$x$"),
    ],
)
def test_money_and_code_are_not_maths(text: str, shown: str) -> None:
    fragment = parse_line(text)
    assert "<math" not in to_html(fragment, str)
    assert to_plain(fragment) == shown
    assert elements(fragment).text == shown
    assert not fragment.problems


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (r"2$\times$", "2×"),
        ("ParaTuck-$L$", "ParaTuck-L"),
        ("*On* $O(n\\log n)$ **methods**", "On O(n log n) methods"),
        ("$$x^2$$ inline", "x² inline"),
    ],
)
def test_maths_in_titles(text: str, plain: str) -> None:
    fragment = parse_line(text)
    assert "<math" in to_html(fragment, str)
    assert to_plain(fragment) == plain
    assert "math" in elements(fragment).tags()


def test_plain_text_keeps_the_structure() -> None:
    text = (
        "# Title $x^2$\n\nOne\nparagraph [1].[^n]\n\n- a\n- b\n  1. c\n\n---\n\n> quoted\n\n"
        "|h|i|\n|-|-|\n|j|k|\n\n[^n]: A *note*."
    )
    assert to_plain(parse(text)) == (
        "Title x²\n\nOne paragraph [1].[1]\n\n- a\n- b\n  1. c\n\nquoted\n\nh | i\nj | k\n\n[1] A note."
    )


def test_headings_fit_into_the_page() -> None:
    fragment = parse("# Été à Nancy!\n\n## 李明 $x$\n\n# Été à Nancy!")
    assert [(t, a["id"]) for t, a in elements(fragment, "p-", 3).found if t in {"h3", "h4"}] == [
        ("h3", "p-été-à-nancy"),
        ("h4", "p-李明-x"),
        ("h3", "p-été-à-nancy-1"),
    ]
    assert fragment.anchors == ("été-à-nancy", "李明-x", "été-à-nancy-1")


def test_headings_never_go_below_h6() -> None:
    tags = elements(parse("# a\n\n## b\n\n### c"), level=5).tags()
    assert tags == ["h5", "h6", "h6"]


def test_footnotes_of_two_texts_do_not_collide() -> None:
    text = "a[^x] b[^x]\n\n[^x]: note"
    one, two = (elements(parse(text), prefix) for prefix in ("p-", "q-"))
    ids = [[a["id"] for _, a in side.found if "id" in a] for side in (one, two)]
    assert len(set(ids[0])) == 3
    assert set(ids[0]).isdisjoint(ids[1])
    targets = {str(a["href"])[1:] for a in one.all("a")}
    assert targets == set(ids[0])


def test_a_term_with_a_hyphen_beside_a_figure_a_letter_or_a_formula_is_one_piece() -> None:
    """No line ends in it, its letters are those that were written, and other hyphens are left alone."""
    text = "ParaTuck-2, 3-way & n-way, ParaTuck-$L$ of $n$-way, low-rank, 2024-11-26, state-of-the-art, *A-1*"
    fragment = parse_line(text)
    spans = elements(fragment).all("span")
    assert [each["class"] for each in spans] == ["term"] * 6
    html = re.sub("<math.*?</math>", "$", to_html(fragment, str))
    assert re.findall('<span class="term">(.*?)</span>', html) == [
        "ParaTuck-2", "3-way", "n-way", "ParaTuck-$", "$-way", "A-1",
    ]  # fmt: skip
    assert (
        to_plain(fragment)
        == "ParaTuck-2, 3-way & n-way, ParaTuck-L of n-way, low-rank, 2024-11-26, state-of-the-art, A-1"
    )
    assert elements(parse_line("[a](x-2) <https://example.org/b-2>")).all("a") == [
        {"href": "x-2"}, {"href": "https://example.org/b-2"},
    ]  # fmt: skip


def test_tables_align_by_class_and_can_be_scrolled_to() -> None:
    seen = elements(parse("| Day | Talk |\n|:--|--:|\n| Mon | A |"))
    assert seen.all("th") == [
        {"scope": "col", "class": "align-left"},
        {"scope": "col", "class": "align-right"},
    ]
    wrap = {"class": "table-wrap", "tabindex": "0", "role": "group", "aria-label": "Day | Talk"}
    assert seen.all("div") == [wrap]


def test_definition_lists_and_code() -> None:
    fragment = parse("Term\n: what it *means*\n\n```python\na < b\n```")
    assert elements(fragment).tags() == ["dl", "dt", "dd", "em", "pre", "code"]
    assert to_plain(fragment) == "Term\n  what it means\n\na < b"


def test_spelling_stays_as_written() -> None:
    text = '"quotes" -- and ... (c) l\'été www.example.org README.md'
    assert to_plain(parse_line(text)) == text
    assert elements(parse_line(text)).tags() == []


def test_an_image_with_description_is_loaded_late() -> None:
    seen = elements(parse_line('![a $x^2$ "b"](files/x.png)'))
    assert seen.all("img") == [{"src": "files/x.png", "alt": 'a x² "b"', "loading": "lazy"}]


# --- Bad links and texts that are too much ---------------------------------------------------------


def test_forbidden_links_have_no_address() -> None:
    fragment = parse("[x](javascript:alert) ![y](data:x) [z](a@b.org)")
    assert targets_of(fragment) == []
    assert fragment.links == ()
    assert elements(fragment).all("a") == [{}, {}]


@pytest.mark.parametrize(
    "text",
    [
        "*" * 100_000,
        "[" * 100_000,
        "$" * 100_000,
        "x" * 200_001,
        "a\n" * 10_001,
        "> " * 60 + "lost?",
        "- " * 60 + "lost?",
        "".join("  " * depth + "- lost?\n" for depth in range(60)),
    ],
    ids=lambda text: text[:8],
)
def test_what_is_too_complex_is_said_quickly_and_shown_as_it_is(text: str) -> None:
    started = time.perf_counter()
    fragment = parse(text)
    assert time.perf_counter() - started < 2
    assert [problem.code for problem in fragment.problems] == ["text-too-complex"]
    assert elements(fragment).tags() == ["pre"]
    assert elements(fragment).text == text


@pytest.mark.parametrize("part", ["[^a", "![", "([a](b)", "*a_ ", "<a@b ", "$$a ", "[a", "`a``"])
def test_texts_within_the_bounds_end_in_seconds(part: str) -> None:
    text = part * 5_000 + "\n\n[^b]: x"
    started = time.perf_counter()
    assert to_plain(parse(text))
    assert time.perf_counter() - started < 5


# --- Moving a problem to its file ----------------------------------------------------------------


def test_located_moves_the_first_line_behind_the_key_and_others_down() -> None:
    origin = Span(file="a.yaml", line=7, column=9, end_line=7, end_column=30)
    near = Span(file="", line=1, column=3, end_line=2, end_column=4)
    other = Related(message="there", span=Span(file="", line=2, column=5, end_line=2, end_column=6))
    moved = located(Diagnostic(message="m", span=near, related=(other,), code="c"), origin)
    assert moved.span == Span(file="a.yaml", line=7, column=11, end_line=8, end_column=4)
    assert moved.related[0].span == Span(file="a.yaml", line=8, column=5, end_line=8, end_column=6)
    assert (moved.code, moved.message) == ("c", "m")


# --- Properties ----------------------------------------------------------------------------------

PARTS = st.sampled_from(
    [
        *"* _ ` $ [ ] ( ) ! < > | # - + : ~ ^ \\ & \" ' = \n \t".split(" "),
        *("\n\n", "\n- ", "\n  ", "\n> ", "\n1. ", "\n# ", "\n### ", "\n|a|b|\n|-|-|\n|", "\n: ", "\n```\n"),
        *("a", "x^2", "é", "李", "5", "http://a.org", "javascript:x", "a@b.org", "talk:x", "//e"),
        *("[^1]", "\n[^1]: ", "[a](", "![b](", "$$", "\\foo", "\\frac{1}{2}", "\\operatorname{<b>}"),
        *(
            "<script>",
            "</script>",
            "<img src=x onerror=alert(1)>",
            "<!--",
            "-->",
            "<p style='x'>",
            "&lt;b&gt;",
        ),
        *('" onclick="x', "<a href=//e>", "</pre>", "</code>", "<?php", "<![CDATA[", "\0", "\r\n", "\u2028"),
    ]
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(PARTS, max_size=30).map("".join))


def check_inert(fragment: Text, prefix: str = "") -> None:
    assert targets_of(fragment) == [link.target for link in fragment.links]
    assert all(not lint.forbidden(link.target) for link in fragment.links)
    for tag, attributes in elements(fragment, prefix).found:
        assert tag in HTML_TAGS | maths.TAGS, tag
        assert attributes.keys() <= HTML_ATTRIBUTES | maths.ATTRIBUTES, attributes
    seen = [a["id"] for _, a in elements(fragment, prefix).found if "id" in a]
    assert len(seen) == len(set(seen))
    assert prefix or set(seen) == set(fragment.anchors)


@given(TEXTS)
def test_any_text_becomes_an_inert_fragment(text: str) -> None:
    check_inert(parse(text))
    check_inert(parse(text), prefix="p-")
    check_inert(parse_line(text))


@given(TEXTS)
@example("\u2028\n00*")
def test_problems_point_into_the_text_and_help(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for problem in parse(text).problems:
        span = problem.span
        assert 1 <= span.line <= span.end_line <= len(lines)
        assert 1 <= span.column <= len(lines[span.line - 1]) + 1
        assert (span.end_line, span.end_column) > (span.line, span.column)
        assert problem.message
        assert problem.help
        assert problem.code in {m.__name__.replace("_", "-") for m in MISTAKES}


@given(
    st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\\&"), max_size=60)
)
def test_escaped_words_come_back_as_they_were(text: str) -> None:
    """Nothing that an author escapes is lost or understood as markup, in any output."""
    written = "x" + "".join(f"\\{c}" if c in "!\"#$%'()*+,-./:;<=>?@[]^_`{|}~" else c for c in text) + "x"
    fragment = parse_line(written)
    assert to_plain(fragment) == f"x{text}x"
    html = re.sub('<span class="term">(.*?)</span>', r"\1", to_html(fragment, str))
    assert html == escape(f"x{text}x", quote=False)
