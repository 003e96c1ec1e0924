"""The visible list of outputs, and their rendering."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from lorainne.bodies import Bodies
from lorainne.diagnostics import Diagnostic
from lorainne.formats import api, atom, card, citation, frab, html, ics, pictures, qr, sitemap, story
from lorainne.model import Workshop
from lorainne.plan import Plan
from lorainne.programme import Programme
from lorainne.project import File, Project
from lorainne.weaving import Woven
from lorainne.wording import Words

FORMATS = (html, pictures, card, ics, frab, qr, atom, sitemap, citation, api)


Made = str | Iterable[str] | File
"""An output: text, its pieces, or a file to copy."""

Recipe = Made | Callable[[], Made] | tuple[Callable[[Any], Made], Any]
"""What is written, or a function that makes it, maybe with what it is asked for."""


class Site(Mapping[str, str | File]):
    """Every output by its path: a file to copy, or text, which is made when it is asked for and not kept."""

    def __init__(self, outputs: Mapping[str, Recipe], bodies: Bodies | None = None) -> None:
        self._outputs, self.bodies = outputs, bodies or Bodies({}, {})

    def __getitem__(self, path: str) -> str | File:
        output = self.woven(path)
        return output.read().decode() if isinstance(output, Woven) else output

    def woven(self, path: str) -> Woven | File:
        """An output as it is written."""
        recipe = self._outputs[path]
        if isinstance(recipe, tuple):
            make, of = recipe
            made: Made = make(of)
        else:
            made = recipe() if callable(recipe) else recipe
        if isinstance(made, File):
            return made
        return self.bodies.weave(path, (made,) if isinstance(made, str) else made)

    def edited(self, files: Mapping[str, File]) -> Site:
        """The site after nothing but the bodies of these files was edited; raises ValueError otherwise."""
        return Site(self._outputs, self.bodies.edited(files))

    def __contains__(self, path: object) -> bool:
        return path in self._outputs  # without making it

    def __iter__(self) -> Iterator[str]:
        return iter(self._outputs)

    def __len__(self) -> int:
        return len(self._outputs)


def render(
    project: Project, workshop: Workshop, programme: Programme, plan: Plan, words: Words
) -> tuple[Site, list[Diagnostic]]:
    """Every output, and what is wrong with the project's templates."""
    told = story.tell(project, workshop, programme, plan, words)
    outputs: dict[str, Recipe] = dict(plan.copies)
    problems: list[Diagnostic] = []
    for output in FORMATS:
        made, found = output.render(told)
        outputs.update(made)
        problems += found
    return Site(outputs, told.bodies), problems
