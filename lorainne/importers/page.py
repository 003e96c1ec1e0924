"""A hand-written one-page site in Markdown → content files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lorainne.content.ids import IdAllocator
from lorainne.content.text import fold
from lorainne.content.values import read_period
from lorainne.content.yaml_writer import Fields, about_text, markdown_text, yaml_text
from lorainne.diagnostics import DiagnosticError, Span
from lorainne.importers import page_front as front
from lorainne.importers.dates import days_in, period_in
from lorainne.importers.draft import Imported, Request, read_source
from lorainne.importers.mistakes import source_unreadable
from lorainne.importers.names import words_of
from lorainne.importers.page_blocks import LINK, Line, Section, blocks, is_rule, sections
from lorainne.importers.page_draft import WORDS, Draft, Work, anchor
from lorainne.importers.page_people import is_presented, poster_in_list, presented, speakers
from lorainne.importers.page_timetable import is_timetable, timetable

_TOPICS = (
    ("posters", r"poster"),
    ("registration", r"regist|inscri"),
    ("deadlines", r"important dates|deadlines?|dates? (?:importantes?|limites?)|calendrier"),
    ("speakers", r"speakers?|orateurs?|oratrices?|intervenant|conferencier|keynotes$|invites$"),
    ("contact", r"committee|comite|contact|organi[sz]ers?|organisateurs?|organi[sz]ation$"),
    ("editions", r"(?:previous|past|other|earlier|precedentes?|autres) .*edition|editions? precedente"),
    ("talks", r"talks?|oral|abstracts?|exposes?|resumes?|contributions?|presentations|lectures"),
    ("schedule", r"schedul|progra|agenda|timetable|planning|horaires?|emploi du temps|deroulement"),
    ("sponsors", r"sponsor|partner|partenaire|soutien|financ|funding|support"),
    (
        "about",
        r"about|propos|^presentation|overview|introduction|contexte?$|description|objecti[fv]|scope",
    ),
)
"""What a heading is about, by its words in English and French without accents; the first that fits."""

_READERS = {
    "registration": front.registration,
    "deadlines": front.deadlines,
    "speakers": speakers,
    "contact": front.contact,
    "editions": front.editions,
    "sponsors": front.sponsors,
}
_SHOWN_BY = {
    "registration": {"registration"},
    "deadlines": {"deadlines"},
    "contact": {"contact", "committees"},
    "editions": {"editions"},
    "sponsors": {"sponsors"},
}
"""The fields of the workshop that let the theme show a heading."""
_ORDER = (
    *("name", "title", "dates", "timezone", "language", "venue", "registration", "deadlines", "contact"),
    *("committees", "funding", "sponsors", "editions", "copyright", "words"),
)
_FRENCH = re.compile(r"\b(?:le|la|les|des|du|une?|et|est|sont|pour|dans|sur|avec)\b")
_ENGLISH = re.compile(r"\b(?:the|of|and|is|are|for|in|on|with|to)\b")


def topic(section: Section) -> str:
    """What a section is about; empty where its heading does not tell."""
    name = fold(section.name)
    return next(
        (key for key, words in _TOPICS if re.search(rf"\b(?:{words})" if words[0] != "^" else words, name)),
        "",
    )


def read_page(request: Request) -> Imported:
    """The content files of a one-page site."""
    source = request.sources[0]
    try:
        text, problems = read_source(source)
    except DiagnosticError as error:
        return Imported(problems=(error.diagnostic,))
    parts = sections(_without_front_matter(text))
    if not parts:
        what = "there is nothing to import: the page is empty"
        return Imported(problems=(source_unreadable(Span(file=source.name), what, "name another file"),))
    draft = Draft(file=source.name, request=request, ids=IdAllocator(request.known_ids), problems=problems)
    draft.known_anchors = {anchor(part.name) for part in parts} | _named_anchors(text)
    whole = list(parts)
    _read_front(draft, parts)
    rest = _read_people(draft, parts)
    for section, lines in rest:
        _read_section(draft, section, lines)
    _language(draft, text)
    made = _imported(draft)
    return replace(made, notes=(*made.notes, *_lost(whole, made)))


def _lost(parts: list[Section], made: Imported) -> Iterator[str]:
    """Headings and links that stand nowhere in the content, though what they belong to does."""
    text = " ".join(made.files.values())
    said = set(words_of(text)) | {word for words in WORDS.values() for word in words.split()}
    for part in parts:
        if not set(words_of(part.name)) <= said and next(days_in(part.name), None) is None:
            yield f"line {part.heading.number}: the heading “{part.name}” found no place"
        for line in (part.heading, *part.lines):
            for link in LINK.finditer(line.text):
                if link["target"].startswith("http") and link["target"] not in text:
                    yield f"line {line.number}: the link to {link['target']} found no place"


def _without_front_matter(text: str) -> str:
    """The page without the settings of a site generator above it; the lines keep their numbers."""
    found = re.match(
        r"---[ \t]*\n(?=[\w-]+:)(?:[\w-]+:.*\n|[ \t]+.*\n|#.*\n|[ \t]*\n)*---[ \t]*(?:\n|\Z)", text
    )
    if not found:
        return text
    title = re.search(r"(?m)^title:\s*[\"']?(.+?)[\"']?\s*$", found.group())
    has_title = re.search(r"(?m)^# ", text)
    blank = "\n" * (found.group().count("\n") - 1)
    return (f"# {title[1]}" if title and not has_title else "") + blank + "\n" + text[found.end() :]


def _named_anchors(text: str) -> set[str]:
    return {fold(name) for name in re.findall(r"<\w+\s[^>]*?(?:name|id)=[\"']?([^\"'>\s]+)", text)}


def _read_front(draft: Draft, parts: list[Section]) -> None:
    """Title, place and dates, which the rest is read with."""
    head = next((part for part in parts if part.level == 1), None)
    draft.workshop["name"] = "My workshop"
    if head:
        front.title(draft, head)
    if draft.request.timezone:
        draft.workshop["timezone"] = draft.request.timezone
    for place, part in enumerate(parts):
        parts[place] = replace(part, lines=tuple(front.facts(draft, part)))
    if "dates" not in draft.workshop:
        first = [part for part in parts if part.level <= 1]
        said = " ".join(line.text for part in first for line in (part.heading, *part.lines))
        if found := period_in(said, front.year_of(draft)):
            front.dates(draft, *found)
    if "dates" in draft.workshop:
        period = read_period(str(draft.workshop["dates"]))
        draft.first, draft.last = period.first, period.last


def _read_people(draft: Draft, parts: list[Section]) -> list[tuple[Section, Sequence[Line]]]:
    """Speakers first, then talks and posters; returns what is left to read."""
    rest: list[tuple[Section, Sequence[Line]]] = []
    for part in parts:
        if topic(part) == "speakers" and part.level > 1:
            draft.heading("speakers", part)
            part = replace(part, lines=tuple(speakers(draft, part)))
        rest.append((part, part.lines))
    left: list[tuple[Section, Sequence[Line]]] = []
    last: tuple[int, Work] | None = None
    for part, lines in rest:
        inside = last and last[0] in [each.heading.number for each in part.above]
        if topic(part) not in ("contact", "registration", "sponsors") and is_presented(draft, part):
            last = part.heading.number, presented(draft, part, _folder(draft, part))
        elif last and inside:
            last[1].body += [Line(number=part.heading.number, text=f"\n## {part.title}\n"), *lines]
        else:
            left.append((part, lines))
    return left


def _folder(draft: Draft, part: Section) -> str:
    """Whether something presented is a talk or a poster; the heading above is kept for the list of them."""
    folder = "posters" if "posters" in [topic(each) for each in (*part.above, part)] else "talks"
    if container := next((each for each in reversed(part.above) if each.level > 1), None):
        draft.heading(folder, container)
    return folder


def _read_section(draft: Draft, section: Section, lines: Sequence[Line]) -> None:
    """A section by its topic; what has no place of its own becomes a page or goes to the home page."""
    about = topic(section) or next((topic(each) for each in reversed(section.above) if topic(each)), "")
    taken: set[int] = set()
    for block in blocks(lines):
        if is_timetable(block):
            timetable(draft, section, block)
            taken |= {line.number for line in block.lines}
    lines = [line for line in lines if line.number not in taken and not is_rule(line.text)]
    if section.level <= 1:
        draft.about = [*lines, Line(number=0, text=""), *draft.about]
    elif about == "about":
        if topic(section) == "about":
            draft.heading("about", section)
        front.about(draft, lines)
    elif about in ("talks", "posters", "schedule"):
        _sentences(draft, section, about, lines)
    elif about in _READERS and about != "speakers":
        left = _READERS[about](draft, replace(section, lines=tuple(lines)))
        is_committee = re.search(r"committee|comite", fold(section.name))
        if topic(section) == about and not is_committee and _SHOWN_BY[about] & draft.workshop.keys():
            draft.heading(about, section)
        draft.unplaced(section, left)
    else:
        draft.unplaced(section, lines)


def _sentences(draft: Draft, section: Section, about: str, lines: Sequence[Line]) -> None:
    """The sentences below a heading of the theme; anything else becomes a page."""
    found = list(blocks(lines))
    if about == "posters":
        found = [block for block in found if not poster_in_list(draft, block)]
        lines = [line for block in found for line in (*block.lines, Line(number=0, text=""))]
    if all(block.kind == "text" for block in found) and sum(len(block.text) for block in found) < 1000:
        text = " ".join(draft.rewritten(line).strip() for block in found for line in block.lines)
        if text:
            draft.texts.append(("note" if about == "schedule" else f"{about}_intro", text, section))
        if about == "posters" and topic(section) == "posters":
            draft.heading("posters", section)
    else:
        draft.unplaced(section, lines)


def _language(draft: Draft, text: str) -> None:
    words = fold(text)
    if len(_FRENCH.findall(words)) > len(_ENGLISH.findall(words)):
        draft.workshop["language"] = "fr"
    elif _ENGLISH.search(words):
        draft.workshop["language"] = "en"


# --- Files -----------------------------------------------------------------------------------------------


def _imported(draft: Draft) -> Imported:
    """The files, and what a reviewer should know."""
    _place_texts(draft)
    files: dict[str, str] = {}
    for work in (*draft.talks, *draft.posters):
        files[f"{work.folder}/{work.id}.md"] = _work_text(draft, work)
    for who in draft.people.all:
        if who.speaks:
            fields: Fields = {"name": who.name, "affiliation": who.affiliation, "homepage": who.homepage}
            files[f"speakers/{draft.speaker_id(who)}.md"] = markdown_text(fields, "\n\n".join(who.notes))
    for section, lines in draft.pages:
        name = draft.page_id(section)
        files[f"pages/{name}.md"] = markdown_text(
            {"title": draft.rewritten(replace(section.heading, text=section.title)) or name},
            draft.markdown(lines, "pages"),
        )
        draft.notes.append(f"line {section.heading.number}: “{section.name}” became content/pages/{name}.md")
    if text := draft.markdown(draft.about, ""):
        files["about.md"] = about_text(text)
    draft.workshop["words"] = draft.words
    files["workshop.yaml"] = yaml_text({key: draft.workshop[key] for key in _ORDER if key in draft.workshop})
    if draft.schedule:
        order = ("status", "note", "days")
        files["schedule.yaml"] = yaml_text(
            {key: draft.schedule[key] for key in order if key in draft.schedule}
        )
    return Imported(
        files=dict(sorted(files.items())),
        copies=draft.copies,
        ids=draft.ids.given,
        problems=tuple(draft.problems),
        notes=tuple(draft.notes),
    )


def _place_texts(draft: Draft) -> None:
    """Put the sentences below the theme's headings there, or on the home page where the theme shows none."""
    shown = {
        "speakers_intro": any(who.speaks for who in draft.people.all),
        "talks_intro": bool(draft.talks),
        "posters_intro": True,
        "note": bool(draft.schedule.get("days")),
    }
    joined: dict[str, list[str]] = {}
    for key, text, section in draft.texts:
        if shown[key]:
            joined.setdefault(key, []).append(text)
        else:
            heading = Line(number=section.heading.number, text=f"\n## {section.title}\n")
            draft.about += [heading, Line(number=section.heading.number, text=text)]
    for key, texts in joined.items():
        target = draft.schedule if key == "note" else draft.words
        target[key] = " ".join(texts)
    if "note" in draft.schedule and re.search(
        r"tentative|preliminary|provisoire", fold(str(draft.schedule["note"]))
    ):
        draft.schedule.setdefault("status", "tentative")
    if draft.schedule.get("days") and "status" not in draft.schedule:
        draft.notes.append("the schedule does not say whether it is tentative or final")


def _work_text(draft: Draft, work: Work) -> str:
    people = "speakers" if work.folder == "talks" else "presenter"
    refs = [draft.reference(who) for who in work.presenters]
    fields: Fields = {"title": work.title}
    if refs:
        fields[people] = refs[0] if len(refs) == 1 and people == "presenter" else refs
    return markdown_text(fields | work.more, draft.markdown(work.body, work.folder))
