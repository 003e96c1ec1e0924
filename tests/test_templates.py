"""What is remembered is never mistaken, what is compiled is kept in safety, addresses are right everywhere."""

from __future__ import annotations

import gc
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from compiling import site_and_problems
from conference import conference
from faults import put
from markupsafe import Markup

from lorainne.content import project
from lorainne.content.project import Project
from lorainne.programme.routes import NOT_FOUND
from lorainne.site import pages
from lorainne.site import templates as module
from lorainne.site.pages import SITE_ROOT
from lorainne.site.templates import Templates, remembered

THEME = Path(__file__).parent.parent


def ask(files: dict[str, str], **names: object) -> Templates:
    """The templates of a project; `asked()` counts how often it is asked."""
    texts = {f"templates/{name}": text for name, text in files.items()}
    return Templates(project.from_texts(texts), names, {})


def page(templates: Templates, name: str, **names: object) -> str:
    return templates.render(name, **names)


@pytest.fixture
def asked() -> Callable[[], int]:
    numbers = iter(range(1, 1000))
    return lambda: next(numbers)


MACRO = """
{% macro _told(record, text='') %}{{ record.name }}-{{ text }}-{{ asked() }}{% endmacro %}
{% set told = remembered(_told) %}"""


def test_a_remembered_macro_is_asked_once_for_each_record_and_text(asked: Callable[[], int]) -> None:
    text = "{% from '_m.html' import told %}{% for r, t in given %}{{ told(r, t) }} {% endfor %}"
    pages = ask({"_m.html": MACRO, "a.html": text}, asked=asked)
    one, twin = SimpleNamespace(name="n"), SimpleNamespace(name="n")
    given = [(one, "x"), (twin, "x"), (one, "x"), (one, "y"), (twin, "x")]
    assert page(pages, "a.html", given=given) == "n-x-1 n-x-2 n-x-1 n-y-3 n-x-2 "
    assert page(pages, "a.html", given=given) == "n-x-1 n-x-2 n-x-1 n-y-3 n-x-2 "  # on the next page too


def test_a_remembered_macro_answers_right_for_more_than_it_can_keep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MAX_REMEMBERED", 3)
    told = remembered(lambda record, text: f"{record.number}{text}")
    records = [SimpleNamespace(number=number) for number in range(5)]
    assert [told(record, "x") for record in [*records, *records]] == 2 * ["0x", "1x", "2x", "3x", "4x"]


def test_a_remembered_macro_never_takes_a_record_for_one_that_is_gone() -> None:
    told = remembered(lambda record: record.number)
    gc.collect()
    for number in range(1000):  # each could stand where the last one stood
        assert told(SimpleNamespace(number=number)) == number


def test_a_remembered_macro_never_takes_a_text_for_html() -> None:
    told = remembered(lambda text: Markup("{}").format(text))
    html, text = Markup("<b>"), "<b>"
    assert [told(html), told(text), told(html)] == ["<b>", "&lt;b&gt;", "<b>"]
    other = remembered(lambda text: Markup("{}").format(text))
    assert [other(text), other(html)] == ["&lt;b&gt;", "<b>"]


def test_a_remembered_macro_never_takes_a_text_for_a_record() -> None:
    record = SimpleNamespace()
    told = remembered(lambda *given: type(given[0]))
    assert [told(record), told(str(id(record))), told(1), told("1"), told(True)] == [SimpleNamespace, str, int, str, bool]  # fmt: skip


def test_the_pages_are_the_same_when_nothing_is_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = conference(12)
    site = {path: page for path, page in site_and_problems(project.from_texts(files))[0].items() if isinstance(page, str)}  # fmt: skip
    calls: list[object] = []
    for place in (module, pages):
        monkeypatch.setattr(place, "remembered", lambda macro: calls.append(macro) or macro)
    plain = site_and_problems(project.from_texts(files))[0]
    assert {path: plain[path] for path in site} == site
    assert len(calls) > 10


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of compiled templates."""
    folder = tmp_path / "compiled" / "templates"
    monkeypatch.setattr(module, "_BYTECODE", folder)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return folder


def themed(tmp_path: Path, **own: str) -> Project:
    """A project with templates of its own, and a theme of three."""
    theme = put(tmp_path / "theme", {f"templates/{name}.html": f"the theme's {name}" for name in "abc"})
    return project.from_texts({f"templates/{name}.html": text for name, text in own.items()}, theme=theme)


def rendered(tmp_path: Path, name: str, **own: str) -> str:
    return page(Templates(themed(tmp_path, **own), {}, {}), f"{name}.html")


def compilations(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    made: list[object] = []
    real = module.jinja2.Environment._generate
    monkeypatch.setattr(module.jinja2.Environment, "_generate", lambda *given, **more: made.append(given[2]) or real(*given, **more))  # fmt: skip
    return made


def test_a_template_of_the_theme_is_compiled_once(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = compilations(monkeypatch)
    assert [rendered(tmp_path, name) for name in "abab"] == [f"the theme's {name}" for name in "abab"]
    assert made == ["a.html", "b.html"]
    assert len(os.listdir(kept)) == 2


def test_templates_of_a_project_are_never_kept_nor_taken_for_those_of_the_theme(
    kept: Path, tmp_path: Path
) -> None:
    assert rendered(tmp_path, "a", a="the project's", own="mine") == "the project's"
    assert rendered(tmp_path, "own", a="the project's", own="mine") == "mine"
    assert not kept.exists()
    assert rendered(tmp_path, "a") == "the theme's a"
    assert rendered(tmp_path, "a", a="the project's") == "the project's"
    assert rendered(tmp_path, "a") == "the theme's a"
    assert len(os.listdir(kept)) == 1


@pytest.mark.parametrize("harm", ["cut", "empty", "swapped", "older source", "another compiler"])
def test_a_compiled_template_that_does_not_fit_is_made_again(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    assert rendered(tmp_path, "b") == "the theme's b"
    (other,) = kept.iterdir()
    assert rendered(tmp_path, "a") == "the theme's a"
    (file,) = {*kept.iterdir()} - {other}
    made, said = compilations(monkeypatch), "the theme's a"
    if harm == "cut":
        file.write_bytes(file.read_bytes()[:-7])
    elif harm == "empty":
        file.write_bytes(b"")
    elif harm == "swapped":
        shutil.copy(other, file)
    elif harm == "older source":
        monkeypatch.setattr(sys.modules[__name__], "themed", lambda *_: project.from_texts({}, theme=put(tmp_path / "newer", {"templates/a.html": "new"})))  # fmt: skip
        said = "new"
    else:
        monkeypatch.setattr(module.jinja2, "__version__", "0.0")
    assert rendered(tmp_path, "a") == said
    assert made == ["a.html"]
    assert rendered(tmp_path, "a") == said  # what was made again is kept again
    assert made == ["a.html"]


@pytest.mark.parametrize("way", ["a file in the way", "a folder in the way", "nothing may be written"])
def test_where_nothing_can_be_kept_the_pages_are_the_same(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    if way == "a file in the way":
        put(tmp_path, {"compiled": "mine"})
    elif way == "a folder in the way":
        name = rendered(tmp_path, "a") and next(kept.iterdir())
        shutil.rmtree(kept)
        name.mkdir(parents=True)
    else:
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert [rendered(tmp_path, "a") for _ in range(2)] == 2 * ["the theme's a"]
    assert kept.exists() == (way == "a folder in the way")


SITE = {
    "content/workshop.yaml": "name: A workshop\nurl: https://example.org/repo/\n",
    "content/talks/one.md": "---\ntitle: One\n---\n[The list](page:all), [itself](talk:one)\n",
    "content/pages/all.md": "---\ntitle: All\nnavigation: true\n---\n[The talk](talk:one)\n",
}


def addresses(page: object) -> set[str]:
    return set(re.findall(r'(?:href|src)="([^"]*)"', str(page)))


def test_addresses_are_relative_to_their_page_and_whole_where_nothing_was_found() -> None:
    site, problems = site_and_problems(project.from_texts(SITE))
    assert [p.message for p in problems] == []
    assert {"static/style.css", "all.html", "talks/one.html"} <= addresses(site["talks.html"])
    assert {"../static/style.css", "../all.html", "../index.html"} <= addresses(site["talks/one.html"])
    assert {"/repo/static/style.css", "/repo/all.html"} <= addresses(site[NOT_FOUND])
    assert not [path for path, page in site.items() if isinstance(page, str) and SITE_ROOT in page]


@pytest.mark.parametrize("url", ["https://example.org/café/", "https://example.org/caf%C3%A9/"])
def test_where_nothing_was_found_addresses_begin_with_the_path_of_the_url(url: str) -> None:
    site, _ = site_and_problems(project.from_texts({"content/workshop.yaml": f"name: A\nurl: {url}\n"}))
    assert "/caf%C3%A9/static/style.css" in addresses(site[NOT_FOUND])


def test_an_address_on_the_same_page_is_only_its_anchor() -> None:
    own = {
        "templates/page.html": "{{ (route.path ~ '#x')|href }} {{ 'talks.html#x'|href }} {{ route.path|href }} {{ '#y'|href }}",
        "templates/talk.html": "{{ (route.path ~ '#x')|href }} {{ 'one.html#x'|href }} {{ 'all.html#x'|href }}",
    }
    site, _ = site_and_problems(project.from_texts({**SITE, **own}))
    assert site["all.html"] == "#x talks.html#x all.html #y"
    assert site["talks/one.html"] == "#x ../one.html#x ../all.html#x"


@pytest.mark.parametrize("where", ["text", "escape"])
def test_no_text_holds_the_mark_of_our_own_addresses(where: str) -> None:
    texts = {
        "text": {"content/workshop.yaml": "name: A\n", "content/about.md": f"a{SITE_ROOT}b\n"},
        "escape": {"content/workshop.yaml": 'name: "A \\ufdd0"\n'},
    }
    _, problems = site_and_problems(project.from_texts(texts[where]))
    assert [problem.code for problem in problems] == ["forbidden-character"]
    entity, _ = site_and_problems(project.from_texts({"content/workshop.yaml": "name: A\n", "content/about.md": "quo&#xfdd0;quo\n"}))  # fmt: skip
    assert "quo\ufffdquo" in str(entity["index.html"])


def test_a_partial_of_ones_own_that_lacks_what_the_theme_asks_for_is_told() -> None:
    own = {"templates/_people.html": "{% macro title(record, presenters) %}T{% endmacro %}"}
    _, problems = site_and_problems(project.from_texts({**SITE, **own}))
    told = {(problem.code, problem.span.file) for problem in problems}
    assert told == {("template-error", "templates/_people.html")}


def test_own_blocks_may_use_the_macro_of_pictures_without_importing_it() -> None:
    own = {"templates/talk.html": '{% extends "base.html" %}{% block main %}{{ image.name }}{% endblock %}'}
    site, problems = site_and_problems(project.from_texts({**SITE, **own}))
    assert problems == []
    assert any("image" in str(page) for path, page in site.items() if path.startswith("talks/"))


def test_a_text_that_is_no_html_is_escaped_before_its_links_go() -> None:
    own = {"templates/404.html": "{{ '<img src=x onerror=y>'|unlinked }}"}
    site, _ = site_and_problems(project.from_texts({**SITE, **own}))
    assert site["404.html"] == "&lt;img src=x onerror=y&gt;"


@pytest.mark.parametrize("words", range(4))
def test_an_anchor_behind_the_address_of_its_own_page_is_short_in_whatever_piece_it_comes(words: int) -> None:
    links = '{% for n in range(700) %}<a href="{{ route.path|href }}#x{{ n }}">{% endfor %}'
    own = {"templates/talks.html": "{{ 1 }}" * words + links}
    site, _ = site_and_problems(project.from_texts({**SITE, **own}))
    assert site["talks.html"] == "1" * words + "".join(f'<a href="#x{n}">' for n in range(700))
