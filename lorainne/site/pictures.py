"""Pictures as they are shown, in fields and in texts.

Each is turned upright, cut or scaled to its box in two densities, and saved as WebP, which every browser of
today reads. The file itself is published too, upright and without what a camera writes into it (place, time,
owner); links and metadata name that one. What is linked to, or not named at all, loses these notes only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from hashlib import sha256

from lorainne.content.files import File
from lorainne.content.model import Record
from lorainne.content.values import Target
from lorainne.diagnostics import Diagnostic, DiagnosticError, Severity, Span, mistake
from lorainne.markup import moved
from lorainne.programme.context import Context
from lorainne.programme.facts import Facts, span_of
from lorainne.programme.routes import Route, resolve_link
from lorainne.site import pixels
from lorainne.site.metadata import ENDINGS as STRIPPED_ENDINGS
from lorainne.site.metadata import strip_metadata
from lorainne.site.pixels import MAX_PIXELS, Box, Size, TooManyPixelsError
from lorainne.site.svg_size import size_of

ENDINGS = (".jpg", ".jpeg", ".png", ".webp")
MAX_SIDE = 1600
"""Pixels on the longer side of a picture's file as it is published, unless a link leads to it."""

FIELDS = ("photo", "logo", "hero")
"""The fields whose file is shown as a picture; other fields link to theirs."""


BOXES: Mapping[str, Box] = {
    "hero": Box(width=1184, height=474, cut=True, middle=0.5),
    "text": Box(width=522, height=640),
    "list": Box(width=72, height=90, cut=True),
    "page": Box(width=176, height=220, cut=True),
    "header": Box(width=240, height=32),
    "funding": Box(width=240, height=40),
    "sponsor": Box(width=240, height=64),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ResponsiveImage:
    """A picture in its box: its size on the page, and its paths, the second for screens of double density."""

    width: int
    height: int
    paths: tuple[str, ...]


@mistake
def unreadable_picture(span: Span, name: str) -> Diagnostic:
    """A file that is shown as a picture is none, or is damaged.

    Wrong: `photo: ada.jpg`, where the file is a web page that was saved under this name.
    Right: a JPEG, PNG or WebP picture.
    """
    return Diagnostic(
        message=f"content/files/{name} cannot be read as a picture",
        span=span,
        help="open it in a picture viewer, and save it again as JPEG or PNG",
    )


@mistake
def oversized_picture(span: Span, name: str) -> Diagnostic:
    """A picture that is shown has more than 60 million pixels.

    A small file can hold more pixels than fit into the memory of a computer.

    Wrong: a scan of 20,000 × 20,000 pixels as a portrait.
    Right: the same picture, made smaller: 1,600 pixels are plenty.
    """
    return Diagnostic(
        message=f"content/files/{name} has more than {MAX_PIXELS:,} pixels",
        span=span,
        help="save it with at most 1600 pixels on each side",
    )


@mistake
def small_hero(span: Span, name: str, size: tuple[int, int]) -> Diagnostic:
    """The wide picture of the home page has too few pixels for its place, so it is shown blown up.

    Wrong: `theme: {hero: town.jpg}`, a picture of 400 × 300 pixels.
    Right: the same picture with 1,184 × 474 pixels or more; twice as many are seen on dense screens.
    """
    place = BOXES["hero"]
    return Diagnostic(
        message=f"content/files/{name} has {size[0]} × {size[1]} pixels and is shown with "
        f"{place.width} × {place.height}",
        span=span,
        help="save it larger from its source, or leave `hero` out",
        severity=Severity.WARNING,
    )


MISTAKES = (unreadable_picture, oversized_picture, small_hero)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Version:
    """One size of a picture."""

    name: str
    size: Size
    box: Box
    span: Span
    """Where the picture is named first."""


@dataclass(kw_only=True, slots=True)
class _Survey:
    """All pictures of an edition: what is made of each, and what is wrong."""

    stripped: dict[str, File] = field(default_factory=dict)
    """Every picture below `content/files/`, by its name there."""
    versions: dict[str, _Version] = field(default_factory=dict)
    """By path."""
    shrunk: dict[str, Span] = field(default_factory=dict)
    """The names of those that are shown and not linked to, and where they are named first."""
    problems: dict[str, Diagnostic] = field(default_factory=dict)
    """By name; one for each picture."""


def paths(facts: Facts) -> Iterator[Route]:
    """Yield every picture below `content/files/`, and each size that pages show."""
    survey = _survey(facts)
    for name in survey.stripped:
        yield Route(path=f"files/{name}", format="pictures", span=Span(file=f"content/files/{name}"))
    for path, version in survey.versions.items():
        yield Route(path=path, format="pictures", span=version.span)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Yield what keeps pictures from being shown as they should be."""
    yield from _survey(facts).problems.values()


def render(context: Context) -> dict[str, Callable[[], bytes]]:
    """Return how each planned picture is made; one that turns out to be damaged raises DiagnosticError."""
    survey = _survey(context.facts)
    # Versions of one picture are made one after another: the last decoded one is held for them.
    decoded = lru_cache(maxsize=1)(partial(_decoded, context.facts, survey))
    made: dict[str, Callable[[], bytes]] = {}
    for name, file in survey.stripped.items():
        if name in survey.shrunk:
            made[f"files/{name}"] = partial(_shrunk, context.facts, name, survey.shrunk[name], decoded)
        else:
            made[f"files/{name}"] = partial(_stripped, file)
    for path, version in survey.versions.items():
        made[path] = partial(_resized, context.facts, version, decoded)
    return made


def responsive_image(facts: Facts, name: str, box: str) -> ResponsiveImage | None:
    """Return a picture as a page shows it; nothing where its size is not known, as of a GIF."""
    if name.lower().endswith(".svg"):
        return _drawing(facts, name, BOXES[box])
    full = _full_size(facts, name)
    if full is None:
        return None
    sizes = pixels.sizes(full, BOXES[box])
    width, height = sizes[0]
    return ResponsiveImage(width=width, height=height, paths=tuple(_path(name, size) for size in sizes))


def _drawing(facts: Facts, name: str, box: Box) -> ResponsiveImage | None:
    """Return a drawing as large as it wants to be in a text, and as its box lets it elsewhere."""
    file = facts.workshop.files.get(f"files/{name}")
    size = facts.cached(("drawing", name), lambda: size_of(file) if file else None)
    if size is None:
        return None
    scale = min(box.width / size[0], box.height / size[1], *([1] if box is BOXES["text"] else []))
    width, height = (max(round(side * scale), 1) for side in size)
    return ResponsiveImage(width=width, height=height, paths=(f"files/{name}",))


def _survey(facts: Facts) -> _Survey:
    return facts.cached(_Survey, lambda: _look_at_pictures(facts))


def _look_at_pictures(facts: Facts) -> _Survey:
    survey = _Survey()
    for path, file in facts.workshop.files.items():
        if path.startswith("files/") and path.lower().endswith(STRIPPED_ENDINGS):
            survey.stripped[path.removeprefix("files/")] = file
    if not survey.stripped:
        return survey
    linked = _linked(facts)
    for name, span, boxes in (*_in_fields(facts), *_in_texts(facts)):
        if not _is_resized(facts, name):
            continue
        full = _size_or_problem(facts, name, span)
        if isinstance(full, Diagnostic):
            survey.problems.setdefault(name, full)
            continue
        for box in (BOXES[box] for box in boxes):
            for size in pixels.sizes(full, box):
                survey.versions[_path(name, size)] = _Version(name=name, size=size, box=box, span=span)
        if name not in linked:
            survey.shrunk.setdefault(name, span)
        if "hero" in boxes and not pixels.fills(full, BOXES["hero"]):
            survey.problems.setdefault(name, small_hero(span, name, full))
    return survey


def _size_or_problem(facts: Facts, name: str, span: Span) -> Size | Diagnostic:
    try:
        return pixels.size_of(facts.workshop.files[f"files/{name}"].read())
    except DiagnosticError as error:
        return error.diagnostic
    except TooManyPixelsError:
        return oversized_picture(span, name)
    except pixels.DAMAGED:
        return unreadable_picture(span, name)


def _in_fields(facts: Facts) -> Iterator[tuple[str, Span, tuple[str, ...]]]:
    """Yield the files that fields show as pictures, where they are named, and their boxes."""
    workshop = facts.workshop
    records: list[tuple[Record, str, tuple[str, ...]]] = [
        *((speaker, "photo", ("list", "page")) for speaker in workshop.speakers),
        *((grant, "logo", ("funding",)) for grant in workshop.funding),
        *((sponsor, "logo", ("sponsor",)) for sponsor in workshop.sponsors),
    ]
    if workshop.theme:
        records += [(workshop.theme, "logo", ("header",)), (workshop.theme, "hero", ("hero",))]
    for record, name, boxes in records:
        if target := getattr(record, name):
            yield target, span_of(record, name), boxes


@dataclass(frozen=True, kw_only=True, slots=True)
class _TextLink:
    """A file below `content/files/` that a text links to or shows."""

    name: str
    span: Span
    is_shown: bool


def _links(facts: Facts) -> list[_TextLink]:
    return facts.cached(_TextLink, lambda: list(_find_links(facts)))


def _find_links(facts: Facts) -> Iterator[_TextLink]:
    for parsed in facts.parsed():
        for link in parsed.text.links:
            path = resolve_link(f"content/{parsed.folder}".rstrip("/"), "", link.target)
            if path.startswith("files/"):
                name = path.removeprefix("files/").partition("#")[0]
                yield _TextLink(name=name, span=moved(link.span, parsed.span), is_shown=link.image)


def _in_texts(facts: Facts) -> Iterator[tuple[str, Span, tuple[str, ...]]]:
    """Yield the files that texts show as pictures, where they are named, and their box."""
    return ((link.name, link.span, ("text",)) for link in _links(facts) if link.is_shown)


def _linked(facts: Facts) -> set[str]:
    """Return the files that readers can open by themselves, so that these keep their size."""
    targets = facts.values(Target)
    pictures = {getattr(value.record, name, None) for value in targets for name in FIELDS}
    fields = {value.text for value in targets} - pictures
    return fields | {link.name for link in _links(facts) if not link.is_shown}


def _is_resized(facts: Facts, name: str) -> bool:
    """Return whether this is a picture below `content/files/` of a format that can be resized."""
    return name.lower().endswith(ENDINGS) and f"files/{name}" in facts.workshop.files


def _full_size(facts: Facts, name: str) -> Size | None:
    """Return a picture's width and height; nothing where it is none, which `check` reports."""

    def read() -> Size | None:
        size = _size_or_problem(facts, name, Span(file=name)) if _is_resized(facts, name) else None
        return None if isinstance(size, Diagnostic) else size

    return facts.cached(("picture", name), read)


def _path(name: str, size: Size) -> str:
    return f"pictures/{name}-{size[0]}x{size[1]}.webp"


def _stripped(file: File) -> bytes:
    return strip_metadata(file.read())


def _decoded(facts: Facts, survey: _Survey, name: str) -> pixels.Image:
    """Return the whole picture, no larger than its largest version needs."""
    sides = [side for version in survey.versions.values() if version.name == name for side in version.size]
    return pixels.decode(facts.workshop.files[f"files/{name}"].read(), max(MAX_SIDE, *sides))


def _resized(facts: Facts, version: _Version, decoded: Callable[[str], pixels.Image]) -> bytes:
    def make() -> bytes:
        return pixels.save(pixels.fit(decoded(version.name), version.size, version.box), "WEBP")

    return _from_cache(facts, version.name, version.span, (version.size, version.box), make)


def _shrunk(facts: Facts, name: str, span: Span, decoded: Callable[[str], pixels.Image]) -> bytes:
    """Return the picture as large as it was, up to the limit, in the format that it had."""
    kind = pixels.format_of(facts.workshop.files[f"files/{name}"].read())

    def make() -> bytes:
        return pixels.save(pixels.shrink(decoded(name), MAX_SIDE), kind)

    return _from_cache(facts, name, span, (MAX_SIDE, kind), make)


def _from_cache(facts: Facts, name: str, span: Span, how: object, make: Callable[[], bytes]) -> bytes:
    digest = sha256(facts.workshop.files[f"files/{name}"].read()).hexdigest()
    try:
        return facts.get_or_make((digest, how), make)
    except pixels.DAMAGED:
        raise DiagnosticError(unreadable_picture(span, name)) from None
