"""An import can be repeated: what the source changed changes, what was edited by hand stays."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from importing import SAMPLES, checked, run, tree

from lorainne.importers.again import merge, merge_texts

PAGE = """\
# N'25: name

**Location**: Hall, Nancy, France

**Date**: 2 June 2025

## Speakers
- [Ada Lovelace](https://example.org/ada) (London)
- Blaise Pascal (Paris)

## Programme

| Time | Session |
|---|---|
| 9:00-10:00 | Ada Lovelace |
| 10:00-10:30 | Coffee break |
| 10:30-11:30 | Blaise Pascal |

## Talks

### Ada Lovelace
*On engines*

**Abstract:** They weave.

### Blaise Pascal
*On wheels*
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder into which PAGE was imported."""
    bring(tmp_path, PAGE)
    return tmp_path


def bring(folder: Path, text: str, *options: str) -> str:
    """Import a text; what was told of it."""
    source = folder / "page.txt"
    source.write_text(text, encoding="utf-8")
    done = run("page", source, "-o", folder, *options)
    assert done.exit_code == 0, done.output
    return done.output


def content(folder: Path) -> dict[str, bytes]:
    return tree(folder / "content")


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / "content" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def text_of(folder: Path, name: str) -> str:
    return (folder / "content" / name).read_text(encoding="utf-8")


def test_importing_twice_is_importing_once(folder: Path) -> None:
    before = content(folder)
    assert "(0 to write, 0 to remove)" in bring(folder, PAGE)
    assert content(folder) == before
    assert checked(folder) == []


def test_importing_the_same_source_again_keeps_every_edit(folder: Path) -> None:
    edit(folder, "talks/ada-lovelace.md", "On engines", "On *analytical* engines  # hers")
    edit(folder, "talks/ada-lovelace.md", "They weave.", "They weave patterns.")
    edit(folder, "schedule.yaml", "{time: 10:00-10:30", "{time: 10:00-10:20")
    (folder / "content/speakers/blaise-pascal.md").unlink()
    (folder / "content/talks/mine.md").write_text("---\ntitle: Mine\n---\n", encoding="utf-8")
    before = content(folder)
    assert "import-conflict" not in bring(folder, PAGE)
    assert content(folder) == before


def test_the_source_changes_only_what_it_changed(folder: Path) -> None:
    edit(folder, "talks/ada-lovelace.md", "speakers:", "kind: keynote\nspeakers:")
    edit(folder, "workshop.yaml", "name: N'25", "# ours\nname: N'25\nurl: https://example.org/")
    told = bring(folder, PAGE.replace("On engines", "On difference engines").replace("Hall", "Castle"))
    assert "import-conflict" not in told
    assert text_of(folder, "talks/ada-lovelace.md") == (
        "---\ntitle: On difference engines\nkind: keynote\nspeakers: [ada-lovelace]\n---\n\nThey weave.\n"
    )
    facts = text_of(folder, "workshop.yaml")
    assert facts.startswith("# ours\nname: N'25\nurl: https://example.org/\n")
    assert "name: Castle" in facts


def test_a_slot_takes_the_time_from_the_source_and_the_chair_from_the_editor(folder: Path) -> None:
    edit(folder, "schedule.yaml", "talk: ada-lovelace}", "talk: ada-lovelace, chair: Emmy Noether}")
    bring(folder, PAGE.replace("9:00-10:00", "9:15-10:00"))
    assert "{time: 09:15-10:00, talk: ada-lovelace, chair: Emmy Noether}" in text_of(folder, "schedule.yaml")


def test_a_conflict_is_told_with_both_values_once_and_the_edit_stays(folder: Path) -> None:
    edit(folder, "talks/ada-lovelace.md", "On engines", "On her engines")
    newer = PAGE.replace("On engines", "On our engines")
    told = bring(folder, newer)
    assert "content/talks/ada-lovelace.md:2:1: warning[import-conflict]" in told
    assert "edited here: title: On her engines; now in the source: title: On our engines" in told
    assert "title: On her engines" in text_of(folder, "talks/ada-lovelace.md")
    assert "import-conflict" not in bring(folder, newer)


def test_a_deleted_file_stays_deleted_even_when_the_source_changes_it(folder: Path) -> None:
    (folder / "content/talks/blaise-pascal.md").unlink()
    told = bring(folder, PAGE.replace("On wheels", "On more wheels"))
    assert "edited here: the file was deleted" in told
    assert not (folder / "content/talks/blaise-pascal.md").exists()


def test_nothing_is_removed_but_with_prune_and_never_what_was_edited(folder: Path) -> None:
    shorter = PAGE.replace("- Blaise Pascal (Paris)\n", "").replace("### Blaise Pascal\n*On wheels*\n", "")
    shorter = shorter.replace("| 10:30-11:30 | Blaise Pascal |\n", "")
    told = bring(folder, shorter)
    assert told.count("warning[import-vanished]") == 2
    assert (folder / "content/talks/blaise-pascal.md").exists()
    assert "blaise" not in text_of(folder, "schedule.yaml")
    edit(folder, "speakers/blaise-pascal.md", "Paris", "Rouen")
    told = bring(folder, shorter, "--prune")
    assert told.count("warning[import-vanished]") == 1
    assert not (folder / "content/talks/blaise-pascal.md").exists()
    assert "Rouen" in text_of(folder, "speakers/blaise-pascal.md")


def test_a_dry_run_shows_the_difference_and_writes_nothing(folder: Path) -> None:
    before = content(folder)
    told = bring(folder, PAGE.replace("On engines", "On looms"), "--dry-run")
    assert "-title: On engines\n+title: On looms\n" in told
    assert content(folder) == before


def test_a_hand_made_file_is_never_overwritten_by_a_first_import(tmp_path: Path) -> None:
    (tmp_path / "content/speakers").mkdir(parents=True)
    own = "---\nname: Ada King\npronouns: she/her\n---\n"
    (tmp_path / "content/speakers/ada-lovelace.md").write_text(own, encoding="utf-8")
    told = bring(tmp_path, PAGE)
    assert "edited here: name: Ada King; now in the source: name: Ada Lovelace" in told
    merged = text_of(tmp_path, "speakers/ada-lovelace.md")
    assert merged.startswith("---\nname: Ada King\n")
    assert "pronouns: she/her\n" in merged
    assert "affiliation: London\n" in merged


def test_two_imports_fill_one_tree(folder: Path) -> None:
    table = folder / "speakers.csv"
    table.write_text(
        "name,homepage,orcid\nBlaise Pascal,https://example.org/bp,0000-0002-1825-0097\n", encoding="utf-8"
    )
    done = run("csv", "speakers", table, "-o", folder)
    assert done.exit_code == 0, done.output
    assert text_of(folder, "speakers/blaise-pascal.md") == (
        "---\nname: Blaise Pascal\nhomepage: https://example.org/bp\norcid: 0000-0002-1825-0097\naffiliation: Paris\n---\n"
    )
    assert "name: N'25" in text_of(folder, "workshop.yaml")
    assert "(0 to write, 0 to remove)" in bring(folder, PAGE)


def test_ids_stay_when_titles_change(tmp_path: Path) -> None:
    text = (SAMPLES / "schedule.xml").read_text(encoding="utf-8")
    source = tmp_path / "schedule.xml"
    for title in ("Night session", "A session by day"):
        source.write_text(text.replace("Night session", title), encoding="utf-8")
        assert run("frab", source, "-o", tmp_path).exit_code == 0
    assert "title: A session by day" in text_of(tmp_path, "talks/night-session.md")
    assert len(list((tmp_path / "content/talks").iterdir())) == 5


def test_a_damaged_memory_is_told_and_nothing_is_written(folder: Path) -> None:
    (folder / "content/.imports/page.json").write_text("{", encoding="utf-8")
    before = content(folder)
    done = run("page", folder / "page.txt", "-o", folder)
    assert done.exit_code == 1
    assert "page.json cannot be read" in done.output
    assert content(folder) == before


def test_no_symbolic_link_leads_an_import_elsewhere(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    (folder / "content/talks").rename(other / "talks")
    (folder / "content/talks").symlink_to(other / "talks")
    before = tree(other)
    done = run("page", folder / "page.txt", "-o", folder)
    assert done.exit_code == 1
    assert "not-a-file" in done.output
    assert tree(other) == before


def test_help_does_not_wait_for_the_slow_libraries() -> None:
    code = (
        "import sys; from lorainne.commands import main; main(['import', '--help'], standalone_mode=False);"
        "print({'slugify', 'icalendar', 'yaml', 'lorainne.importers'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("set()\n")


# --- The merge itself ------------------------------------------------------------------------------------

VALUES = st.sampled_from(["a", "b", "c"])
RECORDS = st.dictionaries(st.sampled_from(["title", "kind", "doi", "video", "code"]), VALUES, max_size=5)


def written(fields: dict[str, str]) -> str:
    return "---\n" + "".join(f"{key}: {value}\n" for key, value in fields.items()) + "---\n"


def fields_of(text: str) -> dict[str, str]:
    return dict(line.split(": ") for line in text.splitlines() if ": " in line)


@settings(max_examples=300, deadline=None)
@given(RECORDS, RECORDS, RECORDS)
def test_each_field_is_merged_by_itself(
    old: dict[str, str], new: dict[str, str], own: dict[str, str]
) -> None:
    """A field that one side changed has that side's value; one that both changed has the editor's, and is told."""
    text, problems = merge_texts("talks/a.md", written(old), written(new), written(own))
    expected: dict[str, str | None] = {}
    conflicts = 0
    for key in {*old, *new, *own}:
        before, theirs, ours = old.get(key), new.get(key), own.get(key)
        expected[key] = theirs if ours == before else ours
        conflicts += ours != before and theirs not in (before, ours)
    assert fields_of(text) == {key: value for key, value in expected.items() if value is not None}
    assert len(problems) == conflicts


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab:-{}[] #\n", max_size=60), RECORDS)
def test_whatever_stands_in_an_edited_file_an_unchanged_source_changes_nothing(
    own: str, old: dict[str, str]
) -> None:
    merged = merge({"talks/a.md": written(old)}, {"talks/a.md": written(old)}, {"talks/a.md": own})
    assert (merged.write, merged.remove, merged.problems) == ({}, [], [])
