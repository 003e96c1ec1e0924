"""What a build has made: the site, not yet rendered, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from lorainne.diagnostics import Diagnostic, DiagnosticError
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
    """The site and what it is made from, neither where an error was found; and all that is wrong."""

    problems: list[Diagnostic]
    site: Site = field(default_factory=lambda: Site({}))
    context: Context | None = None

    def render_problems(self, formats: Iterable[str]) -> list[Diagnostic]:
        """Return what keeps the outputs of these formats from being rendered."""
        problems = []
        routes = self.context.routes if self.context else None
        for route in (route for name in formats for route in routes.of(name)) if routes else ():
            try:
                self.site[route.path]
            except DiagnosticError as error:
                problems.append(error.diagnostic)
        return problems
