"""LaTeX formulas → MathML; everything that leaves here is on an allow-list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from html import escape, unescape
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, ParseError, fromstring, tostring

from lorainne.markup.maths_text import readable

if TYPE_CHECKING:
    from math_core import LatexToMathML

# Beyond these the Rust code may end the whole process, so they are checked before it is called.
MAX_LENGTH = 5_000
MAX_COMMANDS = 400
MAX_DEPTH = 100

MACROS = {"mathbbm": r"\mathbb{#1}", "substack": r"\begin{gathered}#1\end{gathered}"}

# A formula is converted alone, so automatic numbers would all be (1): the starred forms have none.
ENVIRONMENTS = {
    "split": "aligned",
    "smallmatrix": "matrix",
    "align": "align*",
    "equation": "equation*",
    "gather": "gather*",
    "multline": "multline*",
}

# Every inline style that a strict content security policy would drop → a class of the theme's style sheet.
STYLE_CLASSES = {
    "text-align:left": "maths-left",
    "text-align:right": "maths-right",
    "justify-items:start": "",  # comes with text-align, so its class speaks for both
    "justify-items:end": "",
    "padding-left:0": "maths-flush-left",
    "padding-right:0": "maths-flush-right",
    "padding-left:1em": "maths-gap-left",
    "padding-left:0.1667em": "maths-thin-left",
    "padding-right:0.1667em": "maths-thin-right",
    "padding-left:0.2222em": "maths-medium-left",
    "padding-right:0.2222em": "maths-medium-right",
    "padding-left:0.2778em": "maths-thick-left",
    "padding-right:0.2778em": "maths-thick-right",
    "padding-top:0.1667em": "maths-thin-top",
    "padding-top:0": "maths-flush-top",
    "padding-bottom:0": "maths-flush-bottom",
    "padding-left:0.1em": "maths-hair-left",
    "padding-right:0.1em": "maths-hair-right",
    "margin-left:-0.16666667em": "maths-back-thin",
    "margin-left:-0.22222222em": "maths-back-medium",
    "margin-left:-0.2777778em": "maths-back-thick",
    "border-top:0.05emsolidcurrentcolor": "maths-line-top",
    "border-left:0.05emsolidcurrentcolor": "maths-line-left",
    "border-right:0.05emsolidcurrentcolor": "maths-line-right",
    "border-top:0.05emdashedcurrentcolor": "maths-dashes-top",
    "border-left:0.05emdashedcurrentcolor": "maths-dashes-left",
    "border-right:0.05emdashedcurrentcolor": "maths-dashes-right",
    "width:100%": "maths-full",
    "width:50%": "maths-half",
    "width:7.5%": "maths-edge",
    "math-shift:compact": "maths-cramped",
    "font-variant-caps:small-caps": "maths-small-caps",
}

TAGS = frozenset(
    "math menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow mspace msqrt"
    " msub msubsup msup mtable mtd mtext mtr munder munderover b i em code s u span".split()
)
ATTRIBUTES = frozenset(
    "accent accentunder class columnspan depth display displaystyle form height largeop linethickness lspace"
    " mathcolor mathvariant maxsize minsize movablelimits notation rspace scriptlevel stretchy symmetric"
    " voffset width".split()
)
_SAFE_VALUE = re.compile(r"[\w .#%+-]*", re.ASCII)
_COMMAND = re.compile(r"\\[A-Za-z]+")
_DEFINITION = re.compile(r"\\(?:g?def|let|global|(?:re)?newcommand|providecommand)(?![A-Za-z])")
_ENVIRONMENT = re.compile(r"\\(?:begin|end)\{(" + "|".join(ENVIRONMENTS) + r")\}")
_HTML_ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot);)[A-Za-z]+;")


@dataclass(frozen=True, kw_only=True, slots=True)
class MathsError:
    """Why a formula could not be converted; `offset` counts characters of the snippet from 0."""

    offset: int
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Formula:
    """One formula for every output: MathML (with an error: its source in `code`) and readable text."""

    html: str
    text: str
    error: MathsError | None = None


class _RefusedError(Exception):
    """The converter's result holds something that is not on the allow-list."""


@cache
def _converter() -> LatexToMathML:
    """The one converter; `math_core` is imported when the first formula is met."""
    from math_core import LatexToMathML

    return LatexToMathML(fancy_error=False, macros=MACROS, allow_unreliable_rendering=True)


def convert(latex: str, *, display: bool) -> Formula:
    """The formula of a LaTeX snippet without its dollars; never raises.

    What cannot be converted safely keeps its source, escaped, and carries an error.
    """
    problem = _too_deep(latex)
    if problem is None:
        try:
            root = _tree(_converted(latex, display=display))
            return Formula(html=_serialised(root), text=readable(root))
        except _RefusedError as refused:
            problem = MathsError(offset=0, message=str(refused))
        except ValueError as error:  # a half of a surrogate pair is not text
            problem = MathsError(offset=0, message=f"it holds a broken character ({error})")
        except _latex_error() as error:
            problem = _located_error(str(error), latex)
    return Formula(html=f'<code class="maths-error">{escape(latex)}</code>', text=latex, error=problem)


def _too_deep(latex: str) -> MathsError | None:
    """An error for what must not reach the converter: too long, too nested, or defining commands."""
    if len(latex) > MAX_LENGTH:
        return MathsError(offset=0, message=f"it has more than {MAX_LENGTH:,} characters")
    if len(_COMMAND.findall(latex)) > MAX_COMMANDS:
        return MathsError(offset=0, message=f"it has more than {MAX_COMMANDS} commands")
    if definition := _DEFINITION.search(latex):
        message = f"it cannot define commands ({definition[0]}): write what the command stands for"
        return MathsError(offset=definition.start(), message=message)
    depth = 0
    for brace in re.finditer(r"[{}]", latex):
        depth += 1 if brace[0] == "{" else -1
        if depth > MAX_DEPTH:
            return MathsError(
                offset=brace.start(), message=f"it has more than {MAX_DEPTH} braces inside each other"
            )
    return None


def _latex_error() -> type[Exception]:
    from math_core import LatexError

    return LatexError


def _converted(latex: str, *, display: bool) -> str:
    if "\\begin" in latex:
        latex = _ENVIRONMENT.sub(lambda m: m[0].replace(m[1], ENVIRONMENTS[m[1]]), latex)
    return _converter().convert_with_local_state(latex, displaystyle=display)


def _located_error(report: str, latex: str) -> MathsError:
    """The converter's `OFFSET: message`, its offset counted in what the author wrote."""
    number, _, message = report.partition(": ")
    if not number.isdigit():
        return MathsError(offset=0, message=report)
    offset, shift = int(number), 0
    for renamed in _ENVIRONMENT.finditer(latex):
        if renamed.start() + shift >= offset:
            break
        shift += len(ENVIRONMENTS[renamed[1]]) - len(renamed[1])
    return MathsError(offset=max(0, min(offset - shift, len(latex))), message=message)


def _tree(mathml: str) -> Element:
    """The converter's result as a tree in which everything is on the allow-list."""
    try:
        root = fromstring(_HTML_ENTITY.sub(lambda m: unescape(m[0]), mathml))
    except ParseError as error:
        raise _RefusedError("The formula holds characters that a page cannot show.") from error
    for element in root.iter():
        if element.tag not in TAGS:
            raise _RefusedError(f"The formula would put <{element.tag}> into the page.")
        if element.attrib:
            _tame(element)
    return root


def _tame(element: Element) -> None:
    """Turn an element's styles into classes; refuse attributes that are not on the allow-list."""
    # An author's label must not become an anchor of the page.
    element.attrib.pop("id", None)
    classes = []
    for declaration in element.attrib.pop("style", "").replace(" ", "").split(";"):
        if declaration.startswith("color:"):
            element.set("mathcolor", declaration.removeprefix("color:"))
        elif declaration:
            if declaration not in STYLE_CLASSES:
                raise _RefusedError(f"The formula uses a layout that is not supported ({declaration}).")
            classes.append(STYLE_CLASSES[declaration])
    if named := " ".join(filter(None, [element.get("class"), *classes])):
        element.set("class", named)
    for name, value in element.attrib.items():
        if name not in ATTRIBUTES or not _SAFE_VALUE.fullmatch(value):
            raise _RefusedError(f'The formula would put {name}="{value}" into the page.')


def _serialised(root: Element) -> str:
    # Empty elements get an end tag: HTML inside <mtext> knows no <b/>.
    return tostring(root, encoding="unicode", short_empty_elements=False)
