"""Bodies, the texts below front matter, in the form of each output.

Whoever edits an abstract changes only the places where it stands, if nothing else depends on it. Such a body
is loose: it takes its places last.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from html import escape

from lorainne import front_matter, markup, weaving
from lorainne.content_lines import escaped, folded
from lorainne.encoding import read_text
from lorainne.scan import File, UnreadableError
from lorainne.weaving import Woven

HTML, TEXT, SUMMARY = "html", "text", "summary"
"""What an output may want of a body: its HTML, its words, or so many of them as describe a page."""

_WORTH_TWO = 500
"""From so many files on, two processes read them."""

_SUMMARY, _LEEWAY = 200, 5
"""Characters of a summary, and so many more rather than words cut off."""


def text(markdown: str | None) -> str:
    """Markdown of many lines as readable text; paragraphs stay apart."""
    return markup.parse(markdown).plain.strip() if markdown else ""


def summary(markdown: str | None) -> str:
    """The first words, on one line."""
    line = " ".join(text(markdown)[: 5 * _SUMMARY].split())
    if len(line) <= _SUMMARY + _LEEWAY:
        return line
    begun = line[: _SUMMARY - 3]
    return (begun.rpartition(" ")[0] or begun) + "..."  # some languages write no spaces


def _html(markdown: str) -> str:
    return "".join(markup.parse(markdown).pieces)


def _in_json(markdown: str) -> str:
    return json.dumps(text(markdown), ensure_ascii=False)[1:-1]


def _in_attribute(markdown: str) -> str:
    """The summary, as templates escape."""
    return escape(summary(markdown)).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")


def in_script(data: str) -> str:
    """JSON as Jinja's `tojson` writes it: nothing in it can end the script."""
    data = data.replace("<", "\\u003c").replace(">", "\\u003e")
    return data.replace("&", "\\u0026").replace("'", "\\u0027")


_FORMS: Mapping[tuple[str, str], Callable[[str], str]] = {
    ("html", HTML): _html,
    ("html", TEXT): lambda markdown: in_script(_in_json(markdown)),
    ("html", SUMMARY): _in_attribute,
    ("json", TEXT): _in_json,
    ("xml", TEXT): lambda markdown: escape(text(markdown), quote=False),
    ("ics", TEXT): lambda markdown: folded(escaped(text(markdown)), begins=False),
}
"""How a body is written, by the ending of the output and by what it wants."""


def form(path: str, want: str, markdown: str) -> str:
    """What an output wants of a loose body, as it is written there."""
    return _formed(path.rpartition(".")[2], want, markdown)


@lru_cache(maxsize=2**13)  # outputs of one talk, made one after another, want the same
def _formed(ending: str, want: str, markdown: str) -> str:
    return _FORMS[ending, want](markdown)


def begin(files: Mapping[str, File]) -> Callable[[], None]:
    """Let a second process parse bodies, where there are many; what is returned helps, and takes over.

    A file that cannot be read is left to whoever tells what is wrong with it.
    """
    from lorainne import processes  # late: an edit needs no second one

    names = [name for name in files if name.endswith(".md") and not name.startswith("content/files/")]
    if len(names) < _WORTH_TWO or not processes.can_fork():
        return lambda: None

    def work(names: Iterable[str]) -> list[markup.Told | None]:
        found = []
        for name in names:
            with suppress(UnreadableError):
                found.append(markup.told(front_matter.split(name, read_text(name, files[name]))[1]))
        return found

    finish = processes.begun(work, names, least=0)

    def take() -> None:
        with suppress(processes.LostError):  # what it has not told is parsed when it is asked for
            markup.take(filter(None, finish()[-1]))

    return take


def is_loose(markdown: str) -> bool:
    """Whether nothing depends on a body: it leads nowhere, nothing leads into it, nothing in it is wrong."""
    read = markup.parse(markdown)
    depends = read.links or read.anchors or read.problems or front_matter.is_unknown_yet(markdown)
    return bool(read.plain.strip()) and not depends


def about(front: str, markdown: str) -> str:
    """What an edit must leave as it is: the front matter, of which this is a hash, and if it has maths."""
    return f"{front} {markup.parse(markdown).has_maths}"


def reread(name: str, file: File, before: str) -> str:
    """The body of a file that was edited, when all else about it is as before and it is still loose.

    Raises ValueError, or UnreadableError.
    """
    front, body, _ = front_matter.split(name, read_text(name, file))
    if about(front_matter.digest(front), body) != before or not is_loose(body):
        raise ValueError
    return body


class Bodies:
    """The loose bodies of a project, by the name of their file, and hashes over their front matter."""

    def __init__(self, texts: Mapping[str, str], fronts: Mapping[str, str]) -> None:
        self.texts, self._fronts = texts, fronts
        self._names = list(texts)
        self._numbers = {name: number for number, name in enumerate(texts)}

    def mark(self, name: str, want: str) -> str:
        """What stands for the body of this file; empty where it is not loose."""
        return weaving.mark(want, self._numbers[name]) if name in self._numbers else ""

    def about(self, name: str) -> str:
        """What an edit of this body must leave as it is."""
        return about(self._fronts[name], self.texts[name])

    def edited(self, files: Mapping[str, File]) -> Bodies:
        """The same with the bodies of these files anew; raises ValueError, or UnreadableError."""
        if files.keys() - self.texts.keys():
            raise ValueError
        new = {name: reread(name, file, self.about(name)) for name, file in files.items()}
        return Bodies({**self.texts, **new}, self._fronts)

    def weave(self, path: str, pieces: Iterable[str]) -> Woven:
        """An output with each body in its place."""

        def put(want: str, number: int) -> tuple[str, str]:
            name = self._names[number]
            return form(path, want, self.texts[name]), name

        return weaving.weave(pieces, put)
