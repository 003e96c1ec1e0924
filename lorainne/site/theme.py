"""What a site is recognised by: its letters and its colours."""

from __future__ import annotations

import re

from lorainne.content.colour import DARK, DEFAULT, LIGHT, link
from lorainne.content.model import Workshop
from lorainne.content.values import Colour

SCHEMES = {"light": LIGHT, "dark": DARK}


def initials(name: str) -> str:
    """The first letters of the first and the last word: `AL` for Ada Lovelace."""
    letters = [found[0].upper() for word in name.split() if (found := re.search(r"\w", word))]
    return "".join(letters[:1] + letters[1:][-1:])


def accents(workshop: Workshop) -> dict[str, Colour]:
    """For each scheme the accent as it is shown there."""
    accent = (workshop.theme and workshop.theme.accent) or DEFAULT
    return {name: link(accent, scheme) for name, scheme in SCHEMES.items()}


def papers() -> dict[str, Colour]:
    """For each scheme the colour of its paper."""
    return {name: scheme.paper for name, scheme in SCHEMES.items()}
