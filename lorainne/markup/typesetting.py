"""The parser's tokens → a `Fragment`, in one walk: HTML, readable text, links, anchors and mistakes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from lorainne.diagnostics import Diagnostic, Span
from lorainne.markup import misprints, proofreading, terms
from lorainne.markup.fragment import APART, IMAGE, Fragment, Link, heading_id
from lorainne.markup.maths import convert
from lorainne.markup.proofreading import Passage

if TYPE_CHECKING:
    from markdown_it.token import Token

_HTML_NAME = re.compile(r"<(/?)([A-Za-z][\w-]*)")
_COMMAND = re.compile(r"\\[A-Za-z]+")
# The parser's inline styles for the columns of a table, as classes.
_ALIGNMENT = {
    "text-align:left": ' class="align-left"',
    "text-align:right": ' class="align-right"',
    "text-align:center": ' class="align-center"',
}


class Typesetter:
    """Writes one fragment; used once and thrown away."""

    def __init__(self, text: str, *, level: int = 2, prefix: str = "") -> None:
        self.lines = text.split("\n")
        self.level, self.prefix = level, prefix
        self.out: list[str] = []
        self.targets: list[int] = []  # the indexes of `out` that are link targets
        self.words: list[str] = []  # the readable text of the present passage
        self.blocks: list[str] = []  # the readable text of all blocks
        self.links: list[Link] = []
        self.anchors: dict[str, int] = {}  # and how many more wanted the same name
        self.reserved = {"main-content"}  # the ids of every page
        self.problems: list[Diagnostic] = []
        self.has_maths = False
        self.heading = 0  # the level of the last heading, as written
        self.slot = 0  # where in `out` the start of the present heading or table belongs
        self.html_opened: set[str] = set()
        # Readable text: the markers of the lists around, the one not written yet, no blank line before?
        self.markers: list[str] = []
        self.pending = ""
        self.tight = self.near = False
        # Tables: the texts of the present row, where its next cell begins, whether bars tore it apart.
        self.cells: list[str] | None = None
        self.cell_from = 0
        self.torn = False

    def fragment(self, tokens: Sequence[Token], environment: dict[str, Any]) -> Fragment:
        """The fragment of all tokens; `environment` is what the parser noted beside them."""
        used = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
        self.level -= min(used, default=0)
        for token in tokens:
            (self._leaf, self._open, self._close)[token.nesting](token)
        if notes := environment.get("footnotes"):
            referenced = {label[1:]: number >= 0 for label, number in notes["refs"].items()}
            self.problems += proofreading.lost_footnotes(self.lines, referenced)
        return Fragment(
            packed=APART.join(self._pieces()).encode(),
            plain="".join(self.blocks).replace("\f", " ").strip(),  # `&#12;`, which XML does not know
            has_maths=self.has_maths,
            links=tuple(self.links),
            anchors=tuple(self.anchors),
            problems=tuple(self.problems),
        )

    def _pieces(self) -> tuple[str, ...]:
        pieces, start = [], 0
        for index in self.targets:
            pieces += ["".join(self.out[start:index]), self.out[index]]
            start = index + 1
        return (*pieces, "".join(self.out[start:]))

    def _anchor(self, name: str) -> str:
        """The name with the prefix and, when it is taken, a number."""
        anchor = wanted = self.prefix + name
        while anchor in self.anchors or anchor in self.reserved:
            self.anchors[wanted] = self.anchors.get(wanted, 0) + 1
            anchor = f"{wanted}-{self.anchors[wanted]}"
        self.anchors[anchor] = 0
        return escape(anchor)

    def _say(self, text: str) -> None:
        """Add a block to the readable text, behind the marker of its list item."""
        if not text.strip():
            return
        margin = " " * sum(map(len, self.markers))
        head = margin[: len(margin) - len(self.pending)] + self.pending
        gap = "" if not self.blocks else "\n" if self.near and self.tight else "\n\n"
        self.blocks.append(gap + head + text.rstrip().replace("\n", "\n" + margin))
        self.pending = ""
        self.near = bool(self.markers)

    # --- Blocks ---------------------------------------------------------------------------------

    def _open(self, token: Token) -> None:
        match token.type:
            case "paragraph_open":
                self.tight = token.hidden
                if token.hidden:
                    return
            case "heading_open" | "table_open":
                if token.type == "heading_open":
                    self._outline(token)
                self.slot = len(self.out)
                self.tight = self.near = False
                self.out.append("")
                return
            case "ordered_list_open" if token.attrs.get("start") is not None:
                self.out.append(f'<ol start="{int(token.attrs["start"])}">\n')
                return
            case "list_item_open":
                self._begin_item(f"{token.info}. " if token.info else "- ")
            case "dd_open":
                self._begin_item("  ")
                self.near = True
            case "tr_open":
                self._begin_row(token)
            case "th_open" | "td_open":
                scope = ' scope="col"' if token.tag == "th" else ""
                self.out.append(f"<{token.tag}{scope}{_ALIGNMENT.get(str(token.attrs.get('style')), '')}>")
                return
            case "footnote_block_open":
                self.out.append('<div class="footnotes" role="doc-endnotes">\n<ol>\n')
                return
            case "footnote_open":
                number = token.meta["id"] + 1
                self._begin_item(f"[{number}] ")
                self.near = False
                self.out.append(f'<li id="{self._anchor(f"fn-{number}")}">')
                return
        self.out.append(f"<{token.tag}>")

    def _close(self, token: Token) -> None:
        match token.type:
            case "paragraph_close" if token.hidden:
                self.out.append("\n")
                return
            case "heading_close":
                level = max(1, min(6, int(token.tag[1]) + self.level))
                anchor = self._anchor(heading_id("".join(self.words)))
                self.out[self.slot] = f'<h{level} id="{anchor}">'
                self.out.append(f"</h{level}>\n")
                return
            case "list_item_close" | "dd_close":
                self._end_item()
            case "bullet_list_close" | "ordered_list_close" | "dl_close":
                self.near = bool(self.markers)
            case "tr_close":
                self.tight = True
                self._say(" | ".join(self.cells or ()))
                self.cells, self.near, self.torn = None, True, False
            case "table_close":
                self.near = False
                self.out.append("</table></div>\n")
                return
            case "thead_close":
                # The label of the scrolling region is the row of the headings, said just before.
                label = escape(" ".join(self.blocks[-1].split())) if self.blocks else ""
                region = f' role="group" aria-label="{label}"' if label else ""
                self.out[self.slot] = f'<div class="table-wrap" tabindex="0"{region}><table>\n'
            case "footnote_block_close":
                self.out.append("</ol>\n</div>\n")
                return
            case "footnote_close":
                self._end_item()
                self.out.append("</li>\n")
                return
        self.out.append(f"</{token.tag}>\n")

    def _outline(self, token: Token) -> None:
        """Report a heading that stands more than one level below the one before it."""
        level, previous, self.heading = int(token.tag[1]), self.heading, int(token.tag[1])
        if previous and level > previous + 1 and token.map:
            line = self.lines[token.map[0]].strip()
            here = Passage(lines=self.lines, first_line=token.map[0], text=line)
            self.problems.append(misprints.heading_skip(here.span(0, len(line)), level, previous))

    def _begin_item(self, marker: str) -> None:
        self.markers.append(marker)
        self.pending += marker

    def _end_item(self) -> None:
        self.markers.pop()
        self.pending = ""

    def _begin_row(self, token: Token) -> None:
        line = token.map[0] if token.map else 0
        self.cells, self.cell_from = [], 0
        bars = list(proofreading.bars_in_maths(line + 1, self.lines[line]))
        self.torn = bool(bars)
        self.problems += bars

    def _leaf(self, token: Token) -> None:
        match token.type:
            case "inline":
                self._passage(token)
            case "code_block" | "fence":
                self.out.append(f"<pre><code>{escape(token.content)}</code></pre>\n")
                self.tight = False
                self._say(token.content)
            case "math_block":
                self.out.append('<div class="maths">')
                self.words = []
                self._maths(self._here(token), 0, token.content, display=True)
                self.out.append("</div>\n")
                self.tight = False
                self._say("".join(self.words))
            case "html_block":
                self.out.append("<p>")
                self.words = []
                self._raw_html(self._here(token), 0, token.content)
                self.out.append("</p>\n")
                self.tight = False
                self._say("".join(self.words))
            case "footnote_anchor":
                number, again = token.meta["id"] + 1, token.meta["subId"]
                mark = escape(f"{self.prefix}fnref-{number}" + (f"-{again + 1}" if again else ""))
                self.out.append(f' <a href="#{mark}" class="footnote-back" role="doc-backlink">↩︎</a>')
            case _:
                self.out.append("<hr>\n")

    def _here(self, token: Token, cell_from: int | None = None) -> Passage:
        first_line = token.map[0] if token.map else 0
        return Passage(lines=self.lines, first_line=first_line, text=token.content, cell_from=cell_from)

    # --- Inside a passage -----------------------------------------------------------------------

    def _passage(self, token: Token) -> None:
        """The inline content of a paragraph, heading, cell or title."""
        in_cell = self.cells is not None
        here = self._here(token, self.cell_from if in_cell else None)
        self.words, start = [], len(self.out)
        children = token.children or []
        for number, child in enumerate(children):
            if child.type == "text":
                self._text(child.content, here)
            elif child.type == "link_open":
                self._link(children, number, here)
            else:
                self._inline(child, here)
        terms.whole_with_formulas(self.out, start)
        words = "".join(self.words)
        if self.cells is not None:
            self.cells.append(words)
            written = proofreading.cell_source(token.content)
            found = self.lines[here.first_line].find(written, self.cell_from)
            self.cell_from = max(found, self.cell_from) + len(written)
        else:
            self._say(words)

    def _text(self, content: str, here: Passage) -> None:
        self.out.append(terms.whole(escape(content, quote=False)))
        self.words.append(content)
        if "(http" in content:
            self.problems += proofreading.only_http(here, content)

    def _inline(self, token: Token, here: Passage) -> None:
        match token.type:
            case "softbreak":
                self.out.append("\n")
                self.words.append(" ")
            case "hardbreak":
                self.out.append("<br>\n")
                self.words.append("\n")
            case "code_inline":
                self.out.append(f"<code>{escape(token.content)}</code>")
                self.words.append(token.content)
            case "math_inline" | "math_inline_double":
                at = token.meta["at"] + len(token.markup)
                self._maths(here, at, token.content, display=token.type == "math_inline_double")
            case "image":
                self._image(token, here)
            case "footnote_ref":
                self._footnote_mark(token)
            case "html_inline":
                self._raw_html(here, token.meta["at"], token.content)
            case "leftover":
                self._text(token.content, here)
                self._leftover(token, here)
            case _:
                # Emphasis and the ends of links: the tags are the parser's own.
                self.out.append(f"<{'/' if token.nesting < 0 else ''}{token.tag}>")

    def _leftover(self, token: Token, here: Passage) -> None:
        at: int = token.meta["at"]
        problem: Diagnostic | None = None
        if token.content == "[":
            problem = proofreading.leftover_bracket(here, at)
        elif token.content in ("*", "_"):
            problem = proofreading.leftover_emphasis(here, at)
        elif not self.torn:
            problem = proofreading.leftover_dollar(here, at)
        if problem:
            self.problems.append(problem)

    def _maths(self, here: Passage, at: int, content: str, *, display: bool) -> None:
        """A formula; `at` is where its content begins in the passage."""
        latex = content.strip()
        formula = convert(latex, display=display)
        self.out.append(formula.html)
        self.words.append(formula.text)
        if formula.error:
            start = at + len(content) - len(content.lstrip()) + formula.error.offset
            culprit = _COMMAND.match(latex, formula.error.offset)
            span = here.span(start, start + (len(culprit[0]) if culprit else 1))
            self.problems.append(misprints.invalid_maths(span, formula.error.message))
        else:
            self.has_maths = True

    def _raw_html(self, here: Passage, at: int, source: str) -> None:
        """HTML as letters; an end tag is not a second mistake."""
        self.out.append(escape(source, quote=False))
        self.words.append(source)
        name = _HTML_NAME.match(source.lstrip())
        if name and name[1] and name[2] in self.html_opened:
            return
        if name:
            self.html_opened.add(name[2])
        start = at + len(source) - len(source.lstrip())
        span = here.span(start, at + len(source.rstrip()))
        self.problems.append(misprints.raw_html(span, source.strip()))

    def _link(self, children: Sequence[Token], number: int, here: Passage) -> None:
        """The start of a link; the words up to its end are looked at in advance."""
        opened = children[number]
        end = next(i for i in range(number, len(children)) if children[i].type == "link_close")
        words = _readable(children[number + 1 : end])
        target = str(opened.attrs["href"])
        at, closed = opened.meta["at"], children[end].meta["at"]
        if opened.info == "auto":
            start, span = at, here.span(at, at + len(words) + 2)
        else:
            start, span = at - 1, self._target_span(here, target, at - 1, closed)
        if problem := proofreading.link_problem(target, span):
            self.problems.append(problem)
            self.out.append("<a>")
            return
        self.problems += proofreading.link_doubts(here, start, words, target, span)
        self.links.append(Link(target=target, span=span))
        self._address('<a href="', target, f'"{_title(opened)}>')

    def _image(self, token: Token, here: Passage) -> None:
        at: int = token.meta["at"]
        alt, target = _readable(token.children or ()), str(token.attrs["src"])
        span = self._target_span(here, target, at, at + 2 + len(token.content))
        self.words.append(alt)
        if not alt.strip():
            self.problems.append(misprints.missing_alt_text(here.span(at, here.text.find(")", at) + 1)))
        if problem := proofreading.link_problem(target, span):
            self.problems.append(problem)
            self.out.append(escape(alt))
            return
        self.links.append(Link(target=target, span=span, image=True))
        self._address(IMAGE, target, f' alt="{escape(alt)}"{_title(token)} loading="lazy">')

    def _address(self, before: str, target: str, after: str) -> None:
        self.out.append(before)
        self.targets.append(len(self.out))
        self.out += [target, after]

    def _target_span(self, here: Passage, target: str, start: int, closed: int) -> Span:
        """Where a target is written; for `[text][name]`, whose target stands elsewhere, the text."""
        if target and here.text.startswith("](", closed):
            found = here.text.find(target, closed + 2)
            if found >= 0 and not here.text[closed + 2 : found].strip(" \n<"):
                return here.span(found, found + len(target))
        return here.span(start, closed + 1)

    def _footnote_mark(self, token: Token) -> None:
        number, again = token.meta["id"] + 1, token.meta["subId"]
        anchor = self._anchor(f"fnref-{number}" + (f"-{again + 1}" if again else ""))
        note = escape(f"{self.prefix}fn-{number}")
        link = f'<a href="#{note}" id="{anchor}" role="doc-noteref">[{number}]</a>'
        self.out.append(f'<sup class="footnote-mark">{link}</sup>')
        self.words.append(f"[{number}]")


def _readable(tokens: Sequence[Token]) -> str:
    """The words of a link or of an image's description."""
    return "".join(
        convert(token.content, display=False).text if token.type.startswith("math") else token.content or " "
        for token in tokens
        if token.nesting == 0
    )


def _title(token: Token) -> str:
    title = token.attrs.get("title")
    return f' title="{escape(str(title))}"' if title else ""
