"""Which word was meant: proposals for one that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable

_SHOWN = 30


def nearest(written: str, known: Iterable[str], *, likeness: float) -> list[str]:
    """The known words that are like the one written, the nearest first."""
    from difflib import get_close_matches  # only when something is wrong

    return get_close_matches(written, sorted(known), n=2, cutoff=likeness)


def respelt(written: str, known: Iterable[str]) -> str | None:
    """The one known word that was certainly meant, if there is one."""
    near = nearest(written, known, likeness=0.8)
    return near[0] if len(near) == 1 else None


def did_you_mean(written: str, known: Iterable[str]) -> str:
    """A proposal: the nearest of the known words, or some of them; empty where none is known."""
    words = sorted(known)
    if near := nearest(written, words, likeness=0.6):
        return f"did you mean `{near[0]}`?"
    shown = ", ".join(words[:_SHOWN]) + (", …" if len(words) > _SHOWN else "")
    return shown and f"possible here: {shown}"
