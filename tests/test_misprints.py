"""Every mistake in a text is found once, at its place, and its explanation is true."""

from __future__ import annotations

import inspect

import pytest

from lorainne.diagnostics import Diagnostic, Severity
from lorainne.markup import MISTAKES, parse


def marked(text: str, problem: Diagnostic) -> str:
    """What the span of a problem holds, for spans within one line."""
    span = problem.span
    assert span.line == span.end_line
    return text.splitlines()[span.line - 1][span.column - 1 : span.end_column - 1]


def found(text: str) -> list[tuple[str, str]]:
    """Code and marked text of every problem."""
    return [(p.code, marked(text, p)) for p in parse(text).problems]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("a <b>bold</b> word", [("raw-html", "<b>")]),
        ("- x\n- > y <script>alert(1)</script>", [("raw-html", "<script>")]),
        ("text\n\n  <!-- note -->", [("raw-html", "<!-- note -->")]),
        ("[x](javascript:alert(1))", [("forbidden-link", "javascript:alert(1)")]),
        ("[x](JaVaScRiPt:alert)", [("forbidden-link", "JaVaScRiPt:alert")]),
        ("[x](java&#10;script:alert)", [("forbidden-link", "[x]")]),
        ("![x](data:image/png;base64,AA)", [("forbidden-link", "data:image/png;base64,AA")]),
        ("[x](//evil.org)", [("forbidden-link", "//evil.org")]),
        ("[x](<\\\\evil.org>)", [("forbidden-link", "[x]")]),
        ("[x](/assets/a.png)", [("forbidden-link", "/assets/a.png")]),
        ("<foo:bar>", [("forbidden-link", "<foo:bar>")]),
        ("mail [us](first.last@univ.fr)!", [("mailto-forgotten", "first.last@univ.fr")]),
        ("see [text] (https://a.org) there", [("broken-link-syntax", "[text] (https://a.org)")]),
        ("see [text(https://a.org) there", [("broken-link-syntax", "[text(https://a.org)")]),
        ("see [x](files/my poster.pdf)", [("broken-link-syntax", "[x](files/my poster.pdf)")]),
        ("![x](my photo.jpg) [y] (see p. 3)", [("broken-link-syntax", "[x](my photo.jpg)")]),
        ("[x](my slides (1).pdf) and (a b.pdf)", [("broken-link-syntax", "[x](my slides (1).pdf)")]),
        ("[x](my slides.pdf#page-2)", [("broken-link-syntax", "[x](my slides.pdf#page-2)")]),
        ("[x](https://x.org for more", [("broken-link-syntax", "[x](https://x.org")]),
        ("[x](http)", [("broken-link-syntax", "http")]),
        ("[x]()", [("broken-link-syntax", "[x]")]),
        ("Name (http)", [("broken-link-syntax", "(http)")]),
        (
            "([https://a.fr](https://b.fr)",
            [("broken-link-syntax", "("), ("broken-link-syntax", "https://b.fr")],
        ),
        (r"so $x + \foo y$ is", [("invalid-maths", r"\foo")]),
        ("$$\na +\n  \\foo\n$$", [("invalid-maths", r"\foo")]),
        ("> - a\n>   $b +\n>   \\foo$", [("invalid-maths", r"\foo")]),
        ("for $x_1 in", [("stray-dollar", "$")]),
        ("for $ x_1 $ in", [("stray-dollar", "$")]),
        ("the x^2$ term", [("stray-dollar", "$")]),
        ("|a|b|\n|-|-|\n|c|$\\|f\\|$|", [("pipe-in-maths", "|")]),
        ("|a|b|\n|-|-|\n|c|$|x|$|", [("pipe-in-maths", "|")]),
        ("as shown[^x] before", [("undefined-footnote", "[^x]")]),
        ("a\n\n[^x]: lost", [("unused-footnote", "[^x]:")]),
        ("A title*", [("stray-emphasis", "*")]),
        ("*A title", [("stray-emphasis", "*")]),
        ("a ![](x.png) b", [("missing-alt-text", "![](x.png)")]),
        ("## a\n\n  #### b", [("heading-skip", "#### b")]),
    ],
)
def test_each_mistake_is_found_once_and_at_its_place(text: str, problems: list[tuple[str, str]]) -> None:
    assert found(text) == problems


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("so $x + \\foo$", (1, 9)),
        ("one\n   two\n\t$\\foo$", (3, 3)),
        ("1. a\n\n   - b\n     c $\\foo$", (4, 9)),
        ("> > a\nlazy $\\foo$", (2, 7)),
        ("| a | \\| $\\foo$ | $\\foo$ |\n|-|-|-|", (1, 11)),
        ("x | y\n- | -\n1 | $\\foo$", (3, 6)),
        ("## $\\foo$ ##", (1, 5)),
        ("Title $\\foo$\n=====", (1, 8)),
        ("T\n: d $\\foo$", (2, 6)),
        ("a[^n]\n\n[^n]: b\n    $\\foo$", (4, 6)),
        ("a\r\nb $\\foo$", (2, 4)),
    ],
)
def test_columns_are_exact_in_every_kind_of_block(text: str, place: tuple[int, int]) -> None:
    problem = parse(text).problems[0]
    assert problem.code == "invalid-maths"
    assert (problem.span.line, problem.span.column) == place


@pytest.mark.parametrize(
    "text",
    [
        "5*3 = 15 and a * b",
        "escaped \\* and \\$x and \\[x]",
        "[1] Smith (see https://a.org) and [2]",
        "([a](https://a.org), [b](https://b.org))",
        "[https://a.org](https://www.a.org/en/)",
        "a < b and c > d",
        "[m](mailto:a@b.org) [t](tel:+33) [p](talk:x) [s](speaker:y) [h](#top) [r](../a.pdf) [q](b.html#c)",
        "| a | b |\n|---|---|\n| $5 | $10 |",
        "| $\\lVert f\\rVert$ | b |\n|---|---|",
        "# a\n\n## b\n\n# c\n\n## d",
        "<https://a.org> <a@b.org>",
    ],
)
def test_correct_texts_have_no_problems(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("name", [code.__name__.replace("_", "-") for code in MISTAKES])
def test_every_mistake_explains_itself(name: str) -> None:
    function = next(m for m in MISTAKES if m.__name__.replace("_", "-") == name)
    lines = (inspect.getdoc(function) or "").splitlines()
    assert lines[0].endswith(".")
    assert lines[1] == ""
    assert "Wrong:" in lines
    assert "Right:" in lines


def example(function: object, which: str) -> str:
    doc = inspect.getdoc(function) or ""
    block = doc.partition(f"{which}:\n")[2].split("\n\nRight:")[0]
    return inspect.cleandoc(block)


@pytest.mark.parametrize("function", [m for m in MISTAKES if m.__name__ != "text_too_complex"])
def test_the_examples_of_an_explanation_are_true(function: object) -> None:
    """The wrong example is reported under this code, the right one is clean."""
    wrong, right = example(function, "Wrong"), example(function, "Right")
    code = str(getattr(function, "__name__", "")).replace("_", "-")
    if code == "pipe-in-maths":
        wrong, right = (f"| a | b |\n|---|---|\n{row}" for row in (wrong, right))
    assert code in {problem.code for problem in parse(wrong).problems}
    assert parse(right).problems == ()


def test_severities() -> None:
    warnings = {"stray-dollar", "stray-emphasis", "missing-alt-text", "heading-skip", "unused-footnote"}
    text = (
        "# a\n\n### b *c $\\d ![](x) <i> [x](y:z) [m](a@b.c) [e]() $\\foo$ [^f]\n\n[^g]: h\n\n"
        "|$\\|x\\|$|b|\n|-|-|\n\n(http)"
    )
    for problem in parse(text).problems:
        unsure = problem.code in warnings or marked(text, problem) == "(http)"
        assert problem.severity is (Severity.WARNING if unsure else Severity.ERROR), problem
