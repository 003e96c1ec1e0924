"""Texts that take their places in an output last, and the seams that tell where they stand.

An output is made with a mark in the place of each such text; after an edit only that text is put anew.
"""

from __future__ import annotations

import re
from _blake2 import blake2b  # hashlib's, without the ten milliseconds that OpenSSL takes
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

_OPEN, _CLOSE = "\ufdd1", "\ufdd2"
"""No text holds these characters: they are none (Unicode, section 23.7)."""

_MARK = re.compile(f"{_OPEN}([a-z]+) ([0-9]+){_CLOSE}")

MARKED = re.compile(f"({_OPEN}[a-z]+ [0-9]+{_CLOSE})")
"""Splits a text at its marks, which stand at odd places."""

_PART = 1 << 20
"""Bytes that are copied at once."""

DIGEST, _NOBODY = "digest", "-"
"""What is wanted where an output tells a hash over the rest of itself; that is no file's text."""


def mark(want: str, number: int = 0) -> str:
    """What stands for a text: what is wanted of it, and which one it is."""
    return f"{_OPEN}{want} {number}{_CLOSE}"


def marked(output: str, want: str) -> list[int]:
    """The texts of which this is wanted in an output."""
    return [int(number) for wanted, number in _MARK.findall(output) if wanted == want]


class Woven(NamedTuple):
    """An output in UTF-8 in which each text has its place, and its seams.

    A seam is written as `GAP LENGTH WANT NAME` and a tab: so many bytes after the last one, so long, what of
    which file.
    """

    data: bytearray
    seams: str = ""

    def read(self) -> bytearray:
        """The bytes, as a file gives them."""
        return self.data


def weave(pieces: Iterable[str], put: Callable[[str, int], tuple[str, str]]) -> Woven:
    """The output with what `put` gives for each mark, a text and the name of its file, in its place.

    It is put together as its pieces come: it may be larger than all else that is here.
    """
    data, ends, wants, names = bytearray(), [0], [], []
    for piece in pieces:
        # A gap, and for each mark what is wanted, of which text, and the gap behind it.
        gap, *marks = _MARK.split(piece) if _OPEN in piece else [piece]
        data += gap.encode()
        for want, number, behind in zip(marks[::3], marks[1::3], marks[2::3], strict=True):
            text, name = put(want, int(number)) if want != DIGEST else (_shown(0), _NOBODY)
            ends.append(len(data))
            data += text.encode()
            ends.append(len(data))
            data += behind.encode()
            wants.append(want)
            names.append(name)
    if _NOBODY in names:
        at = ends[2 * names.index(_NOBODY) + 1]
        shown = _shown(_told(data, ends, names)).encode()
        data[at : at + len(shown)] = shown
    sizes = [end - start for start, end in pairwise(ends)]  # of a gap, of a text, of the next gap, …
    seams = [
        f"{gap} {size} {want} {name}\t"
        for gap, size, want, name in zip(sizes[::2], sizes[1::2], wants, names, strict=True)
    ]
    return Woven(data, "".join(seams))


def _told(data: bytearray, ends: list[int], names: list[str]) -> int:
    """A sum of hashes over an output without its digest: of each text, and of all that is between them."""
    with memoryview(data) as whole:
        parts = [whole[start:end] for start, end in pairwise([*ends, len(data)])]
        texts = zip(names, parts[1::2], strict=True)
        told = sum(_hash(name, text if name != _NOBODY else b"") for name, text in texts)
        told += _hash("", *(each for gap in parts[::2] for each in (gap, b"\0")))
        for part in parts:
            part.release()
    return told


class _Place(NamedTuple):
    """Where a text stands in an output, and its seam among the seams, in bytes."""

    start: int
    end: int
    first: int
    last: int
    seam: list[bytes]


Patch = tuple[int, int, bytes]
"""What changes in an output: from which byte to which, and what stands there then."""

Reader = Callable[[int, int], bytes]
"""Gives the bytes of an output from one place to another; raises ValueError where they are not there."""


def reweave(
    read: Reader, seams: bytes, texts: Mapping[str, Callable[[str], str]]
) -> tuple[list[Patch], bytes]:
    """What changes in an output, in order, and its seams then; raises ValueError.

    `texts` give what is wanted of them, by the name of their file.
    """
    places = [(place, name) for name in texts for place in _places(seams, name)]
    new = [texts[name](place.seam[2].decode()).encode() for place, name in places]
    change = sum(
        _hash(name, text) - _hash(name, read(place.start, place.end))
        for (place, name), text in zip(places, new, strict=True)
    )
    for digest in _places(seams, _NOBODY):
        places.append((digest, _NOBODY))
        new.append(_shown(int(read(digest.start, digest.end), 16) + change).encode())
    patches, told, seen = [], [], 0
    for (place, _), text in sorted(zip(places, new, strict=True)):
        patches.append((place.start, place.end, text))
        gap, _, want, whose = place.seam
        told += [seams[seen : place.first], b"%b %d %b %b\t" % (gap, len(text), want, whose)]
        seen = place.last
    return patches, b"".join([*told, seams[seen:]])


def patched(read: Reader, size: int, patches: Iterable[Patch]) -> Iterator[bytes]:
    """The parts of an output of this size after a change; it is never held as a whole."""
    done = 0
    for start, end, text in (*patches, (size, size, b"")):
        for at in range(done, start, _PART):
            yield read(at, min(at + _PART, start))
        yield text
        done = end


def _places(seams: bytes, name: str) -> Iterator[_Place]:
    """The places of this file's text, in order; raises ValueError."""
    wanted, end, last = f" {name}\t".encode(), 0, 0
    while (found := seams.find(wanted, last)) >= 0:
        first, before = max(seams.rfind(b"\t", last, found) + 1, last), last
        last = found + len(wanted)
        skipped, seam = seams[before:first].split(), seams[first:last].split()
        start = end + sum(map(int, skipped[::4])) + sum(map(int, skipped[1::4])) + int(seam[0])
        end = start + int(seam[1])
        yield _Place(start, end, first, last, seam)


def _hash(name: str, *parts: bytes | memoryview) -> int:
    """A hash over a text, in parts, and the name of its file: two that change places are a change."""
    found = blake2b(digest_size=4, key=blake2b(name.encode()).digest())
    for part in parts:
        found.update(part)
    return int.from_bytes(found.digest())


def _shown(digest: int) -> str:
    """A sum of hashes, so that with one text another one the rest need not be read."""
    return f"{digest % 2**32:08x}"
