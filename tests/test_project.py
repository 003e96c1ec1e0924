"""What lorainne lets in from the outside, and what it refuses."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from lorainne.content import files as scan
from lorainne.content import project, yaml_tree


def workshop(root: Path, text: str | bytes = "name: A workshop\n") -> Path:
    (root / "content").mkdir()
    (root / "content" / "workshop.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def codes_of(data: bytes) -> list[tuple[str, int, int]]:
    found = project.from_texts({"content/workshop.yaml": data})
    problems = [p for document in yaml_tree.parse(found.below("content")) for p in document.problems]
    return [(p.code, p.span.line, p.span.column) for p in problems]


def test_a_folder_without_content_is_no_content(tmp_path: Path) -> None:
    _, problems = project.read(tmp_path)
    assert [p.code for p in problems] == ["no-content"]


def test_a_symbolic_link_is_not_a_file_and_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    root = workshop(tmp_path)
    (root / "content" / "files").mkdir()
    (root / "content" / "files" / "slides.pdf").symlink_to(tmp_path / "secret")
    (root / "templates").symlink_to(tmp_path)
    found, problems = project.read(root)
    assert [(p.code, p.span.file) for p in problems] == [
        ("not-a-file", "content/files/slides.pdf"),
        ("not-a-file", "templates"),
    ]
    assert list(found.files) == ["content/workshop.yaml"]


def test_a_pipe_is_not_a_file_and_does_not_stop_the_build(tmp_path: Path) -> None:
    root = workshop(tmp_path)
    os.mkfifo(root / "content" / "about.md")
    _, problems = project.read(root)
    assert [p.code for p in problems] == ["not-a-file"]


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ("name: Caf\u00e9\n".encode("latin-1"), (1, 10)),
        ("name: A\ntitle: \u00e9\n".encode("latin-1"), (2, 8)),
        ("name: A\n".encode("utf-16"), (1, 1)),
    ],
)
def test_another_encoding_is_not_utf8_and_the_byte_is_located(data: bytes, place: tuple[int, int]) -> None:
    assert codes_of(data) == [("not-utf8", *place)]


def test_a_byte_order_mark_and_carriage_returns_are_accepted() -> None:
    assert codes_of(b"\xef\xbb\xbfname: A\r\ntitle: B\r\n") == []


def test_a_file_too_large_is_refused_before_it_is_parsed() -> None:
    assert codes_of(b"name: " + b"a" * scan.MAX_BYTES) == [("file-too-large", 1, 1)]


def test_today_is_the_day_of_source_date_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1731672000")
    assert project.from_texts({}).today == date(2024, 11, 15)


def test_a_file_of_the_project_stands_in_for_the_file_of_the_theme() -> None:
    found = project.from_texts({"templates/404.html": "mine"})
    assert found.below("templates")["templates/404.html"].read() == b"mine"
    assert b"<!doctype html>" in found.below("templates")["templates/base.html"].read()


def test_a_file_that_was_saved_or_replaced_since_it_was_found_is_changed_meanwhile(tmp_path: Path) -> None:
    root = workshop(tmp_path)
    names = ("saved", "deleted", "linked", "piped", "same")
    for name in names:
        (root / "content" / f"{name}.md").write_text(name)
    (root / "secret.md").write_text("secret")
    found, _ = project.read(root)
    (root / "content/saved.md").write_text("longer than it was")
    for name in ("deleted", "linked", "piped"):
        (root / "content" / f"{name}.md").unlink()
    (root / "content/linked.md").symlink_to(root / "secret.md")
    os.mkfifo(root / "content/piped.md")
    for name in names[:-1]:
        with pytest.raises(project.DiagnosticError) as error:
            found.files[f"content/{name}.md"].read()
        assert error.value.diagnostic.code == "changed-meanwhile"
    assert found.files["content/same.md"].read() == b"same"
    assert [p.span.file for p in project.changes(root, found)] == sorted(
        f"content/{n}.md" for n in names[:-1]
    )


def test_a_folder_that_becomes_a_link_while_it_is_scanned_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = workshop(tmp_path)
    (root / "content/files").mkdir()
    (tmp_path / "private").mkdir()
    (tmp_path / "private/key").write_text("secret")
    open_, folder = os.open, root / "content/files"

    def swapped(path: str | Path, *args: int) -> int:
        if Path(path) == folder and not folder.is_symlink():
            folder.rmdir()
            folder.symlink_to(tmp_path / "private")
        return open_(path, *args)

    monkeypatch.setattr(os, "open", swapped)
    found, problems = project.read(root)
    assert [p.code for p in problems] == ["unreadable-file"]
    assert list(found.files) == ["content/workshop.yaml"]


def test_a_file_that_may_not_be_read_is_an_unreadable_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = workshop(tmp_path)

    def refused(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    found, _ = project.read(root)
    monkeypatch.setattr(os, "open", refused)
    problems = [problem for document in yaml_tree.parse(found.files) for problem in document.problems]
    assert [(p.code, p.span.file) for p in problems] == [("unreadable-file", "content/workshop.yaml")]
    _, problems = project.read(root)
    assert "unreadable-file" in {p.code for p in problems}


@pytest.mark.parametrize("name", [b"a\xff.md", b"a\n.md", b"a\x1b[2J.md", "a\u202e.md".encode()])
def test_a_name_that_cannot_be_shown_is_an_unreadable_name(tmp_path: Path, name: bytes) -> None:
    root = workshop(tmp_path)
    (Path(os.fsdecode(os.fsencode(root / "content") + b"/" + name))).write_text("a")
    _, problems = project.read(root)
    assert [p.code for p in problems] == ["unreadable-name"]
    assert problems[0].span.file.isprintable()
    problems[0].span.file.encode()


@pytest.mark.parametrize(
    ("limit", "code"),
    [
        ("MAX_FILES", "project-too-large"),
        ("MAX_TEXTS", "project-too-large"),
        ("MAX_TOTAL", "project-too-large"),
        ("MAX_FOLDERS", "project-too-large"),
        ("MAX_PUBLISHED", "file-too-large"),
    ],
)
def test_every_limit_of_a_project_is_told_by_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, code: str
) -> None:
    root = workshop(tmp_path)
    (root / "content/files/deep").mkdir(parents=True)
    (root / "content/files/deep/a.pdf").write_bytes(b"a" * 200)
    assert project.read(root)[1] == []
    monkeypatch.setattr(scan, limit, 1)
    _, problems = project.read(root, theme=tmp_path)
    assert code in {p.code for p in problems}
    assert all(" 1" in p.message for p in problems if p.code == code)
