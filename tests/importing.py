"""Imports as a person runs them, in this process."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result
from compiling import site_and_problems

from lorainne.commands import main
from lorainne.content import decode, project, yaml_tree
from lorainne.diagnostics import Diagnostic
from lorainne.importers import IMPORTERS
from lorainne.importers.draft import Imported, Request, Source

SAMPLES = Path(__file__).parent / "imports"


def run(*words: str | Path) -> Result:
    """`lorainne import …`."""
    return CliRunner().invoke(main, ["import", *map(str, words)])


def imported(importer: str, *texts: str | bytes, **options: object) -> Imported:
    """What an importer makes of these texts."""
    sources = tuple(
        Source(name=f"source-{number}", content=text.encode() if isinstance(text, str) else text)
        for number, text in enumerate(texts, start=1)
    )
    return IMPORTERS[importer](Request(sources=sources, **options))


def codes(problems: tuple[Diagnostic, ...]) -> list[tuple[int, str]]:
    """Line and code of each diagnostic, in order."""
    return sorted((problem.span.line, problem.code) for problem in problems)


def checked(folder: Path) -> list[str]:
    """The codes of everything that is wrong with the content in a folder."""
    found, problems = project.read(folder)
    return sorted(problem.code for problem in problems + site_and_problems(found)[1])


def unreadable(made: Imported) -> list[str]:
    """What is wrong with the form of the files that an import made: nothing, ever."""
    texts = {f"content/{name}": text for name, text in {**made.if_missing, **made.files}.items()}
    files = project.from_texts(texts).below("content")
    documents = yaml_tree.parse({name: file for name, file in files.items() if name in texts})
    return [f"{d.span.file}: {d.message}" for d in decode.decode(documents, files)[1]]


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
