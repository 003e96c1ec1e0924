"""The wide picture of the home page, pictures in texts, and drawings: what a page says of them before they arrive."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

import pytest
from compiling import site_and_problems
from pages import Element, read
from PIL import Image
from test_pictures import content, opened, picture

from lorainne.content import project
from lorainne.diagnostics import Diagnostic


def build(files: Mapping[str, str | bytes]) -> tuple[Mapping[str, str | bytes], list[Diagnostic]]:
    started = {"content/workshop.yaml": "name: W\n"}
    site, problems = site_and_problems(
        project.from_texts(started | {f"content/{n}": text for n, text in files.items()})
    )
    return {path: site[path] for path in site}, problems


def image(site: Mapping[str, str | bytes], page: str = "index.html") -> dict[str, str]:
    """The attributes of the one picture in a page's main part."""
    text = site[page]
    assert isinstance(text, str)
    main: Element = read(text).one("main")
    return main.one("img").attributes


def hero(line: str, data: bytes = b"") -> Mapping[str, str | bytes]:
    site, problems = build(
        {"workshop.yaml": f"name: W\ntheme: {{{line}}}\n", "files/h.jpg": data or picture(size=(3000, 1800))}
    )
    assert problems == []
    return site


def test_the_wide_picture_comes_first_in_two_densities_and_keeps_its_place() -> None:
    site = hero("hero: h.jpg")
    shown = image(site)
    assert (shown["width"], shown["height"], shown["fetchpriority"]) == ("1184", "474", "high")
    assert "loading" not in shown
    assert shown["srcset"] == "pictures/h.jpg-1184x474.webp 1184w, pictures/h.jpg-2368x948.webp 2368w"
    assert opened(site, "pictures/h.jpg-2368x948.webp").size == (2368, 948)


def test_the_wide_picture_is_an_ornament_unless_somebody_says_what_it_shows() -> None:
    assert image(hero("hero: h.jpg"))["alt"] == ""
    assert image(hero("hero: h.jpg, hero_alt: The town at dusk"))["alt"] == "The town at dusk"


def test_a_wide_picture_that_is_not_there_is_told_where_it_is_named() -> None:
    _, problems = build({"workshop.yaml": "name: W\ntheme: {hero: hreo.jpg}\n", "files/hero.jpg": picture()})
    (problem,) = problems
    assert (problem.code, problem.span.line, problem.span.column) == ("missing-file", 2, 15)
    assert "hero.jpg" in (problem.help or "")


@pytest.mark.parametrize(("size", "told"), [((1184, 474), False), ((1183, 900), True), ((3000, 400), True)])
def test_a_wide_picture_that_is_blown_up_is_told(size: tuple[int, int], told: bool) -> None:
    """As `small-hero`, with its size, where it is named; the site is built all the same."""
    site, problems = build(
        {"workshop.yaml": "name: W\ntheme: {hero: h.jpg}\n", "files/h.jpg": picture(size=size)}
    )
    assert [(p.code, p.severity, p.span.line, p.span.column) for p in problems] == [
        ("small-hero", "warning", 2, 15)
    ] * told
    assert all(f"{size[0]} × {size[1]} pixels" in p.message for p in problems)
    assert "index.html" in site


@pytest.mark.parametrize(("font", "fetched"), [("serif", 2), ("sans", 1), ("system", 0)])
def test_only_the_fonts_that_the_site_has_chosen_are_fetched_at_once(font: str, fetched: int) -> None:
    site, _ = build({"workshop.yaml": f"name: W\ntheme: {{font: {font}}}\n"})
    page = site["index.html"]
    assert isinstance(page, str)
    tree = read(page)
    assert tree.one("html").attributes["class"] == f"font-{font}"
    assert len([e for e in tree.all("link") if e.attributes.get("rel") == "preload"]) == fetched


def test_a_font_that_the_theme_does_not_have_is_told_with_the_one_that_was_meant() -> None:
    _, (problem,) = build({"workshop.yaml": "name: W\ntheme: {font: serf}\n"})
    assert problem.span.line == 2
    assert "serif" in (problem.help or "")


def in_text(text: str, **files: bytes) -> tuple[Mapping[str, str | bytes], list[Diagnostic]]:
    return build({"about.md": text, **{f"files/{n.replace('_', '.')}": data for n, data in files.items()}})


def test_a_picture_in_a_text_is_resized_to_the_measure_and_loses_what_the_camera_wrote() -> None:
    site, problems = in_text("![All](files/g.jpg)\n", g_jpg=picture(size=(2400, 3200), orientation=6))
    assert problems == []
    shown = image(site)
    assert (shown["width"], shown["height"], shown["loading"], shown["alt"]) == ("522", "392", "lazy", "All")
    assert shown["srcset"] == "pictures/g.jpg-522x392.webp, pictures/g.jpg-1044x784.webp 2x"
    assert opened(site, "files/g.jpg").size == (1600, 1200)
    assert all(b"SecretCamera" not in content(site, p) for p in site if p.endswith((".jpg", ".webp")))


def test_a_picture_that_a_link_leads_to_keeps_its_size_but_not_what_the_camera_wrote() -> None:
    """Most often the picture itself is that link."""
    site, _ = in_text("[![All](files/g.jpg)](files/g.jpg)\n", g_jpg=picture(size=(2400, 1800)))
    assert opened(site, "files/g.jpg").size == (2400, 1800)
    assert b"SecretCamera" not in content(site, "files/g.jpg")


@pytest.mark.parametrize("text", ["[All](files/g.jpg)", "Nothing names it."])
def test_a_picture_that_no_page_shows_loses_what_the_camera_wrote_and_nothing_else(text: str) -> None:
    """Pixel for pixel, and as its camera was held: tests/test_bare.py."""
    data = picture(size=(2400, 1800), orientation=6)
    site, _ = in_text(f"{text}\n", g_jpg=data)
    assert b"SecretCamera" not in content(site, "files/g.jpg")
    assert dict(opened(site, "files/g.jpg").getexif()) == {0x0112: 6}
    assert opened(site, "files/g.jpg").tobytes() == Image.open(BytesIO(data)).tobytes()
    assert not [path for path in site if path.startswith("pictures/")]


@pytest.mark.parametrize("kind", ["GIF", "AVIF"])
def test_pictures_that_are_shown_as_they_are_lose_what_was_written_into_them(kind: str) -> None:
    out = BytesIO()
    Image.new("RGB", (60, 60)).save(out, kind, comment=b"SecretCamera", xmp=b"SecretCamera")
    assert b"SecretCamera" in out.getvalue()
    name = f"g.{kind.lower()}"
    site, problems = in_text(f"![All](files/{name})\n", **{name.replace(".", "_"): out.getvalue()})
    assert problems == []
    assert b"SecretCamera" not in content(site, f"files/{name}")


def test_a_small_picture_in_a_text_stays_small() -> None:
    site, _ = in_text("![All](files/g.png)\n", g_png=picture("PNG", (300, 200)))
    shown = image(site)
    assert (shown["width"], shown["height"]) == ("300", "200")
    assert "srcset" not in shown


def test_a_picture_in_an_abstract_is_found_from_the_folder_of_its_file() -> None:
    talk = "---\ntitle: T\nspeakers: [Ada]\n---\n![All](../files/g.jpg)\n"
    site, problems = build({"talks/a.md": talk, "files/g.jpg": picture(size=(2400, 1800))})
    assert problems == []
    assert image(site, "talks/a.html")["src"] == "../pictures/g.jpg-522x392.webp"


def test_a_damaged_picture_in_a_text_is_told_where_it_is_shown() -> None:
    _, problems = in_text("Some words.\n\nHere ![All](files/g.jpg)\n", g_jpg=b"no picture")
    assert [(p.code, p.span.file, p.span.line, p.span.column) for p in problems] == [
        ("unreadable-picture", "content/about.md", 3, 13)
    ]


def drawing(attributes: str, field: str = "sponsor") -> dict[str, str]:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}><path d="M0 0h9"/></svg>'
    lines = {"sponsor": "sponsors: [{name: A, logo: a.svg}]\n", "text": ""}[field]
    text = {"about.md": "![A](files/a.svg)\n"} if field == "text" else {}
    site, problems = build({"workshop.yaml": f"name: W\n{lines}", "files/a.svg": svg.encode(), **text})
    assert problems == []
    return image(site)


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('viewBox="0 0 60 20"', ("192", "64")),
        ('width="50mm" height="50mm" viewBox="0 0 9 9"', ("64", "64")),
        ('width="100%" height="100%" viewBox="0,0 600 20"', ("240", "8")),
        ('width="300" height="150"', ("128", "64")),
        ('viewBox="0 0 0 20"', None),
        ('width="1e9" height="-3"', None),
        ("", None),
    ],
)
def test_a_logo_that_is_a_drawing_keeps_its_place(attributes: str, size: tuple[str, str] | None) -> None:
    shown = drawing(attributes)
    assert shown["src"] == "files/a.svg"
    assert (shown.get("width"), shown.get("height")) == (size or (None, None))


def test_a_drawing_in_a_text_is_as_large_as_it_wants_to_be() -> None:
    assert drawing('width="120" height="80"', "text")["width"] == "120"
    assert drawing('viewBox="0 0 2000 1000"', "text")["width"] == "522"
