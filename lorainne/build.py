"""The order of the stages, nothing else: the map of the house."""

from __future__ import annotations

from collections.abc import Callable

from lorainne import active, checks, decode, formats, nodes, plan, programme, wording
from lorainne.diagnostics import Diagnostic, has_errors, in_order
from lorainne.formats import Site
from lorainne.memory import NO_MEMORY, Memory
from lorainne.project import Project


def compile_site(
    project: Project, memory: Memory = NO_MEMORY, take_bodies: Callable[[], None] = lambda: None
) -> tuple[Site, list[Diagnostic]]:
    """The whole site by path, and all that is wrong; there is no site where an error was found.

    `take_bodies` is called when bodies are needed: a second process may have parsed them meanwhile.
    """
    content = project.below("content")
    documents, problems = nodes.parse(content, memory)
    workshop, found = decode.decode(documents, content, memory)
    take_bodies()
    problems += found + active.refuse(content)
    words, found = wording.read_words(project, workshop)
    problems += found
    days = programme.derive(workshop)
    problems += checks.check(workshop, days)
    routes, found = plan.plan(project, workshop, days)
    problems += found
    if has_errors(problems):
        return Site({}), in_order(problems)
    site, found = formats.render(project, workshop, days, routes, words)
    problems += found
    return Site({}) if has_errors(problems) else site, in_order(problems)
