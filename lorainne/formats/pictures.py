"""Pictures as they are shown, in fields and in texts: the one room of Pillow that reads them.

Each is turned upright, cut or scaled to its box in two densities, and saved as WebP, which every browser of
today reads. The file itself is published too, upright and without what a camera writes into it (place, time,
owner); links and metadata name that one. What is linked to, or not named at all, loses these notes only.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING

from lorainne import markup
from lorainne.checks.walk import span_of, values
from lorainne.diagnostics import Diagnostic, Severity, Span, mistake
from lorainne.formats import bare
from lorainne.formats.drawings import size_of
from lorainne.formats.story import Story, link
from lorainne.model import Record
from lorainne.project import File, UnreadableError
from lorainne.store import Keep
from lorainne.values import Inline, Markdown, Target

if TYPE_CHECKING:
    from PIL import Image

ENDINGS = (".jpg", ".jpeg", ".png", ".webp")
MOST_PIXELS = 60_000_000
"""No camera at a workshop has more, and decoding more takes a gigabyte."""

LARGEST = 1600
"""The longer side of a picture's file as it is published, unless a link leads to it."""

FIELDS = ("photo", "logo", "hero")
"""The fields whose file is shown as a picture; other fields link to theirs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """The space on the page, in CSS pixels; what is `cut` fills it, anything else fits into it."""

    width: int
    height: int
    cut: bool = False
    middle: float = 0.3
    """What is kept of a picture that is too high: 0 its top, where faces are, 1 its foot."""


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
class Shown:
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
        message=f"content/files/{name} has more than {MOST_PIXELS:,} pixels",
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


def render(story: Story) -> tuple[dict[str, File], list[Diagnostic]]:
    """Every picture in each size that pages show, and the files they come from, cleaned."""
    made, problems = _bare_files(story)
    if not made:
        return made, list(problems.values())
    linked = _linked(story)
    for name, span, boxes in (*_in_fields(story), *_in_texts(story)):
        file = _file(story, name)
        if file is None:
            continue
        try:
            for path, content in _versions(name, file.read(), boxes, name in linked, story.project.keep):
                made[path] = File(size=len(content), read=partial(bytes, content))
        except _TooManyPixelsError:
            problems.setdefault(name, oversized_picture(span, name))
        except UnreadableError as error:
            problems.setdefault(name, error.diagnostic)
        except (OSError, ValueError, SyntaxError):  # what Pillow raises for broken files
            problems.setdefault(name, unreadable_picture(span, name))
        if "hero" in boxes and (full := _full_size(file)) and not _fills(full, BOXES["hero"]):
            problems.setdefault(name, small_hero(span, name, full))
    return made, list(problems.values())


def _bare_files(story: Story) -> tuple[dict[str, File], dict[str, Diagnostic]]:
    """Every picture below `content/files/`, named or not, but for its notes; what cannot be read."""
    made: dict[str, File] = {}
    problems: dict[str, Diagnostic] = {}
    for path, file in story.project.below("content").items():
        if path.startswith("content/files/") and path.lower().endswith(bare.ENDINGS):
            try:
                made[path.removeprefix("content/")] = _bare_file(file)
            except UnreadableError as error:
                problems[path.removeprefix("content/files/")] = error.diagnostic
    return made, problems


@lru_cache(maxsize=4096)
def _bare_file(file: File) -> File:
    """The file without its notes, which go whenever it is read; the file itself where it has none."""
    data = file.read()
    left = bare.bare(data)
    return file if left == data else File(size=len(left), read=partial(_read_bare, file))


def _read_bare(file: File) -> bytes:
    return bare.bare(file.read())


def shown(story: Story, name: str, box: str) -> Shown | None:
    """A picture as a page shows it; nothing where its size is not known, as of a GIF."""
    if name.lower().endswith(".svg"):
        return _drawing(story, name, BOXES[box])
    file = _file(story, name)
    full = _full_size(file) if file else None
    if full is None:
        return None
    sizes = _sizes(full, BOXES[box])
    width, height = sizes[0]
    return Shown(width=width, height=height, paths=tuple(_path(name, size) for size in sizes))


def _drawing(story: Story, name: str, box: Box) -> Shown | None:
    """A drawing as large as it wants to be in a text, and as its box lets it elsewhere."""
    file = story.project.files.get(f"content/files/{name}")
    size = size_of(file) if file else None
    if size is None:
        return None
    scale = min(box.width / size[0], box.height / size[1], *([1] if box is BOXES["text"] else []))
    width, height = (max(round(side * scale), 1) for side in size)
    return Shown(width=width, height=height, paths=(f"files/{name}",))


def _in_fields(story: Story) -> Iterator[tuple[str, Span, tuple[str, ...]]]:
    """The files that fields show as pictures, where they are named, and their boxes."""
    workshop = story.workshop
    records: list[tuple[Record, str, tuple[str, ...]]] = [
        *((speaker, "photo", ("list", "page")) for speaker in workshop.speakers),
        *((grant, "logo", ("funding",)) for grant in workshop.funding),
        *((sponsor, "logo", ("sponsor",)) for sponsor in workshop.sponsors),
    ]
    if workshop.theme:
        records += [(workshop.theme, "logo", ("header",)), (workshop.theme, "hero", ("hero",))]
    for record, field, boxes in records:
        if name := getattr(record, field):
            yield name, span_of(record, field), boxes


def _links(story: Story) -> Iterator[tuple[str, Span, bool]]:
    """Every file below `content/files/` that a text links to or shows, its place, and whether it is shown."""
    for kind, parse in ((Inline, markup.parse_inline), (Markdown, markup.parse)):
        for text, origin, record in values(story.workshop, kind):
            folder = record.span.file.rpartition("/")[0] if kind is Markdown else ""
            for found in parse(text).links:
                path = link(folder or "content", "", found.target)
                if path.startswith("files/"):
                    at = markup.located(Diagnostic(message="", span=found.span), origin).span
                    yield path.removeprefix("files/").partition("#")[0], at, found.image


def _in_texts(story: Story) -> Iterator[tuple[str, Span, tuple[str, ...]]]:
    """The files that texts show as pictures, where they are named, and their box."""
    return ((name, span, ("text",)) for name, span, is_shown in _links(story) if is_shown)


def _linked(story: Story) -> set[str]:
    """The files that readers can open by themselves, so that these keep their size."""
    records = {id(record): record for _, _, record in values(story.workshop, Target)}.values()
    pictures = {getattr(record, field, None) for record in records for field in FIELDS}
    fields = {name for name, _, _ in values(story.workshop, Target)} - pictures
    return fields | {name for name, _, is_shown in _links(story) if not is_shown}


def _file(story: Story, name: str) -> File | None:
    """A file below `content/files/` that Pillow can read."""
    return story.project.files.get(f"content/files/{name}") if name.lower().endswith(ENDINGS) else None


@lru_cache(maxsize=4096)
def _full_size(file: File) -> tuple[int, int] | None:
    """A picture's width and height; nothing where it is none, which `render` tells."""
    try:
        with _opened(file.read()) as picture:
            return _upright(picture)
    except (_TooManyPixelsError, OSError, ValueError, SyntaxError):
        return None


class _TooManyPixelsError(Exception):
    """A picture that is not safe to decode."""


def _opened(data: bytes) -> Image.Image:
    """The picture, of which only the head has been read."""
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            picture = Image.open(BytesIO(data), formats=("JPEG", "PNG", "WEBP"))
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise _TooManyPixelsError from None
    if picture.width * picture.height > MOST_PIXELS:
        raise _TooManyPixelsError
    return picture


def _upright(picture: Image.Image) -> tuple[int, int]:
    """Width and height once the picture is turned as its camera was held (Exif 2.3, orientation)."""
    turned = picture.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    return (picture.height, picture.width) if turned else picture.size


def _fills(full: tuple[int, int], box: Box) -> bool:
    """Whether a picture has a pixel of its own for each of its box."""
    return full[0] >= box.width and full[1] >= box.height


def _sizes(full: tuple[int, int], box: Box) -> list[tuple[int, int]]:
    """The size in the box, and twice that unless the picture is smaller."""
    width, height = full
    if box.cut:
        one, most = (box.width, box.height), min(width / box.width, height / box.height)
    else:
        scale = min(box.width / width, box.height / height, 1)
        one, most = (max(round(width * scale), 1), max(round(height * scale), 1)), 1 / scale
    return [one, (2 * one[0], 2 * one[1])] if most >= 2 else [one]


def _path(name: str, size: tuple[int, int]) -> str:
    return f"pictures/{name}-{size[0]}x{size[1]}.webp"


def _versions(
    name: str, data: bytes, boxes: tuple[str, ...], linked: bool, keep: Keep
) -> Iterator[tuple[str, bytes]]:
    """The paths and contents of what is made of a picture; one that is linked keeps its own file."""
    digest = sha256(data).hexdigest()
    with _opened(data) as head:
        full, kind = _upright(head), head.format or "PNG"
    sizes = {size: BOXES[box] for box in boxes for size in _sizes(full, BOXES[box])}
    whole = cache(partial(_decoded, data, max(LARGEST, *(max(size) for size in sizes))))
    for size, box in sizes.items():
        yield _path(name, size), keep((digest, size, box), partial(_resized, whole, size, box))
    if not linked:
        yield f"files/{name}", keep((digest, LARGEST, kind), partial(_cleaned, whole, kind))


def _resized(whole: Callable[[], Image.Image], size: tuple[int, int], box: Box) -> bytes:
    return _saved(_fitted(whole(), size, box), "WEBP")


def _cleaned(whole: Callable[[], Image.Image], kind: str) -> bytes:
    """The picture as large as it was, up to the limit, in the format that it had."""
    picture = whole()
    picture.thumbnail((LARGEST, LARGEST))
    return _saved(picture, kind)


def _decoded(data: bytes, most: int) -> Image.Image:
    """The whole picture, upright, with its colours and without anything else that was in the file."""
    from PIL import Image, ImageOps

    with _opened(data) as picture:
        picture.draft("RGB", (most, most))  # of a JPEG no more is decoded than is needed
        profile = picture.info.get("icc_profile", b"")
        upright = ImageOps.exif_transpose(picture)
        if upright.mode.startswith("I"):  # 16 bits of grey, which a conversion would cut off at 8
            upright = upright.convert("I").point(lambda grey: grey * (1 / 257)).convert("L")
        clear = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
        plain = upright.convert("RGBA" if clear else "RGB")
    bare = Image.frombytes(plain.mode, plain.size, plain.tobytes())
    if profile and len(profile) < 4096 and plain.mode == upright.mode:
        bare.info["icc_profile"] = profile
    return bare


def _fitted(picture: Image.Image, size: tuple[int, int], box: Box) -> Image.Image:
    """The picture in a size of its box."""
    from PIL import Image, ImageOps

    if box.cut:
        return ImageOps.fit(picture, size, Image.Resampling.LANCZOS, centering=(0.5, box.middle))
    return picture.resize(size, Image.Resampling.LANCZOS)


def _saved(picture: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    colours = picture.info.get("icc_profile", b"")
    if kind == "PNG":
        picture.save(out, kind, optimize=True, icc_profile=colours or None)
    else:
        picture.save(out, kind, quality=82, method=6) if kind == "WEBP" else picture.convert("RGB").save(
            out, kind, quality=85, optimize=True, progressive=True, icc_profile=colours
        )
    return out.getvalue()
