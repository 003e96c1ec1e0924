"""The visible list of outputs, and their rendering."""

from __future__ import annotations

from lorainne.diagnostics import Diagnostic
from lorainne.formats import html
from lorainne.model import Workshop
from lorainne.plan import Plan
from lorainne.programme import Programme
from lorainne.project import File, Project
from lorainne.wording import Words

FORMATS = (html,)


def render(
    project: Project, workshop: Workshop, programme: Programme, plan: Plan, words: Words
) -> tuple[dict[str, str | File], list[Diagnostic]]:
    """Every output by its path, and what is wrong with the project's templates."""
    site: dict[str, str | File] = dict(plan.copies)
    problems: list[Diagnostic] = []
    for output in FORMATS:
        texts, found = output.render(project, workshop, programme, plan, words)
        site.update(texts)
        problems += found
    return site, problems
