"""The proof that nothing of the seed is lost.

Every word of the seed, in runs of four, is found on the built site, and every link's address in some href.
Left aside are Markdown's marks, maths (the site says it in MathML, whose text is another), and the heads of
the timetable's columns (the site's timetable is a list).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from unicodedata import normalize

import pytest

ROOT = Path(__file__).parent.parent
SEEDS = ROOT.parent / "shared" / "seeds"
EDITION = ROOT / "tests" / "editions" / "2024-10"

RUN = 4
"""So many consecutive words must be found together; a shorter block must be found whole."""

NOVEMBER_15 = "1731628800"
"""The day on which both sites are built: registration is still open then, as in the seed."""

ORGANISERS = ("ricardo.borsoi", "marianne.clausel", "sebastian.miron", "konstantin.usevich")

DEAD_LINK = "firstname.lastname@univ-lorraine.fr"
"""The seed links to this pattern as if it were an address; the site has the organisers' addresses instead."""

CORRECTED = {
    "Wed 26 Nov": "Wed 27 Nov",  # the 26th was a Tuesday, and the heading of this day
    "Jeremy Cohen": "Jérémy Cohen",  # as everywhere else on that page
}
"""The known mistakes of seed 001, and what its edition says in their place."""

Words = tuple[str, ...]

# --- The seed --------------------------------------------------------------------------------------------


def seed(number: str) -> str:
    """The text of a seed; skips the test where the seeds are not beside the repository."""
    found = sorted(SEEDS.glob(f"{number}_*.txt"))
    if not found:
        pytest.skip("the seeds are not beside this repository")
    return found[0].read_text(encoding="utf-8")


def words_of(text: str) -> Words:
    """The words of a text, however they are composed and whatever their case."""
    return tuple(re.findall(r"\w+", normalize("NFC", text).casefold()))


def runs(words: Words, length: int) -> Iterator[Words]:
    """All runs of so many consecutive words."""
    return (words[start : start + length] for start in range(len(words) - length + 1))


def blocks(markdown: str) -> list[Words]:
    """The words of each heading, paragraph, list item, table cell and bold label; maths ends a block."""
    text = re.sub(r"\[([^\]]*)\]\([^)\s]*\)", r"\1", markdown)
    text = re.sub(r"(?m)^\|.*\n\|[-|]+$", "", text)
    text = re.sub(r"(?m)^\|.*$", lambda row: row[0].replace("|", "\n\n"), text)
    text = re.sub(r"(?m)^[ \t]*(?:#+|-) .*$", r"\n\g<0>\n", text)
    text = re.sub(r"\*\*([^*\n]+)\*\*", r"\n\n\1\n\n", text)
    text = re.sub(r"\$[^$\n]+\$", "\n\n", text)
    return [words for part in re.split(r"\n\s*\n", text) if (words := words_of(unescape(part)))]


def links(markdown: str) -> list[tuple[str, str]]:
    """The text and the address of each link."""
    return re.findall(r"\[([^\]]*)\]\(([^)\s]*)\)", markdown)


def slots(markdown: str) -> list[tuple[str, str]]:
    """The time and the words of each row of the timetable."""
    cells = re.findall(r"(?m)^\|[^|]*\|\s*(\d\d:\d\d-\d\d:\d\d)\s*\|\s*(.*?)\s*\|$", markdown)
    return [(time, re.sub(r"\[(.*)\]\(.*\)", r"\1", words)) for time, words in cells]


def section(markdown: str, heading: str) -> str:
    """What stands below a heading of the second level."""
    return re.split(r"(?m)^## ", markdown.partition(f"\n## {heading}")[2])[0]


@dataclass(frozen=True, kw_only=True)
class Presented:
    """A talk or a poster of the seed: below the person's name a title, and perhaps an abstract."""

    person: str
    title: str
    abstract: str


def presented(below: str) -> list[Presented]:
    """The talks or posters of a section of the seed."""
    found = re.findall(r"(?ms)^### (.+?)(?: \(.+?\))?\n\*(.+?)\*(.*?)(?=^### |\Z)", below)
    return [
        Presented(person=person, title=title, abstract=rest.replace("**Abstract:**", "").strip())
        for person, title, rest in found
    ]


# --- The site --------------------------------------------------------------------------------------------

INLINE = re.compile("a|abbr|b|bdi|cite|code|em|i|mark|q|s|small|span|strong|su[bp]|time|u|wbr")
"""Elements in the middle of whose text a word may continue; at any other a word ends."""

UNSEEN = frozenset(("script", "style", "title", "template"))


@dataclass(kw_only=True)
class Page:
    """What a page says: its text, its first heading, its links, and how far into the text each id stands."""

    text: str = ""
    heading: str = ""
    hrefs: set[str] = field(default_factory=set)
    ids: dict[str, int] = field(default_factory=dict)


class Reader(HTMLParser):
    """Reads a built page as someone would who sees its text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.unseen = 0
        self.in_heading = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unseen += tag in UNSEEN
        self.in_heading += tag == "h1"
        self.page.text += "" if INLINE.fullmatch(tag) else " "
        for name, value in attrs:
            if name == "href" and value:
                self.page.hrefs.add(value)
            elif name == "id" and value:
                self.page.ids[value] = len(self.page.text)

    def handle_endtag(self, tag: str) -> None:
        self.unseen -= tag in UNSEEN
        self.in_heading -= tag == "h1"
        self.page.text += "" if INLINE.fullmatch(tag) else " "

    def handle_data(self, data: str) -> None:
        self.page.text += "" if self.unseen else data
        self.page.heading += data if self.in_heading else ""


def read_page(html: str) -> Page:
    """The page in this HTML."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.page


Site = Mapping[str, Page]


def build(source: Path, output: Path) -> Site:
    """The pages of the site that the command makes, by their path."""
    command = [sys.executable, "-m", "lorainne", "build", str(source), "-o", str(output), "--quiet"]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": NOVEMBER_15}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return {
        path.relative_to(output).as_posix(): read_page(path.read_text(encoding="utf-8"))
        for path in sorted(output.rglob("*.html"))
    }


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site of `content/`."""
    return build(ROOT, tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def earlier_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site of the same workshop a month earlier."""
    return build(EDITION, tmp_path_factory.mktemp("earlier"))


def pages_in(site: Site, folder: str) -> list[Page]:
    """The pages of a folder: one for each speaker, talk or poster."""
    return [page for path, page in site.items() if path.startswith(f"{folder}/")]


def says(page: Page, text: str) -> bool:
    """Whether the words of a text stand on the page, all together."""
    words = words_of(text)
    return words in runs(words_of(page.text), len(words))


def titled(pages: list[Page], one: Presented) -> list[Page]:
    """The pages whose heading is the title of this talk or poster."""
    return [page for page in pages if words_of(page.heading) == words_of(one.title)]


def with_abstract(pages: list[Page], one: Presented) -> list[Page]:
    """Those of the pages that have this abstract; another test finds all its words, here eight will do."""
    beginning = " ".join(one.abstract.split()[:8])
    return [page for page in pages if beginning and says(page, beginning)]


def missing_words(wanted: list[Words], site: Site) -> list[str]:
    """The runs of words that stand on no page."""
    pages = [words_of(page.text) for page in site.values()]
    said = {run for words in pages for length in range(1, RUN + 1) for run in runs(words, length)}
    return [" ".join(run) for words in wanted for run in runs(words, min(RUN, len(words))) if run not in said]


def missing_addresses(markdown: str, site: Site) -> list[str]:
    """The addresses on the web that no page links to."""
    hrefs = {href for page in site.values() for href in page.hrefs}
    return [to for _, to in links(markdown) if to.startswith("http") and to not in hrefs]


def timetable(home: Page) -> list[tuple[str, str]]:
    """Each time on the home page, with the text up to the next."""
    clock = r"(\d\d:\d\d)\s*(?:-|–|—|to)\s*(\d\d:\d\d)"
    _, *parts = re.split(clock, home.text)
    triples = zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    return [(f"{start}-{end}", text) for start, end, text in triples]


def missing_slots(markdown: str, home: Page) -> list[tuple[str, str]]:
    """The rows of the seed's timetable that the home page does not show."""
    shown = timetable(home)
    return [
        (time, label)
        for time, label in slots(markdown)
        if not any(time == at and says(Page(text=text), label) for at, text in shown)
    ]


# --- What is claimed -------------------------------------------------------------------------------------


def test_blocks_of_markdown() -> None:
    """The seed is cut where a reader sees a break, and nowhere else."""
    table = "| **x** | y |\n|-------|---|\n| **k** | l m |\n"
    text = f"# A *b*\n**C**: [d e](http://f.g/h)\ni\n - j\n\n{table}\nn $o$ p &copy;\nq\n\n---\n\nÉ"
    single = [("a", "b"), ("c",), ("d", "e", "i"), ("j",)]
    assert blocks(text) == [*single, ("k",), ("l", "m"), ("n",), ("p", "q"), ("é",)]


def test_text_of_html() -> None:
    """A page's words are what is seen: emphasis splits no word, a line break does, scripts are none."""
    html = "<title>t</title><p id=x><em>a</em>b<p>c&eacute;<br>d<script>e</script><a href='?f&amp;g'>"
    page = read_page(html)
    assert words_of(page.text) == ("ab", "cé", "d")
    assert page.hrefs == {"?f&g"}
    assert words_of(page.text[page.ids["x"] :])[0] == "ab"


def test_what_the_seed_holds() -> None:
    """The seed is read whole: as many talks, abstracts, posters, slots and links as a person counts."""
    text = seed("000")
    talks, posters = presented(section(text, "Oral")), presented(section(text, "Poster"))
    assert (len(talks), sum(bool(talk.abstract) for talk in talks)) == (11, 6)
    assert (len(posters), sum(bool(poster.abstract) for poster in posters)) == (7, 7)
    assert (len(slots(text)), len(slots(seed("001")))) == (20, 18)
    assert len(links(text)) == 17


def test_no_word_is_lost(site: Site) -> None:
    """Every word of the seed is on the site, in runs of four."""
    assert missing_words(blocks(seed("000")), site) == []


def test_no_address_is_lost(site: Site) -> None:
    """Every address on the web that the seed links to is linked to."""
    assert missing_addresses(seed("000"), site) == []


def test_anchors_lead_to_the_person(site: Site) -> None:
    """Links into the old page still lead to the person whose name they bore."""
    home = site["index.html"]
    anchors = [(name, to.removeprefix("#")) for name, to in links(seed("000")) if to.startswith("#")]
    assert anchors
    for name, anchor in anchors:
        assert anchor in home.ids, f"#{anchor} leads nowhere"
        from_there = words_of(home.text[home.ids[anchor] :])[:40]
        assert says(Page(text=" ".join(from_there)), name), f"#{anchor} does not lead to {name}"


def test_organisers_can_be_written_to(site: Site) -> None:
    """The dead link became four that work; the pattern stands as text, and nothing links to it."""
    home = site["index.html"]
    assert {f"mailto:{name}@univ-lorraine.fr" for name in ORGANISERS} <= home.hrefs
    assert DEAD_LINK in home.text
    assert not [href for page in site.values() for href in page.hrefs if DEAD_LINK in href]


def test_everything_has_its_page(site: Site) -> None:
    """12 speakers, 12 talks of which 11 have a title and 6 an abstract, and 7 posters with both."""
    text = seed("000")
    talks, posters = presented(section(text, "Oral")), presented(section(text, "Poster"))
    talk_pages, poster_pages = pages_in(site, "talks"), pages_in(site, "posters")
    assert (len(pages_in(site, "speakers")), len(talk_pages), len(poster_pages)) == (12, 12, 7)
    assert sum(len(titled(talk_pages, talk)) for talk in talks) == 11
    assert sum(len(with_abstract(titled(talk_pages, talk), talk)) for talk in talks) == 6
    assert sum(len(with_abstract(titled(poster_pages, poster), poster)) for poster in posters) == 7


def test_pages_join_person_and_title(site: Site) -> None:
    """The page with a talk's or a poster's title names the person who presents it."""
    text = seed("000")
    for folder, heading in (("talks", "Oral"), ("posters", "Poster")):
        for one in presented(section(text, heading)):
            (page,) = titled(pages_in(site, folder), one)
            assert says(page, one.person), f"{one.person}: {one.title}"


def test_every_slot_is_shown(site: Site) -> None:
    """The 20 slots of the timetable are on the home page, each with its time, and no other."""
    home = site["index.html"]
    assert missing_slots(seed("000"), home) == []
    assert len({time for time, _ in timetable(home)}) == 20


def corrected(markdown: str) -> str:
    """Seed 001 with its known mistakes corrected, each of which it really makes in its timetable."""
    for wrong, right in CORRECTED.items():
        markdown, times = re.subn(rf"(?m)^(\|.*){wrong}", rf"\g<1>{right}", markdown)
        assert times == 1, wrong
    return markdown


def test_no_word_of_the_earlier_edition_is_lost(earlier_site: Site) -> None:
    """Every word of seed 001 but its known mistakes is on the site of its edition, in runs of four."""
    assert missing_words(blocks(corrected(seed("001"))), earlier_site) == []


def test_no_address_of_the_earlier_edition_is_lost(earlier_site: Site) -> None:
    """Every address on the web that seed 001 links to is linked to."""
    assert missing_addresses(seed("001"), earlier_site) == []


def test_facts_of_the_earlier_edition(earlier_site: Site) -> None:
    """9 speakers, 9 talks, no posters yet, and the 18 slots with their times."""
    counts = [len(pages_in(earlier_site, folder)) for folder in ("speakers", "talks", "posters")]
    assert counts == [9, 9, 0]
    home = earlier_site["index.html"]
    assert missing_slots(corrected(seed("001")), home) == []
    assert len({time for time, _ in timetable(home)}) == 18
