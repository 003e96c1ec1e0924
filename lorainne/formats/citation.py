"""How talks and posters are cited: tags for Google Scholar and Zotero, BibTeX and CSL-JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from lorainne.diagnostics import Diagnostic
from lorainne.formats.pieces import dumped
from lorainne.formats.story import Story, Work, file_address, full_address, outputs, page_of
from lorainne.model import Poster, Talk
from lorainne.plan import Output, is_citable
from lorainne.programme import Credit

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


def render(
    story: Story,
) -> tuple[dict[str, tuple[Callable[[Output], Iterator[str]], Output]], list[Diagnostic]]:
    """How the files of the plan are made: one for each work and language, and one for all."""
    cited = partial(_cited, story)
    return {output.path: (cited, output) for output in outputs(story, "citation")}, []


def _cited(story: Story, output: Output) -> Iterator[str]:
    subject = output.subject
    if isinstance(subject, Talk | Poster):
        works = [story.works[page_of(subject)]]
    else:
        works = [work for work in story.works.values() if is_citable(work.record)]
    if output.path.endswith(".bib"):
        yield "\n".join(bibtex(story, work) for work in works)
    else:
        yield from dumped(map(partial(csl, story), works), 1)
        yield "\n"


def authors(work: Work) -> tuple[Credit, ...]:
    """Who did the work; where no authors are named, who presents it."""
    # Those who present without being authors stand before the authors.
    return work.people[-len(work.record.authors) :]


def bibtex(story: Story, work: Work) -> str:
    """The work as a BibTeX entry; the outer braces keep the title's capitals."""
    when = _date(story, work)
    fields = {
        "author": " and ".join(_bibtex_name(who.name) for who in authors(work)),
        "title": f"{{{latex(work.title)}}}",
        "howpublished": latex(f"{_genre(story, work)}, {_occasion(story)}"),
        "year": f"{when.year}" if when else "",
        "doi": work.record.doi or "",
        "url": full_address(story, work.page),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    if when:
        lines.append(f"  month = {_MONTHS[when.month - 1]},")
    return "\n".join([f"@misc{{{_key(story, work)},", *lines, "}", ""])


def latex(text: str) -> str:
    """Any text in a form that BibTeX and LaTeX read back as it was."""
    return text.translate(_LATEX)


def _bibtex_name(name: str) -> str:
    """A name that BibTeX would take for several, or turn round, is kept together by braces."""
    return f"{{{latex(name)}}}" if "," in name or " and " in f" {name.lower()} " else latex(name)


def csl(story: Story, work: Work) -> dict[str, Any]:
    """The work as a CSL-JSON item (CSL 1.0.2)."""
    when = _date(story, work)
    fields = {
        "id": _key(story, work),
        "type": "speech",  # what CSL calls a presentation; the genre says which
        "genre": _genre(story, work),
        "title": work.title,
        "author": [_csl_name(who.name) for who in authors(work)],
        "event-title": story.workshop.name,
        "event-place": _town(story),
        "issued": {"date-parts": [[when.year, when.month, when.day]]} if when else None,
        "abstract": work.abstract,
        "keyword": ", ".join(work.keywords),
        "language": _language(story, work),
        "DOI": work.record.doi,
        "URL": full_address(story, work.page),
    }
    return {name: value for name, value in fields.items() if value}


def _csl_name(name: str) -> dict[str, str]:
    """Given and family name as BibTeX would part them: a family begins with its small-letter words."""
    words = name.split()
    if len(words) == 1 or "," in name:
        return {"literal": name}
    small = (place for place, word in enumerate(words[1:-1], start=1) if word[0].islower())
    first = next(small, len(words) - 1)
    return {"family": " ".join(words[first:]), "given": " ".join(words[:first])}


def tags(story: Story, work: Work) -> Iterator[tuple[str, str]]:
    """The names and contents of a page's meta elements: Highwire Press tags, then Dublin Core."""
    if not is_citable(work.record):
        return
    when, here = _date(story, work), full_address(story, work.page)
    yield "citation_title", work.title
    for who in authors(work):
        yield "citation_author", who.name
        yield from (("citation_author_institution", place) for place in who.affiliation)
        if who.orcid:
            yield "citation_author_orcid", f"https://orcid.org/{who.orcid}"
    known = {
        "citation_publication_date": f"{when:%Y/%m/%d}" if when else "",
        "citation_conference_title": story.workshop.name,
        "citation_language": _language(story, work),
        "citation_keywords": "; ".join(work.keywords),
        "citation_doi": work.record.doi or "",
        "citation_abstract_html_url": here,
        "citation_pdf_url": _pdf(story, work),
        "DC.title": work.title,
        "DC.date": f"{when}" if when else "",
        "DC.language": _language(story, work),
        "DC.identifier": f"https://doi.org/{work.record.doi}" if work.record.doi else here,
    }
    yield from ((name, content) for name, content in known.items() if content)
    yield from (("DC.creator", who.name) for who in authors(work))


def _pdf(story: Story, work: Work) -> str:
    """The text of the work itself, of ours; other files are not what is cited."""
    record = work.record
    files = (record.pdf, record.paper) if isinstance(record, Poster) else (record.paper, record.slides)
    ours = (file for file in files if file and file.endswith(".pdf") and not urlsplit(file).scheme)
    return next((file_address(story, file) for file in ours), "")


def _date(story: Story, work: Work) -> date | None:
    """The day that it was presented, or the workshop's first."""
    record, programme = work.record, story.programme
    entry = programme.entry.get(record.id) if isinstance(record, Talk) else programme.shown_at.get(record.id)
    first = story.workshop.dates.first if story.workshop.dates else None
    return entry.day if entry else first


def _language(story: Story, work: Work) -> str:
    own = work.record.language if isinstance(work.record, Talk) else None
    return own or story.words.language


def _genre(story: Story, work: Work) -> str:
    return story.words["talk" if isinstance(work.record, Talk) else "poster"]


def _occasion(story: Story) -> str:
    return ", ".join(filter(None, (story.workshop.name, _town(story))))


def _town(story: Story) -> str:
    venue = story.workshop.venue
    return ", ".join(filter(None, (venue.city, venue.country))) if venue else ""


def _key(story: Story, work: Work) -> str:
    """What the work is cited by: `lorainne-24-2024-talk-ada-lovelace`."""
    name = work.page.removesuffix(".html").replace("s/", "-")
    return f"{story.edition}-{name}".encode("ascii", "ignore").decode()
