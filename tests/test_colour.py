"""Colours: contrast as WCAG defines it, and accents that can be read whatever was chosen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lorainne.content.colour import DARK, LIGHT, Scheme, contrast, link
from lorainne.content.values import Colour


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#fff", "#000", 21), ("#777777", "#ffffff", 4.48), ("#0000ff", "#ffffff", 8.59), ("#abc", "#abc", 1)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, expected: float) -> None:
    assert contrast(Colour(one), Colour(other)) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
@given(st.integers(0, 0xFFFFFF))
def test_every_accent_reads_in_both_schemes(scheme: Scheme, number: int) -> None:
    """WCAG 2.2, 1.4.3."""
    assert contrast(link(Colour(f"#{number:06x}"), scheme), scheme.paper) >= 4.5


def test_an_accent_that_reads_is_shown_as_it_is() -> None:
    assert link(Colour("#7a1f3d"), LIGHT) == "#7a1f3d"
