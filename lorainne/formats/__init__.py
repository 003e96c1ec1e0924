"""The visible list of outputs, and their rendering."""

from __future__ import annotations

from lorainne.diagnostics import Diagnostic
from lorainne.formats import api, atom, card, citation, frab, html, ics, pictures, qr, sitemap, story
from lorainne.model import Workshop
from lorainne.plan import Plan
from lorainne.programme import Programme
from lorainne.project import File, Project
from lorainne.wording import Words

FORMATS = (html, pictures, card, ics, frab, qr, atom, sitemap, citation, api)


def render(
    project: Project, workshop: Workshop, programme: Programme, plan: Plan, words: Words
) -> tuple[dict[str, str | File], list[Diagnostic]]:
    """Every output by its path, and what is wrong with the project's templates."""
    told = story.tell(project, workshop, programme, plan, words)
    site: dict[str, str | File] = dict(plan.copies)
    problems: list[Diagnostic] = []
    for output in FORMATS:
        texts, found = output.render(told)
        site.update(texts)
        problems += found
    return site, problems
