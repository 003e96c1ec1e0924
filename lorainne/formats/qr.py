"""A code for the phone's camera that opens the programme in Giggity (ISO/IEC 18004)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from io import BytesIO

from lorainne.diagnostics import Diagnostic
from lorainne.formats.story import Story, giggity_link, outputs


def render(story: Story) -> tuple[dict[str, Callable[[], str]], list[Diagnostic]]:
    """How the picture of the plan is made: SVG, black on white, its quiet zone included."""
    return {output.path: partial(_kept, story) for output in outputs(story, "qr")}, []


def _kept(story: Story) -> str:
    address = giggity_link(story)
    return story.project.keep(("qr", address), partial(_picture, address)).decode()


def _picture(address: str) -> bytes:
    import segno  # late: only a published programme has a code

    drawn = BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=4, light="#fff", nl=False)
    return drawn.getvalue() + b"\n"
