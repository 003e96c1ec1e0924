"""After an edit of nothing but loose bodies only they are put anew, and the site is the one that a whole build makes."""

from __future__ import annotations

import os
import random
import re
import shutil
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from building import clean, command, imported, lorainne, small_world
from disturbances import CHANGES, unnoticed
from editing import ADA, CONTENT, LOOSE, NORM, RANK, begun, both, is_right, reword
from faults import (
    children,
    put,
    raising,
    state,
)

from lorainne import processes, states, turns
from lorainne.__main__ import said_at_once as at_once

BODIES = (
    '*Emphasis*, **more**, `code` & "quotes"; it\'s, a \\\\ and a < b > c.',
    "1. one\n2. two\n   - three\n\n> A quotation,\n> of two lines.\n\nThe end.",
    "Ünï, 冬の時間, 𝛼, नमस्ते, שלום — and 🙂.",
    "Words of which there are many. " * 40,
    "A `</script>`, ]]> and `<!--`; \\n \\, \\;",
    "| a | b |\n|---|---|\n| 1 | 2 |\n\nterm\n: what it means",
    "  Spaces before, and after.  \nA break\\\nanother.\t\n\n\n",
    "x" * 300,
)


@pytest.fixture
def here(quick: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return begun(quick, monkeypatch)


# ── what is quick, and right ──


@pytest.mark.parametrize("name", LOOSE)
def test_after_an_edit_the_site_is_that_of_a_clean_build_and_so_many_files_are_told(
    here: Path, name: str
) -> None:
    for number, text in enumerate(BODIES if name in (RANK, ADA) else BODIES[::2]):
        reword(here, name, f"{number}: {text}{' $y$' if name == NORM else ''}")
        before = state(here / "_site")
        said = at_once(["build"]) or ""
        after = state(here / "_site")
        found = re.fullmatch(
            r"building content\n\d+ pages in \d\.\d\d s: _site/index\.html \((\d+) files written, 0 removed\)\n",
            said,
        )
        assert found
        assert int(found[1]) == sum(before[path] != after[path] for path in before) > 0
        assert after == clean(here)
        assert "nothing has changed" in (at_once(["build"]) or "")


def test_an_edit_with_our_own_theme_imports_neither_templates_nor_yaml(tmp_path: Path) -> None:
    here = put(tmp_path / "project", CONTENT)
    first = command("build", cwd=here)
    assert first.returncode == 0, first.stderr
    reword(here, RANK, 'On *rank*, $x<y$ & it\'s "well".')  # maths appear: one whole build
    assert "files written" in command("build", cwd=here).stderr
    reword(here, RANK, 'Of *rank*, $x>y$ & it\'s "good": 冬.\n\n- one\n- two')
    said, found = imported(here)
    assert re.search(r"^\d+ pages in .* \(\d+ files written, 0 removed\)$", said, re.M)
    assert {"click", "yaml", "jinja2", "PIL", "segno"} & found == set()
    assert is_right(here)
    assert "nothing has changed" in command("build", cwd=here).stderr


@pytest.mark.skipif(sys.platform != "linux", reason="two processes are for systems that fork well")
def test_what_one_process_reads_while_another_looks_at_the_site_is_put_anew_only_where_that_is_as_it_was(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "can_fork", lambda: True)
    monkeypatch.setattr(states, "_WORTH_TWO", 0)
    open_before, others = len(os.listdir("/proc/self/fd")), children()
    for text in ("One.", "Two."):
        reword(here, RANK, text)
        assert at_once(["build"])
        assert is_right(here)
        assert "nothing has changed" in (at_once(["build"]) or "")
    for change in (
        partial(unnoticed, here / "_site/talks/rank.html", "Rank", "Tank"),
        partial(put, here, {"content/talks/new.md": "---\ntitle: New\n---\n"}),
        partial(put, here, {"static/new.txt": "new"}),
    ):
        reword(here, RANK, f"Before {change}.")
        change()
        assert at_once(["build"]) is None
        assert lorainne("build")[0] == 0
        assert is_right(here)
    assert len(os.listdir("/proc/self/fd")) == open_before
    assert children() == others


def test_the_first_edit_after_the_first_build_is_quick(quick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing was kept before, too."""
    here = small_world(quick, monkeypatch, CONTENT)
    for _ in range(2):
        shutil.rmtree(here / ".lorainne", ignore_errors=True)
        assert lorainne("build")[0] == 0
        reword(here, RANK, f"Another text {time.time_ns()}.")
        assert at_once(["build"])
        assert is_right(here)


def test_edits_of_one_file_and_another_and_of_several_at_once_one_after_another(here: Path) -> None:
    """The like falls behind, and catches up."""
    dice = random.Random(7)
    for number in range(16):
        for name in dice.sample(LOOSE, dice.choice((1, 1, 2, 5))):
            reword(here, name, f"Version {number}{', $x$' if name == NORM else ''}.")
        assert at_once(["build"])
        assert is_right(here)
    assert "nothing has changed" in (at_once(["build"]) or "")


def test_what_differs_in_nothing_that_is_shown_is_right_too(here: Path) -> None:
    (here / RANK).chmod(0o600)
    assert at_once(["build"])
    (here / RANK).write_bytes((here / RANK).read_bytes().replace(b"\n", b"\r\n"))
    assert at_once(["build"])
    os.utime(here / RANK, (0, 0))
    assert at_once(["build"])
    assert is_right(here)


def test_a_text_of_the_same_size_and_time_is_put_anew(here: Path) -> None:
    unnoticed(here / RANK, "On rank", "Of tank")
    assert at_once(["build"])
    assert "Of tank" in (here / "_site/talks/rank.html").read_text()
    assert is_right(here)


# ── what is not quick, and right as well ──


def with_body(name: str, body: str) -> Callable[[Path], None]:
    return lambda here: reword(here, name, body)


def with_bytes(name: str, old: bytes, new: bytes) -> Callable[[Path], None]:
    def act(here: Path) -> None:
        data = (here / name).read_bytes()
        assert old in data
        (here / name).write_bytes(data.replace(old, new))

    return act


EDIT = with_body(RANK, "Another text.")

# What else changes, while a text is edited.
AT_ONCE = (
    "a published file, with the same size and time",
    "a template",
    "a style",
    "a page, with the same size and time",
    "a page less",
    "a page of another mode",
    "no output",
    "the program",
    "a library",
    "no record",
)

UNFIT: dict[str, Callable[[Path], object]] = {
    "front matter changes": with_bytes(RANK, b"title: Rank", b"title: Tank"),
    "a comment in front matter": with_bytes(RANK, b"title: Rank", b"title: Rank # more"),
    "a link": with_body(RANK, "As in [the other](talk:norm)."),
    "a link that leads nowhere": with_body(RANK, "As in [the other](talk:nowhere)."),
    "a heading": with_body(RANK, "Text.\n\n# A heading\n\nText."),
    "a footnote": with_body(RANK, "Text.[^1]\n\n[^1]: More."),
    "HTML": with_body(RANK, "A <b>bold</b> word."),
    "an open formula": with_body(RANK, "As in $\\frac{1}{$."),
    "formulas appear": with_body(RANK, "As in $x$."),
    "formulas vanish": with_body(NORM, "Without any."),
    "to be announced": with_body(RANK, "TBA."),
    "no text any more": with_body(RANK, ""),
    "spaces only": with_body(RANK, "  \n\n  "),
    "nothing that is words": with_body(RANK, "***"),
    "no front matter": lambda here: (here / RANK).write_text("Text.\n"),
    "open front matter": lambda here: (here / RANK).write_text("---\ntitle: Rank\nText.\n"),
    "not UTF-8": with_bytes(RANK, b"On rank", b"On r\xe4nk"),
    "a forbidden character": with_bytes(RANK, b"On rank", "On\u202erank \x91html 0\x92".encode()),
    "too large": with_body(RANK, "word " * 210_000),
    "empty": lambda here: (here / RANK).write_text(""),
    "no content": lambda here: shutil.rmtree(here / "content"),
    "no content, but templates": both(
        lambda here: shutil.rmtree(here / "content"),
        lambda here: put(here, {"templates/talk.html": "mine"}),
    ),
    "a folder": both(lambda here: (here / RANK).unlink(), lambda here: (here / RANK).mkdir()),
    "the schedule": both(EDIT, with_bytes("content/schedule.yaml", b"11:00-12:00", b"11:00-12:30")),
    "a page": both(EDIT, with_body("content/pages/venue.md", "There.")),
    "a new talk": both(
        EDIT, lambda here: put(here, {"content/talks/new.md": "---\ntitle: New\n---\nNew.\n"})
    ),
    "a speaker less": both(EDIT, lambda here: (here / "content/posters/print.md").unlink()),
    "an old body, under another name": both(
        EDIT, lambda here: (here / "content/papers/read.md").rename(here / "content/papers/other.md")
    ),
    "a text that is a link now": both(
        lambda here: (here / RANK).rename(here / "elsewhere"),
        lambda here: (here / RANK).symlink_to(here / "elsewhere"),
    ),
    **{f"an edit, and {change}": both(EDIT, act) for change, act in CHANGES.items() if change in AT_ONCE},
}


@pytest.mark.parametrize("change", UNFIT)
def test_where_more_changes_a_whole_build_makes_the_site_or_tells_the_mistake_and_the_last_one_stays(
    here: Path, change: str
) -> None:
    before = state(here / "_site")
    UNFIT[change](here)
    broken = state(here / "_site")
    assert at_once(["build"]) is None
    code, said = lorainne("build")
    if code == 0:
        assert is_right(here)
        if not change.startswith("an edit, and"):
            reword(here, ADA, "Thereafter.")
            assert lorainne("build")[0] == 0
            assert is_right(here)
    else:
        assert "error[" in said
        assert state(here / "_site") == broken == before


def test_a_mistake_in_an_edit_is_told_and_after_it_is_mended_the_site_is_right(here: Path) -> None:
    for body, code in (("A <b>bold</b> word.", 1), ("A bold word.", 0), ("$\\frac$", 1), ("Bold.", 0)):
        reword(here, RANK, body)
        assert lorainne("build")[0] == code
        if not code:
            assert is_right(here)


# ── what is said, and of which command ──


def test_the_warnings_of_the_last_whole_build_are_repeated(
    quick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = small_world(quick, monkeypatch, {**CONTENT, "content/workshop.yaml": "name: A workshop\n"})
    _, first = lorainne("build")
    reword(here, RANK, "Another text.")
    _, edit = lorainne("build")
    _, again = lorainne("build")
    warning = first[len("building content\n") : re.search(r"^\d+ pages", first, re.M).start()]  # type: ignore[union-attr]
    assert "warning[no-timezone]" in warning
    assert edit.startswith(f"building content\n{warning}")
    assert ", 1 warning: _site/index.html (" in edit
    assert again.startswith(warning)
    assert "nothing has changed, 1 warning" in again
    assert is_right(here)


@pytest.mark.parametrize(
    "way",
    ["build -q", "build --strict", "build --output ../elsewhere/out", "build . -o _site", "build --adopt"],
)
def test_an_edit_is_that_of_its_own_command(here: Path, way: str) -> None:
    assert lorainne(*way.split())[0] == 0
    for text in ("One.", "Two."):
        reword(here, RANK, text)
        said = at_once(way.split())
        assert said is not None
        assert (said == "") == (way == "build -q")
        assert is_right(here, "../elsewhere/out" if "elsewhere" in way else "_site")
    reword(here, RANK, "Three.")
    assert lorainne("build")[0] == 0
    assert is_right(here)


def test_two_commands_in_turns_are_both_right(here: Path) -> None:
    ways = [["build"], ["build", "-o", "../other"]]
    for number in range(8):
        if number % 3:
            reword(here, LOOSE[number % 2], f"Version {number}, $x$.")
        assert lorainne(*ways[number % 2])[0] == 0
        assert is_right(here, ("_site", "../other")[number % 2])


def test_on_another_day_an_edit_is_a_whole_build(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reword(here, RANK, "Another text.")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1731672000")
    assert at_once(["build"]) is None
    assert lorainne("build")[0] == 0
    assert is_right(here)
    reword(here, RANK, "One more text.")
    assert at_once(["build"])
    assert is_right(here)


@pytest.mark.parametrize("scheduled", [True, False])
def test_after_a_project_got_templates_of_its_own_or_lost_them_an_edit_is_right(
    here: Path, scheduled: bool
) -> None:
    """They may do with a body whatever they like, so none is put anew."""
    template = "templates/talk.html"
    if not scheduled:
        (here / "content/schedule.yaml").unlink()
        assert lorainne("build")[0] == 0
    for text in (
        "mine: {{ talk.abstract|upper }}",
        "longer, and mine: {{ talk.abstract|length }} {{ talk.title }}",
    ):
        put(here, {template: text})
        for body in ("One.", "Two, which is longer."):
            assert lorainne("build")[0] == 0
            assert is_right(here)
            reword(here, RANK, body)
            assert lorainne("build")[0] == 0
            assert is_right(here)
    (here / template).unlink()
    for body in ("Three.", "Four."):
        assert lorainne("build")[0] == 0
        reword(here, RANK, body)
        assert lorainne("build")[0] == 0
        assert is_right(here)


def test_where_no_like_can_be_made_any_more_an_old_record_is_not_believed(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The seams are those of outputs that were made by another program."""
    put(here.parent, {"theme/templates/talk.html": "Much longer than before: {{ talk|body('abstract') }}."})
    put(here.parent, {"program/code.py": "another"})
    with monkeypatch.context() as patch:
        patch.setattr(turns, "prepare", lambda *_: raising(28)("link"))
        assert lorainne("build")[0] == 0
        assert is_right(here)
    reword(here, RANK, "Another text.")
    assert lorainne("build")[0] == 0
    assert is_right(here)
