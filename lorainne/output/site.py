"""What a build has made: the site, not yet rendered, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from lorainne.diagnostics import Diagnostic, DiagnosticError, in_order
from lorainne.programme.context import Context


class Site(Mapping[str, str | bytes]):
    """The content of every file by its path, made when it is asked for; it may raise DiagnosticError."""

    def __init__(self, makers: Mapping[str, Callable[[], str | bytes]]) -> None:
        self._makers = makers

    def __getitem__(self, path: str) -> str | bytes:
        return self._makers[path]()

    def __contains__(self, path: object) -> bool:
        return path in self._makers  # without making it

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


@dataclass(frozen=True, kw_only=True, slots=True)
class Compiled:
    """All that is wrong; and where the content has no error, the site and what it is made from."""

    problems: list[Diagnostic]
    site: Site = field(default_factory=lambda: Site({}))
    context: Context | None = None

    def all_problems(self) -> list[Diagnostic]:
        """Return the problems with those that only rendering finds, in pictures and in own templates."""
        if self.context is None:
            return self.problems
        formats = ("pages", "pictures") if self.context.project.own_templates() else ("pictures",)
        problems = list(self.problems)
        for route in (route for name in formats for route in self.context.routes.of(name)):
            try:
                self.site[route.path]
            except DiagnosticError as error:
                problems.append(error.diagnostic)
        return in_order(problems)
