"""Pictures without what cameras and programs write into them (place, time, owner); not a pixel changes.

What is kept is listed, so that a note of a sort that nobody here has heard of goes too. How the camera was
held is kept, since browsers turn the picture by it. A file that is damaged stays as it is.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from zlib import crc32

ENDINGS = (".jpg", ".jpeg", ".jpe", ".jif", ".jfif", ".png", ".apng", ".webp", ".gif", ".avif")

_JPEG_KEPT = (b"JFIF\0", b"ICC_PROFILE\0", b"Adobe")
_JPEG_SCAN_END = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_PNG_KEPT = (
    b"tRNS gAMA cHRM sRGB iCCP cICP mDCV cLLI sBIT bKGD hIST pHYs sPLT acTL fcTL fdAT".split()
)  # and what no picture can do without, whose name is in capitals
_WEBP_KEPT = b"VP8X,VP8 ,VP8L,ALPH,ANIM,ANMF,ICCP".split(b",")
_GIF_KEPT = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")
_UPRIGHT = 1


def strip_metadata(data: bytes) -> bytes:
    """The picture's file without its notes."""
    for start, kind, strip in _KINDS:
        if data.startswith(start) and kind in data[4:64]:
            with suppress(struct.error, IndexError, ValueError):
                return strip(data)
    return data


def _orientation(exif: bytes) -> int:
    """How the camera was held (Exif 2.3, tag 0x0112): 1 is upright."""
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    with suppress(struct.error):
        (first,) = struct.unpack_from(f"{order}I", exif, 4) if order else (len(exif),)
        (count,) = struct.unpack_from(f"{order}H", exif, first)
        for number in range(count):
            tag, held = struct.unpack_from(f"{order}H6xH", exif, first + 2 + 12 * number)
            if tag == 0x0112 and 1 <= held <= 8:
                return int(held)
    return _UPRIGHT


def _orientation_only(exif: bytes) -> bytes:
    """Notes that say how the camera was held and nothing else; none for an upright picture."""
    held = _orientation(exif)
    return b"" if held == _UPRIGHT else struct.pack("<2sHIHHHIII", b"II", 42, 8, 1, 0x0112, 3, 1, held, 0)


def _jpeg(data: bytes) -> bytes:
    """Segments (ITU T.81, annex B); behind the end of the picture nothing is kept."""
    out, at = [data[:2]], 2
    while data[at + 1] != 0xD9:
        if data[at] != 0xFF:
            raise ValueError
        if data[at + 1] == 0xFF:  # a byte that fills up
            at += 1
            continue
        marker, size = struct.unpack_from(">HH", data, at)
        end = at + 2 + size
        if marker == 0xFFDA:
            found = _JPEG_SCAN_END.search(data, end)
            end = found.start() if found else len(data)
        segment, told = data[at:end], data[at + 4 : end]
        if marker == 0xFFE1 and told.startswith(b"Exif\0\0"):
            notes = _orientation_only(told[6:])
            segment = struct.pack(">HH", 0xFFE1, len(notes) + 8) + b"Exif\0\0" + notes if notes else b""
        elif marker == 0xFFFE or (0xFFE0 <= marker <= 0xFFEF and not told.startswith(_JPEG_KEPT)):
            segment = b""
        elif marker < 0xFF01:
            raise ValueError
        out.append(segment)
        at = end
        if at >= len(data):
            return b"".join(out)
    if data[at] != 0xFF:
        raise ValueError
    return b"".join(out) + data[at : at + 2]


def _png(data: bytes) -> bytes:
    """Chunks (PNG, third edition, section 5)."""
    out, at, kind = [data[:8]], 8, b""
    while kind != b"IEND":
        size, kind = struct.unpack_from(">I4s", data, at)
        chunk = data[at : at + 12 + size]
        if kind == b"eXIf":
            notes = _orientation_only(chunk[8:-4])
            body = kind + notes
            chunk = struct.pack(">I", len(notes)) + body + struct.pack(">I", crc32(body)) if notes else b""
        elif not kind[:1].isupper() and kind not in _PNG_KEPT:
            chunk = b""
        out.append(chunk)
        at += 12 + size
    return b"".join(out)


def _webp(data: bytes) -> bytes:
    """Chunks (RFC 9649); the first one says which others there are."""
    out, at, exif = [], 12, 0
    end = min(len(data), 8 + struct.unpack_from("<I", data, 4)[0])
    while at < end:
        kind, size = struct.unpack_from("<4sI", data, at)
        chunk = data[at : at + 8 + size + size % 2]
        if kind == b"EXIF":
            notes = _orientation_only(chunk[8:].removeprefix(b"Exif\0\0"))
            chunk = struct.pack("<4sI", kind, len(notes)) + notes if notes else b""
            exif = 8 if notes else 0
        elif kind not in _WEBP_KEPT:
            chunk = b""
        out.append(chunk)
        at += 8 + size + size % 2
    if out[0].startswith(b"VP8X"):
        out[0] = out[0][:8] + bytes([out[0][8] & ~0x0C | exif]) + out[0][9:]
    body = b"WEBP" + b"".join(out)
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def _gif(data: bytes) -> bytes:
    """Blocks (GIF89a); comments and the notes of programs go, what makes it move is kept."""

    def colours(flags: int) -> int:
        return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0

    def behind(at: int) -> int:
        while data[at]:
            at += data[at] + 1
        return at + 1

    at = 13 + colours(data[10])
    out = [data[:at]]
    while data[at] != 0x3B:
        kept = True
        if data[at] == 0x2C:
            end = behind(at + 11 + colours(data[at + 9]))
        elif data[at] == 0x21:
            end = behind(at + 2)
            kept = data[at + 1] == 0xF9 or (data[at + 1] == 0xFF and data[at + 3 : at + 14] in _GIF_KEPT)
        else:
            raise ValueError
        if kept:
            out.append(data[at:end])
        at = end
    return b"".join(out) + data[at : at + 1]


def _avif(data: bytes) -> bytes:
    """The same file with empty notes: where everything stands in it is written inside (ISO 14496-12)."""
    if data[4:8] != b"ftyp":
        raise ValueError
    out, rest = bytearray(data), len(data)
    boxes = {kind: (start, end) for kind, start, end in _boxes(data, 0, len(data))}
    start, end = boxes.get(b"meta", (0, 0))
    inside = {kind: (first, last) for kind, first, last in _boxes(data, start + 4, end)}
    if b"iinf" in inside and b"iloc" in inside:
        notes = _avif_notes(data, *inside[b"iinf"])
        for item, inner, first, size in _avif_places(data, inside[b"iloc"][0]):
            if item in notes:
                rest -= size
                if rest < 0:  # they lie in each other
                    raise ValueError
                first += inside.get(b"idat", (0, 0))[0] if inner else 0
                if first + size <= len(out):
                    out[first : first + size] = notes[item].ljust(size, b"\0")[:size]
    return bytes(out)


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The kind of each box, where its content begins, and where it ends."""
    while at + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, at)
        head = 8
        if size == 1:
            (size,), head = struct.unpack_from(">Q", data, at + 8), 16
        last = at + size if size else end
        if last < at + head:
            raise ValueError
        yield kind, at + head, last
        at = last


def _avif_notes(data: bytes, start: int, end: int) -> dict[int, bytes]:
    """The items that are notes, and what an empty one of the sort begins with."""
    empty = {b"Exif": b"\0\0\0\0II*\0\x08\0\0\0", b"mime": b""}
    found = {}
    for kind, first, _ in _boxes(data, start + (8 if data[start] else 6), end):
        if kind == b"infe" and data[first] >= 2:
            item, sort = struct.unpack_from(">H2x4s" if data[first] == 2 else ">I2x4s", data, first + 4)
            if sort in empty:
                found[item] = empty[sort]
    return found


def _avif_places(data: bytes, at: int) -> Iterator[tuple[int, bool, int, int]]:
    """The item, whether it stands in the box `idat`, where it begins and how long it is."""

    def number(size: int) -> int:
        nonlocal at
        at += size
        return int.from_bytes(data[at - size : at])

    version = number(4) >> 24
    sizes = number(2)
    offset, length, base, index = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    wide = 4 if version == 2 else 2
    for _ in range(number(wide)):
        if at > len(data):
            raise ValueError
        item = number(wide)
        inner = version > 0 and number(2) & 15 == 1
        number(2)
        begin, parts = number(base), number(2)
        if parts > 1 and offset + length == 0:  # parts that say nothing
            raise ValueError
        for _ in range(parts):
            if at > len(data):
                raise ValueError
            number(index if version else 0)
            yield item, inner, begin + number(offset), number(length)


_KINDS: tuple[tuple[bytes, bytes, Callable[[bytes], bytes]], ...] = (
    (b"\xff\xd8\xff", b"", _jpeg),
    (b"\x89PNG\r\n\x1a\n", b"", _png),
    (b"RIFF", b"WEBP", _webp),
    (b"GIF8", b"", _gif),
    (b"\0\0\0", b"avi", _avif),
)
