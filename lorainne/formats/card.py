"""The pictures that a site is recognised by elsewhere: the card of a shared link, and the icon on a phone.

They are drawn like the masthead: the name, the title, when and where, and the programme as strips.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING

from lorainne.colour import LIGHT
from lorainne.diagnostics import Diagnostic
from lorainne.formats.grid import Bar, strips
from lorainne.formats.identity import accents, initials
from lorainne.formats.story import Story, line
from lorainne.project import File
from lorainne.values import Colour, Font

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont

CARD, ICON = "static/card.png", "static/touch-icon.png"
WIDTH, HEIGHT, EDGE = 1200, 630, 64
INK, QUIET, LINE = "#171d29", "#535864", "#ced1d6"


@dataclass(frozen=True, kw_only=True, slots=True)
class Face:
    """What is drawn beside the days' bars: words and the accent, in these fonts."""

    name: str
    title: str
    where: str
    letters: str
    accent: Colour
    sans: File
    serif: File


def render(story: Story) -> tuple[Mapping[str, Callable[[], File]], list[Diagnostic]]:
    """How the card and the icon are made, where they are."""
    return drawn(story), []


def drawn(story: Story) -> Mapping[str, Callable[[], File]]:
    """How the pictures are made: not without the site's address, nor in a script that our fonts lack."""
    fonts = story.project.below("static/fonts")
    is_sans = story.workshop.theme and story.workshop.theme.font == Font.SANS
    names = ("static/fonts/sans.woff2", f"static/fonts/{'sans' if is_sans else 'text'}.woff2")
    if not story.workshop.url or not all(name in fonts for name in names):
        return {}
    workshop, venue = story.workshop, story.workshop.venue
    parts = [story.words.period(workshop.dates)] if workshop.dates else []
    parts += [place] if venue and (place := ", ".join(filter(None, (venue.city, venue.country)))) else []
    face = Face(
        name=workshop.name,
        title=line(workshop.title),
        where="  ·  ".join(parts),
        letters=initials(workshop.name),
        accent=accents(workshop)["light"],
        sans=fonts[names[0]],
        serif=fonts[names[1]],
    )
    keep = story.project.keep
    read = [sha256(font.read()).digest() for font in (face.sans, face.serif)]
    known = (face.name, face.title, face.where, face.letters, face.accent, read)
    if not keep(("drawable", known), partial(_can_be_drawn, face)):
        return {}
    days = partial(strips, story.programme)
    return {
        CARD: lambda: _file(keep(("card", known, days()), partial(_card, face, days))),
        ICON: lambda: _file(keep(("icon", known), partial(_icon, face))),
    }


def _file(data: bytes) -> File:
    return File(size=len(data), read=partial(bytes, data))


def _can_be_drawn(face: Face) -> bytes:
    """Something, if the fonts have all letters."""
    try:
        fonts = _font(face.sans, 100, 600), _font(face.serif, 100, 400)
    except OSError:  # a font of the project's own that FreeType does not read
        return b""
    words = ((fonts[0], face.name + face.where + face.letters), (fonts[1], face.title))
    return b"yes" if all(_has(font, letter) for font, text in words for letter in set(text)) else b""


def _font(file: File, size: int, weight: int) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    font = ImageFont.truetype(BytesIO(file.read()), size, layout_engine=ImageFont.Layout.BASIC)
    font.set_variation_by_axes([weight])
    return font


def _has(font: ImageFont.FreeTypeFont, letter: str) -> bool:
    """Whether the font can draw it: it looks unlike what stands for a letter that is not there."""
    return letter.isspace() or bytes(font.getmask(letter)) != bytes(font.getmask("\uffff"))


def _card(face: Face, days: Callable[[], tuple[tuple[Bar, ...], ...]]) -> bytes:
    """1200 × 630 pixels, as Open Graph readers show it."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDTH, HEIGHT), LIGHT.paper)
    draw = ImageDraw.Draw(image)
    room = WIDTH - 2 * EDGE
    size = int(min(180, 100 * room / _font(face.sans, 100, 600).getlength(face.name)))
    draw.text((EDGE, EDGE + size * 0.8), face.name, INK, _font(face.sans, size, 600), anchor="ls")
    y = EDGE + size * 0.8 + 84
    serif = _font(face.serif, 48, 400)
    for row in _rows(face.title, serif, room)[:3]:
        draw.text((EDGE, y), row, INK, serif, anchor="ls")
        y += 58
    draw.text((EDGE, HEIGHT - EDGE - 78), face.where, QUIET, _font(face.sans, 34, 500), anchor="ls")
    _strips(draw, days(), face.accent, (EDGE, HEIGHT - EDGE - 48, room, 48))
    return _png(image)


def _rows(text: str, font: ImageFont.FreeTypeFont, room: int) -> list[str]:
    """The text in lines that are not wider than the room."""
    rows: list[str] = []
    for word in text.split():
        longer = f"{rows[-1]} {word}" if rows else word
        if rows and font.getlength(longer) <= room:
            rows[-1] = longer
        else:
            rows.append(word)
    return rows


def _strips(
    draw: ImageDraw.ImageDraw,
    days: tuple[tuple[Bar, ...], ...],
    accent: Colour,
    box: tuple[int, int, int, int],
) -> None:
    """The days side by side, above a line."""
    left, top, width, height = box
    strong = ("keynote", "talk", "session")
    for number, bars in enumerate(days):
        day = width / len(days)
        for bar in bars:
            x, y = left + (number + bar.x / 100) * day, top + height * bar.y / 100
            far = x + max(day * bar.width / 100 - 2, 1), y + max(height * bar.height / 100 - 1, 1)
            draw.rectangle((x, y, *far), accent if bar.sort in strong else LINE)
    draw.rectangle((left, top + height, left + width, top + height + 3), accent)


def _icon(face: Face) -> bytes:
    """180 × 180 pixels, for the home screens of phones."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (180, 180), face.accent)
    font = _font(face.sans, 94 if len(face.letters) > 1 else 126, 700)
    ImageDraw.Draw(image).text((90, 90), face.letters, LIGHT.paper, font, anchor="mm")
    return _png(image)


def _png(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG")  # optimized, it is a fifteenth smaller, and takes three times as long
    return out.getvalue()
