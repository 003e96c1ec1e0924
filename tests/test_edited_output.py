"""What an edit leaves of the output and beside it, whatever others did to them, and where it cannot be done."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from building import clean, command, lorainne, with_us
from disturbances import unnoticed
from editing import CONTENT, RANK, begun, both, is_right, reword
from faults import (
    like_in,
    put,
    state,
)

from lorainne import edited, exchange, lock, transaction, turns, unchanged, write
from lorainne.__main__ import said_at_once as at_once


@pytest.fixture
def here(quick: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return begun(quick, monkeypatch)


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
