"""How talks and posters are cited: tags for Google Scholar and Zotero, BibTeX and CSL-JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial

from lorainne.content.collections import page_of
from lorainne.content.model import Poster, Talk
from lorainne.content.text import is_web
from lorainne.exports.tree import Tree, dump, without_empty
from lorainne.programme.context import Citation, Context
from lorainne.programme.facts import Facts
from lorainne.programme.routes import Route
from lorainne.programme.schedule import Credit

_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{character: f"\\{character}" for character in "&%$#_"},
    }
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def paths(facts: Facts) -> Iterator[Route]:
    """Yield a file for each talk and poster that can be cited, in two formats, and one of all of them."""
    records: tuple[Talk | Poster, ...] = (*facts.schedule.talks, *facts.schedule.posters)
    citable = [record for record in records if is_citable(record)]
    for record in citable:
        for suffix in ("bib", "csl.json"):
            path = page_of(record).removesuffix("html") + suffix
            yield Route(path=path, format="citations", subject=record, span=record.span)
    if citable:
        yield Route(path="citations.bib", format="citations")
        yield Route(path="citations.csl.json", format="citations")


def is_citable(record: Talk | Poster) -> bool:
    """Return whether there is a title and somebody to name."""
    presenters = record.speakers if isinstance(record, Talk) else record.presenter
    return bool(record.title and (presenters or record.authors))


def render(context: Context) -> dict[str, Callable[[], str]]:
    """Return how the planned files are made."""
    return {route.path: partial(_file, context, route) for route in context.routes.of("citations")}


def _file(context: Context, route: Route) -> str:
    subject = route.subject
    works: Iterable[Citation]
    if isinstance(subject, Talk | Poster):
        works = [context.citations[page_of(subject)]]
    else:
        works = (work for work in context.citations.values() if is_citable(work.record))
    if route.path.endswith(".bib"):
        return "\n".join(bibtex(context, work) for work in works)
    return dump([csl(context, work) for work in works]) + "\n"


def authors(work: Citation) -> tuple[Credit, ...]:
    """Return who did the work; where no authors are named, who presents it."""
    if not work.record.authors:
        return work.people
    # Those who present without being authors stand before the authors.
    return work.people[len(work.people) - len(work.record.authors) :]


def bibtex(context: Context, work: Citation) -> str:
    """The work as a BibTeX entry; the outer braces keep the title's capitals."""
    when = _date(context, work)
    fields = {
        "author": " and ".join(_bibtex_name(who.name) for who in authors(work)),
        "title": f"{{{latex(work.title)}}}",
        "howpublished": latex(f"{_genre(context, work)}, {_occasion(context)}"),
        "year": f"{when.year}" if when else "",
        "doi": work.record.doi or "",
        "url": context.full_address(work.page),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    if when:
        lines.append(f"  month = {_MONTHS[when.month - 1]},")
    return "\n".join([f"@misc{{{_key(context, work)},", *lines, "}", ""])


def latex(text: str) -> str:
    """Any text in a form that BibTeX and LaTeX read back as it was."""
    return text.translate(_LATEX)


def _bibtex_name(name: str) -> str:
    """A name that BibTeX would take for several, or turn round, is kept together by braces."""
    return f"{{{latex(name)}}}" if "," in name or " and " in f" {name.lower()} " else latex(name)


def csl(context: Context, work: Citation) -> Tree:
    """The work as a CSL-JSON item (CSL 1.0.2)."""
    when = _date(context, work)
    return without_empty(
        **{
            "id": _key(context, work),
            "type": "speech",  # what CSL calls a presentation; the genre says which
            "genre": _genre(context, work),
            "title": work.title,
            "author": [_csl_name(who.name) for who in authors(work)],
            "event-title": context.workshop.name,
            "event-place": _town(context),
            "issued": {"date-parts": [[when.year, when.month, when.day]]} if when else None,
            "abstract": work.abstract,
            "keyword": ", ".join(work.keywords),
            "language": _language(context, work),
            "DOI": work.record.doi,
            "URL": context.full_address(work.page),
        }
    )


def _csl_name(name: str) -> dict[str, str]:
    """Given and family name as BibTeX would part them: a family begins with its small-letter words."""
    words = name.split()
    if len(words) == 1 or "," in name:
        return {"literal": name}
    small = (place for place, word in enumerate(words[1:-1], start=1) if word[0].islower())
    first = next(small, len(words) - 1)
    return {"family": " ".join(words[first:]), "given": " ".join(words[:first])}


def tags(context: Context, work: Citation) -> Iterator[tuple[str, str]]:
    """The names and contents of a page's meta elements: Highwire Press tags, then Dublin Core."""
    if not is_citable(work.record):
        return
    when, here = _date(context, work), context.full_address(work.page)
    yield "citation_title", work.title
    for who in authors(work):
        yield "citation_author", who.name
        yield from (("citation_author_institution", place) for place in who.affiliation)
        if who.orcid:
            yield "citation_author_orcid", f"https://orcid.org/{who.orcid}"
    known = {
        "citation_publication_date": f"{when:%Y/%m/%d}" if when else "",
        "citation_conference_title": context.workshop.name,
        "citation_language": _language(context, work),
        "citation_keywords": "; ".join(work.keywords),
        "citation_doi": work.record.doi or "",
        "citation_abstract_html_url": here,
        "citation_pdf_url": _pdf(context, work),
        "DC.title": work.title,
        "DC.date": f"{when}" if when else "",
        "DC.language": _language(context, work),
        "DC.identifier": f"https://doi.org/{work.record.doi}" if work.record.doi else here,
    }
    yield from ((name, content) for name, content in known.items() if content)
    yield from (("DC.creator", who.name) for who in authors(work))


def _pdf(context: Context, work: Citation) -> str:
    """The text of the work itself, of ours; other files are not what is cited."""
    record = work.record
    files = (record.pdf, record.paper) if isinstance(record, Poster) else (record.paper, record.slides)
    ours = (file for file in files if file and file.endswith(".pdf") and not is_web(file))
    return next((context.file_address(file) for file in ours), "")


def _date(context: Context, work: Citation) -> date | None:
    """The day that it was presented, or the workshop's first."""
    record, schedule = work.record, context.schedule
    entry = schedule.entry.get(record.id) if isinstance(record, Talk) else schedule.shown_at.get(record.id)
    first = context.workshop.dates.first if context.workshop.dates else None
    return entry.day if entry else first


def _language(context: Context, work: Citation) -> str:
    own = work.record.language if isinstance(work.record, Talk) else None
    return own or context.words.language


def _genre(context: Context, work: Citation) -> str:
    return context.words["talk" if isinstance(work.record, Talk) else "poster"]


def _occasion(context: Context) -> str:
    return ", ".join(filter(None, (context.workshop.name, _town(context))))


def _town(context: Context) -> str:
    venue = context.workshop.venue
    return ", ".join(filter(None, (venue.city, venue.country))) if venue else ""


def _key(context: Context, work: Citation) -> str:
    """What the work is cited by: `lorainne-24-2024-talk-ada-lovelace`."""
    name = work.page.removesuffix(".html").replace("s/", "-")
    return f"{context.edition}-{name}".encode("ascii", "ignore").decode()
