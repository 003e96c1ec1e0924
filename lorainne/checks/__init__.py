"""The rules: what is wrong with content that could be read. One function = one code, in one visible tuple."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lorainne.checks import look, people, references, texts, times, walk
from lorainne.diagnostics import Diagnostic
from lorainne.model import Workshop
from lorainne.programme import Programme

Rule = Callable[[Workshop, Programme], Iterable[Diagnostic]]

RULES: tuple[Rule, ...] = (*references.RULES, *people.RULES, *times.RULES, *texts.RULES, *look.RULES)


def check(workshop: Workshop, programme: Programme) -> list[Diagnostic]:
    """Everything that the rules find."""
    judged = (found for each in RULES for found in each(workshop, programme))
    problems = [*texts.misprints(workshop), *judged]
    walk.forget()
    return problems
