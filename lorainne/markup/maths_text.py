"""MathML → readable text. It is derived from the checked tree, never from the LaTeX."""

from __future__ import annotations

import re
import unicodedata
from xml.etree.ElementTree import Element

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


def readable(root: Element) -> str:
    """Return a formula as readable text on one line: `x² + y²`, `a/b`, `∑ᵢ xᵢ`."""
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
