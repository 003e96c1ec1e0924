"""Abstracts as exports have them, HTML or Markdown → Markdown as content has it."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

from lorainne.importers.page_blocks import LINK

_IS_HTML = re.compile(r"</?(?:p|br|a|ul|ol|li|b|i|em|strong|div|span|h[1-6])(?:\s[^<>]*)?/?>", re.IGNORECASE)
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`"}
_BLOCKS = {"p", "div", "ul", "ol", "blockquote", "pre", "table", "tr", "section", "article"}
_UNSEEN = {"script", "style"}
_WEB = re.compile(r"(?:https?://[^\s<>\"\\^`{|}/?#@]+|mailto:[^\s@]+@[^\s@]+|tel:)")


class _Reader(HTMLParser):
    """Writes Markdown while it reads HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.links: list[tuple[int, str]] = []
        self.lists: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self.unseen += 1
        elif tag == "br":
            self.text.append("\\\n")
        elif tag == "li":
            self.text.append(f"\n{'  ' * (len(self.lists) - 1)}{self.lists[-1] if self.lists else '-'} ")
        elif tag in _BLOCKS:
            self.text.append("\n\n")
            if tag in ("ul", "ol"):
                self.lists.append("-" if tag == "ul" else "1.")
        elif re.fullmatch("h[1-6]", tag):
            self.text.append("\n\n## ")
        elif tag in _MARKS:
            self.text.append(_MARKS[tag])
        elif tag == "a":
            self.links.append((len(self.text), dict(attrs).get("href") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self.unseen -= bool(self.unseen)
        elif tag in _BLOCKS or re.fullmatch("h[1-6]", tag):
            self.text.append("\n\n")
            if tag in ("ul", "ol") and self.lists:
                self.lists.pop()
        elif tag in _MARKS:
            self.text.append(_MARKS[tag])
        elif tag == "a" and self.links:
            start, address = self.links.pop()
            words = "".join(self.text[start:]).strip()
            if words and _WEB.match(address):
                self.text[start:] = [f"[{words}]({address})"]

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.text.append(re.sub(r"\s+", " ", escaped(data)))


def markdown_of(text: str) -> str:
    """An abstract as content has it; links that cannot lead anywhere keep their words."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _IS_HTML.search(text):
        reader = _Reader()
        reader.feed(text)
        reader.close()
        text = "".join(reader.text)
        text = re.sub(r"\\\n(?=\s*(?:\n|$))|\*{4}|(?<!\*)\*\*(?!\*)\s*\*\*(?!\*)", "", text)
        text = re.sub(r"\\\n\s*(?:\\\n\s*)+", "\n\n", text)
        text = re.sub(r"(?:\\\n|(?<=\n))\\?[*•] ", "\n- ", text)
        text = re.sub(r"[ \t]+\n", "\n", text)
        text = re.sub(r"\n[ \t]+(?![-1 ])", "\n", text)
    else:
        text = unescape(text)
    text = LINK.sub(lambda link: link.group() if _WEB.match(link["target"]) else link["text"], text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def escaped(text: str) -> str:
    """Plain text as Markdown that shows it: marks are escaped, but for maths."""
    parts = re.split(r"(\$[^$\n]+\$)", text)
    parts[::2] = [re.sub(r"([\\*`<\[\]]|(?<!\w)_|_(?!\w))", r"\\\1", part) for part in parts[::2]]
    return "".join(parts)
