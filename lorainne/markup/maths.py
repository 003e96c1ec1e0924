"""LaTeX formulas → MathML and readable text; everything that leaves here is on an allow-list."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

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


@lru_cache(maxsize=1)
def _converter() -> LatexToMathML:
    """The one converter; `math_core` is imported when the first formula is met."""
    from math_core import LatexToMathML

    return LatexToMathML(fancy_error=False, macros=MACROS, allow_unreliable_rendering=True)


@lru_cache(maxsize=4096)
def convert(latex: str, *, display: bool) -> Formula:
    """The formula of a LaTeX snippet without its dollars; never raises.

    What cannot be converted safely keeps its source, escaped, and carries an error.
    """
    problem = _too_deep(latex)
    if problem is None:
        try:
            root = _tree(_converted(latex, display=display))
            return Formula(html=_serialised(root), text=_readable(root))
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
    from xml.etree.ElementTree import ParseError, fromstring

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
    from xml.etree.ElementTree import tostring

    # Empty elements get an end tag: HTML inside <mtext> knows no <b/>.
    return tostring(root, encoding="unicode", short_empty_elements=False)


# --- Readable text: derived from the checked tree, never from the LaTeX ---------------------------

_SUPERSCRIPTS = dict(
    zip(
        "0123456789+−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ⊤∗∘†‡′″‴⁗",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡᵀ*°†‡′″‴⁗",
        strict=True,
    )
)
_SUBSCRIPTS = dict(
    zip("0123456789+−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True)
)
_ACCENTS = dict(
    zip(
        "^\u02c6\u0302\u00af\u203e~\u02dc\u0303\u20d7\u2192\u02d9\u00a8\u02c7\u02d8\u02da",
        "\u0302\u0302\u0302\u0304\u0304\u0303\u0303\u0303\u20d7\u20d7\u0307\u0308\u030c\u0306\u030a",
        strict=True,
    )
)
_BIG = frozenset("∑∏∐∫∬∭∮⋃⋂⋁⋀⨁⨂")
_SIGNS = frozenset("+−±∓")
_UNSPACED = frozenset("/∂∇√¬∞∀∃∅|~⊤⊥⋮⋱") | _BIG
_APPLY = "\u2061"
_DROPPED = re.compile("[\ufe00-\ufe0f\u2062-\u2064]")
_STYLED = re.compile("[\U0001d400-\U0001d7ffℬℰℱℋℐℒℳℛℯℊℴℎℭℌℑℜℨ]")
_MARKS = "\u0300-\u036f\u20d0-\u20ff′″‴⁗†‡*°₀-ₜᵢ-ᵪⱼ⁰-ⁿᴬ-ᵡᶜᶠᶿᶻⱽ¹²³"
_ONE_SYMBOL = re.compile(rf"(?:[0-9.]+|∂?\w)[{_MARKS}]*|\([^()]*\)")
_ONE_WORD = re.compile(rf"∂?[\w.{_MARKS}]*|\([^()]*\)|\[[^\[\]]*\]|\|[^|]*\||‖[^‖]*‖")


def _readable(root: Element) -> str:
    return _row(root).strip()


def _text(element: Element) -> str:
    """One element as text, by what its tag means."""
    match element.tag:
        case "mi" | "mn" | "mo":
            return _plain_letters(element.text or "")
        case "mtext":
            return "".join(element.itertext())
        case "mspace":
            return " " if float((element.get("width") or "0em").removesuffix("em")) > 0.1 else ""
        case "mphantom" | "mprescripts":
            return ""
        case "mfrac":
            return _fraction(element)
        case "msqrt" | "mroot":
            return _root(element)
        case "msub" | "munder" | "msup" | "mover" | "msubsup" | "munderover":
            return _scripts(element)
        case "mmultiscripts":
            return _multiscripts(element)
        case "mtable":
            return _table(element)
        case _:
            return _row(element)


def _plain_letters(text: str) -> str:
    """Bold, italic and script letters as ordinary ones; ℝ, ℂ and their like stay."""
    return _STYLED.sub(lambda m: unicodedata.normalize("NFKC", m[0]), _DROPPED.sub("", text))


def _row(row: Element) -> str:
    """The children side by side, with spaces where a reader expects them."""
    out, after_name = "", False
    for child in row:
        text = _text(child)
        if child.tag == "mo":
            out = _with_operator(out, text, spaced=child.get("rspace") != "0")
        elif text == ":":
            out = f"{out.rstrip()}: "
        else:
            named = _is_name(child, text)
            touching = out[-1:].isalnum() and text[:1].isalnum()
            out += f" {text}" if touching and (named or after_name) else text
            after_name = named
    out = out.replace("...", "…").replace(": =", ":=")
    out = re.sub(rf"\s*{_APPLY}\s*(?=[(\[{{|])", "", out).replace(_APPLY, " ")
    return re.sub(r"\s+", " ", out)


def _is_name(element: Element, text: str) -> bool:
    """Whether it is a word such as `rank`, which must not melt into its neighbours."""
    return len(text) > 1 and text.isalpha() and (element.tag == "mi" or len(element.findall("mi")) == 1)


def _with_operator(out: str, operator: str, *, spaced: bool) -> str:
    before = out.rstrip()
    if operator in {",", ";"}:
        return f"{before}{operator} " if spaced else before + operator
    if operator in _SIGNS and (not before or before[-1] in "([{,;|/" or _is_spaced(before[-1])):
        return out + operator
    if _is_spaced(operator):
        return f"{before} {operator} "
    return f"{out}{operator} " if operator in _BIG else out + operator


def _is_spaced(operator: str) -> bool:
    """Whether an operator stands between spaces: relations, arrows and binary operators do."""
    if len(operator) != 1 or operator in _UNSPACED:
        return False
    return operator in ":≔" or unicodedata.category(operator) == "Sm" or "\u2190" <= operator <= "\u21ff"


def _wrapped(text: str, simple: re.Pattern[str]) -> str:
    text = text.strip()
    return text if simple.fullmatch(text) else f"({text})"


def _fraction(element: Element) -> str:
    upper, lower = (_text(child) for child in element)
    if element.get("linethickness") == "0":
        return f"{upper.strip()} choose {lower.strip()}"
    return f"{_wrapped(upper, _ONE_WORD)}/{_wrapped(lower, _ONE_SYMBOL)}"


def _root(element: Element) -> str:
    if element.tag == "msqrt":
        return "√" + _wrapped(_row(element), _ONE_SYMBOL)
    radicand, index = (_text(child).strip() for child in element)
    sign = {"3": "∛", "4": "∜"}.get(index) or f"{_script(index, _SUPERSCRIPTS, '^')}√"
    return sign + _wrapped(radicand, _ONE_SYMBOL)


def _script(text: str, table: dict[str, str], mark: str) -> str:
    """An index or exponent: raised or lowered letters if all exist, else behind a mark."""
    text = "".join(text.split()).replace(_APPLY, "")
    if table.keys() >= set(text):
        return "".join(table[character] for character in text)
    return f"{mark}{text}" if len(text) == 1 else f"{mark}({text})"


def _scripts(element: Element) -> str:
    """A base with what stands below and above it."""
    base, *rest = (_text(child) for child in element)
    base = base.strip()
    below = rest[0] if element.tag in {"msub", "munder", "msubsup", "munderover"} else ""
    above = rest[-1] if element.tag in {"msup", "mover", "msubsup", "munderover"} else ""
    if element.get("accent") or element.get("accentunder"):
        mark = _ACCENTS.get(above, "") if len(base) == 1 else ""
        return unicodedata.normalize("NFC", base + mark)
    body = base if len(base) == 1 else _wrapped(base, _ONE_WORD)
    text = body + _script(below, _SUBSCRIPTS, "_") + _script(above, _SUPERSCRIPTS, "^")
    return f"{text} " if base in _BIG else text


def _multiscripts(element: Element) -> str:
    """A base with scripts on both sides: those after `mprescripts` are written first."""
    base, *scripts = element
    tags = [script.tag for script in scripts]
    cut = tags.index("mprescripts") if "mprescripts" in tags else len(tags)

    def pairs(some: list[Element]) -> str:
        lowered = "".join(_script(_text(s), _SUBSCRIPTS, "_") for s in some[::2])
        return lowered + "".join(_script(_text(s), _SUPERSCRIPTS, "^") for s in some[1::2])

    return pairs(scripts[cut + 1 :]) + _text(base).strip() + pairs(scripts[:cut])


def _table(element: Element) -> str:
    """Rows between semicolons, cells between commas; `a & = b` is one expression."""
    rows = []
    for row in element:
        line = ""
        for cell in filter(None, (_row(cell).strip() for cell in row)):
            joint = "" if not line else " " if _is_spaced(cell[0]) else ", "
            line = line.rstrip(",") + joint + cell if joint == ", " else line + joint + cell
        rows.append(line)
    return "; ".join(filter(None, rows))
