"""After an edit of nothing but loose bodies only they are put anew, and the site is the one that a whole build makes."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from building import clean, command, imported, lorainne, small_world, with_us
from disturbances import CHANGES, Disturbance, unnoticed
from faults import (
    ERRORS,
    KILLED,
    KilledError,
    Operations,
    children,
    ending,
    in_child,
    killing,
    like_in,
    put,
    raising,
    state,
)

from lorainne import edited, exchange, lock, processes, states, transaction, turns, unchanged, write
from lorainne.__main__ import said_at_once as at_once

CONTENT = {
    "content/workshop.yaml": "name: A workshop\ntimezone: Europe/Paris\nurl: https://example.org/days/\n",
    "content/schedule.yaml": "days:\n  - date: 2024-11-26\n    slots:\n      - {time: 09:00-10:00, talk: rank}\n"
    "      - {time: 10:00-11:00, talk: norm}\n      - {time: 11:00-12:00, title: Posters, kind: posters, posters: all}\n",
    "content/speakers/ada.md": "---\nname: Ada Lovelace\n---\nShe wrote.\n",
    "content/talks/rank.md": "---\ntitle: Rank\nspeakers: [ada]\n---\nOn rank.\n",
    "content/talks/norm.md": "---\ntitle: Norm\nspeakers: [Bob]\n---\nOn $x^2$.\n",
    "content/posters/print.md": "---\ntitle: A poster\npresenter: Bo\n---\nOn posters.\n",
    "content/papers/read.md": "---\ntitle: A paper\nauthors: [Bo]\n---\nOn papers.\n",
    "content/pages/venue.md": "---\ntitle: Venue\n---\nHere.\n",
    "content/files/a.txt": "a file",
}
RANK, NORM, ADA = "content/talks/rank.md", "content/talks/norm.md", "content/speakers/ada.md"
LOOSE = (RANK, NORM, ADA, "content/posters/print.md", "content/papers/read.md")

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
    """The folder of a small project that was built."""
    folder = small_world(quick, monkeypatch, CONTENT)
    assert lorainne("build")[0] == 0
    return folder


def reword(here: Path, name: str, body: str) -> None:
    """Give a file of content another body."""
    _, front, _ = (here / name).read_text().split("---\n", 2)
    put(here, {name: f"---\n{front}---\n{body}\n"})


def is_right(here: Path, site: str = "_site") -> bool:
    """Whether the site is what a whole build would make where nothing is known of another one."""
    return state((here / site).resolve()) == clean(here)


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


def both(*acts: Callable[[Path], object]) -> Callable[[Path], None]:
    def act(here: Path) -> None:
        for each in acts:
            each(here)

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


# ── the like, the records, and the output ──


def like_of(here: Path) -> Path:
    like = like_in(here)
    assert like.is_dir()
    return like


def replaced(path: Path) -> None:
    put(path.parent, {"other": "replaced"})
    (path.parent / "other").replace(path)


LIKE: dict[str, Callable[[Path], object]] = {
    "a new file": lambda like: put(like, {"talks/new.html": "new"}),
    "a file less": lambda like: (like / "talks/norm.html").unlink(),
    "a file that falls behind less": lambda like: (like / "talks/rank.html").unlink(),
    "a file replaced": lambda like: replaced(like / "talks/norm.html"),
    "a file renamed": lambda like: (like / "talks/norm.html").rename(like / "talks/form.html"),
    "a file edited in place": lambda like: unnoticed(like / "venue.html", "enue", "alue"),
    "a file that falls behind edited in place": lambda like: unnoticed(like / "talks/rank.html", "n rank", "n tank"),
    "a folder less": lambda like: shutil.rmtree(like / "talks"),
    "a new folder": lambda like: (like / "mine").mkdir(),
    "none": shutil.rmtree,
    "a file in its place": both(shutil.rmtree, lambda like: like.write_text("mine")),
    "a folder in its place": both(lambda like: like.rename(like.with_name("old")), lambda like: like.mkdir()),
    "the room is gone": lambda like: shutil.rmtree(like.parent),
    "a copy of itself": both(lambda like: like.rename(like.with_name("old")), lambda like: shutil.copytree(like.with_name("old"), like)),
}  # fmt: skip


@pytest.mark.parametrize("harm", LIKE)
def test_whatever_happened_to_the_like_the_site_is_right(here: Path, harm: str) -> None:
    reword(here, RANK, "1")
    assert at_once(["build"])
    LIKE[harm](like_of(here))
    for text in ("2", "3"):
        reword(here, RANK, text)
        assert lorainne("build")[0] == 0
        assert is_right(here)


def test_who_edits_a_published_file_in_place_changes_no_site_for_long(here: Path) -> None:
    """It is the like's file, too."""
    for page in ("venue.html", "talks/rank.html", "talks/norm.html"):
        for text in ("One.", "Two."):
            unnoticed(
                here / "_site" / page, "1" if page == "talks/1" else "e" if page == "venue.html" else "n", "o"
            )
            reword(here, RANK, f"On {text}")
            assert lorainne("build")[0] == 0
            assert is_right(here)


def test_a_published_page_that_is_edited_between_the_look_and_the_reading_of_it_is_mended(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = edited._outputs

    def late(*given: object) -> object:
        unnoticed(here / "_site/talks/rank.html", "Rank", "Tank")
        return real(*given)  # type: ignore[arg-type]

    reword(here, RANK, "Another text.")
    with monkeypatch.context() as patch:
        patch.setattr(edited, "_outputs", late)
        lorainne("build")
    lorainne("build")
    assert is_right(here)


def test_a_text_that_is_saved_again_while_it_is_read_is_put_anew_by_the_next_build(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = edited._outputs

    def late(*given: object) -> object:
        unnoticed(here / RANK, "first", "later")
        return real(*given)  # type: ignore[arg-type]

    reword(here, RANK, "The first text.")
    with monkeypatch.context() as patch:
        patch.setattr(edited, "_outputs", late)
        lorainne("build")
    assert "nothing has changed" not in (at_once(["build"]) or "")
    assert is_right(here)


def test_records_with_a_wrong_byte_cut_off_or_of_another_command_are_not_believed(here: Path) -> None:
    dice = random.Random(3)
    assert lorainne("build", "-q")[0] == 0
    other = unchanged.path_of(".", ["build", "-q"], "edits")
    for number in range(10):
        assert lorainne("build")[0] == 0
        record = Path(unchanged.path_of(".", ["build"], dice.choice(("edits", "edits", "builds"))))
        data = bytearray(record.read_bytes())
        place = dice.randrange(len(data))
        if number % 5 == 0:
            shutil.copy(other, unchanged.path_of(".", ["build"], "edits"))
        elif number % 5 == 1:
            record.write_bytes(data[:place])
        else:
            data[place] ^= 1 << dice.randrange(8)
            record.write_bytes(data)
        reword(here, RANK, f"Version {number}.")
        assert at_once(["build"]) is None
        assert lorainne("build")[0] == 0
        assert is_right(here)


@pytest.mark.parametrize("harm", ["a file outside", "a form that there is not", "a terabyte"])
def test_a_record_that_somebody_else_has_sealed_harms_nobody(here: Path, harm: str) -> None:
    """Whoever writes into `.lorainne/` can compute a checksum, too."""
    put(here, {"precious.txt": "mine"})
    reword(here, RANK, "Version 1.")
    assert at_once(["build"])
    path = unchanged.path_of(".", ["build"], "edits")
    record = edited._unpacked(path)
    if harm == "a file outside":
        record.behind.append(os.path.relpath("precious.txt", like_of(here)))
    elif harm == "a form that there is not":
        record.seams = [bytes(part).replace(b" html ", b" nope ") for part in record.seams]
    else:
        os.truncate(unchanged.path_of(".", ["build"]), 10**12)
    Path(path).write_bytes(b"".join(record.packed()))
    reword(here, RANK, "Version 2.")
    assert at_once(["build"]) is None
    assert lorainne("build")[0] == 0
    assert is_right(here)
    assert (here / "precious.txt").read_text() == "mine"


def theirs(here: Path, path: str) -> bytes:
    return (here / "_site" / path).read_bytes()


def test_what_others_have_put_into_the_output_stays(here: Path) -> None:
    kept = {
        "CNAME": "example.org",
        ".git/HEAD": "ref",
        "talks/mine.txt": "mine",
        "deep/__pycache__/mine.txt": "mine",
        "__pycache__/mine.txt": "mine",
    }
    put(here / "_site", kept)
    (here / "_site/latest").symlink_to("CNAME")
    (here / "_site/empty").mkdir()
    os.mkfifo(here / "_site/pipe")
    assert lorainne("build", "--adopt")[0] == 0
    put(here / "_site", {"__pycache__/more.txt": "more", "deep/__pycache__/more.txt": "more"})
    for number in range(4):
        reword(here, RANK, f"Version {number}.")
        assert lorainne("build", "--adopt")[0] == 0
        assert {path: theirs(here, path).decode() for path in kept} == kept
        assert theirs(here, "__pycache__/more.txt") == theirs(here, "deep/__pycache__/more.txt") == b"more"
        assert os.readlink(here / "_site/latest") == "CNAME"
        assert (here / "_site/empty").is_dir()
        assert (here / "_site/pipe").is_fifo()
        (here / "_site/CNAME").write_text(f"{number}.example.org")
        kept["CNAME"] = f"{number}.example.org"
    assert at_once(["build", "--adopt"]) is None, "one of them was edited"


@pytest.mark.parametrize("folder", ["mine", "talks", "."])
def test_whom_a_folder_is_closed_to_it_stays_closed_to(here: Path, folder: str) -> None:
    put(here, {"_site/mine/a.txt": "mine"})
    assert lorainne("build", "--adopt")[0] == 0
    (here / "_site" / folder).chmod(0o700)
    for number in range(3):
        reword(here, RANK, f"Version {number}.")
        assert lorainne("build", "--adopt")[0] == 0
        mode = (here / "_site" / folder).stat().st_mode & 0o777
        assert mode == (0o755 if folder == "talks" else 0o700), "as a whole build leaves it"


@pytest.mark.parametrize("way", ["added", "in a folder", "replaced", "edited in place", "removed", "a page"])
def test_what_others_do_to_the_output_while_an_edit_is_published_is_not_lost(
    here: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    put(here, {"_site/CNAME": "example.org", "_site/mine/a.txt": "mine"})
    assert lorainne("build", "--adopt")[0] == 0
    real, out, wanted = exchange.exchange, here / "_site", {"CNAME": b"example.org", "mine/a.txt": b"mine"}

    def late(one: str, other: str) -> bool:
        if way == "added":
            put(out, {"late.pdf": "late"})
            wanted["late.pdf"] = b"late"
        elif way == "in a folder":
            put(out, {"talks/late.pdf": "late"})
            wanted["talks/late.pdf"] = b"late"
        elif way == "replaced":
            replaced(out / "CNAME")
            wanted["CNAME"] = b"replaced"
        elif way == "edited in place":
            (out / "CNAME").write_text("edited")
            wanted["CNAME"] = b"edited"
        elif way == "removed":
            (out / "CNAME").unlink()
        else:
            put(out, {"talks/rank.html": "by hand"})
        return real(one, other)

    for text in ("One.", "Two."):
        reword(here, RANK, text)
        with monkeypatch.context() as patch:
            for module in (turns, transaction):
                patch.setattr(module, "exchange", late)
            assert lorainne("build", "--adopt")[0] == 0
        found = {path: theirs(here, path) for path in wanted if way != "removed" or path != "CNAME"}
        assert found == {path: wanted[path] for path in found}
        assert lorainne("build", "--adopt")[0] == 0
        ours = {path: kept for path, kept in state(out).items() if path not in wanted and path != "mine"}
        assert ours == clean(here)


def test_a_page_that_is_edited_just_after_an_edit_was_published_is_mended(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even before the build has looked at what it wrote."""
    real = turns.publish

    def early(*given: object) -> None:
        real(*given)  # type: ignore[arg-type]
        unnoticed(here / "_site/talks/rank.html", "text", "test")

    reword(here, RANK, "Another text.")
    with monkeypatch.context() as patch:
        patch.setattr(turns, "publish", early)
        lorainne("build")
    lorainne("build")
    assert is_right(here)


# ── where it cannot be done ──


def test_where_names_cannot_be_exchanged_an_edit_is_a_whole_build(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (turns, transaction):
        monkeypatch.setattr(module, "exchange", lambda *_: False)
    for text in ("One.", "Two."):
        reword(here, RANK, text)
        assert lorainne("build")[0] == 0
        assert is_right(here)


def test_where_files_cannot_have_two_names_an_edit_is_a_whole_build(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    for text in ("One.", "Two.", "Three."):
        reword(here, RANK, text)
        assert lorainne("build")[0] == 0
        assert is_right(here)


def test_an_output_on_another_file_system_is_right(here: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for text in ("One.", "Two.", "Two."):
        reword(here, RANK, text)
        assert lorainne("build", "-o", str(out))[0] == 0
        assert state(out) == clean(here)


def test_an_output_that_is_a_link_to_a_folder_stays_one(here: Path) -> None:
    (here / "_site").rename(here.parent / "published")
    (here / "_site").symlink_to("../published")
    assert lorainne("build")[0] == 0
    for text in ("One.", "Two."):
        reword(here, RANK, text)
        assert at_once(["build"])
        assert (here / "_site").is_symlink()
        assert is_right(here)


@pytest.mark.parametrize("held", ["._site.lorainne", ".lorainne/turn"])
def test_while_another_build_is_at_work_an_edit_waits_as_every_build(
    here: Path, monkeypatch: pytest.MonkeyPatch, held: str
) -> None:
    monkeypatch.setattr(write, "PATIENCE", 0.05)
    before = state(here / "_site")
    reword(here, RANK, "Another text.")
    with lock.only_one(str(like_in(here).parent if held == ".lorainne/turn" else here / held), 0):
        assert at_once(["build"]) is None
        assert state(here / "_site") == before
        code, said = lorainne("build")
        assert (code, "output-busy" in said) == ((1, True) if held == "._site.lorainne" else (0, False))
    assert lorainne("build")[0] == 0
    assert is_right(here)
    reword(here, RANK, "One more text.")
    assert lorainne("build")[0] == 0
    assert is_right(here)


def test_two_builds_of_an_edit_at_once_harm_nobody(tmp_path: Path) -> None:
    here = put(tmp_path / "project", CONTENT)
    assert command("build", cwd=here).returncode == 0
    reword(here, RANK, "Another text.")
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "lorainne", "build"], cwd=here, stderr=subprocess.PIPE, env=with_us()
        )
        for _ in range(2)
    ]
    assert ["error" in process.communicate()[1].decode() for process in running] == [False, False]
    assert [process.returncode for process in running] == [0, 0]
    assert "Another text." in (here / "_site/talks/rank.html").read_text()
    assert command("build", cwd=here).returncode == 0
    assert is_right(here)
    assert {path.name for path in here.iterdir()} == {"_site", "content", ".lorainne"}


# ── errors, and sudden ends ──

LOOKS = {"fstat", "lstat", "readlink", "scandir", "stat"}
FEW = {name: CONTENT[name] for name in ("content/workshop.yaml", RANK, ADA)}


class Stage:
    """A project whose edit is disturbed; its site before and after it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.here = small_world(folder, monkeypatch, FEW)
        self.texts = ["One.", "Two."]
        self.sites = []
        for text in self.texts:
            reword(self.here, RANK, text)
            assert lorainne("build")[0] == 0
            self.sites.append(clean(self.here))
        self.number = 0
        self.edit()
        assert at_once(["build"])
        self.edit()
        counted = Operations()
        with counted.patched():
            assert at_once(["build"])
        self.operations = counted.names

    def edit(self) -> None:
        """Give the talk the other text."""
        self.number = 1 - self.number
        reword(self.here, RANK, self.texts[self.number])

    def old_or_new(self) -> int:
        """Which of the two sites is published: 0, the one before the edit, or 1."""
        found = state(self.here / "_site")
        return [self.sites[1 - self.number], self.sites[self.number]].index(found)

    def is_mended(self) -> bool:
        """Whether the next build makes the new site."""
        return lorainne("build")[0] == 0 and state(self.here / "_site") == self.sites[self.number]

    def is_clean(self) -> bool:
        """Whether nothing is left behind; a lock that could not go goes with the next build that writes."""
        return {path.name for path in self.here.iterdir()} <= {".lorainne", "_site", "content"}


@pytest.fixture
def stage(quick: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    return Stage(quick, monkeypatch)


def disturbed_edit(number: int, act: Callable[[str], None]) -> str | None:
    """What is said of an edit that is disturbed at this operation; no error may leave it."""
    with Operations(number, act).patched():
        try:
            return at_once(["build"])
        except KilledError:
            return None


def test_an_error_at_any_operation_of_an_edit_leaves_the_old_site_or_the_new_one(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    points, first = len(stage.operations), stage.operations.index("mkdir") + 1
    wrong, quick = [], 0
    for number in range(1, points + 1):
        said = disturbed_edit(number, raising(ERRORS[number % 3]))
        quick += said is not None
        if said is not None and stage.old_or_new() == 0:
            wrong.append((number, "told, and not done"))
        if number < first and said is None:
            continue  # nothing was done, and the edit is still to come
        if not stage.is_mended():
            wrong.append((number, "not mended"))
        stage.edit()
    assert stage.is_mended()
    assert stage.is_clean()
    with capsys.disabled():
        print(f" [an error at {points} points, {quick} of them harmless, {len(wrong)} wrong]", end="")
    assert wrong == []
    assert points - first > 50


def test_a_kill_at_any_operation_of_an_edit_leaves_the_old_site_or_the_new_one(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    points, first = len(stage.operations), stage.operations.index("mkdir") + 1
    wrong, news, last = [], 0, 0
    for number in range(first, points + 1):
        if stage.operations[number - 1] in LOOKS:
            continue  # as at the next one that does something
        last += 1
        if last % 10:
            disturbed_edit(number, killing)
        else:  # a real end of a process
            assert in_child(partial(disturbed_edit, number, ending)) == KILLED
        news += stage.old_or_new()
        if not stage.is_mended():
            wrong.append(number)
        stage.edit()
    assert stage.is_mended()
    assert stage.is_clean()
    with capsys.disabled():
        print(f" [a kill at {last} points, {news} new, {len(wrong)} wrong]", end="")
    assert wrong == []
    assert 0 < news < last > 40


# ── whatever happens ──


def test_whatever_happens_between_builds_the_site_is_that_of_a_clean_one(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    quick, whole, wrong = 0, 0, 0
    for seed in range(60):
        dice = random.Random(seed)
        disturbance = Disturbance(here, dice)
        for _ in range(dice.randrange(3)):
            disturbance.strike()
        for _ in range(dice.randrange(3)):
            disturbance.reword()
        told = at_once(["build"])
        code = 0 if told is not None else lorainne("build")[0]
        quick += "files written" in (told or "")
        whole, wrong = whole + (told is None and not code), wrong + code
        if code:
            assert lorainne("build", "--no-cache", "-o", "../clean")[0] == code, seed
        else:
            assert is_right(here), seed
    with capsys.disabled():
        print(f" [{quick} edits, {whole} whole builds, {wrong} refused]", end="")
    assert min(quick, whole, wrong) >= 6


def test_an_output_in_which_others_keep_files_is_never_given_second_names(here: Path) -> None:
    """Such as a Git repository: programs write into its files, and stand in its folder."""
    put(here / "_site", {".git/logs/HEAD": "mine", "CNAME": "mine"})
    for text in ("One.", "Two.", "Three."):
        reword(here, RANK, text)
        assert lorainne("build")[0] == 0
        assert (here / "_site/.git/logs/HEAD").stat().st_nlink == 1
        assert not like_in(here).exists()
        assert theirs(here, "CNAME") == b"mine"


def test_what_somebody_writes_who_stood_in_the_output_is_not_lost(here: Path) -> None:
    reword(here, RANK, "One.")
    assert at_once(["build"])
    put(like_in(here), {"mine.txt": "mine"})
    for text in ("Two.", "Three."):
        reword(here, RANK, text)
        assert lorainne("build")[0] == 0
        assert is_right(here)
    assert (like_in(here) / "mine.txt").read_text() == "mine"
