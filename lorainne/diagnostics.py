"""What is wrong, where, and how to repair it: data only; `report` gives it words on a screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import wraps
from typing import ParamSpec

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


class DiagnosticError(Exception):
    """Something that cannot be read or made any further; carries the diagnostic that says why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic

    def __reduce__(self) -> tuple[type[DiagnosticError], tuple[Diagnostic]]:
        return type(self), (self.diagnostic,)  # for another process


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
