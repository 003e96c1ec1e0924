"""Every code that lorainne can report, in one visible tuple, with its explanation."""

from __future__ import annotations

from collections.abc import Callable
from inspect import cleandoc

from lorainne import checks, markup
from lorainne.content import decode, project, uploads, yaml_tree
from lorainne.importers import mistakes as importing
from lorainne.output import publish
from lorainne.programme import language, routes
from lorainne.site import pictures, templates

Coded = Callable[..., object]

ALL: tuple[Coded, ...] = (
    *project.MISTAKES,
    *uploads.MISTAKES,
    *yaml_tree.MISTAKES,
    *decode.MISTAKES,
    *language.MISTAKES,
    *markup.MISTAKES,
    *checks.RULES,
    *routes.MISTAKES,
    *templates.MISTAKES,
    *pictures.MISTAKES,
    *publish.MISTAKES,
    *importing.MISTAKES,
)


def explanation(function: Coded) -> str:
    """What a code means, why it matters, and an example of the wrong and of the right, in Markdown."""
    return cleandoc(function.__doc__ or "")
