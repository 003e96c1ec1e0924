"""Files below `content/files/` are published as they are, so none of them may be able to run anything.

Whoever opens an HTML page or an SVG picture of the site opens it with the site's own rights.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from posixpath import splitext
from xml.parsers import expat

from lorainne.content.files import File, file_too_large
from lorainne.diagnostics import Diagnostic, DiagnosticError, Span, mistake

MAX_SVG = 5_000_000
MAX_DEPTH = 200

# Browsers show these as documents of the site, with scripts; `.svgz` cannot be looked into.
_DOCUMENTS = frozenset(
    ".atom .hta .htc .htm .html .mht .mhtml .php .rdf .rss .shtml .svgz .wsdl .xht .xhtml .xml .xsl"
    " .xslt".split()
)
# Kinds that every browser knows by the ending and never takes for a document, whatever they begin with.
_PASSIVE = frozenset(
    ".7z .avif .bib .bz2 .csv .css .doc .docx .epub .gif .gz .h5 .ics .ipynb .jpeg .jpg .js .json .key"
    " .m4a .md .mjs .mov .mp3 .mp4 .odp .ods .odt .ogg .pdf .png .ppt .pptx .py .r .tar .tex .tgz .tsv"
    " .txt .vcf .wav .webm .webp .xls .xlsx .xz .yaml .yml .zip".split()
)
_MARK = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*<")

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
# Languages that browsers run or follow; elements of all others, such as a drawing program's notes, are inert.
_SCRIPTABLE_NAMESPACES = frozenset({"", "http://www.w3.org/1999/xhtml", "http://www.w3.org/1998/Math/MathML"})

_ELEMENTS = frozenset(
    "a animate animateMotion animateTransform circle clipPath defs desc ellipse feBlend feColorMatrix"
    " feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap"
    " feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage"
    " feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile"
    " feTurbulence filter font font-face font-face-name font-face-src g glyph hkern image line"
    " linearGradient marker mask metadata missing-glyph mpath path pattern polygon polyline"
    " radialGradient rect set solidColor stop style svg switch symbol text textPath title tref tspan"
    " use view vkern".split()
)
_ANIMATIONS = frozenset({"animate", "animateTransform", "set"})
_LINK = re.compile(r"(?:https?://|mailto:|#|(?![a-z][a-z0-9+.-]*:|//|\\))", re.IGNORECASE)
_PICTURE = r"data:(?:image/(?:png|jpe?g|gif|webp|avif)|font/|application/(?:x-)?font)"
_BLANK = re.compile(r"[\x00-\x20]+")
_INSIDE = re.compile(rf"#|{_PICTURE}", re.IGNORECASE)
_OUTWARD = re.compile(
    rf"""url\((?!\s*["']?\s*(?:#|{_PICTURE}))|@import|image-set|expression\(|\\""", re.IGNORECASE
)


@mistake
def active_content(span: Span, what: str) -> Diagnostic:
    """A file below `content/files/` could run a program in the reader's browser.

    It would run as a part of the site. What content brings is text, pictures and documents; a page of your
    own with scripts is the organisers' to add, below `static/`, where nothing is checked.

    Wrong: a logo with `<script>`, `onclick=` or `<foreignObject>` in it; slides as an HTML page.
    Right: the logo saved as “plain SVG” or PNG; slides as a PDF, or the web address where they are published.
    """
    return Diagnostic(
        message=f"this file could run a program in a reader's browser: {what}",
        span=span,
        help="save a drawing as “plain SVG” or PNG, slides as PDF, or name a web address instead",
    )


@mistake
def remote_resource(span: Span, what: str) -> Diagnostic:
    """An SVG picture would load something from another place.

    The site is whole without any other host, and tells no other host who reads it.

    Wrong: `<image href="https://example.org/photo.jpg"/>`
    Right: the photograph embedded in the picture, which most programs do when they save it.
    """
    return Diagnostic(
        message=f"this picture would load something that is not in it: {what}",
        span=span,
        help="embed pictures and fonts when you save it, or save it as PNG",
    )


@mistake
def svg_syntax(span: Span, what: str) -> Diagnostic:
    """An SVG picture cannot be read, or uses a part of XML that no picture needs.

    Entities and nesting can make a small file endless, so lorainne does not let them in.

    Wrong: `<!DOCTYPE svg [<!ENTITY a "…">]>`
    Right: the picture saved as “plain SVG”, without entities.
    """
    return Diagnostic(
        message=f"this picture cannot be read: {what}",
        span=span,
        help="save it again as “plain SVG”, or as PNG",
    )


MISTAKES = (active_content, remote_resource, svg_syntax)


def check(files: Mapping[str, File]) -> list[Diagnostic]:
    """What is wrong with the files that would be published as they are."""
    problems: list[Diagnostic] = []
    for name, file in files.items():
        ending = splitext(name)[1].lower()
        if name.startswith("content/files/") and ending not in _PASSIVE:
            try:
                problems += _problems(name, ending, file)
            except DiagnosticError as error:
                problems.append(error.diagnostic)
    return problems


def _problems(name: str, ending: str, file: File) -> Iterator[Diagnostic]:
    start = Span(file=name, end_column=2)
    if ending in _DOCUMENTS:
        yield active_content(start, f"browsers open {ending} files as pages of the site")
    elif ending == ".svg":
        if file.size > MAX_SVG:
            yield file_too_large(start, file.size, MAX_SVG)
        else:
            yield from _Picture(name, file.read()).problems
    elif _MARK.match(file.read()[:1000]):
        yield active_content(start, "it begins like a page, and its ending does not say what it is")


class _Refused(Exception):  # noqa: N818 - never leaves this module
    """The reading of a picture ends here."""


class _Picture:
    """An SVG file, read once from its beginning to its end; nothing of it is kept."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        self.problems: list[Diagnostic] = []
        self.open: list[str] = []
        self.style = ""
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.ProcessingInstructionHandler = self._instruction
        try:
            self.parser.Parse(data, True)
        except expat.ExpatError as error:
            what = expat.ErrorString(error.code)
            self.problems.append(svg_syntax(self._span(error.lineno, error.offset), what))
        except _Refused:
            pass

    def _here(self) -> Span:
        return self._span(self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber)

    def _span(self, line: int, offset: int) -> Span:
        return Span(file=self.name, line=line, column=offset + 1, end_line=line, end_column=offset + 2)

    def _doctype(self, _name: str, _system: str | None, _public: str | None, has_subset: int) -> None:
        if has_subset:
            self.problems.append(svg_syntax(self._here(), "it defines entities of its own"))
            raise _Refused

    def _instruction(self, target: str, _text: str) -> None:
        if target.lower() == "xml-stylesheet":
            self.problems.append(active_content(self._here(), "a style sheet of its own"))

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self.open) == MAX_DEPTH:
            self.problems.append(
                svg_syntax(self._here(), f"more than {MAX_DEPTH} elements inside each other")
            )
            raise _Refused
        space, _, element = tag.rpartition(" ")
        if not self.open and (space, element) != (_SVG, "svg"):
            self.problems.append(svg_syntax(self._here(), f'it does not begin with <svg xmlns="{_SVG}">'))
            raise _Refused
        self.open.append(element if space == _SVG else "")
        if space in _SCRIPTABLE_NAMESPACES or (space == _SVG and element not in _ELEMENTS):
            self.problems.append(active_content(self._here(), f"<{element}>"))
        elif space == _SVG:
            for attribute, value in attributes.items():
                self._attribute(element, attribute, value)

    def _attribute(self, element: str, attribute: str, value: str) -> None:
        space, _, name = attribute.rpartition(" ")
        value = _BLANK.sub("", value)  # browsers ignore it inside addresses
        shown = f"{name}={value[:40]!r}"
        if not space and name.lower().startswith("on"):
            self.problems.append(active_content(self._here(), shown))
        elif name == "href" and space in ("", _XLINK):
            if element == "a" and not _LINK.match(value):
                self.problems.append(active_content(self._here(), shown))
            elif element != "a" and not _INSIDE.match(value):
                self.problems.append(remote_resource(self._here(), shown))
        elif element in _ANIMATIONS and name == "attributeName" and _can_contain_script(value):
            self.problems.append(active_content(self._here(), shown))
        elif not space and _OUTWARD.search(value):
            self.problems.append(remote_resource(self._here(), shown))

    def _text(self, text: str) -> None:
        if self.open[-1] == "style":
            self.style += text

    def _end(self, _tag: str) -> None:
        if self.open.pop() == "style":
            if found := _OUTWARD.search(self.style):
                self.problems.append(remote_resource(self._here(), self.style[found.start() :][:40]))
            self.style = ""


def _can_contain_script(attribute: str) -> bool:
    """Whether an animation of this attribute could make a link or a handler of it."""
    name = attribute.rpartition(":")[2].lower()
    return name == "href" or name.startswith("on")
