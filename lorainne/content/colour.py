"""Colours as the eye takes them: contrast (WCAG 2.2), lightness and hue (OKLCH)."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cbrt, cos, hypot, sin

from lorainne.content.values import Colour

Linear = tuple[float, float, float]

DEFAULT = Colour("#3434c4")
"""The accent of a site that names none; as in static/style.css."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scheme:
    """A scheme's paper, the lightness that its links may have, the most chroma; as in style.css."""

    paper: Colour
    lightest: float = 1
    darkest: float = 0
    chroma: float = 1


LIGHT = Scheme(paper=Colour("#fafbfd"), lightest=0.48)
DARK = Scheme(paper=Colour("#10141c"), darkest=0.79, chroma=0.11)


def contrast(one: Colour, other: Colour) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.2, contrast ratio)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def link(accent: Colour, scheme: Scheme) -> Colour:
    """The colour that links have in a scheme: the accent, lighter or darker until it reads."""
    lightness, chroma, hue = _oklch(accent)
    wanted = min(max(lightness, scheme.darkest), scheme.lightest), min(chroma, scheme.chroma)
    return accent if wanted == (lightness, chroma) else _colour(*wanted, hue)


def _luminance(colour: Colour) -> float:
    """Relative luminance (WCAG 2.2, terms)."""
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(colour: Colour) -> Linear:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    red, green, blue = (int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4))
    return _straight(red), _straight(green), _straight(blue)


def _straight(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _bent(channel: float) -> float:
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def _oklch(colour: Colour) -> tuple[float, float, float]:
    """Lightness, chroma and hue (CSS Color 4, 10.6)."""
    red, green, blue = _linear(colour)
    long = cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, hypot(a, b), atan2(b, a)


def _rgb(lightness: float, chroma: float, hue: float) -> Linear:
    a, b = chroma * cos(hue), chroma * sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _colour(lightness: float, chroma: float, hue: float) -> Colour:
    """The nearest colour that screens can show: with less chroma where there is not so much."""
    shown = _rgb(lightness, chroma, hue)
    while not all(-0.0005 <= channel <= 1.0005 for channel in shown):
        chroma -= 0.002
        shown = _rgb(lightness, chroma, hue)
    return Colour("#" + "".join(f"{round(255 * _bent(min(max(c, 0), 1))):02x}" for c in shown))
