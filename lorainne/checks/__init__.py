"""The rules: what is wrong with content that could be read. One function = one code, in one visible tuple."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lorainne.checks import look, people, references, texts, times
from lorainne.diagnostics import Diagnostic
from lorainne.programme.facts import Facts

Rule = Callable[[Facts], Iterable[Diagnostic]]

RULES: tuple[Rule, ...] = (*references.RULES, *people.RULES, *times.RULES, *texts.RULES, *look.RULES)


def run(facts: Facts) -> list[Diagnostic]:
    """Return what is wrong in the Markdown and the maths of every text, and what the rules find."""
    return [*texts.problems_in_texts(facts), *(problem for each in RULES for problem in each(facts))]
