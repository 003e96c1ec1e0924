"""A parsed text → HTML. Whatever an author wrote is inert: HTML is escaped, formulas are allow-listed."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from lorainne.markup import terms
from lorainne.markup.dialect import Token
from lorainne.markup.text import (
    Anchors,
    Resolve,
    Text,
    description,
    footnote_mark_id,
    heading_id,
    plain_inline,
)

# The parser's inline styles for the columns of a table, as classes.
_ALIGNMENT = {
    "text-align:left": ' class="align-left"',
    "text-align:right": ' class="align-right"',
    "text-align:center": ' class="align-center"',
}


def to_html(
    text: Text, href: Resolve, picture: Resolve | None = None, *, level: int = 2, prefix: str = ""
) -> str:
    """Return the text as HTML; its highest heading becomes an `<h{level}>`, `prefix` begins its ids.

    `href` gives the address for a link's target, `picture` the attributes for an image's.
    """
    return _Renderer(text.tokens, href, picture, level, prefix).render()


class _Renderer:
    """Walks the blocks of one text; used once."""

    def __init__(
        self, tokens: Sequence[Token], href: Resolve, picture: Resolve | None, level: int, prefix: str
    ) -> None:
        self.tokens, self.href, self.picture, self.prefix = tokens, href, picture, prefix
        self.shift = level - min((int(t.tag[1]) for t in tokens if t.type == "heading_open"), default=0)
        self.out: list[str] = []
        self.anchors = Anchors(prefix)
        self.table_start = 0  # where in `out` the start tag of the present table belongs
        self.headings: list[str] = []  # the words of its row of headings

    def render(self) -> str:
        for number, token in enumerate(self.tokens):
            if token.nesting > 0:
                self.out.append(self._start_tag(token, number))
            elif token.nesting < 0:
                self.out.append(self._end_tag(token))
            else:
                self.out.append(self._leaf(token))
        return "".join(self.out)

    def _start_tag(self, token: Token, number: int) -> str:
        match token.type:
            case "paragraph_open" if token.hidden:
                return ""
            case "heading_open":
                words = plain_inline(self.tokens[number + 1].children or ())
                return f'<{self._heading(token)} id="{escape(self.anchors.add(heading_id(words)))}">'
            case "table_open":
                self.table_start, self.headings = len(self.out), []
                return ""
            case "th_open" | "td_open":
                scope = ' scope="col"' if token.tag == "th" else ""
                if token.tag == "th":
                    self.headings.append(plain_inline(self.tokens[number + 1].children or ()))
                return f"<{token.tag}{scope}{_ALIGNMENT.get(str(token.attrs.get('style')), '')}>"
            case "ordered_list_open" if token.attrs.get("start") is not None:
                return f'<ol start="{int(token.attrs["start"])}">\n'
            case "footnote_block_open":
                return '<div class="footnotes" role="doc-endnotes">\n<ol>\n'
            case "footnote_open":
                anchor = self.anchors.add(f"fn-{token.meta['id'] + 1}")
                return f'<li id="{escape(anchor)}">'
            case _:
                return f"<{token.tag}>"

    def _end_tag(self, token: Token) -> str:
        match token.type:
            case "paragraph_close" if token.hidden:
                return "\n"
            case "heading_close":
                return f"</{self._heading(token)}>\n"
            case "thead_close":
                # The scrolling region is labelled by the row of headings.
                label = escape(" ".join(" | ".join(self.headings).split()))
                region = f' role="group" aria-label="{label}"' if label else ""
                self.out[self.table_start] = f'<div class="table-wrap" tabindex="0"{region}><table>\n'
                return "</thead>\n"
            case "table_close":
                return "</table></div>\n"
            case "footnote_block_close":
                return "</ol>\n</div>\n"
            case "footnote_close":
                return "</li>\n"
            case _:
                return f"</{token.tag}>\n"

    def _heading(self, token: Token) -> str:
        return f"h{max(1, min(6, int(token.tag[1]) + self.shift))}"

    def _leaf(self, token: Token) -> str:
        match token.type:
            case "inline":
                return self._passage(token.children or ())
            case "code_block" | "fence":
                return f"<pre><code>{escape(token.content)}</code></pre>\n"
            case "math_block":
                return f'<div class="maths">{token.meta["formula"].html}</div>\n'
            case "html_block":
                return f"<p>{escape(token.content, quote=False)}</p>\n"
            case "footnote_anchor":
                mark = escape(self.prefix + footnote_mark_id(token))
                return f' <a href="#{mark}" class="footnote-back" role="doc-backlink">↩︎</a>'
            case "verbatim":
                return f"<pre>{escape(token.content)}</pre>"
            case _:
                return "<hr>\n"

    def _passage(self, tokens: Sequence[Token]) -> str:
        """Return the inline content of a paragraph, heading, cell or title."""
        pieces = [self._inline(token) for token in tokens]
        terms.join_formulas(pieces)
        return "".join(pieces)

    def _inline(self, token: Token) -> str:
        match token.type:
            case "text" | "leftover":
                return terms.unbroken(escape(token.content, quote=False))
            case "softbreak":
                return "\n"
            case "hardbreak":
                return "<br>\n"
            case "code_inline":
                return f"<code>{escape(token.content)}</code>"
            case "math_inline" | "math_inline_double":
                return str(token.meta["formula"].html)
            case "html_inline":
                return escape(token.content, quote=False)
            case "link_open" if token.meta.get("refused"):
                return "<a>"
            case "link_open":
                address = escape(self.href(str(token.attrs["href"])))
                return f'<a href="{address}"{_title(token)}>'
            case "image":
                return self._image(token)
            case "footnote_ref":
                note = escape(f"{self.prefix}fn-{token.meta['id'] + 1}")
                anchor = escape(self.anchors.add(footnote_mark_id(token)))
                mark = f'<a href="#{note}" id="{anchor}" role="doc-noteref">{plain_inline([token])}</a>'
                return f'<sup class="footnote-mark">{mark}</sup>'
            case _:  # emphasis and the ends of links: the tags are the parser's own
                return f"<{'/' if token.nesting < 0 else ''}{token.tag}>"

    def _image(self, token: Token) -> str:
        words, target = escape(description(token.children or ())), str(token.attrs["src"])
        if token.meta.get("refused"):
            return words
        source = self.picture(target) if self.picture else f'src="{escape(self.href(target))}"'
        return f'<img {source} alt="{words}"{_title(token)} loading="lazy">'


def _title(token: Token) -> str:
    title = token.attrs.get("title")
    return f' title="{escape(str(title))}"' if title else ""
