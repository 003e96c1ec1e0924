"""Two processes do the work of one, and an end or an error of either harms nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from compiling import site_and_problems
from conference import conference
from faults import THEME, children, fresh_copy, in_child, put, state

from lorainne.content import project
from lorainne.content.files import changed_meanwhile
from lorainne.content.project import Project
from lorainne.diagnostics import DiagnosticError, Span
from lorainne.output import parallel, publish
from lorainne.output.parallel import share

ROOT = Path(__file__).parent.parent
MANY = range(2000)

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="two processes are for systems that fork well"
)


@pytest.fixture(autouse=True)
def two(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A second process, also on a computer with one processor; no descriptor and no process may be left."""
    monkeypatch.setattr(parallel, "can_fork", lambda: True)
    before, others = os.listdir("/proc/self/fd"), children()
    yield
    assert len(os.listdir("/proc/self/fd")) == len(before)
    assert children() == others


def slowly(pieces: Iterable[int]) -> tuple[int, list[int]]:
    """The process that works, and its pieces."""
    done = []
    for piece in pieces:
        time.sleep(0.00002)
        done.append(piece)
    return os.getpid(), done


def in_the(which: str, act: Callable[[], object]) -> Callable[[Iterable[int]], list[int]]:
    """Work during which the first or the second process does something else once."""
    first = os.getpid()

    def work(pieces: Iterable[int]) -> list[int]:
        done = []
        for piece in pieces:
            time.sleep(0.00002)
            if (os.getpid() == first) == (which == "first") and len(done) == 20:
                act()
            done.append(piece)
        return done

    return work


def raising(error: Exception) -> Callable[[], object]:
    def act() -> None:
        raise error

    return act


def test_each_piece_is_done_once_by_one_of_two_processes() -> None:
    [(one, mine), (other, theirs)] = share(slowly, MANY, min_items=10)
    assert sorted(mine + theirs) == [*MANY]
    assert one == os.getpid() != other
    assert mine
    assert theirs


def test_few_pieces_are_done_here() -> None:
    assert share(slowly, range(9), min_items=10) == [(os.getpid(), [*range(9)])]
    assert share(slowly, [], min_items=10) == [(os.getpid(), [])]


def test_every_number_of_pieces_is_shared_without_loss() -> None:
    for number in (1, 2, 511, 512, 513, 1025):
        results = share(list, range(number), min_items=1)
        assert sorted(piece for result in results for piece in result) == [*range(number)]


def test_a_result_larger_than_a_pipe_arrives() -> None:
    results = share(lambda pieces: [bytes(10_000) for _ in pieces], MANY, min_items=1)
    assert sum(map(len, results)) == len(MANY)


def test_where_the_system_has_no_room_for_a_second_process_the_first_does_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "fork", raising(BlockingIOError(11, "Resource temporarily unavailable")))
    assert share(slowly, MANY, min_items=1) == [(os.getpid(), [*MANY])]


@pytest.mark.parametrize("which", ["first", "second"])
@pytest.mark.parametrize(
    "error",
    [
        OSError(28, "No space left on device", "out"),
        DiagnosticError(changed_meanwhile(Span(file="content/files/a.txt"))),
        ZeroDivisionError("a bug"),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "a bug"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_in_either_process_reaches_the_caller(which: str, error: Exception) -> None:
    with pytest.raises(type(error)) as raised:
        share(in_the(which, raising(error)), MANY, min_items=1)
    assert str(raised.value) == str(error)
    if isinstance(error, DiagnosticError):
        assert isinstance(raised.value, DiagnosticError)
        assert raised.value.diagnostic == error.diagnostic
    if isinstance(error, OSError):
        assert isinstance(raised.value, OSError)
        assert raised.value.errno == error.errno


class StubbornError(Exception):
    """An error that cannot be made again from what it holds."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"{one} and {other}")


@pytest.mark.parametrize("what", ["error", "result"])
def test_what_cannot_be_sent_from_the_second_process_is_told_as_a_bug(what: str) -> None:
    act = raising(StubbornError("this", "that"))
    work = in_the("second", act) if what == "error" else lambda pieces: ([*pieces], lambda: 1)
    with pytest.raises(Exception, match="this" if what == "error" else "pickle"):
        share(work, MANY, min_items=1)


def test_after_an_error_in_the_first_process_the_second_does_not_go_on(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    first = os.getpid()

    def work(pieces: Iterable[int]) -> None:
        for _ in pieces:
            if os.getpid() == first:
                while not begun.exists():
                    time.sleep(0.001)
                raise ZeroDivisionError
            begun.touch()
            time.sleep(0.002)

    started = time.perf_counter()
    with pytest.raises(ZeroDivisionError):
        share(work, MANY, min_items=1)
    assert time.perf_counter() - started < 1  # all pieces would take four seconds


def test_a_second_process_that_is_killed_is_an_os_error() -> None:
    with pytest.raises(OSError, match="ended before its work was done"):
        share(in_the("second", lambda: os.kill(os.getpid(), signal.SIGKILL)), MANY, min_items=1)


def test_a_build_goes_on_when_who_started_it_has_ended(tmp_path: Path) -> None:
    """As after `nohup`: the first process gets another parent."""
    done = tmp_path / "done"

    def launch() -> None:
        launcher, begun = os.getpid(), tmp_path / "begun"
        if os.fork() == 0:
            try:

                def act() -> None:
                    begun.touch()
                    while os.getppid() == launcher:
                        time.sleep(0.001)

                results = share(in_the("first", act), MANY, min_items=1)
                done.write_text(str(sum(map(len, results))))
            finally:
                os._exit(0)
        while not begun.exists():
            time.sleep(0.001)

    assert in_child(launch) == 0
    end = time.monotonic() + 10
    while not (done.exists() and done.read_text()) and time.monotonic() < end:
        time.sleep(0.005)
    assert done.read_text() == str(len(MANY))


def running(marker: str) -> set[str]:
    """The processes with this in their command line."""
    found = set()
    for number in filter(str.isdigit, os.listdir("/proc")):
        try:
            if marker.encode() in Path(f"/proc/{number}/cmdline").read_bytes():
                found.add(number)
        except OSError:
            continue
    return found


TALKS = 80
"""As few as make files for two processes."""
BUILD = """
import pathlib, sys, time
from lorainne.content import project
from lorainne.output import parallel, publish, staging
parallel.can_fork = lambda: True
publish.MIN_FILES_TO_SHARE = 100
project.read.__kwdefaults__["theme"] = pathlib.Path(sys.argv.pop(1))
put = staging.put
def slow_put(*given):
    time.sleep(0.002)
    put(*given)
staging.put = slow_put
from lorainne.__main__ import run
run()
"""


@pytest.fixture
def large(quick: Path) -> Path:
    put(quick, {f"theme/{name}": text for name, text in THEME.items()})
    put(quick, {f"theme/templates/words/{path.name}": path.read_text(encoding="utf-8") for path in (ROOT / "templates/words").iterdir()})  # fmt: skip
    return put(quick / "project", conference(TALKS))


def ended(process: subprocess.Popen[bytes]) -> tuple[bytes, int]:
    return process.communicate()[1], process.returncode


def count(folder: Path) -> int:
    return sum(len(files) for _, _, files in os.walk(folder))


def is_published(output: Path) -> bool:
    try:
        return (output / "index.html").read_text() != "old"
    except FileNotFoundError:
        return False


def compiled(large: Path) -> Project:
    found, problems = project.read(large, theme=large.parent / "theme")
    assert problems == []
    return found


def test_a_build_that_is_killed_leaves_the_old_site_or_the_new_one_and_no_process(
    large: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output, master = large / "out/site", large / "master"
    site = site_and_problems(compiled(large))[0]
    assert len(site) >= 100
    publish.publish(dict.fromkeys(site, "old"), master)
    output.parent.mkdir()
    fresh_copy(master, output)
    old = state(output)

    def command() -> subprocess.Popen[bytes]:
        code = [sys.executable, "-c", BUILD, str(large.parent / "theme")]
        return subprocess.Popen(
            [*code, "build", str(large), "-o", str(output), "--no-cache", "-q"],
            env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE,
        )  # fmt: skip

    assert ended(command()) == (b"", 0)
    new, seen, both = state(output), [], 0
    assert new != old
    staged = output.with_name(f".{output.name}.lorainne") / "new"
    for part in (1, 0.6, 0.02, 0.3):  # of the pages are made; 1: the new ones are published
        fresh_copy(master, output)
        process, end = command(), time.monotonic() + 20
        while not (is_published(output) if part == 1 else count(staged) > part * len(site)):
            assert process.poll() is None
            assert time.monotonic() < end
            time.sleep(0.002)  # looking all the time would hold up what is looked at
        both += len(running(str(output))) == 2
        process.kill()
        ended(process)
        end = time.monotonic() + 5
        while (left := running(str(output))) and time.monotonic() < end:
            time.sleep(0.002)
        assert left == set()
        assert part == 1 or count(staged) < (part + 0.35) * len(site)  # it did not go on to the end
        seen.append({str(old): "old", str(new): "new"}[str(state(output))])
    with capsys.disabled():
        print(f" [killed: {' '.join(seen)}; {both} with two processes]", end="")
    assert seen == ["new", "old", "old", "old"]
    assert both >= 2
    assert ended(command()) == (b"", 0)
    assert state(output) == new
    assert os.listdir(output.parent) == [output.name]


def test_the_next_build_waits_for_a_second_process_whose_first_was_killed(tmp_path: Path) -> None:
    """The lock is that of both, so nobody clears a room in which the other still works."""
    from lorainne.output.lock import BusyError, exclusive

    folder, ready = tmp_path / "staging", tmp_path / "ready"

    def first() -> None:
        with exclusive(str(folder), 1):
            if os.fork() == 0:
                ready.touch()
                time.sleep(0.3)
                os._exit(0)
            while not ready.exists():
                time.sleep(0.001)
            os._exit(9)

    assert in_child(first) == 9
    with pytest.raises(BusyError), exclusive(str(folder), 0.05):
        pass
    with exclusive(str(folder), 5):
        pass


def test_one_process_and_two_make_the_same_bytes(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "MIN_FILES_TO_SHARE", 100)
    sites = []
    forks: list[int] = []
    fork = os.fork
    monkeypatch.setattr(os, "fork", lambda: forks.append(1) or fork())
    for number in (1, 2):
        monkeypatch.setattr(parallel, "can_fork", lambda number=number: number == 2)
        found, _ = project.read(large)  # with the real theme: its templates are what could differ
        changes = publish.publish(site_and_problems(found)[0], large.parent / f"out{number}")
        assert changes.problems == ()
        sites.append((changes.written, state(large.parent / f"out{number}")))
    assert len(forks) == 1
    assert sites[0] == sites[1]
    assert len(sites[0][0]) >= 100
