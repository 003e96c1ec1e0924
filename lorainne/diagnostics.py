"""What is wrong, where, and how to repair it: data only; `report` gives it words on a screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import wraps
from struct import pack, unpack_from
from typing import ClassVar, ParamSpec

P = ParamSpec("P")


class Severity(StrEnum):
    """How much a diagnostic weighs: an error stops a build, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, kw_only=True, order=True, slots=True)
class Span:
    """A stretch of one file; lines and columns count characters from 1, the end is exclusive."""

    file: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1


class Places(Mapping[str, Span]):
    """Spans in one file by name; packed, for there are several to each record."""

    __slots__ = ("_file", "_names", "_numbers")
    _same: ClassVar[dict[tuple[str, ...], tuple[str, ...]]] = {}
    """Most records have the same fields as another one."""

    def __init__(self, spans: Mapping[str, Span] | None = None) -> None:
        names = tuple(spans or ())
        numbers = [n for s in (spans or {}).values() for n in (s.line, s.column, s.end_line, s.end_column)]
        self._file = next(iter(spans.values())).file if spans else ""
        self._names = self._same.setdefault(names, names)
        self._numbers = pack(f"{len(numbers)}I", *numbers)

    def __getitem__(self, name: str) -> Span:
        if name not in self._names:
            raise KeyError(name)
        line, column, end_line, end_column = unpack_from("4I", self._numbers, 16 * self._names.index(name))
        return Span(file=self._file, line=line, column=column, end_line=end_line, end_column=end_column)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@dataclass(frozen=True, kw_only=True, slots=True)
class Related:
    """Another place that a diagnostic speaks of, such as the first of two definitions."""

    message: str
    span: Span


@dataclass(frozen=True, kw_only=True, slots=True)
class Diagnostic:
    """One mistake; `code` names it and is stamped by `mistake` or `rule`."""

    message: str
    span: Span
    help: str = ""
    fix: str | None = None  # what to put in place of the span, where that is certain
    related: tuple[Related, ...] = ()
    severity: Severity = Severity.ERROR
    code: str = ""


def code_of(function: Callable[..., object]) -> str:
    """The code that a function's name stands for: `duplicate_key` reports `duplicate-key`."""
    return function.__name__.replace("_", "-")


def mistake(function: Callable[P, Diagnostic]) -> Callable[P, Diagnostic]:
    """Let a function that builds one diagnostic give it its own name as the code."""

    @wraps(function)
    def stamped(*args: P.args, **kwargs: P.kwargs) -> Diagnostic:
        return replace(function(*args, **kwargs), code=code_of(function))

    return stamped


def rule(function: Callable[P, Iterable[Diagnostic]]) -> Callable[P, Iterator[Diagnostic]]:
    """Let a function that finds many diagnostics give each its own name as the code."""

    @wraps(function)
    def stamped(*args: P.args, **kwargs: P.kwargs) -> Iterator[Diagnostic]:
        for found in function(*args, **kwargs):
            yield replace(found, code=code_of(function))

    return stamped


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics without repetitions, by place and code, whatever order they were found in."""
    return sorted(set(diagnostics), key=lambda d: (d.span, d.code, d.message, d.help))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether one of them stops a build."""
    return any(d.severity is Severity.ERROR for d in diagnostics)
