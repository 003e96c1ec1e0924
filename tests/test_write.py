"""Only what differs is written, only what is ours is removed."""

from __future__ import annotations

from pathlib import Path

import pytest

from lorainne.commands.project_files import rewrite
from lorainne.diagnostics import Span
from lorainne.output.publish import Changes, not_written, publish, refuse
from lorainne.output.staging import MANIFEST


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert publish({"index.html": "a", "talks/a.html": "b"}, out).written == ("index.html", "talks/a.html")
    before = (out / "talks/a.html").stat()
    changes = publish({"index.html": "A", "talks/a.html": "b"}, out)
    assert changes == Changes(written=("index.html",), removed=())
    assert (out / "talks/a.html").stat().st_mtime_ns == before.st_mtime_ns


def test_stale_pages_of_ours_go_and_files_of_others_stay(tmp_path: Path) -> None:
    publish({"index.html": "a", "talks/a.html": "b"}, tmp_path)
    (tmp_path / "CNAME").write_text("example.org")
    (tmp_path / "talks" / "mine.pdf").write_text("mine")
    assert publish({"index.html": "a"}, tmp_path).removed == ("talks/a.html",)
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == sorted(
        [MANIFEST, "CNAME", "index.html", "mine.pdf"]
    )


def test_a_folder_that_becomes_empty_goes(tmp_path: Path) -> None:
    publish({"index.html": "a", "talks/a.html": "b"}, tmp_path)
    publish({"index.html": "a"}, tmp_path)
    assert not (tmp_path / "talks").exists()


def test_a_manifest_that_names_a_path_outside_removes_nothing_there(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("mine")
    out = tmp_path / "out"
    out.mkdir()
    (out / MANIFEST).write_text('["../precious", "/etc/hostname", 7]')
    publish({"index.html": "a"}, out)
    assert (tmp_path / "precious").read_text() == "mine"


def test_a_folder_with_files_of_others_is_refused_as_foreign_output(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    assert [p.code for p in refuse(tmp_path)] == ["foreign-output"]


def test_an_empty_a_missing_and_our_own_folder_are_accepted(tmp_path: Path) -> None:
    assert refuse(tmp_path) == []
    assert refuse(tmp_path / "missing") == []
    publish({"index.html": "a"}, tmp_path)
    assert refuse(tmp_path) == []


@pytest.mark.parametrize("name", [".", "..", "content", "content/files", "templates", "static", ".git/site"])
def test_the_project_and_what_is_around_it_is_a_dangerous_output(tmp_path: Path, name: str) -> None:
    source = tmp_path / "project"
    (source / "content").mkdir(parents=True)
    (tmp_path / "link").symlink_to(source)
    for output in (source / name, tmp_path / "link" / name):
        assert [p.code for p in refuse(output, source, adopt=True)] == ["dangerous-output"]
    assert refuse(source / "_site", source) == []


def test_the_home_folder_and_the_root_are_dangerous_outputs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for output in (Path("/"), tmp_path, tmp_path.parent):
        assert [p.code for p in refuse(output, adopt=True)] == ["dangerous-output"]
    assert refuse(tmp_path / "site") == []


def test_a_folder_of_others_can_be_adopted_and_their_files_stay(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    (tmp_path / "index.html").write_text("an older site, written by hand")
    assert refuse(tmp_path, adopt=True) == []
    assert publish({"index.html": "a"}, tmp_path, adopt=True).problems == ()
    assert (tmp_path / "thesis.tex").read_text() == "years of work"
    assert (tmp_path / "index.html").read_text() == "a"
    assert refuse(tmp_path) == []


def test_a_foreign_file_where_the_site_has_one_is_not_replaced(tmp_path: Path) -> None:
    publish({"index.html": "a"}, tmp_path)
    (tmp_path / "venue.html").write_text("mine")
    (tmp_path / "talks").symlink_to("/somewhere")
    changes = publish({"index.html": "b", "venue.html": "ours", "talks/a.html": "ours"}, tmp_path)
    assert [(p.code, p.span.file) for p in changes.problems] == [
        ("foreign-file", str(tmp_path / "talks")),
        ("foreign-file", str(tmp_path / "venue.html")),
    ]
    assert (tmp_path / "index.html").read_text() == "a"
    assert (tmp_path / "venue.html").read_text() == "mine"


def test_a_link_as_output_stays_one(tmp_path: Path) -> None:
    (tmp_path / "public").mkdir()
    (tmp_path / "_site").symlink_to("public")
    assert publish({"index.html": "a"}, tmp_path / "_site").problems == ()
    assert (tmp_path / "_site").is_symlink()
    assert (tmp_path / "public" / "index.html").read_text() == "a"


@pytest.mark.parametrize("manifest", ["", "[", "{}", "7", '["\\u0000", "", "a/../../b", []]', "[" * 100_000])
def test_a_manifest_that_says_nothing_harms_nobody(tmp_path: Path, manifest: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / MANIFEST).write_text(manifest)
    (out / "CNAME").write_text("mine")
    assert publish({"index.html": "a"}, out).problems == ()
    assert (out / "CNAME").read_text() == "mine"


def test_nothing_is_written_when_the_content_has_changed(tmp_path: Path) -> None:
    changed = not_written(Span(file="x"), "")
    assert publish({"index.html": "a"}, tmp_path / "out", check=lambda: [changed]).problems == (changed,)
    assert list(tmp_path.iterdir()) == []


def test_a_link_where_a_rewritten_file_would_be_prepared_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("mine")
    (tmp_path / "a.md").write_text("old")
    (tmp_path / ".a.md.new").symlink_to("precious")
    rewrite(tmp_path / "a.md", b"new")
    assert (tmp_path / "a.md").read_text() == "new"
    assert (tmp_path / "precious").read_text() == "mine"
