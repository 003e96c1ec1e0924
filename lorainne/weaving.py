"""Texts that take their places in an output last, and the seams that tell where they stand.

An output is made with a mark in the place of each such text; after an edit only that text is put anew.
"""

from __future__ import annotations

import re
from _blake2 import blake2b  # hashlib's, without the ten milliseconds that OpenSSL takes
from collections.abc import Callable

_OPEN, _CLOSE = "\ufdd1", "\ufdd2"
"""No text holds these characters: they are none (Unicode, section 23.7)."""

_MARK = re.compile(f"{_OPEN}([a-z]+) ([0-9]+){_CLOSE}")

MARKED = re.compile(f"({_OPEN}[a-z]+ [0-9]+{_CLOSE})")
"""Splits a text at its marks, which stand at odd places."""


DIGEST = "digest"
"""What is wanted where an output tells a hash over the rest of itself."""


def mark(want: str, number: int = 0) -> str:
    """What stands for a text: what is wanted of it, and which one it is."""
    return f"{_OPEN}{want} {number}{_CLOSE}"


def marked(output: str, want: str) -> list[int]:
    """The texts of which this is wanted in an output."""
    return [int(number) for wanted, number in _MARK.findall(output) if wanted == want]


class Woven(str):
    """An output in which each text has its place, and its seams.

    A seam is written as `GAP LENGTH WANT NAME`: so many characters after the seam before it, so long, what of
    which file; between two of them stands a tab.
    """

    seams: str

    def __new__(cls, whole: str, seams: str) -> Woven:
        """The output with its seams."""
        woven = super().__new__(cls, whole)
        woven.seams = seams
        return woven


def weave(output: str, put: Callable[[str, int], tuple[str, str]]) -> str:
    """The output with what `put` gives for each mark, a text and the name of its file, in its place."""
    if _OPEN not in output:
        return output
    parts = _MARK.split(output)
    wants = parts[1::3]
    put_in = [
        ("", "") if want == DIGEST else put(want, int(number))
        for want, number in zip(wants, parts[2::3], strict=True)
    ]
    return _joined(parts[::3], wants, [text for text, _ in put_in], [name for _, name in put_in])


def reweave(output: str, seams: str, name: str, put: Callable[[str], str]) -> Woven:
    """The output with what `put` gives in each place of this file's text; raises ValueError for no seams."""
    gaps, wants, texts, names, end = [], [], [], [], 0
    for seam in seams.split("\t"):
        gap, length, want, file = seam.split(" ", 3)
        start, before = end + int(gap), end
        end = start + int(length)
        gaps.append(output[before:start])
        wants.append(want)
        texts.append(put(want) if file == name else output[start:end])
        names.append(file)
    return _joined([*gaps, output[end:]], wants, texts, names)


def _joined(gaps: list[str], wants: list[str], texts: list[str], names: list[str]) -> Woven:
    """The texts between the gaps; a digest of all the others is made here."""
    for at, want in enumerate(wants):
        if want == DIGEST:
            texts[at] = ""
            texts[at] = blake2b("".join(gaps + texts).encode(), digest_size=4).hexdigest()
    seams = [
        f"{len(gap)} {len(text)} {want} {name}"
        for gap, text, want, name in zip(gaps, texts, wants, names, strict=False)
    ]
    pairs = zip(gaps, [*texts, ""], strict=True)
    return Woven("".join(piece for pair in pairs for piece in pair), "\t".join(seams))
