"""The whole site, built from small contents and read back."""

from __future__ import annotations

from pathlib import Path

import pytest
from compiling import site_and_problems
from conftest import Build
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import broken_links, links, read

from lorainne.content import project

ROOT = Path(__file__).parent.parent
SPEAKER = "---\nname: Ada Lovelace\naffiliation: London\n---\n"

PARALLEL = {
    "speakers/ada.md": SPEAKER,
    "talks/a.md": "---\ntitle: On *engines* and $O(n\\log n)$\nspeakers: [ada]\nkind: keynote\n---\nText.\n",
    "talks/b.md": "---\nspeakers: [Bob]\nslides: b.pdf\n---\n",
    "talks/c.md": "---\ntitle: Third\n---\n",
    "files/b.pdf": "%PDF",
    "schedule.yaml": """
status: final
days:
  - date: Tue 2024-11-26
    title: First
    rooms: [Amphi, Salle 206]
    slots:
      - {time: 09:00-10:00, room: Amphi, talk: a}
      - {time: 09:00-10:30, room: Salle 206, session: Numbers, chair: ada-chairs, talks: [{talk: b, minutes: 45}, c]}
      - {time: 10:30-11:00, break: Coffee}
      - {time: 19:30, title: Dinner, note: "At the *quay*"}
""".replace("ada-chairs", "Grace Hopper"),
}


def test_a_name_alone_makes_a_valid_site_without_empty_sections(build: Build) -> None:
    site = build()
    assert {path for path in site if path.endswith(".html")} == {"index.html", "404.html"}
    home = read(site["index.html"])
    assert [h.text for h in home.all("h1")] == ["A workshop"]
    assert home.all("h2") == []
    assert home.all("nav") == []


def test_speakers_without_a_schedule_are_shown_and_nothing_else_is(build: Build) -> None:
    site = build({"speakers/ada.md": SPEAKER})
    assert [h.text for h in read(site["index.html"]).all("h2")] == ["Speakers"]
    assert "schedule.html" not in site
    assert "talks.html" not in site


def test_a_talk_without_title_abstract_or_speaker_reads_well(build: Build) -> None:
    site = build({"talks/a.md": "---\n---\n", "talks/b.md": "---\nspeakers: [Ada]\n---\n"})
    assert read(site["talks/a.html"]).one("h1").text == "Title to be announced"
    assert read(site["talks/b.html"]).one("h1").text == "Talk by Ada"
    assert read(site["talks/b.html"]).all("h2") == []
    assert "None" not in read(site["index.html"]).text


def test_what_is_tba_is_left_out(build: Build) -> None:
    site = build(
        {
            "talks/a.md": "---\ntitle: TBA\nspeakers: [Ada]\nslides: tba\n---\nTBA\n",
            "schedule.yaml": "days: tba\n",
        }
    )
    page = read(site["talks/a.html"])
    assert page.one("h1").text == "Talk by Ada"
    assert page.all("ul", class_="materials") == []


def test_parallel_rooms_and_nested_sessions_have_their_exact_times(build: Build) -> None:
    day = read(build(PARALLEL)["schedule.html"])
    times = {
        e.attributes["id"]: e.all("time")[0].attributes["datetime"]
        for e in day.all()
        if "slot-" in e.attributes.get("id", "")
    }
    assert times == {
        "slot-a": "2024-11-26T09:00:00+01:00",
        "slot-b": "2024-11-26T09:00:00+01:00",
        "slot-c": "2024-11-26T09:45:00+01:00",
    }
    assert "Europe/Paris (UTC+01:00)" in day.text
    assert "Chair: Grace Hopper" in day.text


def test_a_slot_with_an_open_end_shows_its_start_only(build: Build) -> None:
    day = read(build(PARALLEL)["schedule.html"])
    dinner = next(e for e in day.all("li", class_="slot") if "Dinner" in e.text)
    assert [t.text for t in dinner.all("time")] == ["19:30"]


def test_a_talk_leads_to_its_speaker_its_slot_and_its_neighbours(build: Build) -> None:
    site = build(PARALLEL)
    found = links(read(site["talks/b.html"]))
    assert "../schedule.html#slot-b" in found
    assert "../talks/c.html" in found
    assert "../files/b.pdf" in found
    assert "../speakers/ada.html" in links(read(site["talks/a.html"]))
    assert "../talks/a.html" in links(read(site["speakers/ada.html"]))


def test_a_talk_says_in_which_session_it_is_and_a_chair_what_is_chaired(build: Build) -> None:
    site = build(PARALLEL)
    assert [e.text for e in read(site["talks/c.html"]).all("p", class_="when")][1:] == ["Session: Numbers"]
    assert "Session" not in read(site["talks/a.html"]).one("header", class_="section").text
    slot = "days: [{date: 2024-11-26, slots: [{time: 09:00-10:00, talk: a, chair: ada}]}]\n"
    page = read(build({**PARALLEL, "schedule.yaml": slot})["speakers/ada.html"])
    (chaired,) = (part for part in page.all("section") if part.attributes.get("aria-labelledby") == "chair")
    assert chaired.one("h2").text == "Chair"
    assert links(chaired)[0] == "../talks/a.html"


def test_every_page_is_described_where_it_is_found_or_shared(build: Build) -> None:
    """A page that tells nothing of itself says what the workshop is, when and where; with a name alone nothing."""

    def described(**workshop: str) -> set[str]:
        site = build(PARALLEL, **workshop)
        pages = [
            read(site[path]).all("meta", name="description") for path in ("schedule.html", "talks/b.html")
        ]
        return {page[0].attributes["content"] if page else "" for page in pages}

    place = "{name: The Hall, city: Nancy}"
    assert described() == {""}
    assert described(venue=place) == {"A workshop, Nancy"}
    known = {"title": "On *n* tensors & more", "dates": "2024-11-26", "venue": place}
    assert described(**known) == {"On n tensors & more, Tuesday 26 November 2024, Nancy"}
    assert described(description="About engines", **known) == {"About engines"}


def test_every_link_and_anchor_of_the_site_leads_somewhere(build: Build) -> None:
    assert broken_links(build(PARALLEL), {*project.from_texts({}).theme, "files/b.pdf"}) == []


def test_every_link_and_anchor_of_lorainne_24_leads_somewhere() -> None:
    found, _ = project.read(ROOT)
    site, problems = site_and_problems(found)
    assert problems == []
    pages = {path: text for path, text in site.items() if isinstance(text, str)}
    assert broken_links(pages, set(site) - set(pages)) == []


def test_all_links_between_pages_are_relative(build: Build) -> None:
    site = build(PARALLEL, url="https://example.org/w/")
    for path, page in site.items():
        if path != "404.html" and path.endswith(".html"):
            local = [a for a in links(read(page)) if "://" not in a and not a.startswith(("mailto:", "#"))]
            assert not [a for a in local if a.startswith("/")]


def test_the_page_for_what_is_not_found_works_at_any_depth(build: Build) -> None:
    found = links(read(build(url="https://example.org/w/")["404.html"]))
    assert all(a.startswith(("/w/", "#")) for a in found)


LINKED = "On [ranks](https://example.org/ranks) of <https://example.org/tensors>"


def test_a_link_in_a_title_is_only_its_words_where_the_title_is_a_link_itself(build: Build) -> None:
    """HTML has no link inside a link; in a heading of its own the title keeps its links."""
    site = build(
        {
            "speakers/ada.md": SPEAKER,
            "talks/a.md": f'---\ntitle: "{LINKED}"\nspeakers: [ada]\nlinks: [{{label: "{LINKED}", url: https://example.org/}}]\n---\n',
            "talks/b.md": f'---\ntitle: "More {LINKED}"\nspeakers: [Bob]\n---\n',
            "posters/p.md": f'---\ntitle: "{LINKED}"\npresenter: ada\n---\n',
            "news/2024-01-01-n.md": f'---\ntitle: "{LINKED}"\n---\n',
            "papers/r.md": f'---\ntitle: "{LINKED}"\nurl: https://example.org/\n---\n',
            "pages/p.md": f'---\ntitle: "{LINKED}"\nnavigation: yes\n---\n',
            "schedule.yaml": "days: [{date: 2024-11-26, rooms: [A, B], slots: [{time: 9:00-10:00, room: A, talk: a}, {time: 9:00-10:00, room: B, talk: b}]}]\n",
        },
        deadlines=f'[{{name: "{LINKED}", date: 2024-10-01, url: https://example.org/}}]',
        editions=f'[{{name: "{LINKED}", url: https://example.org/}}]',
        registration=f'{{url: https://example.org/, label: "{LINKED}"}}',
        venue=f'{{name: V, map: https://example.org/, map_label: "{LINKED}"}}',
    )
    for path, page in site.items():
        if path.endswith(".html"):
            tree = read(page)
            assert [(path, inner.text) for outer in tree.all("a") for inner in outer.all("a")] == []
    assert len(read(site["talks/a.html"]).one("h1").all("a")) == 2
    assert "On ranks of https://example.org/tensors" in {e.text for e in read(site["schedule.html"]).all("a")}


def test_maths_is_mathml_in_pages_and_readable_in_the_title_of_the_window(build: Build) -> None:
    page = read(build(PARALLEL)["talks/a.html"])
    assert page.one("title").text == "On engines and O(n log n) · A workshop"
    assert len(page.one("h1").all("math")) == 1


def test_authors_keep_their_order_and_the_presenter_is_marked(build: Build) -> None:
    site = build(
        {
            "speakers/ada.md": SPEAKER,
            "talks/a.md": "---\nspeakers: [ada]\nauthors: [Charles Babbage, ada]\n---\n",
        }
    )
    people = read(site["talks/a.html"]).one("ul", class_="people").all("li")
    assert [li.text for li in people] == ["Charles Babbage", "Ada Lovelace (London) presenter"]


@pytest.mark.parametrize(
    "name", ["李明", "محمد بن موسى الخوارزمي", "Ada 🧮 Lovelace", "Nguyễn Thị Ánh", "O'Neil & <b>"]
)
def test_names_of_every_script_arrive_as_they_were_written(build: Build, name: str) -> None:
    site = build(
        {
            "speakers/someone.md": f'---\nname: "{name}"\n---\n',
            "talks/a.md": "---\nspeakers: [someone]\n---\n",
        }
    )
    assert read(site["speakers/someone.html"]).one("h1").text == name
    assert name in read(site["index.html"]).text


def test_several_speakers_of_one_talk_and_several_talks_of_one_speaker(build: Build) -> None:
    site = build(
        {
            "speakers/ada.md": SPEAKER,
            "speakers/bob.md": "---\nname: Bob\n---\n",
            "talks/a.md": "---\ntitle: One\nspeakers: [ada, bob]\n---\n",
            "talks/b.md": "---\ntitle: Two\nspeakers: ada\n---\n",
        }
    )
    assert [li.text for li in read(site["talks/a.html"]).one("ul", class_="people").all("li")] == [
        "Ada Lovelace (London)",
        "Bob",
    ]
    assert {"../talks/a.html", "../talks/b.html"} <= set(links(read(site["speakers/ada.html"])))


EVERYTHING = """
title: Engines
description: A workshop about engines
language: en
dates: 2024-11-26 to 2024-11-27
copyright: 2024 the organisers
venue: {name: The Hall, street: 1 Quay, postcode: "54000", city: Nancy, country: France, note: Ring, rooms: [{name: Amphi, note: upstairs, capacity: 80}], homepage: https://example.org/hall}
registration: {url: https://example.org/form, fee: 100 EUR, capacity: 80, note: Bring a badge, status: open}
deadlines: [{name: Abstracts, date: 2024-10-01 23:59 AoE, was: [2024-09-01], url: https://example.org/submit}]
contact: {email: hello@example.org, note: "Write to us:"}
committees:
  - {name: Programme committee, members: [ada, {name: Grace Hopper, role: chair, affiliation: Yale, email: grace@example.org}]}
  - {name: Support, members: [Nathalie], groups: [SiMul]}
funding: [{funder: ANR, project: LeaFleT, grant: ANR-19, url: https://example.org/anr, logo: anr.svg}]
sponsors: [{name: Acme, url: https://example.org/acme, level: Gold, logo: acme.svg}, {name: Bolt, level: Silver}]
editions: [{name: "2023", url: https://example.org/2023}]
theme: {accent: "#1b4d8f", logo: logo.svg}
"""


def test_every_field_of_the_workshop_is_rendered(build: Build) -> None:
    files = {
        "workshop.yaml": "name: A workshop\ntimezone: Europe/Paris\n" + EVERYTHING,
        "speakers/ada.md": "---\nname: Ada Lovelace\nphoto: ada.svg\norcid: 0000-0002-1825-0097\npronouns: she/her\n"
        "email: ada@example.org\nhomepage: https://example.org/ada\nlinks: [{label: Code, url: https://example.org/c}]\n"
        "---\nShe wrote.\n",
        "talks/a.md": "---\ntitle: T\nspeakers: [ada]\nkeywords: [rank, $n$]\nlanguage: fr\nvideo: https://example.org/v\n"
        "paper: https://example.org/p\ncode: https://example.org/g\ndoi: 10.1000/182\n---\n",
        "posters/p.md": "---\ntitle: P\npresenter: Bob\nboard: P7\npdf: https://example.org/pdf\n---\n",
        "news/2024-09-01-open.md": "---\ntitle: Registration is open\n---\nCome [along](page:venue)!\n",
        "pages/venue.md": "---\ntitle: The venue\norder: 2\n---\n## By train\n",
        "pages/hidden.md": "---\ntitle: Hidden\nnavigation: no\n---\n",
        **dict.fromkeys(
            ("files/anr.svg", "files/acme.svg", "files/logo.svg", "files/ada.svg"),
            '<svg xmlns="http://www.w3.org/2000/svg"/>',
        ),
    }
    site = build(files)
    home = read(site["index.html"])
    for words in (
        "A workshop: Engines 1 Quay 54000 Nancy Ring Amphi upstairs 80 Registration fee: 100 EUR Bring a badge Abstracts "
        "1 September 1 October 23:59 AoE hello@example.org Programme committee Grace Hopper chair Yale Support Nathalie "
        "SiMul ANR LeaFleT ANR-19 Gold Silver Bolt 2023 © 2024 the organisers"
    ).split():
        assert words in home.text
    found = links(home)
    for address in ("hall", "form", "submit", "anr", "acme", "2023"):
        assert f"https://example.org/{address}" in found
    assert {"mailto:hello@example.org", "mailto:grace@example.org", "files/anr.svg", "files/acme.svg"} <= set(
        found
    )
    person = read(site["speakers/ada.html"])
    assert {"https://orcid.org/0000-0002-1825-0097", "mailto:ada@example.org", "../files/ada.svg"} <= set(
        links(person)
    )
    assert "she/her" in person.text
    talk = read(site["talks/a.html"])
    assert "https://doi.org/10.1000/182" in links(talk)
    assert "Recording Paper Code" in talk.text
    assert "P7" in read(site["posters/p.html"]).text
    assert "../venue.html" in links(read(site["news/2024-09-01-open.html"]))
    navigation = [a.text for a in home.all("nav")[0].all("a")]
    assert navigation == ["Talks", "Speakers", "Posters", "News", "The venue"]
    assert "#1b4d8f" in site["static/accent.css"]


def test_an_own_template_and_an_own_static_file_replace_the_themes_one_by_one() -> None:
    files = {
        "content/workshop.yaml": "name: A workshop\n",
        "templates/404.html": '{% extends "base.html" %}{% block main %}<h1>Lost?</h1>{% endblock %}',
        "static/style.css": "body { color: teal }",
    }
    site, problems = site_and_problems(project.from_texts(files))
    assert problems == []
    lost = site["404.html"]
    assert isinstance(lost, str)
    assert read(lost).one("h1").text == "Lost?"
    assert site["static/style.css"] == b"body { color: teal }"


def test_the_same_content_gives_the_same_bytes_in_any_order_of_files() -> None:
    texts = {f"content/{name}": text for name, text in PARALLEL.items()}
    texts["content/workshop.yaml"] = "name: A workshop\ntimezone: Europe/Paris\n"
    one, _ = site_and_problems(project.from_texts(texts))
    other, _ = site_and_problems(project.from_texts(dict(reversed(texts.items()))))
    assert list(one) == list(other)
    assert {k: v for k, v in one.items() if isinstance(v, str)} == {
        k: v for k, v in other.items() if isinstance(v, str)
    }


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            ["content/workshop.yaml", "content/schedule.yaml", "content/talks/a.md", "content/about.md"]
        ),
        st.binary(max_size=200),
    )
)
def test_any_bytes_in_content_end_in_diagnostics_or_a_site(files: dict[str, bytes]) -> None:
    site, problems = site_and_problems(project.from_texts({"content/workshop.yaml": "name: W\n", **files}))
    assert bool(site) != any(p.severity == "error" for p in problems)
