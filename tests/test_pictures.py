"""Portraits and logos: what is published of them, and what is not."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from io import BytesIO

import pytest
from compiling import site_and_problems
from pages import read
from PIL import Image

from lorainne.content import project
from lorainne.diagnostics import Diagnostic

SPEAKER = "---\nname: Ada\nphoto: {name}\n---\n"


def picture(kind: str = "JPEG", size: tuple[int, int] = (800, 600), orientation: int = 1) -> bytes:
    """A picture whose left half is red, with a camera's notes."""
    drawn = Image.new("RGB", size, "blue")
    drawn.paste("red", (0, 0, size[0] // 2, size[1]))
    notes = Image.Exif()
    notes[0x0112], notes[0x010F] = orientation, "SecretCamera"
    out = BytesIO()
    drawn.save(out, kind, exif=notes)
    return out.getvalue()


def build(name: str, data: bytes) -> tuple[Mapping[str, str | bytes], list[Diagnostic]]:
    files = {
        "content/workshop.yaml": "name: W\n",
        "content/talks/a.md": "---\ntitle: T\nspeakers: [ada]\n---\n",
        "content/speakers/ada.md": SPEAKER.format(name=name),
        f"content/files/{name}": data,
    }
    return site_and_problems(project.from_texts(files))


def content(site: Mapping[str, str | bytes], path: str) -> bytes:
    file = site[path]
    assert isinstance(file, bytes)
    return file


def opened(site: Mapping[str, str | bytes], path: str) -> Image.Image:
    return Image.open(BytesIO(content(site, path)))


def test_a_portrait_has_two_sizes_in_two_densities_and_its_page_says_which() -> None:
    site, problems = build("ada.jpg", picture())
    assert problems == []
    sizes = {path: opened(site, path).size for path in site if path.startswith("pictures/")}
    assert sizes == {
        f"pictures/ada.jpg-{w}x{h}.webp": (w, h) for w, h in ((72, 90), (144, 180), (176, 220), (352, 440))
    }
    page = site["speakers/ada.html"]
    assert isinstance(page, str)
    image = read(page).one("img", class_="portrait").attributes
    assert (image["width"], image["height"]) == ("176", "220")
    assert image["src"] == "../pictures/ada.jpg-176x220.webp"
    assert image["srcset"].endswith("../pictures/ada.jpg-352x440.webp 2x")
    assert "loading" not in image


@pytest.mark.parametrize(("name", "kind"), [("a.jpg", "JPEG"), ("a.png", "PNG"), ("A.WEBP", "WEBP")])
def test_what_a_camera_writes_into_a_picture_is_not_published(name: str, kind: str) -> None:
    site, _ = build(name, picture(kind, orientation=6))
    for path in (path for path in site if path.startswith(("pictures/", "files/"))):
        assert b"SecretCamera" not in content(site, path)
        assert dict(opened(site, path).getexif()) == {}
    whole = opened(site, f"files/{name}")
    assert whole.format == kind
    assert whole.size == (600, 800)


def test_a_picture_stands_as_its_camera_was_held() -> None:
    site, _ = build("ada.png", picture("PNG", orientation=6))
    shown = opened(site, "pictures/ada.png-176x220.webp").convert("RGB")
    assert shown.getpixel((88, 5))[0] > 200  # type: ignore[index]
    assert shown.getpixel((88, 215))[2] > 200  # type: ignore[index]


def test_a_small_picture_is_not_blown_up_for_dense_screens() -> None:
    site, _ = build("ada.png", picture("PNG", (150, 200)))
    assert sorted(path for path in site if path.startswith("pictures/")) == [
        "pictures/ada.png-144x180.webp",
        "pictures/ada.png-176x220.webp",
        "pictures/ada.png-72x90.webp",
    ]


def test_the_same_picture_gives_the_same_bytes() -> None:
    one, _ = build("ada.jpg", picture())
    other, _ = build("ada.jpg", picture())
    for path in (path for path in one if path.startswith(("pictures/", "files/"))):
        assert content(one, path) == content(other, path)


def test_a_small_file_with_endless_pixels_is_not_decoded() -> None:
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    bomb = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    _, problems = build("ada.png", bomb)
    assert [(p.code, p.span.file, p.span.line) for p in problems] == [
        ("oversized-picture", "content/speakers/ada.md", 3)
    ]


@pytest.mark.parametrize("length", [0, 10, 100, 1000, 2000])
def test_a_damaged_picture_is_told_where_it_is_named(length: int) -> None:
    _, problems = build("ada.jpg", picture()[:length])
    assert [(p.code, p.span.line, p.span.column) for p in problems] == [("unreadable-picture", 3, 8)]
