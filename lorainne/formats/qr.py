"""A code for the phone's camera that opens the programme in Giggity (ISO/IEC 18004)."""

from __future__ import annotations

from io import BytesIO

from lorainne.diagnostics import Diagnostic
from lorainne.formats.story import Story, giggity_link, outputs


def render(story: Story) -> tuple[dict[str, str], list[Diagnostic]]:
    """The picture that the plan wants, as SVG: black on white, its quiet zone included."""
    return {output.path: _picture(giggity_link(story)) for output in outputs(story, "qr")}, []


def _picture(address: str) -> str:
    import segno  # late: only a published programme has a code

    drawn = BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=4, light="#fff", nl=False)
    return drawn.getvalue().decode() + "\n"
