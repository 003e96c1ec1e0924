"""Texts that take their places last stand where they should, and a new one leaves all else as it was."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from functools import partial
from typing import NamedTuple
from unittest import mock
from xml.etree import ElementTree

import icalendar
import pytest
from full import FILES, site_of
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lorainne import bodies, markup, project, weaving
from lorainne.build import compile_site
from lorainne.content_lines import FOLD, folded
from lorainne.formats import story
from lorainne.weaving import DIGEST, MARKED, Woven, mark, patched, reweave, weave, where_maths

NAMES = ("content/talks/a.md", "content/talks/b-a.md", "content/talks/a-b.md", "content/speakers/a.md")
WANTS = ("html", "text", "summary")

WORDS = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("<>&\"'\\;,\t\n é自𝛼"), max_size=30
)


def no_marks(text: str) -> str:
    return re.sub("[\x91-\x94]", "", text)


GAPS = WORDS.map(no_marks) | st.just("<math>")
TEXTS = st.lists(GAPS, min_size=len(NAMES), max_size=len(NAMES))


class Cloth(NamedTuple):
    """An output with marks: what stands before each of them, what each wants and of which file, and the end."""

    parts: list[tuple[str, str, int]]
    end: str
    most: int = 1000
    """Bytes that are kept at once."""

    def woven(self, texts: list[str]) -> Woven:
        pieces = [piece for gap, want, number in self.parts for piece in (gap, mark(want, number))]
        with mock.patch.object(weaving, "_PART", self.most):
            return weave([*pieces, self.end], lambda want, number: (worn(want, texts[number]), NAMES[number]))


def worn(want: str, text: str) -> str:
    """The form that a text takes here."""
    return f"{want[0]}{text}" if want != "text" else text


@st.composite
def cloths(draw: st.DrawFn, *, digest: bool = False) -> Cloth:
    part = st.tuples(GAPS, st.sampled_from(WANTS), st.integers(0, len(NAMES) - 1))
    parts = draw(st.lists(part, min_size=1, max_size=8))
    if digest:
        parts.insert(draw(st.integers(0, len(parts))), (draw(GAPS), DIGEST, 0))
    return Cloth(parts, draw(GAPS), draw(st.sampled_from([1, 20, 1000])))


def digest_of(woven: Woven) -> str:
    """What an output tells as the digest of itself, found by its seams."""
    data, at = woven.read(), 0
    for seam in woven.seams.split("\t")[:-1]:
        gap, length, want, _ = seam.split(" ")
        if want == DIGEST:
            return data[at + int(gap) :][: int(length)].decode()
        at += int(gap) + int(length)
    raise AssertionError("no digest")


@given(cloths(), TEXTS)
def test_each_text_stands_in_its_place_and_the_seams_tell_where_in_bytes(
    cloth: Cloth, texts: list[str]
) -> None:
    woven = cloth.woven(texts)
    assert (
        woven.read().decode()
        == "".join(gap + worn(want, texts[n]) for gap, want, n in cloth.parts) + cloth.end
    )
    data, at = woven.read(), 0
    seams = woven.seams.split("\t")
    assert seams.pop() == ""
    for seam, (gap, want, number) in zip(seams, cloth.parts, strict=True):
        skipped, length, wanted, name = seam.split(" ")
        assert (wanted, name) == (want, NAMES[number])
        assert data[at : at + int(skipped)] == gap.encode()
        at += int(skipped)
        assert data[at : at + int(length)] == worn(want, texts[number]).encode()
        at += int(length)
    assert data[at:] == cloth.end.encode()


def rewoven(data: bytes, seams: bytes, texts: dict[str, str]) -> tuple[bytes, bytes]:
    """The output and its seams with other texts of these files."""

    def read(start: int, end: int) -> bytes:
        return data[start:end]

    patches, seams = reweave(read, seams, {name: partial(worn, text=text) for name, text in texts.items()})
    return b"".join(patched(read, len(data), patches)), seams


@given(st.booleans().flatmap(lambda digest: cloths(digest=digest)), TEXTS, TEXTS, st.permutations(NAMES))
@settings(max_examples=100)
def test_a_new_text_in_a_made_output_makes_what_would_be_made_of_it(
    cloth: Cloth, before: list[str], after: list[str], order: list[str]
) -> None:
    """In several places, and of several files one after another: byte for byte, with the same seams."""
    woven, texts = cloth.woven(before), before
    data, seams = woven.read(), woven.seams.encode()
    at_once = rewoven(data, seams, dict(zip(NAMES, after, strict=True)))
    for name in order:
        number = NAMES.index(name)
        texts = [*texts[:number], after[number], *texts[number + 1 :]]
        data, seams = rewoven(data, seams, {name: after[number]})
        expected = cloth.woven(texts)
        assert data == expected.read()
        assert seams == expected.seams.encode()
    assert at_once == (data, seams)


@given(cloths(), TEXTS)
def test_what_has_no_place_in_an_output_leaves_it_as_it_is(cloth: Cloth, texts: list[str]) -> None:
    woven = cloth.woven(texts)
    data, seams = woven.read(), woven.seams.encode()
    for stranger in ("talks/a.md", "a.md", "content/talks/a.m", "content/talks/c.md", "-"):
        assert rewoven(data, seams, {stranger: "other"}) == (data, seams)


def test_an_output_without_marks_is_as_it_was_and_has_no_seams() -> None:
    assert weave(["wo", "rds"], lambda *_: ("", "")) == Woven([bytearray(b"words")])


@given(cloths(digest=True), TEXTS, TEXTS, st.lists(GAPS, max_size=3))
def test_what_waits_for_formulas_stands_in_an_output_with_one_as_if_it_had_been_written_at_once(
    cloth: Cloth, texts: list[str], formulas: list[str], waiting: list[str]
) -> None:
    """Wherever the formula is, in a text or between them, or nowhere."""
    texts = [text + "<math>" * (formula > "a") for text, formula in zip(texts, formulas, strict=True)]

    def after(put: Callable[[str], str]) -> Woven:
        """The same with the waiting ones put behind the first gaps."""
        more = [*map(put, waiting), *[""] * len(cloth.parts)]
        parts = [(gap + each, *rest) for (gap, *rest), each in zip(cloth.parts, more, strict=False)]
        return cloth._replace(parts=parts).woven(texts)

    has_maths = b"<math" in after(lambda _: "").read()
    late, at_once = after(where_maths), after(lambda part: part if has_maths else "")
    assert (late.read(), late.seams) == (at_once.read(), at_once.seams)


def test_an_output_splits_at_its_marks() -> None:
    output = f"a{mark('html', 12)}b{mark('text', 3)}{mark('html')}"
    assert MARKED.split(output) == ["a", mark("html", 12), "b", mark("text", 3), "", mark("html"), ""]


@given(cloths(digest=True), TEXTS, TEXTS)
def test_a_digest_is_the_same_for_the_same_content_and_another_one_after_a_change(
    cloth: Cloth, texts: list[str], others: list[str]
) -> None:
    one, again, other = cloth.woven(texts), cloth.woven([*texts]), cloth.woven(others)
    assert digest_of(one) == digest_of(again)
    assert re.fullmatch("[0-9a-f]{8}", digest_of(one))
    without = [woven.read().decode().replace(digest_of(woven), "") for woven in (one, other)]
    if without[0] != without[1]:
        assert digest_of(one) != digest_of(other)
    changed = cloth._replace(end=f"{cloth.end}!")
    assert digest_of(changed.woven(texts)) != digest_of(one)


def test_a_digest_is_another_one_after_two_texts_have_changed_places() -> None:
    """Two abstracts, each pasted under the other's title, are put right."""
    cloth = Cloth([("version ", DIGEST, 0), (", first: ", "text", 0), (", second: ", "text", 1)], ".")
    wrong, right = (cloth.woven([*texts, "", ""]) for texts in (["one", "two"], ["two", "one"]))
    assert digest_of(wrong) != digest_of(right)


# ── the forms of a body, read back by programs that are not ours ──

MARKDOWN = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"]) | st.sampled_from("\\*_$<>&\"';,:-  \n\n"),
    min_size=1,
    max_size=300,
)


def hard_to_write(test: Callable[[str], None]) -> Callable[[], None]:
    """Try a test with texts of people, and with what is hard to write."""
    for text in (
        "It's *here*: <b> & \"there\" 'too'; a\\\\b, `c`",
        "$x<y$ and $$\\alpha & \\beta$$",
        "- one\n- two\n\n> three\n\n1. four",
        "</script><!-- ]]> -->",
        "自" * 100 + "🙂",
        "x" * 74 + "é" * 40,
        "&amp; &lt; &#39; &#13; line",
        "a line\\\nand another  \nthird",
        "\u2028 and \u2029 and \u00a0 and \u00ad and \ufeff.",
    ):
        test = example(text)(test)
    return settings(max_examples=40, deadline=None)(given(MARKDOWN)(test))


@hard_to_write
def test_json_gives_the_words_back_in_a_file_and_in_a_page(markdown: str) -> None:
    words = bodies.text(markdown)
    assert json.loads(f'"{bodies.form("api/workshop.json", "text", markdown)}"') == words
    in_page = bodies.form("talks/a.html", "text", markdown)
    assert json.loads(f'"{in_page}"') == words
    assert set("<>&'") & {*in_page} == set(), "nothing in it can end the script"


@hard_to_write
def test_xml_gives_the_words_back(markdown: str) -> None:
    element = ElementTree.fromstring(f"<a>{bodies.form('schedule.xml', 'text', markdown)}</a>")
    assert len(element) == 0
    assert (element.text or "") == bodies.text(markdown).replace("\r", "\n"), "as XML reads the end of a line"


@hard_to_write
def test_html_gives_the_summary_back(markdown: str) -> None:
    written = bodies.form("talks/a.html", "summary", markdown)
    assert html.unescape(written) == bodies.summary(markdown)
    assert set("<>\"'") & {*written} == set(), "nothing in it can end the attribute"
    assert "\n" not in written


@hard_to_write
def test_html_of_a_body_is_that_of_its_markdown(markdown: str) -> None:
    if bodies.is_loose(markdown):
        assert bodies.form("a.html", "html", markdown) == markup.parse(markdown).html(str)
        for level, prefix in ((3, ""), (4, "rank-")):
            assert markup.parse(markdown, level=level, prefix=prefix).html(str) == bodies.form(
                "a.html", "html", markdown
            )


@hard_to_write
def test_a_calendar_gives_the_words_back(markdown: str) -> None:
    """Between words that stand before and after it in the same content line."""
    words = bodies.text(markdown)
    pieces = [
        folded("DESCRIPTION:Ada Lovelace\\n\\n"),
        bodies.form("a.ics", "text", markdown),
        folded("\\n\\nhttps://example.org", begins=False),
    ]
    written = FOLD.join(piece for piece in pieces if piece)
    assert all(len(line.encode()) <= 75 for line in written.split("\r\n"))
    whole = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:x\r\n{written}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    (part,) = icalendar.Calendar.from_ical(whole).events
    kept = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", words)
    assert str(part["DESCRIPTION"]) == f"Ada Lovelace\n\n{kept}\n\nhttps://example.org"


def test_a_character_that_xml_does_not_know_leaves_the_programme_well_formed() -> None:
    """HTML knows a form feed, and Markdown lets one be written as an entity."""
    for character in (
        "&#12;",
        "&#x1;",
        "&#xfffe;",
        "&#xfdd1;html 0&#xfdd2;",
        "&#x91;html 0&#x92;",
        "&#xd800;",
    ):
        site = site_of({**FILES, "talks/winter.md": f"---\ntitle: W\n---\nA {character} B.\n"})
        ElementTree.fromstring(site["schedule.xml"])


@pytest.mark.parametrize("word", ["word ", "自然", "𝛼𝛽"])
def test_a_summary_is_so_many_words_or_where_there_are_no_spaces_characters(word: str) -> None:
    """Of a language without spaces, too, a description says something."""
    assert bodies.summary("Short.\n\nTwo.") == "Short. Two."
    long = bodies.summary(word * 200)
    assert long.endswith("...")
    assert 150 < len(long) <= 205
    assert long.removesuffix("...").strip() in word * 200


# ── whole sites ──

_VERSION = re.compile(r"(?<=[ >\"])(final|tentative|draft) [0-9a-f]{8}")


def in_one(path: str, output: str) -> str:
    """An output without the version that is told, with one way to write quotes and content lines."""
    unfolded = output.replace(FOLD, "") if path.endswith(".ics") else output
    if path.endswith(".html"):
        unfolded = unfolded.replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
    return _VERSION.sub("", unfolded)


def seams_of(files: dict[str, str]) -> list[str]:
    """The seams of all outputs of a site that have some."""
    site, _ = compile_site(project.from_texts({f"content/{name}": text for name, text in files.items()}))
    woven = [output for output in map(site.woven, site) if isinstance(output, Woven)]
    return [output.seams for output in woven if output.seams]


def test_a_site_is_the_same_as_one_whose_texts_were_never_put_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """But for where content lines are folded, and for the digests."""
    files = {
        **FILES,
        "talks/winter.md": '---\ntitle: 冬の時間\nspeakers: [eve]\n---\nIt\'s *here* & $x<y$, "there".\n\n- 冬\n- `</script>`\n\n> End; of, a\\\\b\n',
        "speakers/bob.md": f"---\nname: Böb de la Tour\n---\n{'He wrote $n^2$ of them. ' * 30}\n",
        "papers/q.md": "---\ntitle: A paper\nauthors: [Bo]\n---\nOn $x_1$ & **more**.\n",
    }
    last, woven = site_of(files), seams_of(files)
    monkeypatch.setattr(story, "is_loose", lambda _: False)
    first = site_of(files)
    assert not any("content" in seams for seams in seams_of(files))
    assert len(woven) > 10
    assert last.keys() == first.keys()
    assert [path for path in last if in_one(path, last[path]) != in_one(path, first[path])] == []


def test_no_output_of_a_site_holds_a_mark() -> None:
    assert [path for path, text in site_of(FILES).items() if re.search("[\x90-\x9f]", text)] == []
