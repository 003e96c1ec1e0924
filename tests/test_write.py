"""Only what differs is written, only what is ours is removed."""

from __future__ import annotations

from pathlib import Path

from lorainne.write import MANIFEST, Changes, refuse, write


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert write({"index.html": "a", "talks/a.html": "b"}, out).written == ("index.html", "talks/a.html")
    before = (out / "talks/a.html").stat()
    changes = write({"index.html": "A", "talks/a.html": "b"}, out)
    assert changes == Changes(written=("index.html",), removed=())
    assert (out / "talks/a.html").stat().st_mtime_ns == before.st_mtime_ns


def test_stale_pages_of_ours_go_and_files_of_others_stay(tmp_path: Path) -> None:
    write({"index.html": "a", "talks/a.html": "b"}, tmp_path)
    (tmp_path / "CNAME").write_text("example.org")
    (tmp_path / "talks" / "mine.pdf").write_text("mine")
    assert write({"index.html": "a"}, tmp_path).removed == ("talks/a.html",)
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == sorted(
        [MANIFEST, "CNAME", "index.html", "mine.pdf"]
    )


def test_a_folder_that_becomes_empty_goes(tmp_path: Path) -> None:
    write({"index.html": "a", "talks/a.html": "b"}, tmp_path)
    write({"index.html": "a"}, tmp_path)
    assert not (tmp_path / "talks").exists()


def test_a_manifest_that_names_a_path_outside_removes_nothing_there(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("mine")
    out = tmp_path / "out"
    out.mkdir()
    (out / MANIFEST).write_text('["../precious", "/etc/hostname", 7]')
    write({"index.html": "a"}, out)
    assert (tmp_path / "precious").read_text() == "mine"


def test_a_folder_with_files_of_others_is_refused_as_foreign_output(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    assert [p.code for p in refuse(tmp_path)] == ["foreign-output"]


def test_an_empty_a_missing_and_our_own_folder_are_accepted(tmp_path: Path) -> None:
    assert refuse(tmp_path) == []
    assert refuse(tmp_path / "missing") == []
    write({"index.html": "a"}, tmp_path)
    assert refuse(tmp_path) == []
