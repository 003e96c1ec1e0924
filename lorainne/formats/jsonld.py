"""What search engines read: schema.org's terms as JSON-LD, one graph for each page.

An edition and a talk are both an `Event` there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, lru_cache, partial
from typing import Any
from urllib.parse import urlsplit

from lorainne.bodies import in_script, text
from lorainne.formats.pieces import dumped
from lorainne.formats.story import (
    Story,
    TimedSlot,
    Work,
    file_address,
    full_address,
    line,
    page_of,
    words_of,
)
from lorainne.model import Group, Poster, Speaker, Sponsor, Talk, Venue
from lorainne.plan import HOME, Route
from lorainne.programme import Credit, credit

Node = dict[str, Any]

_OWN = {"type_": "@type", "id_": "@id"}
"""JSON-LD's own properties, as they are written here."""


_EACH_EVENT = 4
"""So deep in the graph are the events of a schedule, which may be thousands."""


def script(story: Story, route: Route) -> Iterator[str] | None:
    """What a page tells to programs, if it tells anything: the pieces of a script's text."""
    known = _graph(story, route)
    return map(in_script, dumped(known, 0 if route.subject else _EACH_EVENT)) if known else None


def _graph(story: Story, route: Route) -> Node | None:
    """What a page tells, as a tree that can be dumped once."""
    subject, nodes = route.subject, [_breadcrumbs(story, route)]
    if route.path == HOME:
        nodes = [_edition(story)]
    elif route.path == "schedule.html":
        slots = [slot for slot in story.slots if slot.work]
        nodes.append(_edition(story) | _node(subEvent=slots and map(partial(_event, story), slots)))
    elif isinstance(subject, Talk) and subject.id in story.slot_of:
        nodes.append(_talk(story, story.slot_of[subject.id]))
    elif isinstance(subject, Poster):
        nodes.append(_poster(story, subject))
    elif isinstance(subject, Speaker):
        nodes.append(_speaker(story, subject))
    found = [node for node in nodes if node]
    return {"@context": "https://schema.org", "@graph": found} if found else None


def _node(**fields: Any) -> Node:
    """The properties that are known."""
    return {_OWN.get(name, name): value for name, value in fields.items() if value or value == 0}


def _edition(story: Story) -> Node:
    """The workshop as a whole; nothing until its days are known."""
    workshop, known = story.workshop, _dated(story)
    if not known:
        return {}
    registration = workshop.registration
    committee = workshop.committees[:1]
    people = [credit(ref, story.programme.speaker) for each in committee for ref in each.members]
    groups = [group for each in committee for group in each.groups]
    talks = [work for work in story.works.values() if isinstance(work.record, Talk)]
    performers = {who.name: who for work in talks for who in work.people}
    picture = (workshop.theme.hero or workshop.theme.logo) if workshop.theme else None
    return known | _node(
        alternateName=line(workshop.title),
        description=line(workshop.description) or text(workshop.about.body if workshop.about else None),
        inLanguage=story.words.language,
        image=file_address(story, picture) if picture else "",
        organizer=[*(_person(story, who) for who in people), *map(_organisation, groups)],
        performer=performers and map(partial(_person, story), performers.values()),
        funder=[_node(type_="Organization", name=each.funder) for each in workshop.funding],
        sponsor=[*map(_organisation, workshop.sponsors)],
        isAccessibleForFree=registration.free if registration else None,
        offers=_offer(story) if registration and registration.free else None,
    )


@lru_cache(maxsize=1)
def _dated(story: Story) -> Node:
    """What every search engine asks for: name, days and place."""
    workshop = story.workshop
    days = [day.date for day in story.programme.days]
    if not workshop.dates and not days:
        return {}
    home = full_address(story, HOME)
    return _node(
        type_="Event",
        id_=_name(home),
        name=workshop.name,
        url=home,
        startDate=f"{workshop.dates.first if workshop.dates else days[0]}",
        endDate=f"{workshop.dates.last if workshop.dates else days[-1]}",
        **_held(story)(None),
    )


def _organisation(group: Group | Sponsor) -> Node:
    return _node(type_="Organization", name=group.name, url=group.url)


def _name(address: str) -> str:
    """What a thing is called on the web, as opposed to the page about it."""
    return f"{address}#this" if address else ""


def _offer(story: Story) -> Node:
    registration = story.workshop.registration
    form = file_address(story, registration.url) if registration and registration.url else ""
    return _node(type_="Offer", price="0", url=form)


@lru_cache(maxsize=1)
def _held(story: Story) -> Callable[[str | None], Node]:
    """What holds for a part of this edition in a room, worked out once for each."""
    return cache(partial(_circumstances, story))


def _circumstances(story: Story, room: str | None) -> Node:
    """What holds for the whole and for each part: it takes place, and where."""
    venue = story.workshop.venue
    if venue is None:
        return {"eventStatus": "https://schema.org/EventScheduled"}
    return {
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": _place(venue, room),
    }


def _place(venue: Venue, room: str | None) -> Node:
    town = _node(
        streetAddress=venue.street,
        postalCode=venue.postcode,
        addressLocality=venue.city,
        addressCountry=venue.country,
    )
    located = venue.latitude is not None and venue.longitude is not None
    building = _node(
        type_="Place",
        name=venue.name,
        address={"@type": "PostalAddress"} | town if town else None,
        geo=_node(type_="GeoCoordinates", latitude=venue.latitude, longitude=venue.longitude)
        if located
        else None,
        url=venue.homepage,
        hasMap=venue.map,
    )
    if not room:
        return building
    inside = _node(type_="Place", name=venue.name)
    return _node(type_="Place", name=room, address=building.get("address"), containedInPlace=inside)


def _event(story: Story, slot: TimedSlot) -> Node:
    """A talk at its time; nothing for other slots."""
    entry, work = slot.entry, slot.work
    if work is None:
        return {}
    here = full_address(story, work.page)
    return _node(
        type_="Event",
        id_=_name(here),
        name=work.title,
        url=here,
        startDate=entry.start.isoformat(),
        endDate=entry.end.isoformat() if entry.end else None,
        **_held(story)(entry.room),
        performer=[_person(story, who) for who in work.people],
        inLanguage=(entry.talk.language if entry.talk else None) or story.words.language,
    )


def _talk(story: Story, slot: TimedSlot) -> Node:
    """A talk on its own page: with its abstract, its files, and what it is a part of."""
    work, talk = slot.work, slot.entry.talk
    if work is None or talk is None:
        return {}
    video = file_address(story, talk.video) if talk.video else ""
    return _event(story, slot) | _node(
        description=work.abstract,
        keywords=", ".join(work.keywords),
        superEvent=_dated(story),
        workFeatured=_materials(story, work, talk),
        recordedIn=_node(type_="VideoObject", name=work.title, url=video) if video else None,
    )


def _materials(story: Story, work: Work, talk: Talk) -> list[Node]:
    doi = f"https://doi.org/{talk.doi}" if talk.doi else ""
    slides = file_address(story, talk.slides) if talk.slides else ""
    paper = file_address(story, talk.paper) if talk.paper else ""
    people = [_person(story, who) for who in work.people]
    shown = _node(type_="PresentationDigitalDocument", name=work.title, author=people, url=slides, sameAs=doi)
    return [
        *([shown] if slides or doi else []),
        *([_node(type_="ScholarlyArticle", url=paper)] if paper else []),
    ]


def _poster(story: Story, poster: Poster) -> Node:
    work = story.works[page_of(poster)]
    here, pdf = full_address(story, work.page), file_address(story, poster.pdf) if poster.pdf else ""
    return _node(
        type_="ScholarlyArticle",
        id_=_name(here),
        name=work.title,
        abstract=work.abstract,
        author=[_person(story, who) for who in work.people],
        keywords=", ".join(work.keywords),
        inLanguage=story.words.language,
        url=here,
        sameAs=f"https://doi.org/{poster.doi}" if poster.doi else "",
        encoding=_node(type_="MediaObject", contentUrl=pdf) if pdf else None,
    )


def _person(story: Story, who: Credit) -> Node:
    page = full_address(story, f"speakers/{who.speaker}.html") if who.speaker else ""
    elsewhere = [who.homepage if page else None, f"https://orcid.org/{who.orcid}" if who.orcid else None]
    return _node(
        type_="Person",
        id_=_name(page),
        name=who.name,
        affiliation=[_node(type_="Organization", name=place) for place in who.affiliation],
        url=page or who.homepage,
        sameAs=[address for address in elsewhere if address],
    )


def _speaker(story: Story, speaker: Speaker) -> Node:
    person = _person(story, credit(speaker.id, story.programme.speaker))
    links = [link.url for link in speaker.links if urlsplit(link.url).scheme]
    talks = story.programme.talks_of.get(speaker.id, ())
    given = [story.slot_of[talk.id] for talk in talks if talk.id in story.slot_of]
    return person | _node(
        description=words_of(story.bodies, speaker),
        image=file_address(story, speaker.photo) if speaker.photo else "",
        email=speaker.email,
        sameAs=person.get("sameAs", []) + links,
        performerIn=[_event(story, slot) for slot in given],
    )


def _breadcrumbs(story: Story, route: Route) -> Node:
    """The way to the page from the home page; it needs addresses."""
    name = route.path.removesuffix(".html")
    if not story.workshop.url or (route.subject is None and name not in story.plan.sections):
        return {}
    folder, _, _ = route.path.rpartition("/")
    way = [(story.workshop.name, HOME)]
    if folder in story.words and f"{folder}.html" in story.plan.paths:
        way.append((story.words[folder], f"{folder}.html"))
    way.append((_title(story, route), route.path))
    steps = [
        _node(type_="ListItem", position=number, name=name, item=full_address(story, path))
        for number, (name, path) in enumerate(way, start=1)
    ]
    return _node(type_="BreadcrumbList", itemListElement=steps)


def _title(story: Story, route: Route) -> str:
    subject = route.subject
    if isinstance(subject, Talk | Poster):
        return story.works[page_of(subject)].title
    if isinstance(subject, Speaker):
        return subject.name
    return story.words[route.path.removesuffix(".html")] if subject is None else line(subject.title)
