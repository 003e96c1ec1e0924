"""What search engines read: schema.org's terms as JSON-LD, one graph for each page.

An edition and a talk are both an `Event` there.
"""

from __future__ import annotations

from typing import Any

from lorainne.content.collections import page_of
from lorainne.content.model import Group, Poster, Speaker, Sponsor, Talk, Venue
from lorainne.content.text import is_web
from lorainne.exports.tree import Tree, dump, without_empty
from lorainne.programme.context import Citation, Context, TimedSlot
from lorainne.programme.routes import HOME, Route
from lorainne.programme.schedule import Credit, credit

_OWN = {"type_": "@type", "id_": "@id"}
"""JSON-LD's own properties, as they are written here."""


def script(context: Context, route: Route) -> str:
    """Return the text of the script that tells a page's facts to programs; empty where it tells nothing."""
    nodes = [node for node in _nodes(context, route) if node]
    if not nodes:
        return ""
    text = dump({"@context": "https://schema.org", "@graph": nodes})
    # As Jinja's `tojson` writes it: nothing in it can end the script.
    text = text.replace("<", "\\u003c").replace(">", "\\u003e")
    return text.replace("&", "\\u0026").replace("'", "\\u0027")


def _nodes(context: Context, route: Route) -> list[Tree]:
    subject, breadcrumbs = route.subject, _breadcrumbs(context, route)
    if route.path == HOME:
        return [_edition(context)]
    if route.path == "schedule.html":
        talks = [_event(context, slot) for slot in context.slots if slot.citation]
        return [breadcrumbs, _edition(context) | _node(subEvent=talks)]
    if isinstance(subject, Talk) and subject.id in context.times:
        return [breadcrumbs, _talk(context, context.times[subject.id][0])]
    if isinstance(subject, Poster):
        return [breadcrumbs, _poster(context, subject)]
    if isinstance(subject, Speaker):
        return [breadcrumbs, _speaker(context, subject)]
    return [breadcrumbs]


def _node(**fields: Any) -> Tree:
    """Return the properties that say something."""
    return without_empty(**{_OWN.get(name, name): value for name, value in fields.items()})


def _edition(context: Context) -> Tree:
    """The workshop as a whole; nothing until its days are known."""
    workshop, known = context.workshop, _dated(context)
    if not known:
        return {}
    registration = workshop.registration
    committee = workshop.committees[:1]
    people = [credit(ref, context.schedule.speaker) for each in committee for ref in each.members]
    groups = [group for each in committee for group in each.groups]
    talks = [work for work in context.citations.values() if isinstance(work.record, Talk)]
    performers = {who.name: who for work in talks for who in work.people}
    picture = (workshop.theme.hero or workshop.theme.logo) if workshop.theme else None
    return known | _node(
        alternateName=context.texts.plain_line(workshop.title),
        description=context.texts.plain_line(workshop.description)
        or context.texts.plain(workshop.about.body if workshop.about else None),
        inLanguage=context.words.language,
        image=context.file_address(picture) if picture else "",
        organizer=[*(_person(context, who) for who in people), *map(_organisation, groups)],
        performer=[_person(context, who) for who in performers.values()],
        funder=[_node(type_="Organization", name=each.funder) for each in workshop.funding],
        sponsor=[*map(_organisation, workshop.sponsors)],
        isAccessibleForFree=registration.free if registration else None,
        offers=_offer(context) if registration and registration.free else None,
    )


def _dated(context: Context) -> Tree:
    """What every search engine asks for: name, days and place."""
    workshop = context.workshop
    days = [day.date for day in context.schedule.days]
    if not workshop.dates and not days:
        return {}
    home = context.full_address(HOME)
    return _node(
        type_="Event",
        id_=_name(home),
        name=workshop.name,
        url=home,
        startDate=f"{workshop.dates.first if workshop.dates else days[0]}",
        endDate=f"{workshop.dates.last if workshop.dates else days[-1]}",
        **_circumstances(context),
    )


def _organisation(group: Group | Sponsor) -> Tree:
    return _node(type_="Organization", name=group.name, url=group.url)


def _name(address: str) -> str:
    """What a thing is called on the web, as opposed to the page about it."""
    return f"{address}#this" if address else ""


def _offer(context: Context) -> Tree:
    registration = context.workshop.registration
    form = context.file_address(registration.url) if registration and registration.url else ""
    return _node(type_="Offer", price="0", url=form)


def _circumstances(context: Context, room: str | None = None) -> Tree:
    """Return what holds for the whole, and for each part in a room: it takes place, and where."""
    return context.facts.cached(("circumstances", room), lambda: _taking_place(context, room))


def _taking_place(context: Context, room: str | None) -> Tree:
    scheduled = {"eventStatus": "https://schema.org/EventScheduled"}
    venue = context.workshop.venue
    if venue is None:
        return scheduled
    return {
        **scheduled,
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": _place(venue, room),
    }


def _place(venue: Venue, room: str | None) -> Tree:
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


def _event(context: Context, slot: TimedSlot) -> Tree:
    """A talk at its time; nothing for other slots."""
    entry, work = slot.entry, slot.citation
    if work is None:
        return {}
    here = context.full_address(work.page)
    return _node(
        type_="Event",
        id_=_name(here),
        name=work.title,
        url=here,
        startDate=entry.start.isoformat(),
        endDate=entry.end.isoformat() if entry.end else None,
        **_circumstances(context, entry.room),
        performer=[_person(context, who) for who in work.people],
        inLanguage=(entry.talk.language if entry.talk else None) or context.words.language,
    )


def _talk(context: Context, slot: TimedSlot) -> Tree:
    """A talk on its own page: with its abstract, its files, and what it is a part of."""
    work, talk = slot.citation, slot.entry.talk
    if work is None or talk is None:
        return {}
    video = context.file_address(talk.video) if talk.video else ""
    return _event(context, slot) | _node(
        description=work.abstract,
        keywords=", ".join(work.keywords),
        superEvent=_dated(context),
        workFeatured=_materials(context, work, talk),
        recordedIn=_node(type_="VideoObject", name=work.title, url=video) if video else None,
    )


def _materials(context: Context, work: Citation, talk: Talk) -> list[Tree]:
    doi = f"https://doi.org/{talk.doi}" if talk.doi else ""
    slides = context.file_address(talk.slides) if talk.slides else ""
    paper = context.file_address(talk.paper) if talk.paper else ""
    people = [_person(context, who) for who in work.people]
    shown = _node(type_="PresentationDigitalDocument", name=work.title, author=people, url=slides, sameAs=doi)
    return [
        *([shown] if slides or doi else []),
        *([_node(type_="ScholarlyArticle", url=paper)] if paper else []),
    ]


def _poster(context: Context, poster: Poster) -> Tree:
    work = context.citations[page_of(poster)]
    here, pdf = context.full_address(work.page), context.file_address(poster.pdf) if poster.pdf else ""
    return _node(
        type_="ScholarlyArticle",
        id_=_name(here),
        name=work.title,
        abstract=work.abstract,
        author=[_person(context, who) for who in work.people],
        keywords=", ".join(work.keywords),
        inLanguage=context.words.language,
        url=here,
        sameAs=f"https://doi.org/{poster.doi}" if poster.doi else "",
        encoding=_node(type_="MediaObject", contentUrl=pdf) if pdf else None,
    )


def _person(context: Context, who: Credit) -> Tree:
    page = context.full_address(f"speakers/{who.speaker}.html") if who.speaker else ""
    elsewhere = [who.homepage if page else None, f"https://orcid.org/{who.orcid}" if who.orcid else None]
    return _node(
        type_="Person",
        id_=_name(page),
        name=who.name,
        affiliation=[_node(type_="Organization", name=place) for place in who.affiliation],
        url=page or who.homepage,
        sameAs=[address for address in elsewhere if address],
    )


def _speaker(context: Context, speaker: Speaker) -> Tree:
    person = _person(context, credit(speaker.id, context.schedule.speaker))
    links = [link.url for link in speaker.links if is_web(link.url)]
    talks = context.schedule.talks_of.get(speaker.id, ())
    given = [slot for talk in talks for slot in context.times.get(talk.id, ())]
    return person | _node(
        description=context.texts.plain(speaker.biography),
        image=context.file_address(speaker.photo) if speaker.photo else "",
        email=speaker.email,
        sameAs=person.get("sameAs", []) + links,
        performerIn=[_event(context, slot) for slot in given],
    )


def _breadcrumbs(context: Context, route: Route) -> Tree:
    """The way to the page from the home page; it needs addresses."""
    name = route.path.removesuffix(".html")
    if not context.workshop.url or (route.subject is None and name not in context.routes.sections):
        return {}
    folder, _, _ = route.path.rpartition("/")
    way = [(context.workshop.name, HOME)]
    if folder in context.words and f"{folder}.html" in context.routes.paths:
        way.append((context.words[folder], f"{folder}.html"))
    way.append((_title(context, route), route.path))
    steps = [
        _node(type_="ListItem", position=number, name=name, item=context.full_address(path))
        for number, (name, path) in enumerate(way, start=1)
    ]
    return _node(type_="BreadcrumbList", itemListElement=steps)


def _title(context: Context, route: Route) -> str:
    subject = route.subject
    if isinstance(subject, Talk | Poster):
        return context.citations[page_of(subject)].title
    if isinstance(subject, Speaker):
        return subject.name
    if subject is None:
        return context.words[route.path.removesuffix(".html")]
    return context.texts.plain_line(getattr(subject, "title", ""))
