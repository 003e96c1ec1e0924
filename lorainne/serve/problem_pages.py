"""Diagnostics in a browser, while `serve` runs: a list, a page for each, and what the overlay is told."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from urllib.parse import quote

from lorainne import codes, report
from lorainne.content.project import Project
from lorainne.diagnostics import Diagnostic, code_of, has_errors

LIST = "/~lorainne/problems/"
"""The page of all diagnostics; the page of one has its number in the list, from 1, behind it."""

_IN_OVERLAY = 20

_STYLE = (
    ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;"
    "padding:0 1rem}pre{white-space:pre-wrap;overflow-wrap:anywhere;padding:.75rem;background:#8881;"
    "border-left:4px solid #c0392b}a{margin-right:1rem}.text{white-space:pre-line}"
)


def event_payload(site: str, change: str, problems: list[Diagnostic], project: Project, source: Path) -> str:
    """What open pages are told after a change, as JSON."""
    problems_shown = [
        {
            "text": report.as_text([problem], project.lines),
            "editor": editor_link(problem, project, source),
            "page": f"{LIST}{number}",
        }
        for number, problem in enumerate(problems[:_IN_OVERLAY], 1)
    ]
    return json.dumps(
        {
            "site": site,
            "change": change,
            "summary": report.summary(problems),
            "broken": has_errors(problems),
            "problems": problems_shown,
            "list": LIST,
        }
    )


def page(path: str, problems: list[Diagnostic], project: Project, source: Path) -> str:
    """The page of all diagnostics, or of the one whose number ends the path."""
    number = path.removeprefix(LIST)
    if not number:
        found = "".join(
            f"{_paragraph(problem, project, source)}<a href='{LIST}{n}'>More about it</a>"
            for n, problem in enumerate(problems, 1)
        )
        return _html(report.summary(problems) or "Nothing is wrong", found)
    if not (number.isascii() and number.isdigit() and 1 <= int(number) <= len(problems)):
        return _html("This mistake is gone", f"<a href='{LIST}'>What is wrong now</a>")
    return one(problems[int(number) - 1], project, source)


def one(problem: Diagnostic, project: Project, source: Path) -> str:
    """Return the page of one diagnostic, with its explanation."""
    meaning = _marked(_explanations().get(problem.code, ""))
    return _html(
        problem.message,
        f"{_paragraph(problem, project, source)}<h2>{escape(problem.code)}</h2>"
        f"<p class=text>{meaning}</p><a href='{LIST}'>All mistakes</a>",
    )


def editor_link(problem: Diagnostic, project: Project, source: Path) -> str:
    """The address that opens the place in Visual Studio Code; empty for what is not a file of the project."""
    span = problem.span
    if span.file not in project.files:
        return ""
    path = quote((source / span.file).as_posix().lstrip("/"), safe="/:")
    return f"vscode://file/{path}:{span.line}:{span.column}"


def _paragraph(problem: Diagnostic, project: Project, source: Path) -> str:
    link = editor_link(problem, project, source)
    opened = f"<a href='{escape(link)}'>Open in Visual Studio Code</a>" if link else ""
    return f"<pre>{escape(report.as_text([problem], project.lines))}</pre>{opened}"


def _explanations() -> Mapping[str, str]:
    return {code_of(function): codes.explanation(function) for function in codes.ALL}


def _html(title: str, body: str) -> str:
    return (
        "<!doctype html><html lang=en><head><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width, initial-scale=1'>"
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><h1>{_marked(title)}</h1>{body}<p><a href='/'>The site</a></p></body></html>"
    )


def _marked(text: str) -> str:
    """A text as HTML, with what stands in backquotes as code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))
