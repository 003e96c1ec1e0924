"""Every code that lorainne can report, in one visible tuple, with its explanation."""

from __future__ import annotations

from collections.abc import Callable
from inspect import cleandoc

from lorainne import active, checks, decode, markup, nodes, plan, project, wording, write
from lorainne.formats import pictures, templates
from lorainne.importers import mistakes as importing

Coded = Callable[..., object]

ALL: tuple[Coded, ...] = (
    *project.MISTAKES,
    *active.MISTAKES,
    *nodes.MISTAKES,
    *decode.MISTAKES,
    *wording.MISTAKES,
    *markup.MISTAKES,
    *checks.RULES,
    *plan.MISTAKES,
    *templates.MISTAKES,
    *pictures.MISTAKES,
    *write.MISTAKES,
    *importing.MISTAKES,
)


def explanation(function: Coded) -> str:
    """What a code means, why it matters, and an example of the wrong and of the right, in Markdown."""
    return cleandoc(function.__doc__ or "")
