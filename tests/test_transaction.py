"""The output is wholly the old site or wholly the new one, whatever happens at whatever moment."""

from __future__ import annotations

import os
import shutil
import signal
import time
from pathlib import Path

import pytest
from faults import (
    ERRORS,
    KILLED,
    Stage,
    build,
    disturbed,
    ending,
    in_child,
    killing,
    put,
    put_files_of_others,
    raising,
    state,
)

from lorainne.output import lock, publish, staging
from lorainne.output.staging import MANIFEST


@pytest.fixture(params=[False, True], ids=["again", "first"])
def stage(request: pytest.FixtureRequest, quick: Path) -> Stage:
    return Stage(quick, first=request.param)


def test_an_error_at_any_operation_leaves_the_old_site_or_the_new_one(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    operations, mixed = stage.operations(), []
    points, first = len(operations), operations.index("mkdir") + 1
    for number in range(1, points + 1):
        for error in ERRORS if os.environ.get("ALL_FAULTS") else ERRORS[number % 3 :][:1]:
            stage.reset()
            done = disturbed(stage.build, number, raising(error))
            right = state(stage.output) == (stage.new if done else stage.old)
            if not right or not stage.is_clean(repeated=number >= first):
                mixed.append((number, error))
    with capsys.disabled():
        print(f" [an error at {points} points, {len(mixed)} mixed]", end="")
    assert points > 150
    assert mixed == []


def test_a_kill_at_any_operation_leaves_the_old_site_or_the_new_one(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    operations, mixed, news = stage.operations(), [], 0
    points, first = len(operations), operations.index("mkdir") + 1
    for number in range(1, points + 1):
        stage.reset()
        if number % 10:
            disturbed(stage.build, number, killing)
        else:  # a real end, slower, of a process
            assert in_child(lambda n=number: disturbed(stage.build, n, ending)) == KILLED
        found = state(stage.output)
        news += found == stage.new
        if found not in (stage.old, stage.new) or not stage.is_clean(repeated=number >= first):
            mixed.append(number)
    with capsys.disabled():
        print(f" [a kill at {points} points, {len(mixed)} mixed]", end="")
    assert 0 < news < points
    assert mixed == []


def test_without_an_exchange_a_kill_leaves_the_old_site_the_new_one_or_for_one_moment_none(
    quick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Stage(quick, first=False)
    monkeypatch.setattr(staging, "exchange", lambda *_: False)
    operations, absent = stage.operations(), 0
    for number in range(operations.index("rename"), len(operations) + 1):
        stage.reset()
        disturbed(stage.build, number, killing)
        found = state(stage.output)
        absent += found == {}
        assert found in (stage.old, stage.new, {})
        assert stage.is_clean()
    assert absent == 1


def test_in_a_mount_point_the_next_build_ends_what_a_kill_began(
    quick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Stage(quick, first=False)
    monkeypatch.setattr(os.path, "ismount", lambda _: True)
    theirs = {name for name in stage.old if name in stage.new and stage.old[name] == stage.new[name]}
    operations = stage.operations()
    for number in range(operations.index("mkdir"), len(operations) + 1):
        stage.reset()
        disturbed(stage.build, number, killing)
        found = state(stage.output)
        assert all(found[name] == stage.new[name] for name in theirs)
        known = {name: {stage.old.get(name), stage.new.get(name)} for name in stage.old | stage.new}
        ours = {name for name in found if not name.startswith((".lorainne", "files"))}
        assert all(found[name] in known[name] for name in ours)
        assert [p for p in stage.build() if p.code != "output-in-place"] == []
        assert state(stage.output) == stage.new


def test_a_mount_point_is_told_as_output_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os.path, "ismount", lambda _: True)
    assert [p.code for p in publish.publish({"index.html": "a"}, tmp_path).problems] == ["output-in-place"]
    assert publish.publish({"index.html": "a"}, tmp_path).problems == ()
    assert state(tmp_path).keys() == {"index.html", MANIFEST}


def test_in_place_a_file_becomes_a_folder_and_a_folder_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os.path, "ismount", lambda _: True)
    publish.publish({"a": "file", "b/c": "in a folder"}, tmp_path)
    publish.publish({"a/c": "in a folder", "b": "file"}, tmp_path)
    assert state(tmp_path).keys() == {"a", "a/c", "b", MANIFEST}


def test_what_cannot_be_removed_is_left_behind_and_goes_with_the_next_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    publish.publish({"index.html": "a"}, out)

    def failing(path: str) -> None:
        raise OSError(5, "Input/output error", path)

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", failing)
        assert [p.code for p in publish.publish({"index.html": "b"}, out).problems] == ["left-behind"]
    assert (out / "index.html").read_text() == "b"
    assert publish.publish({"index.html": "b"}, out).problems == ()
    assert os.listdir(tmp_path) == ["out"]


def test_a_file_that_somebody_adds_while_the_site_is_replaced_is_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    publish.publish({"index.html": "a", "stale.html": "a"}, out)
    put(out, {"CNAME": "old.example.org"})
    exchange = staging.exchange

    def late(new: str, output: str) -> bool:
        put(out, {"files/late.pdf": "late"})
        put(tmp_path, {"CNAME": "new.example.org"})
        os.replace(tmp_path / "CNAME", out / "CNAME")
        return exchange(new, output)

    monkeypatch.setattr(staging, "exchange", late)
    assert publish.publish({"index.html": "b"}, out).problems == ()
    assert (out / "files/late.pdf").read_text() == "late"
    assert (out / "CNAME").read_text() == "new.example.org"
    assert not (out / "stale.html").exists()


def test_after_a_build_no_file_has_a_second_name(tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish.publish({"index.html": "a", "same.html": "same"}, out)
    put(out, {"CNAME": "example.org"})
    publish.publish({"index.html": "b", "same.html": "same"}, out)
    assert {path.stat().st_nlink for path in out.iterdir()} == {1}
    assert os.listdir(tmp_path) == ["out"]


def test_where_links_cannot_be_made_files_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: str) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    out = tmp_path / "out"
    publish.publish({"index.html": "a", "same.html": "same"}, out)
    put_files_of_others(out)
    before = state(out)
    assert publish.publish({"index.html": "b", "same.html": "same"}, out).problems == ()
    assert state(out) == {**before, "index.html": (before["index.html"][0], b"b")}


def test_modes_are_644_and_755_whatever_the_umask_and_a_wrong_one_is_mended(tmp_path: Path) -> None:
    mask = os.umask(0o077)
    try:
        out = tmp_path / "out"
        publish.publish({"index.html": "a", "talks/a.html": "a"}, out)
    finally:
        os.umask(mask)
    modes = {path: path.stat().st_mode & 0o7777 for path in (out, *out.rglob("*"))}
    assert modes == {path: 0o755 if path.is_dir() else 0o644 for path in modes}
    (out / "index.html").chmod(0o600)
    publish.publish({"index.html": "a", "talks/a.html": "a"}, out)
    assert (out / "index.html").stat().st_mode & 0o7777 == 0o644


def test_a_second_build_that_has_waited_in_vain_says_output_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    monkeypatch.setattr(publish, "LOCK_TIMEOUT", 0.1)
    with lock.exclusive(str(tmp_path / ".out.lorainne"), 0):
        assert [p.code for p in publish.publish({"index.html": "a"}, out).problems] == ["output-busy"]
    assert publish.publish({"index.html": "a"}, out).problems == ()


def test_a_link_where_the_room_would_be_is_not_followed(tmp_path: Path) -> None:
    victim = put(tmp_path / "victim", {"new/precious": "mine"})
    (tmp_path / ".out.lorainne").symlink_to(victim)
    assert [p.code for p in publish.publish({"index.html": "a"}, tmp_path / "out").problems] == [
        "not-written"
    ]
    assert (victim / "new/precious").read_text() == "mine"


def test_many_builds_into_one_folder_at_once_harm_nobody(quick: Path) -> None:
    stage = Stage(quick, first=False)
    children = []
    for source in (stage.old_source, stage.new_source) * 2:
        if (child := os.fork()) == 0:
            problems = [problem for _ in range(25) for problem in build(source, stage.output)]
            os._exit(len(problems))
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0, 0]
    assert state(stage.output) in (stage.old, stage.new)
    assert stage.is_clean(repeated=False)


def test_a_kill_between_two_builds_at_once_stops_neither(quick: Path) -> None:
    stage = Stage(quick, first=False)
    for pause in (0.002, 0.005, 0.01, 0.02):
        if (child := os.fork()) == 0:
            while True:
                build(stage.old_source, stage.output)
                build(stage.new_source, stage.output)
        time.sleep(pause)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert state(stage.output) in (stage.old, stage.new)
        assert stage.is_clean()
