"""Tables of speakers, talks or posters → content files: EasyChair, HotCRP, CMT, forms, anybody's own."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lorainne.content.ids import IdAllocator
from lorainne.content.text import fold
from lorainne.content.values import KINDS, READERS, Doi, Email, Language, Orcid, Target, Url
from lorainne.content.yaml_writer import Fields, Value, markdown_text
from lorainne.diagnostics import Diagnostic, DiagnosticError, Span
from lorainne.importers.draft import Imported, Request, Source, read_source
from lorainne.importers.mistakes import source_column, source_unreadable, source_value
from lorainne.importers.names import person

COLUMNS: Mapping[str, str] = {
    "number": r"#|no|nr|id|paper id|paper|submission(?: id| #)?|numero|n°|paper number|submission number|pid",
    "name": r"name|full name|speaker name|(?:your|author|votre) (?:name|nom)|nom complet|nom et prenom"
    r"|prenom et nom",
    "first": r"(?:author )?(?:first|given) ?names?|prenoms?|given|first",
    "last": r"(?:author )?(?:last|family) ?names?|surname|nom(?: de famille)?|family|last",
    "title": r"(?:paper |talk |poster |submission |presentation )?titles?|titre.*|title of (?:your|the) .*",
    "abstract": r"abstract.*|resumes?(?: .*)?|summary",
    "authors": r"authors?(?: names?| list)?|auteurs?|all authors|coauthors|co-authors",
    "speakers": r"speakers?|presenters?|presenting author|orat(?:eur|rice)s?|intervenants?|orateur/oratrice",
    "affiliation": r"affiliations?(?: .*)?|organi[sz]ations?|institutions?|universit(?:y|e)|etablissement"
    r"|laborato(?:ry|ire)|company|employer",
    "homepage": r"homepage|web ?page|web ?site|website url|url|page (?:web|personnelle)|site(?: web)?",
    "email": r"e-?mails?(?: address)?|mail|adresse (?:e-?mail|electronique)|courriel|username",
    "orcid": r"orcid(?: id)?",
    "keywords": r"keywords?|mots[ -]cles?|topics?",
    "kind": r"type|kind|track(?: name)?|format|categorie|category|presentation type",
    "language": r"language|langue",
    "slides": r"slides?|transparents|diapositives",
    "video": r"video|recording",
    "paper": r"pdf(?: url)?|paper (?:url|link)|article|preprint|arxiv",
    "code": r"code|software|repository",
    "doi": r"doi",
    "board": r"board(?: number)?|panneau|poster number",
    "biography": r"bio(?:graphy|graphie)?s?|short bio(?:graphy)?|biographie .*",
    "photo": r"photo|picture|portrait",
    "pronouns": r"pronouns?|pronoms?",
    "presents": r"corresponding\??|presenting\??|presenter\?|orateur\?|contact author",
    "decision": r"decision|status|statut",
}
"""The fields, and the names that columns have for them, in English and French without accents."""

_QUIET = re.compile(
    r"(?:timestamp|horodateur|time|submitted|created|notified|sent|last updated|deleted\??|form fields|files"
    r"|author names|primary contact author.*|is ?contact|roles?|person #|country|pays|web page|track id"
    r"|reviews?.*|discussion.*|(?:pc_?)?conflicts?.*|(?:primary|secondary) subject areas?|chair note.*"
    r"|number of .*|q\d+.*|consent.*|supplementary.*|camera.*|)"
)
"""Columns that every export has and no site needs."""

_KINDS: Mapping[str, object] = {
    "homepage": Url, "orcid": Orcid, "language": Language, "slides": Target, "video": Target, "paper": Target,
    "code": Target, "photo": Target, "doi": Doi,
}  # fmt: skip
_FIRST = ("title", "speakers", "presenter", "authors")
_AUTHOR = re.compile(r"\s*(?P<name>[^()]*?)\s*(?:\((?P<where>(?:[^()]|\([^()]*\))*)\))?\s*(?P<mark>\*?)\s*$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Author:
    """SourcePerson named in a row."""

    name: str
    affiliation: str = ""
    presents: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row of a table: its fields, and where it stands."""

    source: str
    line: int
    fields: Mapping[str, str]

    def span(self) -> Span:
        return Span(file=self.source, line=self.line, end_line=self.line, end_column=2)


@dataclass(kw_only=True)
class _Made:
    """The files as they come to be."""

    ids: IdAllocator
    files: dict[str, str] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)
    speakers: dict[str, tuple[str, Fields, str]] = field(default_factory=dict)
    """By fold name: id, fields and biography."""
    works: list[tuple[str, Fields, list[Author], str]] = field(default_factory=list)
    """Path, fields, authors and abstract: of authors it is known last who has a file of their own."""


def read_speakers(request: Request) -> Imported:
    """A row is a speaker, and their talk where the row has a title."""
    return _read(request, "speakers")


def read_talks(request: Request) -> Imported:
    """A row is a talk; whoever presents gets a file of their own."""
    return _read(request, "talks")


def read_posters(request: Request) -> Imported:
    """A row is a poster; people are written in place."""
    return _read(request, "posters")


def _read(request: Request, folder: str) -> Imported:
    made = _Made(ids=IdAllocator(request.known_ids))
    notes: list[str] = []
    tables: list[list[Row]] = []
    for source in request.sources:
        try:
            tables.append(_rows(source, request.columns, made.problems))
        except DiagnosticError as error:
            return Imported(problems=(*made.problems, error.diagnostic))
    rows, authors = _joined(tables)
    for row in rows:
        decision = row.fields.get("decision", "")
        if re.search(r"reject|withdrawn|refuse|retire", fold(decision)):
            called = row.fields.get("title", "") or _name(row)
            notes.append(f"{row.source}:{row.line}: “{called}” was left out: {decision}")
            continue
        if folder == "speakers":
            _speaker_row(made, row)
        else:
            _work(made, row, folder, authors.get(row.fields.get("number", ""), []))
    for path, fields, authors_of, abstract in made.works:
        if len(authors_of) > 1:
            fields["authors"] = [_reference(made, each) for each in authors_of]
        ordered = {name: fields[name] for name in _FIRST if name in fields}
        made.files[path] = markdown_text(ordered | fields, abstract)
    for name, fields, biography in made.speakers.values():
        made.files[f"speakers/{name}.md"] = markdown_text(fields, biography)
    return Imported(
        files=dict(sorted(made.files.items())),
        if_missing={"workshop.yaml": "name: My workshop\n"},
        ids=made.ids.given,
        problems=tuple(made.problems),
        notes=tuple(notes),
    )


# --- Tables ----------------------------------------------------------------------------------------------


def _rows(source: Source, columns: Mapping[str, str], problems: list[Diagnostic]) -> list[Row]:
    """The rows of a file under their fields; raises DiagnosticError."""
    text, odd = read_source(source)
    problems += odd
    csv.field_size_limit(10_000_000)
    reader = csv.reader(io.StringIO(text.removeprefix("sep=;\n")), delimiter=_separator(text))
    try:
        head = next(reader, [])
        fields = _fields(head, columns)
        if not {"title", "name", "first", "last", "authors", "speakers"} & set(fields.values()):
            raise DiagnosticError(_no_columns(source, head))
        _note_unknown(source, head, fields, problems)
        rows: list[Row] = []
        line = reader.line_num + 1
        for cells in reader:
            given = {
                name: cell.strip() for place, name in fields.items() if (cell := _cell(cells, place)).strip()
            }
            if given:
                rows.append(Row(source=source.name, line=line, fields=given))
            line = reader.line_num + 1
    except csv.Error as error:
        span = Span(file=source.name, line=max(1, reader.line_num), end_line=max(1, reader.line_num))
        what = f"this is not a table: {error}"
        raise DiagnosticError(source_unreadable(span, what, "export it as CSV again")) from None
    return rows


def _cell(cells: list[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def _no_columns(source: Source, head: list[str]) -> Diagnostic:
    what = "none of its columns is a name or a title: " + (", ".join(head)[:200] or "the file is empty")
    return source_unreadable(
        Span(file=source.name),
        what,
        'the first line must name the columns; map one of them with --column "THEIRS=title"',
    )


def _separator(text: str) -> str:
    """What stands between the columns: the most frequent candidate outside of quotation marks."""
    head = re.sub(r'"[^"]*"', "", text[:20_000]).lstrip("\n").partition("\n")[0]
    return max(",;\t|", key=lambda mark: (head.count(mark), mark == ","))


def _fields(head: list[str], columns: Mapping[str, str]) -> dict[int, str]:
    """The field of each column, by its place; of two columns with one field the first counts."""
    found: dict[int, str] = {}
    chosen = {fold(name): field for name, field in columns.items()}
    for place, name in enumerate(head):
        words = fold(name).strip(" :*?")
        meant = chosen.get(fold(name)) or next(
            (
                field
                for field, names in COLUMNS.items()
                if re.fullmatch(names, words) or re.fullmatch(names, fold(name))
            ),
            "",
        )
        if meant and meant not in found.values():
            found[place] = meant
    return found


def _note_unknown(
    source: Source, head: list[str], fields: Mapping[int, str], problems: list[Diagnostic]
) -> None:
    for place, name in enumerate(head):
        if place not in fields and not _QUIET.fullmatch(fold(name)):
            span = Span(file=source.name, end_column=2)
            problems.append(source_column(span, " ".join(name.split())[:60], ", ".join(COLUMNS)))


def _joined(tables: list[list[Row]]) -> tuple[list[Row], dict[str, list[Author]]]:
    """Rows with titles, and the authors by number: of a second table, or where each author has a row."""
    works: list[Row] = []
    authors: dict[str, list[Author]] = {}
    for rows in tables:
        is_authors = len(tables) > 1 and not any("title" in row.fields for row in rows)
        numbers = [row.fields.get("number", "") for row in rows]
        repeated = not is_authors and len(set(numbers)) < len([n for n in numbers if n])
        named = any({"name", "first", "last"} & row.fields.keys() for row in rows)
        for row in rows:
            number = row.fields.get("number", "")
            if (is_authors or (repeated and named and number)) and (name := _name(row)):
                marked = fold(row.fields.get("presents", "")) in (
                    "yes",
                    "oui",
                    "true",
                    "1",
                    "x",
                    "✔",
                    "presenting",
                )
                where = row.fields.get("affiliation", "")
                authors.setdefault(number, []).append(Author(name=name, affiliation=where, presents=marked))
            if not is_authors and not (
                repeated and number and any(w.fields.get("number") == number for w in works[-50:])
            ):
                works.append(row)
    return works, authors


# --- People ----------------------------------------------------------------------------------------------


def _name(row: Row) -> str:
    parts = [row.fields.get("first", ""), row.fields.get("last", "")]
    return " ".join((row.fields.get("name", "") or " ".join(filter(None, parts))).split())


def read_authors(text: str) -> list[Author]:
    """The people in `A (X); B (Y)*`, in `A and B`, or in `A, B and C`."""
    text = " ".join(text.split())
    split = r"\s*;\s*" if ";" in text else r"\s*,\s*(?![^()]*\))|\s+(?:and|et|&)\s+(?![^()]*\))"
    found = []
    for part in re.split(split, text):
        match = _AUTHOR.fullmatch(re.sub(r"^(?:and|et)\s+", "", part.replace("* (", " (").strip()))
        starred = "*" in part
        name = (match["name"] if match else part).strip(" *")
        if ";" in text and name.count(",") == 1 and not (match and match["where"]):
            family, given = name.split(",")
            name = f"{given.strip()} {family.strip()}"
        if name:
            where = (match["where"] or "").strip() if match else ""
            found.append(Author(name=name, affiliation=where, presents=starred))
    return found


def _speaker(
    made: _Made, author: Author, fields: Mapping[str, Value] | None = None, biography: str = ""
) -> str:
    """The id of a speaker, whose file is made at their first mention."""
    key = fold(author.name)
    if key not in made.speakers:
        made.speakers[key] = (made.ids.assign("speakers", key, author.name), {"name": author.name}, "")
    name, known, told = made.speakers[key]
    if author.affiliation:
        known.setdefault("affiliation", author.affiliation)
    for field_name, value in (fields or {}).items():
        known.setdefault(field_name, value)
    made.speakers[key] = (name, known, told or biography)
    return name


def _checked(made: _Made, row: Row, names: Iterable[str]) -> Fields:
    """Those of the fields that have the form that they need; the others are reported."""
    found: Fields = {}
    for name in names:
        text = row.fields.get(name, "")
        if name == "doi":
            text = re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:)\s*", "", text)
        if not text:
            continue
        if text.startswith("www.") and _KINDS.get(name) in (Url, Target):
            text = f"https://{text}"
        reader = READERS.get(_KINDS.get(name))
        try:
            if reader:
                reader.read(text)
            elif name == "email":
                READERS[Email].read(text)
            found[name] = " ".join(text.split())
        except (ValueError, KeyError):
            assert reader is not None  # only those with a form can lack it
            made.problems.append(source_value(row.span(), text[:80], reader.expected))
    return found


def _speaker_row(made: _Made, row: Row) -> None:
    if not (name := _name(row) or row.fields.get("speakers", "")):
        return
    fields = _checked(made, row, ("homepage", "orcid", "pronouns", "photo"))
    author = Author(name=name, affiliation=row.fields.get("affiliation", ""))
    speaker = _speaker(made, author, fields, row.fields.get("biography", ""))
    if title := row.fields.get("title"):
        key = row.fields.get("number", "") or fold(name)
        talk = made.ids.assign("talks", key, name)
        fields = _work_fields(made, row, title, "talks") | {"speakers": [speaker]}
        made.files[f"talks/{talk}.md"] = markdown_text(fields, row.fields.get("abstract", ""))


# --- Talks and posters -----------------------------------------------------------------------------------


def _work(made: _Made, row: Row, folder: str, listed: list[Author]) -> None:
    """A talk or a poster, with those who present it and those who wrote it."""
    authors = (
        listed or read_authors(row.fields.get("authors", "")) or read_authors(row.fields.get("speakers", ""))
    )
    if not authors and (name := _name(row)):
        authors = [Author(name=name, affiliation=row.fields.get("affiliation", ""))]
    title = row.fields.get("title", "")
    if not title and not authors:
        return
    said = {fold(each.name) for each in read_authors(row.fields.get("speakers", ""))}
    marked = [each for each in authors if each.presents or fold(each.name) in said]
    presenting = marked or authors[:1]
    fields = _work_fields(made, row, title, folder)
    key = row.fields.get("number", "") or fold(title) or title or fold(authors[0].name)
    name = made.ids.assign(folder, key, title or authors[0].name)
    if folder == "talks":
        fields["speakers"] = [_speaker(made, each) for each in presenting]
    else:
        people = [person(each.name, each.affiliation) for each in presenting]
        fields["presenter"] = people[0] if len(people) == 1 else people
    made.works.append((f"{folder}/{name}.md", fields, authors, row.fields.get("abstract", "")))


def _reference(made: _Made, author: Author) -> Value:
    """An author: the id of their file, or in place where they have none."""
    known = made.speakers.get(fold(author.name))
    return known[0] if known else person(author.name, author.affiliation)


def _work_fields(made: _Made, row: Row, title: str, folder: str) -> Fields:
    fields: Fields = {"title": " ".join(title.split())} if title else {}
    kind = fold(row.fields.get("kind", ""))
    if folder == "talks" and (
        known := next((each for each in KINDS if re.search(rf"\b{each}\b", kind)), None)
    ):
        fields["kind"] = str(known)
    if words := [
        part.strip() for part in re.split(r"[;\n,]", row.fields.get("keywords", "")) if part.strip()
    ]:
        fields["keywords"] = words
    own = ("language", "slides") if folder == "talks" else ("board",)
    return fields | _checked(made, row, (*own, "video", "paper", "code", "doi"))
