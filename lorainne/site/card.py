"""The pictures that a site is recognised by elsewhere: the card of a shared link, and the icon on a phone.

They are drawn like the masthead: the name, the title, when and where, and the programme as strips.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

from lorainne.content.colour import LIGHT
from lorainne.content.files import File
from lorainne.content.values import Colour, Font
from lorainne.programme.context import Context
from lorainne.programme.facts import Facts
from lorainne.programme.routes import Route
from lorainne.site import pixels
from lorainne.site.schedule_grid import Bar, strips
from lorainne.site.theme import accents, initials

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


def paths(facts: Facts) -> Iterator[Route]:
    """Yield the card and the icon, where they can be drawn and the project has none of its own."""
    if _face(facts):
        for path in (CARD, ICON):
            if path not in facts.project.files:
                yield Route(path=path, format="card")


def render(context: Context) -> dict[str, Callable[[], bytes]]:
    """Return how the planned ones of the two pictures are made."""
    face = _face(context.facts)
    if face is None:
        return {}
    make = {CARD: partial(_cached_card, context, face), ICON: partial(_cached_icon, context, face)}
    return {route.path: make[route.path] for route in context.routes.of("card")}


def _cached_card(context: Context, face: Face) -> bytes:
    days = strips(context.schedule)
    return context.facts.get_or_make(("card", _key(face), days), partial(_card, face, days))


def _cached_icon(context: Context, face: Face) -> bytes:
    return context.facts.get_or_make(("icon", _key(face)), partial(_icon, face))


def _face(facts: Facts) -> Face | None:
    """Return what is drawn: nothing without the site's address, nor in a script that the fonts lack."""
    return facts.cached(Face, lambda: _drawable_face(facts))


def _drawable_face(facts: Facts) -> Face | None:
    fonts = facts.project.below("static/fonts")
    workshop, venue = facts.workshop, facts.workshop.venue
    is_sans = workshop.theme and workshop.theme.font == Font.SANS
    names = ("static/fonts/sans.woff2", f"static/fonts/{'sans' if is_sans else 'text'}.woff2")
    if not workshop.url or not all(name in fonts for name in names):
        return None
    town = ", ".join(filter(None, (venue.city, venue.country))) if venue else ""
    when = facts.words.period(workshop.dates) if workshop.dates else ""
    face = Face(
        name=workshop.name,
        title=facts.texts.plain_line(workshop.title),
        where="  ·  ".join(filter(None, (when, town))),
        letters=initials(workshop.name),
        accent=accents(workshop)["light"],
        sans=fonts[names[0]],
        serif=fonts[names[1]],
    )
    can_be_drawn = facts.get_or_make(("drawable", _key(face)), partial(_can_be_drawn, face))
    return face if can_be_drawn else None


def _key(face: Face) -> tuple[object, ...]:
    """Return all that a picture of this face depends on."""
    fonts = [sha256(font.read()).digest() for font in (face.sans, face.serif)]
    return face.name, face.title, face.where, face.letters, face.accent, fonts


def _can_be_drawn(face: Face) -> bytes:
    """Something, if the fonts have all letters."""
    try:
        fonts = _font(face.sans, 100, 600), _font(face.serif, 100, 400)
    except OSError:  # a font of the project's own that FreeType does not read
        return b""
    words = ((fonts[0], face.name + face.where + face.letters), (fonts[1], face.title))
    return b"yes" if all(_has(font, letter) for font, text in words for letter in set(text)) else b""


def _font(file: File, size: int, weight: int) -> pixels.FreeTypeFont:
    return pixels.font(file.read(), size, weight)


def _has(font: pixels.FreeTypeFont, letter: str) -> bool:
    """Whether the font can draw it: it looks unlike what stands for a letter that is not there."""
    return letter.isspace() or bytes(font.getmask(letter)) != bytes(font.getmask("\uffff"))


def _card(face: Face, days: tuple[tuple[Bar, ...], ...]) -> bytes:
    """1200 × 630 pixels, as Open Graph readers show it."""
    image, draw = pixels.canvas((WIDTH, HEIGHT), LIGHT.paper)
    width = WIDTH - 2 * EDGE
    size = int(min(180, 100 * width / _font(face.sans, 100, 600).getlength(face.name)))
    draw.text((EDGE, EDGE + size * 0.8), face.name, INK, _font(face.sans, size, 600), anchor="ls")
    y = EDGE + size * 0.8 + 84
    serif = _font(face.serif, 48, 400)
    for row in _rows(face.title, serif, width)[:3]:
        draw.text((EDGE, y), row, INK, serif, anchor="ls")
        y += 58
    draw.text((EDGE, HEIGHT - EDGE - 78), face.where, QUIET, _font(face.sans, 34, 500), anchor="ls")
    _strips(draw, days, face.accent, (EDGE, HEIGHT - EDGE - 48, width, 48))
    return pixels.png(image)


def _rows(text: str, font: pixels.FreeTypeFont, width: int) -> list[str]:
    """The text in lines that are not wider than this."""
    rows: list[str] = []
    for word in text.split():
        longer = f"{rows[-1]} {word}" if rows else word
        if rows and font.getlength(longer) <= width:
            rows[-1] = longer
        else:
            rows.append(word)
    return rows


def _strips(
    draw: pixels.ImageDraw,
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
            draw.rectangle((x, y, *far), accent if bar.type in strong else LINE)
    draw.rectangle((left, top + height, left + width, top + height + 3), accent)


def _icon(face: Face) -> bytes:
    """180 × 180 pixels, for the home screens of phones."""
    image, draw = pixels.canvas((180, 180), face.accent)
    font = _font(face.sans, 94 if len(face.letters) > 1 else 126, 700)
    draw.text((90, 90), face.letters, LIGHT.paper, font, anchor="mm")
    return pixels.png(image)
