"""What lorainne lets in from the outside, and what it refuses."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from lorainne import nodes, project


def workshop(root: Path, text: str | bytes = "name: A workshop\n") -> Path:
    (root / "content").mkdir()
    (root / "content" / "workshop.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def codes_of(data: bytes) -> list[tuple[str, int, int]]:
    found = project.from_texts({"content/workshop.yaml": data})
    _, problems = nodes.parse(found.below("content"))
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
    assert codes_of(b"name: " + b"a" * project.MAX_BYTES) == [("file-too-large", 1, 1)]


def test_today_is_the_day_of_source_date_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1731672000")
    assert project.from_texts({}).today == date(2024, 11, 15)


def test_a_file_of_the_project_stands_in_for_the_file_of_the_theme() -> None:
    found = project.from_texts({"templates/404.html": "mine"})
    assert found.below("templates")["templates/404.html"].read() == b"mine"
    assert found.below("templates")["templates/base.html"].read().startswith(b"<!doctype html>")
