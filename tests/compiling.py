"""What a build makes of a project, and everything that `lorainne check` would report."""

from __future__ import annotations

from collections.abc import Mapping

from lorainne.build import compile_site
from lorainne.content.memo import NO_MEMO, Memo
from lorainne.content.project import Project
from lorainne.diagnostics import Diagnostic, has_errors


def site_and_problems(
    project: Project, memo: Memo = NO_MEMO
) -> tuple[Mapping[str, str | bytes], list[Diagnostic]]:
    """The site by path, empty where an error was found, and all that is wrong."""
    compiled = compile_site(project, memo)
    problems = compiled.all_problems()
    return {} if has_errors(problems) else compiled.site, problems
