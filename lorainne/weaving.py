"""Texts that take their places in an output last, and the seams that tell where they stand.

An output is made with a mark in the place of each such text; after an edit only that text is put anew.
"""

from __future__ import annotations

import re
from _blake2 import blake2b  # hashlib's, without the ten milliseconds that OpenSSL takes
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, pairwise
from typing import NamedTuple

_OPEN, _CLOSE = "\x91", "\x92"
"""No content holds these control characters, and no text takes more room in memory for them."""

_MARK = re.compile(f"{_OPEN}([a-z]+) ([0-9]+){_CLOSE}")

MARKED = re.compile(f"({_OPEN}[a-z]+ [0-9]+{_CLOSE})")
"""Splits a text at its marks, which stand at odd places."""

_PART = 1 << 20
"""Bytes that are copied, or kept, at once."""

DIGEST, _NOBODY = "digest", "-"
"""What is wanted where an output tells a hash over the rest of itself; that is no file's text."""

_IF_MATHS, _END = "maths", "\x93"
"""Around what an output has only where there are formulas in it, which is known at its end."""


def mark(want: str, number: int = 0) -> str:
    """What stands for a text: what is wanted of it, and which one it is."""
    return f"{_OPEN}{want} {number}{_CLOSE}"


def where_maths(part: str) -> str:
    """What stands for a part of an output that it has if there are formulas in it; raises ValueError."""
    if _OPEN in part:
        raise ValueError("what waits for formulas cannot hold what waits itself")
    return f"{mark(_IF_MATHS)}{part}{_END}"


class Woven(NamedTuple):
    """An output in UTF-8 in which each text has its place, in parts, and its seams.

    A seam is written as `GAP LENGTH WANT NAME` and a tab: so many bytes after the last one, so long, what of
    which file.
    """

    parts: list[bytearray]
    seams: str = ""

    def read(self) -> bytes:
        """The bytes, as a file gives them."""
        return b"".join(self.parts)


def weave(pieces: Iterable[str], put: Callable[[str, int], tuple[str, str]]) -> Woven:
    """The output with what `put` gives for each mark, a text and the name of its file, in its place.

    It is put together as its pieces come: it may be larger than all else that is here.
    """
    data = bytearray()
    parts, done, ends, wants, names, waiting = [data], 0, [0], [], [], []
    for piece in pieces:
        if len(data) >= _PART:  # one that grew for ever would be copied again and again
            done += len(data)
            parts.append(data := bytearray())
        # A gap, and for each mark what is wanted, of which text, and the gap behind it.
        gap, *marks = _MARK.split(piece) if _OPEN in piece else [piece]
        data += gap.encode()
        for want, number, behind in zip(marks[::3], marks[1::3], marks[2::3], strict=True):
            if want == _IF_MATHS:
                text, end, rest = behind.partition(_END)
                waiting.append((len(ends), done + len(data), text.encode() if end else b""))
                data += (rest if end else behind).encode()
                continue
            text, name = put(want, int(number)) if want != DIGEST else (_shown(0), _NOBODY)
            ends.append(done + len(data))
            data += text.encode()
            ends.append(done + len(data))
            data += behind.encode()
            wants.append(want)
            names.append(name)
    if waiting and any(b"<math" in part for part in parts):
        _fill_in(parts, ends, waiting)
    if _NOBODY in names:
        _tell(parts, ends, names)
    sizes = [end - start for start, end in pairwise(ends)]  # of a gap, of a text, of the next gap, …
    seams = [
        f"{gap} {size} {want} {name}\t"
        for gap, size, want, name in zip(sizes[::2], sizes[1::2], wants, names, strict=True)
    ]
    return Woven(parts, "".join(seams))


def _fill_in(parts: list[bytearray], ends: list[int], waiting: list[tuple[int, int, bytes]]) -> None:
    """Put in what waited: before which of the ends, where, and what; the ends move along."""
    for before, at, text in reversed(waiting):
        ends[before:] = [end + len(text) for end in ends[before:]]
        for part in parts:
            if at <= len(part):
                part[at:at] = text
                break
            at -= len(part)


def _tell(parts: list[bytearray], ends: list[int], names: list[str]) -> None:
    """Put the digest in its place: a sum of hashes, of each text, and of all that is between them."""
    pieces = [*_cut(parts, ends)]
    texts = zip(names, pieces[1::2], strict=True)
    told = sum(_hash(name, *text) if name != _NOBODY else _hash(name) for name, text in texts)
    told += _hash("", *chain.from_iterable([*gap, memoryview(b"\0")] for gap in pieces[::2]))
    pieces[2 * names.index(_NOBODY) + 1][-1][:] = _shown(told).encode()


def _cut(parts: Iterable[bytearray], ends: Iterable[int]) -> Iterator[list[memoryview]]:
    """What stands between each of these places and the next one, and behind the last."""
    views = (memoryview(part) for part in parts)
    rest = next(views)
    for start, end in pairwise(ends):
        size, found = end - start, []
        while size > len(rest):
            found.append(rest)
            size, rest = size - len(rest), next(views)
        yield [*found, rest[:size]]
        rest = rest[size:]
    yield [rest, *views]


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
