"""How the site looks: what its owner chose, and readers could not read."""

from __future__ import annotations

from collections.abc import Iterable

from lorainne.content.colour import DARK, LIGHT, contrast, link
from lorainne.diagnostics import Diagnostic, Severity, rule
from lorainne.programme.facts import Facts, span_of

ENOUGH = 4.5
"""The contrast that text needs (WCAG 2.2, 1.4.3)."""


@rule
def pale_accent(facts: Facts) -> Iterable[Diagnostic]:
    """The accent colour is too light for links on paper, so the site shows a darker one.

    Text needs a contrast of 4.5 with what it stands on (WCAG 2.2, 1.4.3). In the light scheme an accent
    that has less is darkened; in the dark scheme every accent is lightened as far as it needs.

    Wrong: `theme: {accent: "#ff8800"}`
    Right: `theme: {accent: "#8e4900"}`, the same hue, which is shown as it is written
    """
    theme = facts.workshop.theme
    if theme and theme.accent and (ratio := contrast(theme.accent, LIGHT.paper)) < ENOUGH:
        nearest = link(theme.accent, LIGHT)
        yield Diagnostic(
            message=f"links in {theme.accent} have a contrast of {ratio:.1f} with the page and need {ENOUGH}",
            span=span_of(theme, "accent"),
            help=f'the site shows {nearest} instead; write "{nearest}" to choose it yourself '
            f"(the dark scheme shows {link(theme.accent, DARK)})",
            severity=Severity.WARNING,
        )


RULES = (pale_accent,)
