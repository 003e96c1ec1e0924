"""A second build is quick only where a whole one would say and write the same."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from building import clean, command, imported, in_small_world, lorainne, small_world, with_us, written
from disturbances import CHANGES, Disturbance, unnoticed
from faults import put, state

from lorainne import states, unchanged, write
from lorainne.__main__ import said_at_once as at_once

CONTENT = {
    "content/workshop.yaml": "name: A workshop\n",
    "content/schedule.yaml": "days: [{date: 2024-11-26}]\n",
    "content/pages/venue.md": "---\ntitle: Venue\n---\nHere.\n",
    "content/talks/rank.md": "---\ntitle: Rank\n---\nOn rank.\n",
    "content/files/a.txt": "a file",
}
WARNING = "warning[no-timezone]"


@pytest.fixture
def here(quick: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a small project that was built; the theme, the program and the libraries beside it."""
    folder = small_world(quick, monkeypatch, CONTENT)
    assert lorainne("build")[0] == 0
    return folder


def test_a_second_build_repeats_the_warnings_says_that_nothing_has_changed_and_writes_nothing(
    tmp_path: Path,
) -> None:
    put(tmp_path, CONTENT)
    first = command("build", cwd=tmp_path)
    before = written(tmp_path)
    again = command("build", cwd=tmp_path)
    assert written(tmp_path) == before
    assert (again.returncode, again.stdout) == (0, "")
    assert again.stderr.endswith("\n6 pages, nothing has changed, 1 warning: _site/index.html\n")
    warning = again.stderr[: again.stderr.index("6 pages")]
    assert WARNING in warning
    assert f"\n{warning}" in first.stderr
    assert "\x1b" not in again.stderr


def test_a_build_that_finds_nothing_changed_imports_nothing_slow(tmp_path: Path) -> None:
    put(tmp_path, CONTENT)
    slow = {"click", "yaml", "jinja2", "markdown_it", "dataclasses", "pathlib", "hashlib", "json", "PIL"}
    assert command("build", cwd=tmp_path).returncode == 0
    said, found = imported(tmp_path)
    assert "nothing has changed" in said
    assert "lorainne" in found
    assert slow & found == set()


@pytest.mark.parametrize("redirection", ["2>/dev/full", "2>&-"])
def test_where_nobody_listens_a_second_build_ends_as_well_as_the_first(
    tmp_path: Path, redirection: str
) -> None:
    put(tmp_path, CONTENT)
    assert command("build", cwd=tmp_path).returncode == 0
    line = f"{sys.executable} -m lorainne build {redirection}"
    assert subprocess.run(line, shell=True, cwd=tmp_path, check=False, env=with_us()).returncode == 0  # fmt: skip


def test_with_colours_only_on_a_terminal(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert here.is_dir()
    assert "\x1b" not in (at_once(["build"]) or "\x1b")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b" in (at_once(["build"]) or "")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in (at_once(["build"]) or "\x1b")


@pytest.mark.parametrize("change", CHANGES)
def test_what_changes_is_noticed(here: Path, change: str) -> None:
    assert at_once(["build"]) is not None
    CHANGES[change](here)
    assert at_once(["build"]) is None
    code, _ = lorainne("build")
    assert (code, lorainne("build", "--no-cache", "-o", "../clean")[0]) in ((0, 0), (1, 1))
    shutil.rmtree(here / "_site/CNAME", ignore_errors=True)
    (here / "_site/CNAME").unlink(missing_ok=True)
    if code == 0:
        assert state((here / "_site").resolve()) == state(here.parent / "clean")
    else:
        assert "link" in change


def test_another_command_folder_day_or_version_is_another_build(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for arguments in (["build", "-q"], ["build", "--no-cache"], ["build", "."], ["check"], []):
        assert at_once(arguments) is None
    assert at_once(["build"])
    for change in (
        lambda: monkeypatch.setenv("SOURCE_DATE_EPOCH", "1731672000"),
        lambda: monkeypatch.setattr(unchanged, "time", SimpleNamespace(time=lambda: time.time() + 86400)),
        lambda: monkeypatch.setattr(unchanged, "__version__", "0"),
        lambda: monkeypatch.setattr(sys, "version", "4"),
        lambda: monkeypatch.chdir(here.parent),
    ):
        change()
        assert at_once(["build"]) is None
        monkeypatch.undo()
        monkeypatch.chdir(here)
        in_small_world(here.parent, monkeypatch)
        assert at_once(["build"])


def test_the_same_words_in_another_folder_are_another_build(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lorainne("build", str(here))[0] == 0
    assert at_once(["build", str(here)])
    (here.parent / "other").mkdir()
    monkeypatch.chdir(here.parent / "other")
    assert at_once(["build", str(here)]) is None


def test_the_record_of_one_command_is_none_of_another(here: Path) -> None:
    shutil.copy(the_record(here), unchanged.path_of(".", ["build", "-q"]))
    assert at_once(["build"])
    assert at_once(["build", "-q"]) is None


def the_record(here: Path) -> Path:
    (record,) = (here / ".lorainne/builds").iterdir()
    return record


def test_a_record_that_is_cut_or_has_a_wrong_bit_is_not_believed(here: Path) -> None:
    record, dice = the_record(here), random.Random(8)
    data = record.read_bytes()
    for place in range(len(data)):
        record.write_bytes(data[:place])
        assert at_once(["build"]) is None
        wrong = data[place] ^ (1 << dice.randrange(8))
        record.write_bytes(data[:place] + bytes([wrong]) + data[place + 1 :])
        assert at_once(["build"]) is None
    record.write_bytes(data)
    assert at_once(["build"])


@pytest.mark.parametrize("kind", ["folder", "link", "pipe", "endless"])
def test_what_stands_in_place_of_a_record_is_not_believed_and_harms_no_build(here: Path, kind: str) -> None:
    record = the_record(here)
    record.rename(here / "kept")
    if kind == "folder":
        record.mkdir()
    elif kind == "pipe":
        os.mkfifo(record)
    else:
        record.symlink_to(here / "kept" if kind == "link" else "/dev/zero")
    assert at_once(["build"]) is None
    for _ in range(3):
        assert lorainne("build")[0] == 0
    assert len([*record.parent.iterdir()]) == 1
    assert (at_once(["build"]) is None) == (kind == "folder")


@pytest.mark.parametrize(
    "link",
    ["", "/builds", "/edits", "/turn", "/turn/*", "/turn/*/new", "/made"],
    ids=lambda link: f".lorainne{link}",
)
def test_where_the_cache_leads_elsewhere_nothing_is_written_read_or_removed_there(
    here: Path, link: str
) -> None:
    precious = here.parent / "precious"
    place = next(here.glob(f".lorainne{link}"), here / f".lorainne{link}")
    place.parent.mkdir(exist_ok=True)
    place.rename(precious) if place.exists() else precious.mkdir()
    place.symlink_to(precious)
    put(precious, {f"{folder}{n:x}": "mine" for n in range(12) for folder in ("", "builds/", "new/")})
    before = state(precious)
    if link in ("", "/builds"):
        assert at_once(["build"]) is None
    for text in ("One.", "Two.", "Three."):
        put(here, {"content/talks/rank.md": f"---\ntitle: Rank\n---\n{text}\n"})
        assert lorainne("build")[0] == 0
        assert state(here / "_site") == clean(here)
        assert state(precious) == before


def test_at_most_eight_records_stay_and_files_of_others_do(here: Path) -> None:
    put(here, {".lorainne/builds/mine.txt": "mine"})
    os.utime(here / ".lorainne/builds/mine.txt", (0, 0))
    for number in range(12):
        assert lorainne("build", "-o", f"../out{number}")[0] == 0
    records = {path.name for path in (here / ".lorainne/builds").iterdir()}
    assert len(records) == 9
    assert "mine.txt" in records
    assert [bool(at_once(["build", "-o", f"../out{n}"])) for n in range(12)] == 4 * [False] + 8 * [True]
    assert (here / ".lorainne/.gitignore").read_text() == "*\n"


@pytest.mark.parametrize("cannot", ["makedirs", "replace", "listdir"])
def test_where_no_record_can_be_kept_a_build_is_as_good(
    here: Path, monkeypatch: pytest.MonkeyPatch, cannot: str
) -> None:
    shutil.rmtree(here / ".lorainne")
    real = getattr(os, cannot)

    def refused(path: str | int, *rest: object, **more: object) -> object:
        if ".lorainne/" in str(path):
            raise OSError(30, "Read-only file system", path)
        return real(path, *rest, **more)

    monkeypatch.setattr(os, cannot, refused)
    code, said = lorainne("build")
    assert code == 0
    assert "6 pages in" in said
    assert "Read-only" not in said
    kept = [*here.glob(".lorainne/builds/*")]
    assert len(kept) == (cannot == "listdir")


def test_where_the_clock_of_the_file_system_stands_still_nothing_is_recorded(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that changes just after the build would have the same time."""
    shutil.rmtree(here / ".lorainne")
    monkeypatch.setattr(os, "utime", lambda *_, **__: None)
    assert lorainne("build")[0] == 0
    assert [*here.glob(".lorainne/builds/*")] == []


def test_nothing_is_kept_where_it_is_not_wanted(here: Path) -> None:
    shutil.rmtree(here / ".lorainne")
    assert lorainne("build", "--no-cache")[0] == 0
    assert not (here / ".lorainne").exists()


def test_of_a_file_saved_just_before_a_build_a_change_just_after_it_is_noticed(here: Path) -> None:
    """The build has waited until the clock of the files shows another time."""
    file = here / "content/files/a.txt"
    for text in "bcdefghi":
        file.write_text(text)
        assert lorainne("build")[0] == 0
        assert "nothing has changed" in (at_once(["build"]) or "")
        unnoticed(file, text, text.upper())
        assert at_once(["build"]) is None
        assert lorainne("build")[0] == 0
        assert (here / "_site/files/a.txt").read_text() == text.upper()


@pytest.mark.parametrize("times", ["0", "9e18"])
def test_where_a_clock_is_wrong_a_build_is_as_good(
    here: Path, monkeypatch: pytest.MonkeyPatch, times: str
) -> None:
    monkeypatch.setattr(time, "clock_gettime_ns", lambda _: int(float(times)))
    for text in "bcd":
        put(here, {"content/files/a.txt": text, "content/talks/rank.md": f"---\ntitle: Rank\n---\n{text}\n"})
        assert lorainne("build")[0] == 0
        assert state(here / "_site") == clean(here)


@pytest.mark.parametrize(
    "change", ["a text", "a file less", "another file", "a published file, with the same size and time"]
)
def test_a_file_changed_while_the_site_is_built_is_not_recorded(
    here: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    real = write.write

    def interrupted(*given: object, **named: object) -> write.Changes:
        changes = real(*given, **named)  # type: ignore[arg-type]
        CHANGES[change](here)
        return changes

    shutil.rmtree(here / ".lorainne")
    put(here, {"content/files/a.txt": "a"})  # saved just now
    with monkeypatch.context() as patch:
        patch.setattr(write, "write", interrupted)
        assert lorainne("build")[0] == 0
    assert at_once(["build"]) is None


@pytest.mark.parametrize("way", ["build", "build --strict"])
def test_a_mistake_is_told_every_time(here: Path, way: str) -> None:
    assert not any(at_once(way.split()) for way in ("build --strict",))
    if way == "build":
        put(here, {"content/workshop.yaml": "name: A workshop\ntilte: B\n"})
    said = {lorainne(*way.split())[0] for _ in range(3)}
    assert said == {1}


@pytest.mark.parametrize("kind", ["file", "nowhere"])
def test_content_that_is_no_folder_is_told_and_no_crash(here: Path, kind: str) -> None:
    shutil.rmtree(here / "content")
    (here / "content").write_text("") if kind == "file" else (here / "content").symlink_to("nowhere")
    code, said = lorainne("build")
    assert code == 1
    assert "error[" in said


def test_builds_at_once_share_the_cache(tmp_path: Path) -> None:
    put(tmp_path, CONTENT)
    ways = [["build", "-q", "-o", out] for out in ("a", "a", "b")]
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "lorainne", *way],
            cwd=tmp_path, stderr=subprocess.PIPE, env=with_us(),
        )
        for way in ways
    ]  # fmt: skip
    told = [process.communicate()[1].decode() for process in running]
    assert all(WARNING in each and "error" not in each for each in told)
    assert [process.returncode for process in running] == [0, 0, 0]
    assert state(tmp_path / "a") == state(tmp_path / "b") != {}
    assert {path.name.partition(".")[2] for path in (tmp_path / ".lorainne/builds").iterdir()} == {""}


def test_whatever_happens_between_builds_each_is_as_good_as_a_clean_one(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    quick, whole, wrong = 0, 0, 0
    for seed in range(80):
        dice = random.Random(seed)
        disturbance = Disturbance(here, dice)
        for _ in range(dice.randrange(3)):
            disturbance.strike()
        way = dice.choice([["build"], ["build"], ["build", ".", "-o", "_site"]])
        is_quick = at_once(way) is not None
        code, said = lorainne(*way)
        clean, told = lorainne("build", "--no-cache", "-o", "../clean")
        assert code == clean, seed
        quick, whole, wrong = quick + is_quick, whole + (not is_quick and not code), wrong + code
        if code == 0:
            assert state(here / "_site") == state(here.parent / "clean"), seed
        assert (WARNING in said) == (WARNING in told), seed
    with capsys.disabled():
        print(f" [{quick} quick builds, {whole} whole, {wrong} refused]", end="")
    assert min(quick, whole, wrong) >= 5


def test_two_processes_see_of_many_files_what_one_sees(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(here, {f"content/files/{number}.txt": "a" * number for number in range(700)})
    roots = (str(here / "content"), "content/"), (str(here / "_site"), "")
    one = [vars(state) for state in states.look(*roots)]
    monkeypatch.setattr(states, "_WORTH_TWO", 1)
    assert [vars(state) for state in states.look(*roots)] == one
    assert len(one[0]["_names"]["content/files/"]) > 700
