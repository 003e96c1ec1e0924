"""The people of a hand-written page: its list of speakers, and what stands below a name: talk or poster."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from lorainne.content.text import fold
from lorainne.importers.mistakes import source_asterisk
from lorainne.importers.page_blocks import LINK, Block, Line, Section, blocks, plain, without_anchors
from lorainne.importers.page_draft import UNKNOWN_YET, Draft, Work, anchor

KINDS = (
    ("keynote", r"keynote|plenary|pleni|conferences? invitee"),
    ("invited", r"invited|invitee"),
    ("tutorial", r"tutori|lectures?|cours\b"),
    ("panel", r"panel|table ronde|round table"),
    ("lightning", r"lightning|spotlight|flash|gallery"),
    ("contributed", r"contributed|contributions?"),
    ("demo", r"demonstration|\bdemos?\b"),
)
"""What sort of talk a word means, in English and French without accents."""

_LINKED = re.compile(rf"\**\s*{LINK.pattern}\**(?P<rest>.*)", re.DOTALL)
_BARE = re.compile(
    r"\**(?P<name>[^\s(*,:–—|\[\]][^(*,:–—|\[\]]*?)\**(?P<rest>\s*(?:[(,:–—*|].*)?)", re.DOTALL
)
_IN_PARENTHESES = re.compile(r"\s*[,–—-]?\s*\((?P<affiliation>(?:[^()]|\([^()]*\))*)\)\s*")
_AND = re.compile(r"\s+(?:and|et|&)\s+|\s*&\s*")
_LABEL = re.compile(
    r"\s*(?:\*\*|__)?(?P<label>abstract|résumé|resume|title|titre|bio(?:graphy|graphie)?|short bio)\s*"
    r"(?:[:.]\s*(?:\*\*|__)|(?:\*\*|__)\s*[:.]?|:)\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_TITLE = re.compile(r"(?P<open>\*{0,3}|_{0,2})(?P<title>[^*_\s].*?[^*\s]|[^*_\s])(?P<close>\*{0,3}|_{0,2})")
_POSTER = re.compile(
    r"[\s:.,–—-]*\*{1,2}([^*]+)\*{1,2}\.?|[\s:.,–—-]*[\"“«]\s*([^\"”»]+?)\s*[\"”»]\.?|\s*[:–—]\s*([^*]+)"
)
_REFERENCES = re.compile(
    r"\s*(?:\*\*)?(?:based on|references?|références?|bibliograph\w+)\b[^.]{0,30}:?", re.I
)
MATERIALS = (
    ("slides", re.compile(r"slides?|transparents|diapos\w*|support", re.I)),
    ("video", re.compile(r"videos?|vidéos?|recording|enregistrement", re.I)),
    ("paper", re.compile(r"paper|article|preprint|arxiv", re.I)),
    ("code", re.compile(r"code|software|github", re.I)),
    ("pdf", re.compile(r"poster|pdf", re.I)),
)


def named(text: str) -> tuple[str, str, str, str]:
    """Name, address, affiliation and what is left of `[Name](address) (affiliation) …`."""
    linked = _LINKED.match(text)
    if linked and not linked["image"]:
        name, target, rest = plain(linked["text"]), linked["target"], linked["rest"]
    elif bare := _BARE.fullmatch(text):
        name, target, rest = plain(bare["name"]), "", bare["rest"]
    else:
        return "", "", "", text
    inner = re.fullmatch(r"(.+?)\s*\((.+)\)", name)
    if inner:
        return inner[1], target, inner[2], rest
    if found := _IN_PARENTHESES.match(rest):
        return name, target, plain(found["affiliation"]), rest[found.end() :]
    if after := re.fullmatch(r"\s*,\s*([^*\[\]:]+?)[.;]?\s*", rest):
        return name, target, plain(after[1]), ""
    return name, target, "", rest


def looks_like_a_name(text: str) -> bool:
    """Whether a text could be a person's name: two to five words, the first and last with a capital."""
    words = text.split()
    return (
        2 <= len(words) <= 5
        and words[0][0].isupper()
        and words[-1][0].isupper()
        and not re.search(r"[\d:;!?()@/]", text)
    )


def kind_of(text: str) -> str:
    """The sort of talk that a heading or a remark speaks of; empty where it speaks of none."""
    return next((kind for kind, words in KINDS if re.search(words, fold(text))), "")


def speakers(draft: Draft, section: Section) -> list[Line]:
    """Read a list of speakers; returns the lines that are none."""
    left: list[Line] = []
    sentences: list[str] = []
    for block in blocks(section.lines):
        if block.kind == "item" and _speaker(draft, block):
            continue
        if block.kind == "text":
            sentences += [draft.rewritten(line).strip() for line in block.lines]
        else:
            left += [*block.lines, Line(number=0, text="")]
    if sentences:
        draft.texts.append(("speakers_intro", " ".join(sentences), section))
    return left


def _speaker(draft: Draft, block: Block) -> bool:
    name, target, affiliation, rest = named(without_anchors(block.text))
    if not name or (not looks_like_a_name(name) and not target and not affiliation):
        return False
    line = block.lines[0]
    homepage = "" if not target or target.startswith("#") else draft.target(target, line)
    who = draft.people.add(name, line.span(draft.file, name), affiliation, homepage)
    if homepage and not homepage.startswith("http"):
        who.homepage = ""
        who.notes.append(f"[{name}]({homepage})")
    who.speaks = True
    for link in LINK.finditer(block.text):
        if link["target"] != target and link.group() not in rest and link["target"].startswith("http"):
            who.notes.append(link.group())
    if re.search(r"\w", plain(rest)):
        who.notes.append(draft.rewritten(Line(number=line.number, text=rest), "speakers").strip(" ,:;–—-"))
    return True


def is_presented(draft: Draft, section: Section) -> bool:
    """Whether a section is about one talk or poster: a known name, or a title and perhaps an abstract."""
    if section.level < 2 or (section.level == 2 and not looks_like_a_name(named(section.title)[0])):
        return False
    name = named(without_anchors(section.title))[0]
    people = [draft.people.find(part) for part in _AND.split(name)]
    first = next(blocks(section.lines), None)
    if first is None or first.kind != "text":
        return bool(name and all(people))
    title = first.lines[0].text.strip()
    emphasised = bool(re.fullmatch(r"(?:\*[^*].*|_[^_].*_|.*[^*]\*)", title)) and not title.endswith("**")
    return emphasised or bool(_LABEL.match(title)) or bool(name and all(people))


def presented(draft: Draft, section: Section, folder: str) -> Work:
    """Read a section about one talk or poster."""
    name, target, affiliation, rest = named(without_anchors(section.title))
    homepage = draft.target(target, section.heading) if target and not target.startswith("#") else ""
    parts = _AND.split(name)
    known = draft.people.find(name)
    names = [name] if known or not all(looks_like_a_name(part) for part in parts) else parts
    presenters = [
        draft.someone(each, section.heading)
        or draft.people.add(each, section.heading.span(draft.file, each), affiliation, homepage)
        for each in names
        if each
    ]
    if folder == "talks":
        for who in presenters:
            who.speaks = True
            who.affiliation = who.affiliation or affiliation
    works = draft.talks if folder == "talks" else draft.posters
    first = fold(name) or section.name
    number = sum(anchor(name) in work.anchors for work in works)
    work = Work(
        folder=folder,
        id=draft.ids.assign(folder, f"{first} {number}" if number else first, name or section.name),
        presenters=presenters,
        span=section.heading.span(draft.file),
        anchors=[anchor(name), anchor(section.name), *_named_anchors(section)],
    )
    if kind := kind_of(" ".join([rest, *(above.name for above in section.above)])):
        work.more["kind"] = kind
    _read_body(draft, work, section.lines)
    work.body += _remark(section, rest, (target, homepage))
    works.append(work)
    return work


def _remark(section: Section, rest: str, used: tuple[str, str]) -> list[Line]:
    """What a heading says besides name and affiliation, but for the sort of talk."""
    links = [link.group() for link in LINK.finditer(section.title) if link["target"] not in used]
    remark = " ".join([rest.strip(" ,:;–—-"), *links])
    if not re.search(r"\w", remark) or re.fullmatch(
        r"\W*(?:keynote|invited|plenary)(?: talk)?\W*", remark, re.I
    ):
        return []
    return [Line(number=section.heading.number, text=f"\n{remark}")]


def poster_in_list(draft: Draft, block: Block) -> bool:
    """Read an item such as `Name (affiliation): *title*` of a list of posters; False where it is none."""
    name, target, affiliation, rest = named(without_anchors(block.text))
    title = _POSTER.fullmatch(rest)
    if block.kind != "item" or not title or not looks_like_a_name(name):
        return False
    line = block.lines[0]
    homepage = draft.target(target, line) if target and not target.startswith("#") else ""
    who = draft.someone(name, line) or draft.people.add(
        name, line.span(draft.file, name), affiliation, homepage
    )
    written = draft.rewritten(Line(number=line.number, text=next(filter(None, title.groups()))), "posters")
    poster = Work(
        folder="posters",
        id=draft.ids.assign("posters", f"{fold(name)} {fold(written)}", name),
        presenters=[who],
        span=line.span(draft.file, name),
        title=written.strip(),
    )
    draft.posters.append(poster)
    return True


def _named_anchors(section: Section) -> list[str]:
    text = " ".join([section.heading.text, *(line.text for line in section.lines[:2])])
    return [fold(name) for name in re.findall(r"<a\s+(?:name|id)=[\"']?([^\"'>\s]+)", text)]


def _read_body(draft: Draft, work: Work, lines: Sequence[Line]) -> None:
    """The title, then the abstract, then anything else, which belongs to the abstract too."""
    biography = False
    for line in lines:
        label = _LABEL.match(line.text)
        name = fold(label["label"]) if label else ""
        rest = replace(
            line, text=_with_materials(draft, work, replace(line, text=label["rest"] if label else line.text))
        )
        if label:
            biography = bool(re.search("bio", name)) and work.folder == "talks" and bool(work.presenters)
        if biography:
            work.presenters[0].notes.append(draft.rewritten(rest, "speakers"))
        elif re.search("tit", name) or (not label and not work.title and not _has_text(work.body)):
            if not _read_title(draft, work, rest):
                work.body.append(rest)
        else:
            work.body.append(rest)
    work.body[:] = _with_breaks(work.body)


def _has_text(lines: Sequence[Line]) -> bool:
    return any(line.text.strip() for line in lines)


def _read_title(draft: Draft, work: Work, line: Line) -> bool:
    """Take a line as the title where it is emphasised, on both sides or on one."""
    text = draft.rewritten(Line(number=line.number, text=line.text.strip()), work.folder)
    found = _TITLE.fullmatch(text) if text else None
    if not found or not (found["open"] or found["close"]) or "**" in found["title"]:
        return not text
    title = found["title"].strip()
    if not found["open"] or not found["close"]:
        draft.problems.append(source_asterisk(line.span(draft.file, title), title))
    if title.lower().rstrip(".") not in UNKNOWN_YET:
        work.title, work.title_span = title, line.span(draft.file, title)
    return True


def _with_materials(draft: Draft, work: Work, line: Line) -> str:
    """The line without links to slides and the like, which become fields."""

    def taken(link: re.Match[str]) -> str:
        words = plain(link[1] and LINK.sub(r"\g<text>", link[1])).strip(" ()[]")
        for key, pattern in MATERIALS:
            if key == ("pdf" if work.folder == "talks" else "slides") or not pattern.fullmatch(words):
                continue
            found = "" if key in work.more else draft.first_link(link[1], line)
            if found and not found.startswith("mailto:"):
                work.more[key] = found
                return ""
        return link.group()

    return re.sub(rf"\(?({_unnamed(LINK.pattern)})\)?", taken, line.text)


def _unnamed(pattern: str) -> str:
    return re.sub(r"\(\?P<\w+>", "(?:", pattern)


def _with_breaks(lines: list[Line]) -> list[Line]:
    """Keep each line of a list of references on its own, as its author wrote it."""
    kept: list[Line] = []
    in_references = False
    for line, below in pairwise([*lines, Line(number=0, text="")]):
        in_references = in_references or bool(_REFERENCES.fullmatch(line.text.strip()))
        numbered = bool(re.match(r"\s*\[\d+\]", below.text))
        breaks = line.text.strip() and below.text.strip() and (in_references or numbered)
        text = (
            line.text.rstrip() + "\\"
            if breaks and not line.text.rstrip().endswith("\\")
            else line.text.rstrip()
        )
        kept.append(Line(number=line.number, text=text))
    return kept
