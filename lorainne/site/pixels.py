"""Pixels: reading a picture, cutting or scaling it to a box, saving it without anything else; drawing words.

Only this module imports Pillow, and late: most builds find everything in the cache.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as Image
    from PIL.ImageDraw import ImageDraw as ImageDraw
    from PIL.ImageFont import FreeTypeFont as FreeTypeFont

Size = tuple[int, int]
"""Width and height in pixels."""

MAX_PIXELS = 60_000_000
"""No camera at a workshop has more, and decoding more takes a gigabyte."""

DAMAGED = (OSError, ValueError, SyntaxError)
"""What Pillow raises for broken files."""


class TooManyPixelsError(Exception):
    """A picture that is not safe to decode."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """The space on the page, in CSS pixels; what is `cut` fills it, anything else fits into it."""

    width: int
    height: int
    cut: bool = False
    middle: float = 0.3
    """What is kept of a picture that is too high: 0 its top, where faces are, 1 its foot."""


def size_of(data: bytes) -> Size:
    """Return the size of an upright picture; raise TooManyPixelsError, or what is in DAMAGED."""
    with _open(data) as picture:
        turned = picture.getexif().get(0x0112, 1) in (5, 6, 7, 8)  # Exif 2.3, orientation
        return (picture.height, picture.width) if turned else picture.size


def format_of(data: bytes) -> str:
    """Return the format of a picture, as Pillow calls it."""
    with _open(data) as picture:
        return picture.format or "PNG"


def sizes(full: Size, box: Box) -> list[Size]:
    """Return the size in the box, and twice that unless the picture is smaller."""
    width, height = full
    if box.cut:
        one, largest = (box.width, box.height), min(width / box.width, height / box.height)
    else:
        scale = min(box.width / width, box.height / height, 1)
        one, largest = (max(round(width * scale), 1), max(round(height * scale), 1)), 1 / scale
    return [one, (2 * one[0], 2 * one[1])] if largest >= 2 else [one]


def fills(full: Size, box: Box) -> bool:
    """Return whether a picture has a pixel of its own for each of its box."""
    return full[0] >= box.width and full[1] >= box.height


def decode(data: bytes, largest: int) -> Image:
    """Return the whole picture, upright, with its colours and without anything else that was in the file."""
    from PIL import Image, ImageOps

    with _open(data) as picture:
        picture.draft("RGB", (largest, largest))  # of a JPEG no more is decoded than is needed
        profile = picture.info.get("icc_profile", b"")
        upright = ImageOps.exif_transpose(picture)
        if upright.mode.startswith("I"):  # 16 bits of grey, which a conversion would cut off at 8
            upright = upright.convert("I").point(lambda grey: grey * (1 / 257)).convert("L")
        clear = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
        plain = upright.convert("RGBA" if clear else "RGB")
    decoded = Image.frombytes(plain.mode, plain.size, plain.tobytes())
    if profile and len(profile) < 4096 and plain.mode == upright.mode:
        decoded.info["icc_profile"] = profile
    return decoded


def fit(picture: Image, size: Size, box: Box) -> Image:
    """Return the picture in a size of its box."""
    from PIL import Image, ImageOps

    if box.cut:
        return ImageOps.fit(picture, size, Image.Resampling.LANCZOS, centering=(0.5, box.middle))
    return picture.resize(size, Image.Resampling.LANCZOS)


def shrink(picture: Image, largest: int) -> Image:
    """Return a copy of the picture whose longer side has at most so many pixels."""
    smaller = picture.copy()
    smaller.thumbnail((largest, largest))
    return smaller


def save(picture: Image, kind: str) -> bytes:
    """Return the bytes of a picture in a format, as Pillow calls it."""
    out, profile = BytesIO(), picture.info.get("icc_profile", b"")
    if kind == "PNG":
        picture.save(out, kind, optimize=True, icc_profile=profile or None)
    elif kind == "WEBP":
        picture.save(out, kind, quality=82, method=6)
    else:
        picture.convert("RGB").save(
            out, kind, quality=85, optimize=True, progressive=True, icc_profile=profile
        )
    return out.getvalue()


def _open(data: bytes) -> Image:
    """Return the picture, of which only the head has been read."""
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            picture = Image.open(BytesIO(data), formats=("JPEG", "PNG", "WEBP"))
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise TooManyPixelsError from None
    if picture.width * picture.height > MAX_PIXELS:
        raise TooManyPixelsError
    return picture


def canvas(size: Size, colour: str) -> tuple[Image, ImageDraw]:
    """Return a new picture of one colour, and what draws on it."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", size, colour)
    return image, ImageDraw.Draw(image)


def font(data: bytes, size: int, weight: int) -> FreeTypeFont:
    """Return a variable font in a size and a weight; raise OSError where FreeType cannot read it."""
    from PIL import ImageFont

    loaded = ImageFont.truetype(BytesIO(data), size, layout_engine=ImageFont.Layout.BASIC)
    loaded.set_variation_by_axes([weight])
    return loaded


def png(image: Image) -> bytes:
    """Return a picture as PNG; optimized, it would be a fifteenth smaller and take three times as long."""
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
