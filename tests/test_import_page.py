"""`lorainne import page`: a one-page site becomes content, and not a word of it is lost."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from importing import SAMPLES, checked, codes, imported, run, unreadable
from test_pictures import picture
from test_seed import (
    EDITION,
    ROOT,
    blocks,
    build,
    corrected,
    missing_addresses,
    missing_slots,
    missing_words,
    seed,
    slots,
)

from lorainne.content import decode, project, yaml_tree
from lorainne.content.model import Workshop

ODD = SAMPLES / "page-odd.md"


def page(tmp_path: Path, text: str) -> Path:
    """The folder into which this page was imported by the command."""
    source = tmp_path / "page.md"
    source.write_text(text, encoding="utf-8")
    done = run("page", source, "-o", tmp_path / "site")
    assert done.exit_code == 0, done.output
    return tmp_path / "site"


def workshop(folder: Path) -> Workshop:
    files = project.read(folder)[0].below("content")
    found, problems = decode.decode(yaml_tree.parse(files), files)
    assert problems == []
    return found


# --- The seeds -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def seed_000(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return page(tmp_path_factory.mktemp("seed-000"), seed("000"))


@pytest.fixture(scope="module")
def seed_001(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return page(tmp_path_factory.mktemp("seed-001"), seed("001"))


def test_every_word_and_link_of_the_seed_is_on_the_site_of_its_import(seed_000: Path, tmp_path: Path) -> None:
    site = build(seed_000, tmp_path / "built")
    assert missing_words(blocks(seed("000")), site) == []
    assert missing_addresses(seed("000"), site) == []
    assert missing_slots(seed("000"), site["index.html"]) == []


def test_every_word_and_link_of_the_earlier_seed_is_on_the_site_too(seed_001: Path, tmp_path: Path) -> None:
    site = build(seed_001, tmp_path / "built")
    assert missing_words(blocks(corrected(seed("001"))), site) == []
    assert missing_addresses(seed("001"), site) == []
    assert missing_slots(corrected(seed("001")), site["index.html"]) == []
    assert len(slots(seed("001"))) == 18


def same(record: object) -> object:
    """A record as an import can know it: how a list is sorted, and the form of an abstract, are a person's."""
    if hasattr(record, "sort"):
        return replace(record, sort=None)
    text = getattr(record, "abstract", None)
    return replace(record, abstract=re.sub(r"[\\*\s]|^- ", "", text, flags=re.M)) if text else record


def by_id(records: Sequence[object]) -> list[object]:
    return sorted(map(same, records), key=lambda record: record.id)


@pytest.mark.parametrize(("number", "by_hand"), [("000", ROOT), ("001", EDITION)])
def test_the_import_of_a_seed_is_what_was_made_by_hand(
    number: str, by_hand: Path, request: pytest.FixtureRequest
) -> None:
    """The same speakers, talks, posters, days and slots, and the same facts about the workshop."""
    made, hand = workshop(request.getfixturevalue(f"seed_{number}")), workshop(by_hand)
    assert by_id(made.speakers) == by_id(hand.speakers)
    assert by_id(made.talks) == by_id(hand.talks)
    assert by_id(made.posters) == by_id(hand.posters)
    assert made.schedule.status == hand.schedule.status
    ours, theirs = (
        [(day.date, [replace(slot, posters=()) for slot in day.slots]) for day in each.schedule.days]
        for each in (made, hand)
    )
    assert ours == theirs
    rest = {"speakers": (), "talks": (), "posters": (), "schedule": None, "about": None, "files": frozenset()}
    assert replace(made, **rest) == replace(hand, **rest)
    assert made.about.body.strip() == hand.about.body.strip()


def test_the_content_that_is_made_passes_the_checks(seed_000: Path, seed_001: Path) -> None:
    assert checked(seed_000) == []
    assert checked(seed_001) == []


def test_of_each_seed_its_own_mistakes_are_told_and_no_others() -> None:
    line = next(n for n, text in enumerate(seed("000").split("\n"), start=1) if "firstname" in text)
    assert codes(imported("page", seed("000")).problems) == [(line, "source-link")]
    rows = seed("001").split("\n")
    at = {
        word: n
        for n, text in enumerate(rows, start=1)
        for word in ("Wed 26", "| Jeremy", "firstname")
        if word in text
    }
    assert codes(imported("page", seed("001")).problems) == [
        (at["Wed 26"], "source-weekday"),
        (at["| Jeremy"], "source-spelling"),
        (at["firstname"], "source-link"),
    ]


# --- Other pages -----------------------------------------------------------------------------------------


def test_every_mistake_of_a_page_is_told_on_its_line() -> None:
    made = imported("page", ODD.read_bytes())
    lines = ODD.read_text(encoding="utf-8").split("\n")
    told = [(lines[line - 1], code) for line, code in codes(made.problems)]
    assert [(code, text[:14]) for text, code in told if code != "source-link"] == [
        ("source-spelling", "| 9h-10h | Emi"),
        ("source-titles", "| 9h-10h | Emi"),
        ("source-overlap", "| 9h45-10h30 |"),
        ("source-titles", "| 11h-12h | Ge"),
        ("source-weekday", "| **Mercredi 3"),
        ("source-asterisk", "Sur la roulett"),
    ]
    links = [text[:14] for text, code in told if code == "source-link"]
    assert links == [
        "![photo](/asse",
        '<a name="top">',
        "* [Sophie Germ",
        "| 9h-10h | Emi",
        "Réservez tôt. ",
        "[![LORIA](logo",
    ]


def test_a_french_page_with_everything_becomes_content(tmp_path: Path) -> None:
    made = workshop(page(tmp_path, ODD.read_text(encoding="utf-8")))
    assert (made.name, made.title, made.language) == ("Rang'25", "Journées de rang faible", "fr")
    assert (str(made.dates.first), str(made.dates.last), made.timezone.key) == (
        "2025-06-02",
        "2025-06-03",
        "Europe/Paris",
    )
    assert [(s.name, s.affiliation) for s in made.speakers] == [
        ("Blaise Pascal", ("Port-Royal",)),
        ("Émilie du Châtelet", ("Cirey",)),
        ("Marin Mersenne", ()),
        ("Sophie Germain", ("Paris",)),
    ]
    fire = next(talk for talk in made.talks if talk.id == "emilie-du-chatelet")
    assert (fire.title, fire.kind) == ("De la nature du feu", "keynote")
    assert "[1] Newton, *Principia*.\\\n[2] Leibniz" in fire.abstract
    assert "retour" not in fire.abstract
    assert "Joint work with Voltaire" in fire.abstract
    poster = made.posters[0]
    assert (poster.title, poster.presenter[0].name) == ("Sur les équations", "Évariste Galois")
    assert [committee.name for committee in made.committees] == [
        "Comité d'organisation",
        "Comité scientifique",
    ]
    assert made.committees[0].members[0].role == "présidente"
    assert made.committees[0].members[1] == "marin-mersenne"
    assert [str(due.date.date) for due in made.deadlines] == ["2025-04-15"]
    assert str(made.deadlines[0].was[0].date) == "2025-04-01"
    assert [sponsor.name for sponsor in made.sponsors] == ["LORIA", "CNRS"]
    lodging = next(each for each in made.pages if each.id == "hebergement")
    assert "(https://example.org/hotel)" in lodging.body
    assert "(mailto:contact@example.org)" in lodging.body


def test_what_has_no_place_becomes_a_page_and_is_listed() -> None:
    made = imported("page", "# A\n\n## Practical matters\n\nBring a towel.\n\n### Trains\n\n- TGV\n")
    assert made.files["pages/practical-matters.md"] == (
        "---\ntitle: Practical matters\n---\n\nBring a towel.\n\n## Trains\n\n- TGV\n"
    )
    assert made.notes == ("line 3: “Practical matters” became content/pages/practical-matters.md",)


def test_files_beside_the_page_are_copied_and_linked(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets/group photo.jpg").write_bytes(picture())
    folder = page(
        tmp_path,
        "# A\n\n![Us](/assets/group%20photo.jpg)\n\n## Practical\n\n[map](assets/../assets/group%20photo.jpg)\n",
    )
    assert (folder / "content/files/group-photo.jpg").read_bytes() == picture()
    assert "![Us](files/group-photo.jpg)" in (folder / "content/about.md").read_text(encoding="utf-8")
    assert "[map](../files/group-photo.jpg)" in (folder / "content/pages/practical.md").read_text(
        encoding="utf-8"
    )
    assert checked(folder) == []


def test_no_link_of_a_page_reads_a_file_outside_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (tmp_path / "in").mkdir()
    (tmp_path / "in/link.txt").symlink_to(tmp_path / "secret.txt")
    folder = page(tmp_path / "in", "# A\n\n[x](../secret.txt) [y](link.txt) [z](%2e%2e/secret.txt)\n")
    assert not (folder / "content/files").exists()


def test_two_talks_of_one_speaker_and_one_talk_of_two() -> None:
    text = "# A\n**Date**: 2 June 2025\n## Talks\n### Ada Lovelace\n*One*\n### Ada Lovelace\n*Two*\n### Ada Lovelace and Emmy Noether\n*Three*\n"
    made = imported("page", text)
    talks = {name: body for name, body in made.files.items() if name.startswith("talks/")}
    assert sorted(talks) == [
        "talks/ada-lovelace-2.md",
        "talks/ada-lovelace-and-emmy-noether.md",
        "talks/ada-lovelace.md",
    ]
    assert "speakers: [ada-lovelace, emmy-noether]" in talks["talks/ada-lovelace-and-emmy-noether.md"]


@pytest.mark.parametrize(
    "line", ["- x\n", "**a**: b\n", "1 May ", "a, ", "[", "| 9:00-10:00 | Ada Lovelace |\n"]
)
def test_a_page_of_any_length_is_read_in_a_moment(line: str) -> None:
    started = time.process_time()
    imported("page", "# A\n**Date**: 2 June 2025\n## Registration\n" + line * (40_000 // len(line)))
    assert time.process_time() - started < 5


def test_an_empty_page_says_so() -> None:
    made = imported("page", " \n\n")
    assert [problem.code for problem in made.problems] == ["source-unreadable"]
    assert made.files == {}


# --- Any text --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("latitude", "is_place"), [("48.6974", True), ("248.6974", False)])
def test_the_place_is_where_a_map_says_if_there_is_such_a_place(latitude: str, is_place: bool) -> None:
    link = f"https://maps.example.org/?mlat={latitude}&mlon=6.1844"
    made = imported(
        "page", f"# Days\n**Location**: Hall, Nancy, France [map]({link})\n**Date**: 2 June 2025\n"
    )
    assert unreadable(made) == []
    assert ("latitude: 48.6974" in made.files["workshop.yaml"]) is is_place


PIECES = st.sampled_from([
    *("# ", "## ", "### ", "- ", "| ", " | ", "\n", "\n\n", "*", "**", "`", "[", "](", ")", "(", "$", "---\n"),
    *("# N'24: t\n", "**Date**: 26 and 27 November 2024\n", "**Location**: A, B, C, D\n", "## Speakers\n"),
    *("- [Ada Lovelace](http://a.b/c) (X)\n", "## Schedule\n", "| Tue 26 Nov | |\n", "| 9:00-10:00 | Ada Lovelace |\n"),
    *("### Ada Lovelace (X)\n*T*\n", "**Abstract:** ", "## Registration\nby 1 May: [x](y@z.org)\n", "## Posters\n"),
    *("## Contact\n- A B\n", "&copy; 2024", "<br>", "<a name=x>", "[a](#b)", "tba", "null", "\u2028", "\ufeff", "\t"),
    *("é", "明", ": ", " #", "'", '"', "\\", "{", "}", "&", "!", "%", "@", "24h-25h", "31 February"),
])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | st.text(max_size=6), max_size=40).map("".join))
@example("# tba\n## Speakers\n- [null](x) (~)\n")
def test_any_text_imports_into_content_that_decodes_or_says_why_not(text: str) -> None:
    made = imported("page", text.encode("utf-8", errors="replace"))
    assert unreadable(made) == []
    assert made.files or any(problem.code == "source-unreadable" for problem in made.problems)


LINES = (
    "# {} {}\n", "## {}\n", "### {}\n", "{} {}.\n", "\n", "- {}\n", "- [{}](https://example.org/{}) ({}) {}\n",
    "## About {}\n", "## Speakers {}\n", "## Registration {}\n", "## Talks {}\n", "## Posters {}\n",
    "## Committee {}\n", "## Contact {}\n", "## Sponsors {}\n", "## Programme {}\n", "## Important dates {}\n",
    "## Previous editions {}\n", "### Ada {} ({})\n*{}*\n", "**Abstract:** {}\n", "**Bio:** {}\n", "*{}*\n",
    "- Ada {} (X {}): *{}*\n", "- Ada {}, {}\n", "**Location**: {}, {}, {}\n", "**Date**: 2 June 2025 {}\n",
    "**Other**: {}\n", "| 9:00-10:00 | {} | {} |\n", "| 2 June | {} |\n", "| {} | {} |\n|---|---|\n",
    "| 9:00 | Ada {}<br>*{}* {} [(slides)](https://example.org/{}) |\n", "| {} |\n", "> {}\n", "{} [{}](#a) {}\n",
    "Write to {}: [{}](a@example.org)\n", "- 1 May: {}\n", "- ~~1 May~~ 2 May {}\n", "{} by 1 May {}.\n",
    "![{}](https://example.org/{}.png)\n", "[{}](https://example.org/{})\n", "&copy; 2025 {}\n", "{}:\n", "{}\n===\n",
    "{}<br>{}\n", "1. {}\n", "---\n",
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=25))
@example(["## Previous editions {}\n", "[{}](https://example.org/{})\n"] * 2)
@example(["**Date**: 2 June 2025 {}\n", *["## Important dates {}\n", "- 1 May: {}\n"] * 2])
def test_no_word_of_any_page_is_dropped(lines: list[str]) -> None:
    """Every line of the page has words of its own; each of them stands in a file, or in what is told."""
    numbers = iter(range(10_000))
    text = "\n"  # below it, nothing is taken for the settings of a site's generator
    text += "".join(re.sub(r"\{\}", lambda _: f"Wz{next(numbers):04}", line) for line in lines)
    made = imported("page", text)
    kept = "".join(made.files.values()) + "".join(made.notes)
    kept += "".join(problem.message for problem in made.problems)
    assert [word for word in re.findall(r"Wz\d+", text) if word not in kept] == []
    assert unreadable(made) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_an_import_depends_on_nothing_but_its_source(text: str) -> None:
    once = imported("page", text)
    again = imported("page", text, known_ids=once.ids)
    assert (once.files, once.ids) == (again.files, again.ids)
