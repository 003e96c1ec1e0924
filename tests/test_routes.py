"""Every path is planned before anything is rendered, and nobody's file is lost to another one's path."""

from __future__ import annotations

from io import BytesIO

from compiling import site_and_problems
from full import FILES
from PIL import Image

from lorainne.build import OUTPUTS, compile_site
from lorainne.content import project

WORKSHOP = {"content/workshop.yaml": "name: W\nurl: https://example.org/\n"}


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (800, 600), "#7a1f3d").save(out, "JPEG")
    return out.getvalue()


def test_each_output_renders_exactly_the_paths_that_it_planned() -> None:
    files: dict[str, str | bytes] = {f"content/{name}": text for name, text in FILES.items()}
    files["content/files/hall.jpg"] = picture()
    files["content/pages/venue.md"] = "---\ntitle: The venue\n---\n![The hall](../files/hall.jpg)\n"
    compiled = compile_site(project.from_texts(files))
    context = compiled.context
    assert context
    for output in OUTPUTS:
        name = output.__name__.rpartition(".")[2]
        assert [*output.render(context)] == [route.path for route in context.routes.of(name)], name
    assert {*compiled.site} == {*context.routes.paths}


def test_a_page_and_a_file_that_want_one_path_are_an_error() -> None:
    own = {
        "content/pages/talks.md": "---\ntitle: Talks\n---\nMine.\n",
        "content/talks/a.md": "---\ntitle: A\n---\n",
    }
    site, problems = site_and_problems(project.from_texts({**WORKSHOP, **own}))
    assert [(p.code, p.span.file) for p in problems] == [("path-clash", "content/pages/talks.md")]
    assert not site


def test_two_pages_that_differ_in_capitals_only_are_an_error_but_files_are_not() -> None:
    files = {"content/files/A.txt": "A", "content/files/a.txt": "a"}
    site, problems = site_and_problems(project.from_texts({**WORKSHOP, **files}))
    assert problems == []
    assert (site["files/A.txt"], site["files/a.txt"]) == (b"A", b"a")


def test_a_picture_that_a_text_shows_has_one_maker_of_its_path() -> None:
    shown = {"content/files/hall.jpg": picture(), "content/about.md": "![Hall](files/hall.jpg)\n"}
    site, problems = site_and_problems(project.from_texts({**WORKSHOP, **shown}))
    assert problems == []
    assert [path for path in site if path.startswith(("files/", "pictures/"))] == [
        "files/hall.jpg",
        "pictures/hall.jpg-522x392.webp",
    ]


def test_a_file_of_ones_own_takes_the_place_of_one_that_would_be_made() -> None:
    own = {"static/icon.svg": "<svg/>", "static/card.png": "card", "static/accent.css": "a {}"}
    accent = {"content/workshop.yaml": WORKSHOP["content/workshop.yaml"] + 'theme: {accent: "#7a1f3d"}\n'}
    site, problems = site_and_problems(project.from_texts({**accent, **own}))
    assert problems == []
    assert {path: site[path] for path in own} == {path: text.encode() for path, text in own.items()}
    assert "static/card.png" in str(site["index.html"])
