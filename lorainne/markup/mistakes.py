"""The mistakes that an author's Markdown can hold: one function = one code = one docstring.

A function says the mistake in words; `lint` and `analysis` find it. The docstrings are what
`lorainne explain CODE` prints.
"""

from __future__ import annotations

from lorainne.diagnostics import Diagnostic, Severity, Span, mistake


@mistake
def raw_html(span: Span, source: str) -> Diagnostic:
    """HTML stands in a text.

    Texts are Markdown. HTML would look different in calendars, feeds and printed programmes, and could
    carry scripts into the page, so it is shown as letters instead of being obeyed. A comment is no
    exception: readers would see it.

    Wrong:
        We bound x<sub>2</sub> <!-- check with Anna -->

    Right:
        We bound $x_2$
    """
    if source.startswith("<!--"):
        what, repair = "a comment would be shown to the readers", "take the comment out"
    elif source.startswith("<br"):
        what, repair = f"HTML stands in the text: {source[:40]}", "end the line with a backslash (\\) instead"
    else:
        what = f"HTML stands in the text: {source[:40]}"
        repair = "write Markdown: *emphasis*, **strong**, [text](address), $maths$; for the sign itself, \\<"
    return Diagnostic(message=what, span=span, help=repair)


@mistake
def forbidden_link(span: Span, target: str, reason: str) -> Diagnostic:
    """A link leads somewhere that a workshop's page may not lead to.

    Allowed are web addresses (https:// or http://), mailto: and tel:, other pages by their id (talk:ID,
    speaker:ID, poster:ID, page:ID, news:ID), files by their path from the text's own file, and #headings.
    Everything else is broken on some computer, such as a path that begins with a slash, or is a way to
    attack readers, such as javascript:.

    Wrong:
        [photo](/assets/photo.jpg)

    Right:
        [photo](../files/photo.jpg)
    """
    allowed = "https://…, mailto:…, tel:…, talk:ID, speaker:ID, poster:ID, page:ID, news:ID, #heading"
    help_ = f"use the path from this file, such as ../files/slides.pdf, or one of {allowed}"
    return Diagnostic(message=f"the link “{target[:80]}” {reason}", span=span, help=help_)


@mistake
def mailto_forgotten(span: Span, target: str) -> Diagnostic:
    """A link's target is an e-mail address without `mailto:` before it.

    Browsers take such a target for the name of a file, so that a click ends on an error page instead of
    opening a letter.

    Wrong:
        [Anna](anna@example.org)

    Right:
        [Anna](mailto:anna@example.org)
    """
    message = f"the link to the e-mail address {target[:80]} is a dead link: “mailto:” is missing"
    written_here = span.end_column - span.column == len(target)  # not so in [text][name]
    fix = f"mailto:{target}" if written_here else None
    return Diagnostic(message=message, span=span, help=f"write (mailto:{target[:80]})", fix=fix)


@mistake
def broken_link_syntax(span: Span, problem: str, repair: str, *, sure: bool) -> Diagnostic:
    """Something looks like a link, but is not a working one.

    A link is its text in square brackets, directly followed by its address in round ones. With a space
    between them, with a bracket missing or with only "http" as the address, readers see the brackets
    themselves or a link that leads nowhere. It is an error where there is no doubt, else a warning.

    Wrong:
        [slides] (https://example.org/slides.pdf)

    Right:
        [slides](https://example.org/slides.pdf)
    """
    severity = Severity.ERROR if sure else Severity.WARNING
    return Diagnostic(message=problem, span=span, help=repair, severity=severity)


@mistake
def invalid_maths(span: Span, problem: str) -> Diagnostic:
    """A formula between dollars cannot be understood.

    Formulas are LaTeX, without packages and without commands of one's own. What cannot be read is shown
    as its source, which no reader wants to see.

    Wrong:
        $\\frac{a}{b$

    Right:
        $\\frac{a}{b}$
    """
    repair = "correct the formula; for a dollar sign that is not maths, write \\$"
    return Diagnostic(message=f"this formula cannot be read: {problem.rstrip('.')}", span=span, help=repair)


@mistake
def stray_dollar(span: Span) -> Diagnostic:
    """A dollar sign looks like one end of a formula, but the other end is missing.

    A formula stands between two dollars, with no space just inside them and no digit just behind.
    Readers see the dollar and the LaTeX after it.

    Wrong:
        for all $ x_1 $ and $x_2 in the set

    Right:
        for all $x_1$ and $x_2$ in the set
    """
    return Diagnostic(
        message="this dollar sign looks like one end of a formula, but the other end is missing",
        span=span,
        help="put the formula between two dollars without spaces inside, as in $x$; for money, write \\$",
        severity=Severity.WARNING,
    )


@mistake
def pipe_in_maths(span: Span) -> Diagnostic:
    """A formula in a table holds the character |, which ends a table's cell.

    The table takes the bar for itself: the formula is torn apart, or \\| becomes a single bar and a norm
    becomes an absolute value. LaTeX has words for every bar.

    Wrong:
        | $\\|f\\|$ | $|x|$ |

    Right:
        | $\\lVert f\\rVert$ | $\\lvert x\\rvert$ |
    """
    return Diagnostic(
        message="the bar | inside this formula ends the table's cell",
        span=span,
        help="write \\lvert x\\rvert for |x|, \\lVert x\\rVert for a norm, \\mid for “such that”",
    )


@mistake
def undefined_footnote(span: Span, label: str) -> Diagnostic:
    """A footnote's mark has no footnote.

    The mark `[^x]` belongs to a line that begins with `[^x]:` and holds the note. Without it readers see the
    brackets.

    Wrong:
        As was shown before.[^1]

    Right:
        As was shown before.[^1]

        [^1]: In the first part of this work.
    """
    return Diagnostic(
        message=f"there is no footnote for the mark [^{label[:40]}]",
        span=span,
        help=f"add a line “[^{label[:40]}]: …” with an empty line before it, or take the mark out",
    )


@mistake
def unused_footnote(span: Span, label: str) -> Diagnostic:
    """A footnote is never shown, because no mark leads to it or another one has its name.

    Footnotes appear in the order of their marks; one without a mark of its own would be lost.

    Wrong:
        As was shown before.

        [^1]: In the first part of this work.

    Right:
        As was shown before.[^1]

        [^1]: In the first part of this work.
    """
    return Diagnostic(
        message=f"the footnote [^{label[:40]}] would not be shown: no mark leads to it",
        span=span,
        help=f"put [^{label[:40]}] where the footnote belongs, give it a name of its own, or delete it",
        severity=Severity.WARNING,
    )


@mistake
def stray_emphasis(span: Span, mark: str) -> Diagnostic:
    """An asterisk or underscore looks like one end of an emphasis, but the other end is missing.

    Emphasis stands between two asterisks (or underscores), with no space just inside them. Readers see the
    single one.

    Wrong:
        A title in italics*

    Right:
        *A title in italics*
    """
    return Diagnostic(
        message=f"this {mark} is shown as it is: the other end of the emphasis is missing",
        span=span,
        help=f"put {mark} on both sides of the words, no space inside; for the sign itself, write \\{mark}",
        severity=Severity.WARNING,
    )


@mistake
def missing_alt_text(span: Span) -> Diagnostic:
    """An image has no words for those who do not see it.

    The words between the square brackets are read aloud, shown while the image is loading, and used
    where there are no images, as in a calendar.

    Wrong:
        ![](../files/group.jpg)

    Right:
        ![The participants in front of the institute](../files/group.jpg)
    """
    return Diagnostic(
        message="this image has no description",
        span=span,
        help="say in a few words what it shows: ![description](file)",
        severity=Severity.WARNING,
    )


@mistake
def heading_skip(span: Span, level: int, previous: int) -> Diagnostic:
    """A heading is more than one level below the heading before it.

    Many readers find their way by the outline of the headings; a missing level is a hole in it.

    Wrong:
        ## Travel
        #### By train

    Right:
        ## Travel
        ### By train
    """
    return Diagnostic(
        message=f"after a heading with {'#' * previous} this one has {'#' * level}: a level is missing",
        span=span,
        help=f"begin it with {'#' * (previous + 1)}; how large it looks is for the theme to say",
        severity=Severity.WARNING,
    )


@mistake
def text_too_complex(span: Span, problem: str) -> Diagnostic:
    """A text is too long or too entangled to be read as Markdown.

    The limits are far beyond what people write. A text beyond them is nearly always something that was
    pasted by accident, and would take minutes to build. It is shown as it is, without markup.

    Wrong:
        a whole thesis as an abstract, or lists twenty levels deep

    Right:
        a page of text, with a link to the rest
    """
    repair = "shorten the text, or put it into a file of its own and link to it"
    return Diagnostic(message=problem, span=span, help=repair)


MISTAKES = (
    raw_html,
    forbidden_link,
    mailto_forgotten,
    broken_link_syntax,
    invalid_maths,
    stray_dollar,
    pipe_in_maths,
    undefined_footnote,
    unused_footnote,
    stray_emphasis,
    missing_alt_text,
    heading_skip,
    text_too_complex,
)
