"""What took long to make is kept in `.lorainne/blobs`, and is never another thing than what would be made."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lorainne.output import blob_cache
from lorainne.output.blob_cache import BlobCache


class Maker:
    """Counts how often it is asked."""

    def __init__(self, made: bytes = b"picture") -> None:
        self.made, self.asked = made, 0

    def __call__(self) -> bytes:
        self.asked += 1
        return self.made


def kept(folder: Path) -> list[Path]:
    return sorted((folder / ".lorainne" / "blobs").iterdir())


@pytest.fixture
def maker(tmp_path: Path) -> Maker:
    maker = Maker()
    BlobCache(tmp_path).get_or_make(("a", 1), maker)
    assert maker.asked == 1
    return maker


def test_a_thing_is_made_once_for_its_key(tmp_path: Path, maker: Maker) -> None:
    assert BlobCache(tmp_path).get_or_make(("a", 1), maker) == b"picture"
    assert maker.asked == 1
    assert BlobCache(tmp_path).get_or_make(("a", 2), Maker(b"other")) == b"other"


def test_another_program_makes_it_anew(tmp_path: Path, maker: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blob_cache, "__version__", "another")
    BlobCache(tmp_path).get_or_make(("a", 1), maker)
    assert maker.asked == 2


@pytest.mark.parametrize("harm", [b"", b"x", bytes(32), bytes(32) + b"forged"], ids=len)
def test_what_is_not_as_it_was_written_is_made_anew_and_mended(
    tmp_path: Path, maker: Maker, harm: bytes
) -> None:
    (file,) = kept(tmp_path)
    good = file.read_bytes()
    file.write_bytes(harm)
    assert BlobCache(tmp_path).get_or_make(("a", 1), maker) == b"picture"
    assert (maker.asked, file.read_bytes()) == (2, good)


def test_each_flipped_byte_is_noticed(tmp_path: Path, maker: Maker) -> None:
    (file,) = kept(tmp_path)
    good = file.read_bytes()
    for place in range(len(good)):
        file.write_bytes(good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :])
        assert BlobCache(tmp_path).get_or_make(("a", 1), maker) == b"picture"
    assert maker.asked == 1 + len(good)


def test_what_is_kept_under_one_name_is_not_taken_for_another(tmp_path: Path, maker: Maker) -> None:
    (first,) = kept(tmp_path)
    BlobCache(tmp_path).get_or_make(("b", 1), Maker(b"other"))
    (second,) = (file for file in kept(tmp_path) if file != first)
    second.replace(first)
    assert BlobCache(tmp_path).get_or_make(("a", 1), maker) == b"picture"


def test_the_cache_is_bounded_and_what_was_used_last_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blob_cache, "MAX_BYTES", 500)
    often = Maker(bytes(100))
    for number in range(12):
        cache = BlobCache(tmp_path)
        cache.get_or_make(number, Maker(bytes(100)))
        cache.get_or_make("often", often)
        for file in kept(tmp_path):  # as if it had happened a second ago
            os.utime(file, ns=(0, file.stat().st_mtime_ns - 10**9))
    BlobCache(tmp_path)
    assert sum(file.stat().st_size for file in kept(tmp_path)) <= 500
    assert often.asked == 1


def test_a_cache_that_leads_elsewhere_is_not_used(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / ".lorainne").symlink_to(elsewhere)
    assert BlobCache(tmp_path).get_or_make("a", Maker()) == b"picture"
    assert list(elsewhere.iterdir()) == []


def test_where_nothing_can_be_kept_it_is_made(tmp_path: Path) -> None:
    (tmp_path / ".lorainne").write_text("a file")
    assert BlobCache(tmp_path).get_or_make("a", Maker()) == b"picture"
