"""A code for the phone's camera that opens the programme in Giggity (ISO/IEC 18004)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from urllib.parse import quote

from lorainne.exports import frab
from lorainne.programme.context import Context
from lorainne.programme.facts import Facts
from lorainne.programme.routes import Route


def paths(facts: Facts) -> Iterator[Route]:
    """Yield the picture's route where there is a schedule that the app can read."""
    if any(frab.paths(facts)):
        yield Route(path="giggity.svg", format="qr")


def render(context: Context) -> dict[str, Callable[[], bytes]]:
    """Return how the picture is made: SVG, black on white, its quiet zone included."""
    return {route.path: partial(_cached, context) for route in context.routes.of("qr")}


def giggity_link(context: Context) -> str:
    """Return what opens the programme in the app Giggity; empty while nobody knows where the site will be."""
    address = context.full_address("schedule.xml")
    return address and f"https://ggt.gaa.st/#url={quote(address, safe='/')}"


def _cached(context: Context) -> bytes:
    address = giggity_link(context)
    return context.facts.get_or_make(("qr", address), partial(_picture, address))


def _picture(address: str) -> bytes:
    import segno  # late: only a published programme has a code

    drawn = BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=4, light="#fff", nl=False)
    return drawn.getvalue() + b"\n"
