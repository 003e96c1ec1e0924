"""A code for the phone's camera that opens the programme in Giggity (ISO/IEC 18004)."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from io import BytesIO

from lorainne.diagnostics import Diagnostic
from lorainne.formats.story import Story, giggity_link, outputs


def render(story: Story) -> tuple[dict[str, Callable[[], str]], list[Diagnostic]]:
    """How the picture of the plan is made: SVG, black on white, its quiet zone included."""
    return {output.path: partial(_picture, giggity_link(story)) for output in outputs(story, "qr")}, []


@lru_cache(maxsize=1)
def _picture(address: str) -> str:
    import segno  # late: only a published programme has a code

    drawn = BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=4, light="#fff", nl=False)
    return drawn.getvalue().decode() + "\n"
