"""The graphs for search engines, held against schema.org's own vocabulary and read by a JSON-LD processor."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from conftest import Build
from full import FILES, SCHEMAS, full_site, site_of
from pages import read
from pyld import jsonld

Node = dict[str, Any]

needs_vocabulary = pytest.mark.skipif(
    not (SCHEMAS / "schemaorg").is_dir(),
    reason="schema.org's vocabulary stands beside the repository, not in it",
)


def graph(page: str) -> list[Node]:
    """The nodes of the only graph on a page."""
    script = read(page).one("script", type="application/ld+json")
    return json.loads("".join(child for child in script.children if isinstance(child, str)))["@graph"]


def of_type(path: str, kind: str) -> Node:
    (found,) = [node for node in graph(full_site()[path]) if node["@type"] == kind]
    return found


@cache
def vocabulary() -> dict[str, Node]:
    path = SCHEMAS / "schemaorg" / "schemaorg-current-https-30.0.jsonld"
    return {term["@id"]: term for term in json.loads(path.read_text(encoding="utf-8"))["@graph"]}


def ids(term: Node, key: str) -> list[str]:
    found = term.get(key, [])
    return [each["@id"] for each in (found if isinstance(found, list) else [found])]


def with_ancestors(kind: str) -> set[str]:
    return {kind}.union(*map(with_ancestors, ids(vocabulary()[kind], "rdfs:subClassOf")))


def mistakes(node: Node) -> list[str]:
    """Every property that its type does not have, and every value of a type that the property does not take."""
    kind = f"schema:{node['@type']}"
    found = []
    for name, value in node.items():
        if name.startswith("@"):
            continue
        term = vocabulary().get(f"schema:{name}", {})
        if not with_ancestors(kind) & set(ids(term, "schema:domainIncludes")):
            found.append(f"{kind} has no {name}")
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                if not with_ancestors(f"schema:{each['@type']}") & set(ids(term, "schema:rangeIncludes")):
                    found.append(f"{name} is no {each['@type']}")
                found += mistakes(each)
            elif isinstance(each, str) and each.startswith("https://schema.org/"):
                assert each.replace("https://schema.org/", "schema:") in vocabulary()
    return found


WITH_GRAPH = [path for path, page in full_site().items() if "application/ld+json" in page]


@needs_vocabulary
@pytest.mark.parametrize("path", WITH_GRAPH)
def test_every_property_belongs_to_its_type(path: str) -> None:
    assert [problem for node in graph(full_site()[path]) for problem in mistakes(node)] == []


@needs_vocabulary
def test_a_processor_makes_triples_of_all_of_it() -> None:
    context = json.loads((SCHEMAS / "schemaorg" / "schemaorgcontext-30.0.jsonld").read_text(encoding="utf-8"))

    def load(url: str, _: object) -> Node:
        assert url.startswith("https://schema.org")
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": url,
            "document": context,
        }

    for path in WITH_GRAPH:
        whole = {"@context": "https://schema.org", "@graph": graph(full_site()[path])}
        triples = jsonld.to_rdf(whole, {"documentLoader": load})["@default"]
        subjects = {triple["subject"]["value"] for triple in triples}
        assert all(node["@id"] in subjects for node in graph(full_site()[path]) if "@id" in node)
        assert all(
            "schema.org" in t["predicate"]["value"] or "#type" in t["predicate"]["value"] for t in triples
        )


def test_the_edition_has_what_google_asks_for() -> None:
    event = of_type("index.html", "Event")
    assert (event["name"], event["startDate"], event["endDate"]) == (
        "Days of tensors; and more, too",
        "2024-10-26",
        "2024-10-27",
    )
    assert event["eventStatus"] == "https://schema.org/EventScheduled"
    assert event["eventAttendanceMode"] == "https://schema.org/OfflineEventAttendanceMode"
    assert event["location"]["address"]["addressLocality"] == "Nancy"
    assert event["location"]["geo"]["latitude"] == 48.69743
    assert event["offers"]["price"] == "0"
    assert [each["name"] for each in event["organizer"]] == ["Ada Lovelace", "Grace Hopper", "SiMul"]
    assert event["alternateName"] == "The first days of n-way arrays"


def test_the_schedule_has_every_talk_as_a_part() -> None:
    parts = of_type("schedule.html", "Event")["subEvent"]
    assert [part["name"][:9] for part in parts] == ["On engine", "Talk by B", "Très long", "冬の時間"]
    assert parts[0]["location"]["name"] == "Amphi"
    assert parts[0]["location"]["containedInPlace"]["name"] == "The Hall"


def test_a_talk_is_a_part_of_the_edition_and_shows_its_files() -> None:
    talk = of_type("talks/engines.html", "Event")
    assert talk["superEvent"]["@id"] == of_type("index.html", "Event")["@id"]
    assert [each["@type"] for each in talk["workFeatured"]] == [
        "PresentationDigitalDocument",
        "ScholarlyArticle",
    ]
    assert talk["workFeatured"][0]["url"] == "https://example.org/days-24/files/e.pdf"
    crumbs = of_type("talks/engines.html", "BreadcrumbList")["itemListElement"]
    assert [crumb["name"][:5] for crumb in crumbs] == ["Days ", "Talks", "On en"]


def test_a_speaker_is_a_person_everywhere_the_same() -> None:
    person = of_type("speakers/ada.html", "Person")
    assert "https://orcid.org/0000-0002-1825-0097" in person["sameAs"]
    assert person["description"] == "She wrote."
    performers = of_type("talks/engines.html", "Event")["performer"]
    assert person["@id"] in [each.get("@id") for each in performers]


def test_text_that_would_end_the_script_is_harmless() -> None:
    files = {**FILES, "talks/winter.md": "---\ntitle: '`</script><b>` & x'\nspeakers: [eve]\n---\n"}
    page = site_of(files)["talks/winter.html"]
    assert page.count("</script>") == 2  # this one, and the site's module
    assert next(node for node in graph(page) if node["@type"] == "Event")["name"] == "</script><b> & x"


def test_nothing_is_claimed_of_a_workshop_without_days(build: Build) -> None:
    assert "ld+json" not in build()["index.html"]
    assert "ld+json" not in build({"talks/a.md": "---\ntitle: A\n---\n"})["talks/a.html"]
