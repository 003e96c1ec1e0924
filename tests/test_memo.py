"""What a server remembers of a file is never another file's, nor that of another day."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from compiling import site_and_problems
from faults import THEME, put

from lorainne.content import project, records, yaml_tree
from lorainne.content.memo import NO_MEMO, Memo
from lorainne.diagnostics import Diagnostic
from lorainne.markup import texts
from lorainne.serve.live import Live

ROOT = Path(__file__).parent.parent

TALK = "---\ntitle: {}\nspeakers: [ada]\n---\n{}\n"
CONTENT = {
    "content/workshop.yaml": "name: A workshop\ntimezone: Europe/Paris\n",
    "content/schedule.yaml": "days: [{date: 2024-11-26, slots: [{time: 9:00-10:00, talk: one}]}]\n",
    "content/speakers/ada.md": "---\nname: Ada Lovelace\n---\nA biography.\n",
    "content/talks/one.md": TALK.format("One", "The abstract."),
    "content/talks/two.md": TALK.format("Two", "Another abstract."),
    "content/news/2024-09-02-open.md": "---\ntitle: Open\n---\nCome.\n",
}


def compiled(root: Path, memo: Memo = NO_MEMO) -> tuple[dict[str, object], list[Diagnostic]]:
    """The site in texts, and what is wrong, as a server makes them."""
    found, problems = project.read(root, theme=root.parent / "theme")
    assert problems == []
    site, problems = site_and_problems(found, memo)
    return dict(site), problems


@pytest.fixture
def root(quick: Path) -> Path:
    put(quick, {f"theme/{name}": text for name, text in THEME.items()})
    put(quick, {f"theme/templates/words/{p.name}": p.read_text(encoding="utf-8") for p in (ROOT / "templates/words").iterdir()})  # fmt: skip
    page = "{{ talk.title }} by {{ talk.speakers|join }}: {{ talk|body('abstract') if talk.abstract }}"
    put(quick, {"theme/templates/talk.html": page})
    return put(quick / "project", CONTENT)


EDITS: dict[str, list[dict[str, str | None]]] = {
    "a text": [{"talks/one.md": TALK.format("One", "Rewritten.")}],
    "a field": [{"talks/one.md": TALK.format("A much better title", "The abstract.")}],
    "a field that others show": [{"speakers/ada.md": "---\nname: Ada King\n---\nA biography.\n"}],
    "a broken file, mended": [
        {"talks/one.md": "---\ntitle: [\n---\n"},
        {"talks/one.md": TALK.format("One", "The abstract.")},
    ],
    "a file with mistakes, with others, mended": [
        {"talks/one.md": "---\ntilte: One\n---\n"},
        {"talks/one.md": "---\n\ntitel: One\nspeakers: [eve]\n---\n"},
        {"talks/one.md": TALK.format("One", "Mended.")},
    ],
    "what is not UTF-8, mended": [
        {"talks/two.md": "\udcff"},
        {"talks/two.md": TALK.format("Two", "Another abstract.")},
    ],
    "a file away and back": [
        {"talks/two.md": None},
        {"talks/two.md": TALK.format("Two", "Another abstract.")},
    ],
    "a file away, and another one back": [
        {"talks/two.md": None},
        {"talks/two.md": TALK.format("Not two", "Another abstract.")},
    ],
    "a name that is no id": [{"talks/Ünique.md": TALK.format("Three", "")}, {"talks/Ünique.md": None}],
    "the day and the zone": [
        {"schedule.yaml": "days: [{date: 2024-11-27, slots: [{time: 9:00-10:00, talk: two}]}]\n"},
        {"workshop.yaml": "name: B\ntimezone: Asia/Tokyo\n"},
    ],
}


@pytest.mark.parametrize("edits", EDITS)
def test_what_is_compiled_after_an_edit_is_what_is_compiled_afresh(root: Path, edits: str) -> None:
    memo, seen = Memo(), [compiled(root)]
    assert compiled(root, memo) == seen[0]
    for edit in EDITS[edits]:
        for name, text in edit.items():
            path = root / "content" / name
            path.unlink() if text is None else path.write_bytes(text.encode(errors="surrogateescape"))
        seen.append(compiled(root))
        assert compiled(root, memo) == seen[-1]
        assert compiled(root, memo) == seen[-1]  # nor does remembering use anything up
        assert seen[-1] != seen[-2]


def test_an_edit_that_keeps_size_and_time_is_seen(root: Path) -> None:
    memo, path = Memo(), root / "content/talks/one.md"
    compiled(root, memo)
    status = path.stat()
    with path.open("r+") as stream:
        stream.write(CONTENT["content/talks/one.md"].replace("abstract", "contract"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (status.st_size, status.st_mtime_ns)
    assert "The contract." in str(compiled(root, memo)[0]["talks/one.html"])


def test_two_files_that_change_places_are_not_mistaken(root: Path) -> None:
    memo, talks = Memo(), root / "content/talks"
    compiled(root, memo)
    for old, new in (("one", "x"), ("two", "one"), ("x", "two")):
        (talks / f"{old}.md").rename(talks / f"{new}.md")
    assert compiled(root, memo) == compiled(root)
    assert "Another abstract." in str(compiled(root, memo)[0]["talks/one.html"])


def test_only_what_changed_is_read_and_decoded_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memo, read, decoded = Memo(), [], []
    compiled(root, memo)
    real, record = yaml_tree.read_text, records.RecordReader.record
    monkeypatch.setattr(yaml_tree, "read_text", lambda name, file: read.append(name) or real(name, file))
    monkeypatch.setattr(
        records.RecordReader, "record",
        lambda self, kind, *given, **more: decoded.append(kind.__name__) or record(self, kind, *given, **more),
    )  # fmt: skip
    put(root, {"content/talks/one.md": TALK.format("One", "Rewritten.")})
    compiled(root, memo)
    assert [name for name in read if name.startswith("content/")] == ["content/talks/one.md"]
    assert decoded.count("Talk") == 1
    assert "Speaker" not in decoded


def test_files_without_a_state_are_always_read(root: Path) -> None:
    assert root.is_dir()
    memo = Memo()
    for name in ("One", "Two"):
        texts = project.from_texts({"content/workshop.yaml": f"name: {name}\n"}, theme=root.parent / "theme")
        assert name in str(site_and_problems(texts, memo)[0]["index.html"])


def test_a_mistake_is_made_anew_and_nothing_is_kept_of_it() -> None:
    memo, made = Memo(), iter([ValueError("broken"), 7])

    def make() -> int:
        one = next(made)
        if isinstance(one, Exception):
            raise one
        return one

    with pytest.raises(ValueError, match="broken"):
        memo.get_or_make("place", (1,), make)
    assert memo.get_or_make("place", (1,), make) == 7
    assert memo.get_or_make("place", (1,), make) == 7


def test_sixty_builds_in_one_memo_are_all_as_good_as_fresh_ones(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dice, memo, broken = random.Random(4), Memo(), 0
    acts: list[Callable[[Path], object]] = [
        lambda path: path.unlink(missing_ok=True),
        lambda path: path.write_text(TALK.format(dice.choice("ABC"), dice.choice("xyz"))),
        lambda path: path.write_text(TALK.format(dice.choice(["[", "null", "'"]), "x")),
        lambda path: path.exists() and path.rename(path.with_name("two.md")),
    ]
    (root / "content/schedule.yaml").unlink()
    for _ in range(60):
        for _ in range(dice.randrange(1, 3)):
            dice.choice(acts)(root / f"content/talks/{dice.choice(['one', 'two', 'three'])}.md")
        fresh = compiled(root)
        broken += not fresh[0]
        assert compiled(root, memo) == fresh
    with capsys.disabled():
        print(f" [{broken} of 60 broken]", end="")
    assert 10 < broken < 50


BODIES = [
    "Rewritten, *twice*.",
    "It's $x^2$ & more.",
    "冬\n\n- one\n- two",
    "See [two](talk:two).",
    "# A heading",
    "TBA",
    "",
    "A <b>mistake</b>.",
    "The abstract.",
]


def test_after_each_edit_of_a_text_a_server_shows_what_a_build_would_make(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(project.read.__kwdefaults__, "theme", root.parent / "theme")
    live = Live(root)
    for body in (*BODIES, *BODIES[:2]):
        for name, front in (
            ("talks/one", "title: One\nspeakers: [ada]"),
            ("speakers/ada", "name: Ada Lovelace"),
        ):
            put(root, {f"content/{name}.md": f"---\n{front}\n---\n{body}\n"})
            state, (site, problems) = live._rebuild(), compiled(root)
            assert state.problems == problems
            assert (state.good == state.change) == bool(site)
            if site:
                assert dict(state.site) == site


def test_a_text_that_stays_the_same_is_not_parsed_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memo, parsed = Memo(), []
    compiled(root, memo)
    real = texts.parse
    monkeypatch.setattr(texts, "parse", lambda written: parsed.append(written) or real(written))
    put(root, {"content/talks/one.md": "no front matter: nothing of it can be parsed"})
    compiled(root, memo)
    put(root, {"content/talks/one.md": TALK.format("One", "Rewritten.")})
    compiled(root, memo)
    assert parsed == ["Rewritten.\n"]
