"""The output is the old site or the new one on real disks, under real signals and faults of system calls."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from faults import OLD, ROOT, Stage, in_child, put, state

from lorainne.output import publish
from lorainne.output.staging import MANIFEST


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 400 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k,mode=755", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a file system can be mounted by root only, and not in every container")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_leaves_the_old_site_and_nothing_else(small_disk: Path) -> None:
    out = small_disk / "out"
    assert publish.publish({"index.html": "a", "b.html": "b" * 200_000}, out).problems == ()
    before = state(out)
    for size in (150_000, 200_000, 300_000):
        changes = publish.publish(
            {"index.html": "c" * size, "b.html": "d" * 100_000, "e.html": "e" * size}, out
        )
        assert [p.code for p in changes.problems] == ["not-written"]
        assert "No space left" in changes.problems[0].message
        assert state(out) == before
        assert os.listdir(small_disk) == ["out"]
    assert publish.publish({"index.html": "c"}, out).problems == ()


def test_the_root_of_a_disk_is_updated_in_place(small_disk: Path) -> None:
    assert [p.code for p in publish.publish({"index.html": "a"}, small_disk).problems] == ["output-in-place"]
    put(small_disk, {"CNAME": "mine"})
    assert [p.code for p in publish.publish({"a.html": "a"}, small_disk).problems] == ["output-in-place"]
    assert sorted(os.listdir(small_disk)) == [MANIFEST, "CNAME", "a.html"]


def test_a_disk_mounted_inside_the_output_keeps_its_files(small_disk: Path) -> None:
    out = small_disk.parent
    publish.publish({"index.html": "a"}, out, adopt=True)
    put(small_disk, {"precious": "mine"})
    assert [p.code for p in publish.publish({"index.html": "b"}, out).problems] == ["output-in-place"]
    assert (out / "index.html").read_text() == "b"
    assert (small_disk / "precious").read_text() == "mine"


def test_a_disk_that_can_only_be_read_leaves_the_old_site(small_disk: Path) -> None:
    out = small_disk / "out"
    publish.publish({"index.html": "a"}, out)
    before = state(out)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert [p.code for p in publish.publish({"index.html": "b"}, out).problems] == ["not-written"]
    assert state(out) == before


def as_somebody_else(work: Callable[[], object]) -> int:
    """The exit code of work without root's rights over the files of others."""

    def without_rights() -> None:
        if os.geteuid() == 0:
            os.setgid(65534)
            os.setuid(65534)
        work()

    return in_child(without_rights)


def test_an_output_of_somebody_else_is_left_alone(quick: Path) -> None:
    quick.chmod(0o755)
    out = quick / "out"
    publish.publish({"index.html": "a"}, out)
    before = state(out)
    out.chmod(0o555)
    quick.chmod(0o555)

    def work() -> None:
        assert [p.code for p in publish.publish({"index.html": "b"}, out).problems] == ["not-written"]

    assert as_somebody_else(work) == 0
    quick.chmod(0o755)
    out.chmod(0o755)
    assert state(out) == before
    assert os.listdir(quick) == ["out"]


def test_an_output_of_mine_in_a_folder_of_somebody_else_is_updated_in_place(quick: Path) -> None:
    out = quick / "out"
    out.mkdir()
    out.chmod(0o777)
    quick.chmod(0o555)

    def work() -> None:
        assert [p.code for p in publish.publish({"index.html": "b"}, out).problems] == ["output-in-place"]

    assert as_somebody_else(work) == 0
    quick.chmod(0o755)
    assert sorted(os.listdir(out)) == [MANIFEST, "index.html"]


ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}


def command(source: Path, output: Path) -> list[str]:
    return [sys.executable, "-m", "lorainne", "build", "-q", str(source), "-o", str(output)]


@pytest.mark.parametrize(
    "call",
    [
        "mkdir:error=EACCES:when=2",
        "fsync:error=EIO",
        "renameat2:signal=SIGKILL",
        "unlinkat:signal=SIGKILL:when=2",
    ],
)
def test_a_fault_of_the_system_call_itself(quick: Path, call: str) -> None:
    if shutil.which("strace") is None:
        pytest.skip("there is no strace here")
    stage = Stage(quick, first=False)
    stage.reset()
    name = call.partition(":")[0]
    trace = ["strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={name}", "-e", f"inject={call}"]
    traced = subprocess.run(
        [*trace, *command(stage.new_source, stage.output)],
        env=ENVIRONMENT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert traced.returncode
    assert "Traceback" not in traced.stderr
    assert (state(stage.output) == stage.old) == (name != "unlinkat")
    assert (stage.output / "index.html").read_bytes() in (b"Old", b"New") or name == "unlinkat"
    assert stage.is_clean()


READY = """
import signal, sys, lorainne.__main__ as command
stands = signal.signal
def answered(number, handler):
    stands(number, handler)
    if number == signal.SIGTERM:
        slow = {"click", "yaml", "jinja2", "markdown_it"} & sys.modules.keys()
        print("ready", *slow, flush=True)
signal.signal = answered
command.run()
"""
"""Says when signals are answered, and what of the slow imports stood before that."""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_at_any_time_ends_a_build_without_a_word(quick: Path, number: signal.Signals) -> None:
    stage = Stage(quick, first=False)
    subprocess.run(command(stage.old_source, stage.output), env=ENVIRONMENT, check=True)
    before, ended = state(stage.output), 0
    for pause in (0, 0.05, 0.15, 0.3):
        arguments = command(stage.new_source, stage.output)[3:]
        process = subprocess.Popen(
            [sys.executable, "-c", READY, *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT, text=True,
        )  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(pause)
        process.send_signal(number)
        _, told = process.communicate()
        if process.returncode:
            assert process.returncode == 128 + number
            assert state(stage.output) == before or pause
            ended += 1
        assert told == ""
    assert ended
    subprocess.run(command(stage.new_source, stage.output), env=ENVIRONMENT, check=True)
    assert stage.is_clean(repeated=False)


def test_the_answer_to_signals_stands_before_anything_slow_is_imported() -> None:
    code = "import sys, lorainne.__main__; print({'click', 'pathlib', 'yaml', 're'} & set(sys.modules))"
    told = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path[:0] = [{str(ROOT)!r}]; {code}"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout == "set()\n"


@pytest.mark.parametrize("listener", ["gone", "full"])
def test_where_nobody_listens_the_site_is_built(quick: Path, listener: str) -> None:
    source, out = put(quick / "source", OLD), quick / "out"
    if listener == "gone":
        reading, writing = os.pipe()
        os.close(reading)
    elif not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    else:
        writing = os.open("/dev/full", os.O_WRONLY)
    arguments = [argument for argument in command(source, out) if argument != "-q"]
    built = subprocess.run(arguments, stderr=writing, env=ENVIRONMENT, check=False)
    os.close(writing)
    assert built.returncode == 0
    assert (out / "index.html").is_file()
