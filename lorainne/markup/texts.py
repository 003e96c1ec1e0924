"""Every text of a build, parsed once."""

from __future__ import annotations

from lorainne.markup.parse import parse, parse_line
from lorainne.markup.plain import to_plain
from lorainne.markup.text import Text


class Texts:
    """Parses each text when it is first asked for, unless the build before has parsed the same one."""

    def __init__(self, earlier: Texts | None = None) -> None:
        self._parsed: dict[tuple[str, bool], Text] = {}
        # A build that was stopped early has parsed nothing: what it could have used is still good.
        self._earlier: dict[tuple[str, bool], Text] = (earlier._parsed or earlier._earlier) if earlier else {}

    def parse(self, written: str) -> Text:
        """Return the parsed text of many blocks."""
        return self._get(written, True)

    def parse_line(self, written: str) -> Text:
        """Return the parsed text of one line, such as a title."""
        return self._get(written, False)

    def plain(self, written: str | None) -> str:
        """Return Markdown of many blocks as readable text; paragraphs stay apart."""
        return to_plain(self.parse(written)) if written else ""

    def plain_line(self, written: str | None) -> str:
        """Return Markdown and maths as readable text on one line."""
        if not written:
            return ""
        parsed = self.parse(written) if "\n" in written else self.parse_line(written)
        return " ".join(to_plain(parsed).split())

    def _get(self, written: str, has_blocks: bool) -> Text:
        key = written, has_blocks
        text = self._parsed.get(key)
        if text is None:
            text = self._earlier.get(key) or (parse if has_blocks else parse_line)(written)
            self._parsed[key] = text
        return text
