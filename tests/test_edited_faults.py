"""Errors, sudden ends, and whatever else may happen to an edit: the site is the old one or the new one."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from building import clean, lorainne, small_world
from disturbances import Disturbance
from editing import ADA, CONTENT, RANK, begun, is_right, reword
from faults import (
    ERRORS,
    KILLED,
    KilledError,
    Operations,
    ending,
    in_child,
    killing,
    raising,
    state,
)

from lorainne.__main__ import said_at_once as at_once


@pytest.fixture
def here(quick: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return begun(quick, monkeypatch)


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
