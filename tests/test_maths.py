"""Formulas become safe MathML and readable text, and what is wrong with them is told with its place."""

from __future__ import annotations

import subprocess
import sys
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lorainne.markup.maths import ATTRIBUTES, MAX_DEPTH, MAX_LENGTH, STYLE_CLASSES, TAGS, convert

LATEX_PARTS = st.sampled_from(
    r"x y 1 23 + - = < > & ^ _ { } ( ) [ ] | , ' ~ % # $ \\ \frac \sqrt \hat \operatorname \text \mathbb"
    r" \mathrm \left( \right) \sum \int \alpha \log \begin{aligned} \end{aligned} \begin{array}{c|c}"
    r" \end{array} \substack \color{red} \! \, \tag{1} <script> onload=x &lt; é 李 \u0001".split()
)


def tags_of(html: str) -> set[str]:
    return {element.tag for element in ElementTree.fromstring(html).iter()}


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"O(n\log n)", "O(n log n)"),
        (r"\boldsymbol{B}(t)", "B(t)"),
        (r"t \in [a, b]", "t ∈ [a, b]"),
        (r"t_1, t_2, \dots", "t₁, t₂, …"),
        (r"\frac{a}{b}", "a/b"),
        (r"\frac{a+1}{2n}", "(a + 1)/(2n)"),
        (r"\frac{\partial f}{\partial x}", "∂f/∂x"),
        (r"\sqrt{x}", "√x"),
        (r"\sqrt{x+1}", "√(x + 1)"),
        (r"\sqrt[3]{x}", "∛x"),
        (r"\mathbb{R}^n", "ℝⁿ"),
        (r"\mathbb{R}^{m \times n}", "ℝ^(m×n)"),
        (r"x_{i,j}^{n+1}", "x_(i,j)ⁿ⁺¹"),
        (r"e^{-x^2/2}", "e^(−x²/2)"),
        (r"A^\top A = A^*", "AᵀA = A*"),
        (r"\sum_{i=1}^n x_i", "∑ᵢ₌₁ⁿ xᵢ"),
        (r"\min_{x} \|Ax-b\|_2^2", "minₓ ‖Ax − b‖₂²"),
        (r"-x + -y", "−x + −y"),
        (r"\mathcal{O}(\epsilon^{-2})", "O(ϵ⁻²)"),
        (r"f\colon X\to Y", "f: X → Y"),
        (r"\hat{x} \bar{y}", "x̂ȳ"),
        (r"\binom{n}{k}", "(n choose k)"),
        (r"\begin{aligned}a&=b\\c&=d\end{aligned}", "a = b; c = d"),
        (r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", "(1, 2; 3, 4)"),
        (r"\operatorname{rank}(A) \operatorname{rank} B", "rank(A) rank B"),
        (r"\text{if } x", "if x"),
        (r"f'(x)", "f′(x)"),
    ],
)
def test_text_reads_as_a_person_would_write_it(latex: str, text: str) -> None:
    formula = convert(latex, display=False)
    assert formula.error is None
    assert formula.text == text


def test_display_is_said_in_the_mathml() -> None:
    assert ElementTree.fromstring(convert("x", display=True).html).get("display") == "block"
    assert ElementTree.fromstring(convert("x", display=False).html).get("display") is None


@pytest.mark.parametrize(
    ("latex", "classes"),
    [
        (r"\begin{aligned}a&=b\end{aligned}", {"maths-right", "maths-left", "maths-flush-right"}),
        (r"\begin{array}{l|c}a&b\\\hline c&d\end{array}", {"maths-line-right", "maths-line-top"}),
        (r"x\!y", {"maths-back-thin"}),
        (r"\begin{align}a&=b\tag{7}\end{align}", {"maths-full", "maths-half"}),
    ],
)
def test_inline_styles_become_classes(latex: str, classes: set[str]) -> None:
    root = ElementTree.fromstring(convert(latex, display=True).html)
    assert all("style" not in element.attrib for element in root.iter())
    assert classes <= {name for element in root.iter() for name in element.get("class", "").split()}
    assert classes <= set(STYLE_CLASSES.values())


def test_colours_survive_without_a_style() -> None:
    root = ElementTree.fromstring(convert(r"\color{red}x", display=False).html)
    assert [element.get("mathcolor") for element in root.iter("mrow")] == ["#FF0000"]


@pytest.mark.parametrize(
    "latex",
    [
        r"x^\operatorname{<script>alert(1)</script>}",
        r"\hat\operatorname{<img src=x onerror=alert(1)>}",
        r"x^\operatorname{</math><b>}",
        r"x^\operatorname{<mi href=javascript:alert(1)>}",
        r'x^\operatorname{<mi style="x">a</mi>}',
    ],
)
def test_injected_markup_is_refused_and_shown_escaped(latex: str) -> None:
    formula = convert(latex, display=False)
    assert formula.error is not None
    assert tags_of(formula.html) == {"code"}
    assert formula.text == latex


def test_every_substitution_is_understood() -> None:
    for latex in (
        r"\mathbbm{1}",
        r"\sum_{\substack{i\\j}} x",
        r"\begin{split}a&=b\end{split}",
        r"\begin{smallmatrix}a&b\end{smallmatrix}",
        r"\widetilde{AB}",
    ):
        assert convert(latex, display=True).error is None, latex


def test_equations_have_no_automatic_number_but_keep_their_tag() -> None:
    assert convert(r"\begin{equation}x\end{equation}", display=True).text == "x"
    assert convert(r"\begin{equation}x\tag{4}\end{equation}", display=True).text == "x, (4)"


@pytest.mark.parametrize(
    ("latex", "offset"),
    [
        (r"\foo", 0),
        (r"x + \foo", 4),
        (r"\frac{a", 7),
        (r"\begin{split}a\end{split} \foo", 26),
        (r"\begin{smallmatrix}a\end{smallmatrix}\foo", 37),
        (r"é𝐱 \foo", 3),
    ],
)
def test_errors_point_at_the_authors_character(latex: str, offset: int) -> None:
    error = convert(latex, display=True).error
    assert error is not None
    assert error.offset == offset


@pytest.mark.parametrize(
    "latex",
    [
        "{" * 10_000 + "x" + "}" * 10_000,
        "{" * (MAX_DEPTH + 1) + "x" + "}" * (MAX_DEPTH + 1),
        r"\sqrt" * 10_000 + " x",
        r"\sqrt " * 800 + "x",
        r"\left(" * 600 + "x" + r"\right)" * 600,
        r"\begin{matrix}" * 900,
        "x" * (MAX_LENGTH + 1),
        r"\def\a{\sqrt\sqrt\sqrt\a}\a",
        r"\newcommand{\a}{\a\a}\a",
    ],
    ids=lambda latex: latex[:12],
)
def test_what_could_end_the_process_is_refused_before_it_is_converted(latex: str) -> None:
    formula = convert(latex, display=False)
    assert formula.error is not None
    assert tags_of(formula.html) == {"code"}


@pytest.mark.parametrize("latex", [r"\sqrt " * 300 + "{" * 99 + "x" + "}" * 99, r"\frac1" * 400 + "x"])
def test_the_deepest_formula_that_is_let_through_is_converted_on_a_small_stack(latex: str) -> None:
    """A process that dies has another exit code; 1 MB is the smallest stack in use."""
    program = (
        "import sys, threading; from lorainne.markup.maths import convert; threading.stack_size(1 << 20)\n"
        "t = threading.Thread(target=lambda: convert(sys.argv[1], display=True)); t.start(); t.join()"
    )
    assert subprocess.run([sys.executable, "-c", program, latex], check=False).returncode == 0


def test_importing_maths_imports_nothing_slow() -> None:
    program = "import sys, lorainne.markup.maths; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "math_core" not in done.stdout.split()


@given(st.one_of(st.text(max_size=40), st.lists(LATEX_PARTS, max_size=15).map(" ".join)), st.booleans())
def test_any_snippet_becomes_allowed_elements_or_its_own_source(latex: str, display: bool) -> None:
    formula = convert(latex, display=display)
    if formula.error:
        assert formula.text == latex
        assert 0 <= formula.error.offset <= len(latex)
        assert formula.error.message
        return
    for element in ElementTree.fromstring(formula.html).iter():
        assert element.tag in TAGS
        assert element.attrib.keys() <= ATTRIBUTES


def test_half_a_surrogate_pair_is_an_error() -> None:
    assert convert("a\ud800", display=False).error is not None
