"""What an import has to say: mistakes of the source with the choice that was made, and conflicts."""

from __future__ import annotations

from lorainne.diagnostics import Diagnostic, Related, Severity, Span, mistake


@mistake
def source_unreadable(span: Span, what: str, repair: str) -> Diagnostic:
    """The file to import is not what the command expects, and nothing was imported.

    Wrong: `lorainne import frab programme.pdf`
    Right: `lorainne import frab schedule.xml`
    """
    return Diagnostic(message=what, span=span, help=repair)


@mistake
def source_encoding(span: Span, taken: str) -> Diagnostic:
    """The file to import is not in UTF-8, and it does not say what else it is.

    Spreadsheets save in the encoding of the computer; most often it is this one, but accents can be wrong.

    Wrong: a spreadsheet saved as “CSV”
    Right: the same spreadsheet saved as “CSV UTF-8”
    """
    return Diagnostic(
        message=f"this file is not UTF-8; it was read as {taken}",
        span=span,
        help="compare the accents in the imported files, or save the source as UTF-8 and import it again",
        severity=Severity.WARNING,
    )


@mistake
def source_character(span: Span, character: str) -> Diagnostic:
    """An invisible character in the source, which content may not have; it was left out.

    Wrong: an abstract copied from a PDF, with a form feed in it
    Right: the same abstract without it
    """
    return Diagnostic(
        message=f"the invisible character U+{ord(character):04X} was left out, here and further on",
        span=span,
        help="nothing is to be done, unless two words now stand together",
        severity=Severity.WARNING,
    )


@mistake
def source_weekday(span: Span, error: ValueError, taken: str) -> Diagnostic:
    """A weekday and a date of the source do not belong together.

    Wrong: `Wed 26 Nov` in the timetable of a workshop in 2024
    Right: `Wed 27 Nov`
    """
    return Diagnostic(
        message=f"{error}; taken as {taken}",
        span=span,
        help="compare it with content/schedule.yaml, and correct the date there if it is another",
        severity=Severity.WARNING,
    )


@mistake
def source_spelling(span: Span, written: str, taken: str, other: Span) -> Diagnostic:
    """One person's name is written in two ways in the source.

    Wrong: `Jeremy Cohen` in the timetable, `Jérémy Cohen` in the list of speakers
    Right: `Jérémy Cohen` in both
    """
    return Diagnostic(
        message=f"“{written}” is written “{taken}” elsewhere; taken as one person, “{taken}”",
        span=span,
        help="if they are two people, give the second a file of their own in content/speakers/",
        related=(Related(message="the other spelling", span=other),),
        severity=Severity.WARNING,
    )


@mistake
def source_titles(span: Span, written: str, taken: str, other: Span) -> Diagnostic:
    """One talk has two titles in the source.

    Wrong: one title in the timetable, another one above the abstract
    Right: the same title in both
    """
    return Diagnostic(
        message=f"here the title is “{written}”, further on “{taken}”; taken was the second",
        span=span,
        help="if it is the other one, correct `title:` in the talk's file",
        related=(Related(message="the other title", span=other),),
        severity=Severity.WARNING,
    )


@mistake
def source_asterisk(span: Span, title: str) -> Diagnostic:
    """The asterisks around a title are not a pair, so readers see one.

    Wrong: `Overview of tensor decompositions*`
    Right: `*Overview of tensor decompositions*`
    """
    return Diagnostic(
        message=f"an asterisk is missing here; the title was taken as “{title}”",
        span=span,
        help="compare `title:` in the file that was made",
        severity=Severity.WARNING,
    )


@mistake
def source_link(span: Span, target: str, taken: str) -> Diagnostic:
    """A link of the source leads nowhere.

    Wrong: `[ada@example.org](ada@example.org)`, which lacks `mailto:`
    Right: `[ada@example.org](mailto:ada@example.org)`
    """
    return Diagnostic(
        message=f"the link to `{target}` leads nowhere; {taken}",
        span=span,
        help="if it is wanted, write the right address in the file that was made",
        severity=Severity.WARNING,
    )


@mistake
def source_overlap(span: Span, first: str, second: str, other: Span) -> Diagnostic:
    """Two slots of the source overlap in one room; both were taken as they are.

    Wrong: `15:00-15:30` and then `15:15-15:45`
    Right: `15:00-15:15` and then `15:15-15:45`
    """
    return Diagnostic(
        message=f"{second} begins before the end of {first}",
        span=span,
        help="correct one of the two in content/schedule.yaml; until then the site cannot be built",
        related=(Related(message="the other one", span=other),),
        severity=Severity.WARNING,
    )


@mistake
def source_value(span: Span, written: str, expected: str) -> Diagnostic:
    """A value of the source does not have the form that content needs; it was left out or kept as text.

    Wrong: `homepage` is `www.example.org` in a spreadsheet
    Right: `https://www.example.org`
    """
    return Diagnostic(
        message=f"“{written}” is not {expected}; it was not taken over",
        span=span,
        help="write it by hand into the file that was made, if it is wanted",
        severity=Severity.WARNING,
    )


@mistake
def source_column(span: Span, column: str, known: str) -> Diagnostic:
    """A column of the spreadsheet has a name that says nothing to lorainne.

    Wrong: a column `Vortragstitel`
    Right: the same, with `--column Vortragstitel=title`
    """
    return Diagnostic(
        message=f"the column “{column}” was not taken over",
        span=span,
        help=f'if it is wanted: --column "{column}=FIELD", where FIELD is one of {known}',
        severity=Severity.WARNING,
    )


@mistake
def source_zone(span: Span) -> Diagnostic:
    """The source does not say in which time zone its times are.

    Wrong: a calendar whose times have no zone
    Right: the same, imported with `--timezone Europe/Paris`
    """
    return Diagnostic(
        message="the source does not say in which time zone its times are",
        span=span,
        help="import it with --timezone and the venue's zone, such as --timezone Europe/Paris",
    )


@mistake
def import_conflict(span: Span, here: str, there: str) -> Diagnostic:
    """The source changed something that was edited by hand since the last import.

    What was edited by hand is kept; nothing of it is ever overwritten.

    Wrong: the title was corrected in `content/talks/a.md`, and the source has a third one
    Right: whichever of the two is right, in `content/talks/a.md`
    """
    return Diagnostic(
        message=f"edited here: {here}; now in the source: {there}; kept as it is here",
        span=span,
        help="write the source's here if it is right; this is told only once",
        severity=Severity.WARNING,
    )


@mistake
def import_vanished(span: Span, name: str) -> Diagnostic:
    """A file that an import wrote has nothing to stand for in the source any more.

    Wrong: a talk was withdrawn, and `content/talks/a.md` is still there
    Right: the same import with `--prune`
    """
    return Diagnostic(
        message=f"{name} is no longer in the source; it was kept",
        span=span,
        help="delete it, or import again with --prune",
        severity=Severity.WARNING,
    )


MISTAKES = (
    source_unreadable,
    source_encoding,
    source_character,
    source_weekday,
    source_spelling,
    source_titles,
    source_asterisk,
    source_link,
    source_overlap,
    source_value,
    source_column,
    source_zone,
    import_conflict,
    import_vanished,
)
