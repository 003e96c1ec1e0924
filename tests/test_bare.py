"""Pictures are published without what cameras wrote into them, pixel for pixel as they were."""

from __future__ import annotations

import struct
import time
from dataclasses import replace
from functools import cache
from io import BytesIO

import pytest
from compiling import site_and_problems
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageOps, PngImagePlugin

from lorainne.content import project
from lorainne.content.files import File, changed_meanwhile
from lorainne.diagnostics import DiagnosticError, Span
from lorainne.site.metadata import strip_metadata

XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">SecretPlace</x:xmpmeta>'
KINDS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")


def frames(number: int) -> list[Image.Image]:
    """Pictures that differ in every quarter, so that a turned one is not the same."""
    made = []
    for each in range(number):
        one = Image.radial_gradient("L").resize((80, 60)).convert("RGB")
        one.paste("red", (0, 0, 30 + each, 20))
        one.paste("blue", (50, 40, 80, 60))
        made.append(one)
    return made


@cache
def picture(kind: str, orientation: int = 1, number: int = 1) -> bytes:
    """A picture, or several that make a moving one, with notes of every sort that the kind knows."""
    first, *others = frames(number)
    notes = Image.Exif()
    notes[0x0112], notes[0x010F] = orientation, "SecretCamera"
    notes.get_ifd(0x8825)[1] = "SecretPlace"
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "SecretOwner")
    words.add_itxt("XML:com.adobe.xmp", XMP.decode())
    more = {
        "PNG": {"pnginfo": words},
        "JPEG": {"comment": b"SecretOwner"},
        "GIF": {"comment": b"SecretOwner"},
    }
    moving = {"save_all": True, "append_images": others, "duration": 100, "loop": 0} if others else {}
    out = BytesIO()
    first.save(out, kind, exif=notes, xmp=XMP, **more.get(kind, {}), **moving)
    return out.getvalue()


def seen(data: bytes) -> list[Image.Image]:
    """Every frame as a browser shows it."""
    with Image.open(BytesIO(data)) as opened:
        shown = []
        for number in range(getattr(opened, "n_frames", 1)):
            opened.seek(number)
            upright = ImageOps.exif_transpose(opened)
            shown.append(upright.convert("RGB"))
        return shown


def assert_the_same(one: bytes, other: bytes) -> None:
    before, after = seen(one), seen(other)
    assert [each.size for each in before] == [each.size for each in after]
    for left, right in zip(before, after, strict=True):
        assert ImageChops.difference(left, right).getbbox() is None


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
@pytest.mark.parametrize("kind", KINDS)
def test_notes_go_and_the_picture_stands_as_its_camera_was_held(kind: str, orientation: int) -> None:
    data = picture(kind, orientation)
    assert b"Secret" in data
    left = strip_metadata(data)
    assert b"Secret" not in left
    assert_the_same(data, left)
    assert strip_metadata(left) == left


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "AVIF"])
def test_a_moving_picture_moves_as_before(kind: str) -> None:
    data = picture(kind, number=3)
    left = strip_metadata(data)
    assert b"Secret" not in left
    assert len(seen(left)) == 3
    assert_the_same(data, left)
    with Image.open(BytesIO(data)) as before, Image.open(BytesIO(left)) as after:
        assert (before.info.get("loop"), before.info.get("duration")) == (
            after.info.get("loop"),
            after.info.get("duration"),
        )


def test_nothing_stays_behind_the_end_of_a_photo() -> None:
    """Telephones put a film, with its own place and time, there."""
    assert strip_metadata(picture("JPEG") + b"ftypmp42 SecretPlace") == strip_metadata(picture("JPEG"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_without_notes_stays_as_it_is(kind: str) -> None:
    out = BytesIO()
    frames(1)[0].save(out, kind, progressive=True)
    assert strip_metadata(out.getvalue()) == out.getvalue()


@settings(deadline=None)  # the first picture of each kind takes its time
@given(st.data())
def test_a_damaged_picture_stops_nothing(data: st.DataObject) -> None:
    """Cut off, or with bytes that were changed: something comes back, and it is no longer."""
    whole = picture(data.draw(st.sampled_from(KINDS)), orientation=6)
    torn = bytearray(whole[: data.draw(st.integers(0, len(whole)))])
    for _ in range(data.draw(st.integers(0, 4))):
        if torn:
            torn[data.draw(st.integers(0, len(torn) - 1))] = data.draw(st.integers(0, 255))
    assert len(strip_metadata(bytes(torn))) <= len(torn)


def test_an_avif_that_says_without_end_that_nothing_stands_anywhere_is_left_alone_at_once() -> None:
    def box(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I4s", len(content) + 8, kind) + content

    places = b"\0\0\0\0" + b"\0\0" + struct.pack(">H", 65535) + struct.pack(">HHH", 1, 0, 65535) * 65535
    meta = b"\0\0\0\0" + box(b"iinf", b"\0\0\0\0\0\0") + box(b"iloc", places)
    data = box(b"ftyp", b"avif\0\0\0\0avif") + box(b"meta", meta)
    started = time.perf_counter()
    assert strip_metadata(data) == data
    assert time.perf_counter() - started < 1


def test_a_jpeg_with_strange_bytes_between_its_parts_stays_as_it_is() -> None:
    data = picture("JPEG")
    damaged = data[:2] + b"\x12\xd9" + data[2:]
    assert strip_metadata(damaged) == damaged


def test_a_picture_that_changes_while_it_is_read_is_told_and_no_crash() -> None:
    name = "content/files/big.jpg"

    def changed() -> bytes:
        raise DiagnosticError(changed_meanwhile(Span(file=name)))

    found = project.from_texts({"content/workshop.yaml": "name: A\n", name: b""})
    site, problems = site_and_problems(
        replace(found, files={**found.files, name: File(size=9, read=changed)})
    )
    assert "changed-meanwhile" in [problem.code for problem in problems]
    assert not site
