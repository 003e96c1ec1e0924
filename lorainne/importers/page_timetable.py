"""The timetable of a hand-written page: a pipe table with times, its days and what fills each slot."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from lorainne.content.text import fold
from lorainne.content.values import WEEKDAYS, WrongWeekdayError, long_date, read_clock
from lorainne.content.yaml_writer import Fields, Value
from lorainne.diagnostics import Span
from lorainne.importers.dates import Found, days_in, times_in
from lorainne.importers.labels import labelled
from lorainne.importers.mistakes import source_overlap, source_titles, source_weekday
from lorainne.importers.names import SourcePerson
from lorainne.importers.page_blocks import LINK, Block, Line, Section, cells, is_delimiter, plain
from lorainne.importers.page_draft import Draft, Work
from lorainne.importers.page_people import MATERIALS, kind_of, looks_like_a_name, named

_COLUMNS = (
    ("date", r"date|day|jour(?:nee)?"),
    ("time", r"time|hours?|heures?|horaires?|when|quand"),
    ("room", r"rooms?|salles?|where|lieu|location|place"),
    ("chair", r"chairs?|session chair|president\w*|moderat\w+"),
)
_HEADS = re.compile(
    r"sessions?|titles?|titres?|talks?|exposes?|speakers?|orateurs?|events?|what|activit\w+|program\w*"
)
_EMPHASIS = re.compile(r"(?<![*\w])(?:\*(?!\*)|_)(?P<title>[^*_]{3,}(?:_[^*_]+)*)(?:\*(?!\*)|_)(?!\w)")
_KIND_REMARK = re.compile(
    r"\(?\b(?:keynote|invited|plenary|invitée?|tutorial)(?: (?:talk|speaker))?\b\)?:?", re.I
)
_ABSTRACT_LINK = re.compile(r"\(?\[\(?\s*(?:abstract|résumé|resume|more|details?)\s*\)?\]\([^()]*\)\)?", re.I)


@dataclass(kw_only=True)
class _Table:
    """What is known while the rows are read."""

    draft: Draft
    section: Section
    columns: dict[int, str] = field(default_factory=dict)
    day: date | None = None
    days: list[Fields] = field(default_factory=list)
    until: dict[tuple[date, str], tuple[timedelta, str, Span]] = field(default_factory=dict)


def is_timetable(block: Block) -> bool:
    """Whether a table has times in a column of its rows."""
    return block.kind == "table" and any(
        times_in(plain(cell)) for line in block.lines for cell in cells(line)[:3]
    )


def timetable(draft: Draft, section: Section, block: Block) -> None:
    """Read a table with times into the schedule."""
    table = _Table(draft=draft, section=section)
    title = next(
        (found for found in (_day_of(section.name), *map(_day_of, _names_above(section))) if found), None
    )
    table.day = _date(table, title, section.heading) if title else draft.first
    for number, line in enumerate(block.lines):
        row = cells(line)
        if number == 0 and len(block.lines) > 1 and is_delimiter(block.lines[1]):
            table.columns = _columns(row)
            heads = [plain(cell) for place, cell in enumerate(row) if place not in table.columns]
            unknown = [head for head in heads if head and not _HEADS.fullmatch(fold(head))]
            draft.notes += [
                f"line {line.number}: the column “{head}” has no name in content" for head in unknown
            ]
        elif not is_delimiter(line):
            _row(table, line, row)
    days = list(_as_list(draft.schedule.get("days", [])))
    for day in table.days:
        same = next((known for known in days if known["date"] == day["date"]), None)
        if same is None:
            days.append(day)
        else:
            same["slots"] = [*_as_list(same["slots"]), *_as_list(day["slots"])]
            if words := "; ".join(str(each["title"]) for each in (same, day) if "title" in each):
                same["title"] = words
    draft.schedule["days"] = days
    heading = fold(f"{section.name} {' '.join(_names_above(section))}")
    if re.search(r"tentative|preliminary|provisoire|draft|preliminaire", heading):
        draft.schedule["status"] = "tentative"
    tentative = draft.schedule.get("status") == "tentative"
    if not title:
        draft.heading("schedule_tentative" if tentative else "schedule", section)


def _as_list(value: Value) -> list[Fields]:
    return list(value) if isinstance(value, list) else []


def _names_above(section: Section) -> list[str]:
    return [above.name for above in reversed(section.above) if above.level > 1]


def _columns(row: list[str]) -> dict[int, str]:
    """What the columns hold, by the words at their head."""
    found: dict[int, str] = {}
    for place, cell in enumerate(row):
        for name, words in _COLUMNS:
            if re.fullmatch(words, fold(plain(cell))) and name not in found.values():
                found[place] = name
    return found


def _day_of(text: str) -> Found | None:
    return next(days_in(text), None)


def _row(table: _Table, line: Line, row: list[str]) -> None:
    """A row: a day, a slot, or both."""
    time, day, room, chair = "", None, "", ""
    rest: list[str] = []
    for place, cell in enumerate(row):
        words, column = plain(cell), table.columns.get(place, "")
        if not words:
            continue
        if not time and column in ("", "time") and (found := times_in(words)):
            time = found
        elif day is None and column in ("", "date", "time") and (named_day := _only_a_day(words)):
            day = named_day
        elif column == "room":
            room = words
        elif column == "chair":
            chair = words
        elif not re.fullmatch(r"\(?(?:day|jour) \d+\)?", words, re.IGNORECASE):
            rest.append(cell)
    if day:
        table.day = _date(table, day, line)
    if time:
        _slot(table, line, time, room, chair, rest)
    elif rest and day and table.day:
        record = _open_day(table)
        record["title"] = "; ".join(filter(None, [str(record.get("title", "")), plain(" ".join(rest))]))
    elif rest:
        table.draft.unplaced(table.section, [Line(number=line.number, text=" ".join(map(str.strip, rest)))])


def _only_a_day(words: str) -> Found | None:
    """The day that a cell names, where it holds nothing else but perhaps its number."""
    found = _day_of(words)
    if not found:
        return None
    left = re.sub(
        r"\(?\b(?:day|jour) \d+\)?", "", words[: found.start] + words[found.end :], flags=re.IGNORECASE
    )
    return None if re.search(r"\w{2,}", left) else found


def _date(table: _Table, found: Found, line: Line) -> date | None:
    """The date that is meant; where the weekday is another one's, the day that fits."""
    draft = table.draft
    day = found.on(draft.first.year if draft.first else None)
    if day is None or found.weekday is None or day.weekday() == found.weekday:
        return day
    error = WrongWeekdayError(day, "", WEEKDAYS[found.weekday])
    used = {record["date"] for record in (*table.days, *_as_list(draft.schedule.get("days", [])))}
    taken = day
    if draft.first and draft.last and _written(day) in used:
        days = [draft.first + timedelta(n) for n in range((draft.last - draft.first).days + 1)]
        fitting = [each for each in days if each.weekday() == found.weekday and _written(each) not in used]
        taken = fitting[0] if fitting else day
    said = f"{WEEKDAYS[taken.weekday()]}, {long_date(taken)}"
    part = next(
        (plain(cell)[found.start : found.end] for cell in cells(line) if _only_a_day(plain(cell))), ""
    )
    draft.problems.append(source_weekday(line.span(draft.file, part), error, said))
    return taken


def _written(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()][:3]} {day.isoformat()}"


def _open_day(table: _Table) -> Fields:
    """The day that slots now belong to."""
    written = _written(table.day) if table.day else ""
    for record in table.days:
        if record["date"] == written:
            return record
    table.days.append({"date": written, "slots": []})
    return table.days[-1]


def _slot(table: _Table, line: Line, time: str, room: str, chair: str, rest: list[str]) -> None:
    draft = table.draft
    if not table.day or not _is_time(time):
        draft.unplaced(table.section, [Line(number=line.number, text=" ".join([time, *rest]))])
        return
    slot: Fields = {"time": time}
    if room:
        slot["room"] = room
    slot |= _content(table, line, rest)
    if chair:
        who = draft.someone(chair, line)
        slot["chair"] = draft.reference(who) if who else {"name": chair}
    day = _open_day(table)
    day["slots"] = [*_as_list(day["slots"]), slot]
    _note_overlap(table, line, time, room)


def _is_time(time: str) -> bool:
    try:
        read_clock(time)
    except ValueError:
        return False
    return True


def _note_overlap(table: _Table, line: Line, time: str, room: str) -> None:
    """Report a slot that begins before the one above it in its room has ended."""
    clock = read_clock(time)
    assert table.day is not None  # no slot without a day
    key, span = (table.day, room), line.span(table.draft.file, line.text.strip("| ").split("|")[0].strip())
    if (before := table.until.get(key)) and clock.start < before[0]:
        table.draft.problems.append(source_overlap(span, before[1], time, before[2]))
    table.until[key] = (clock.end or clock.start, time, span)


def _content(table: _Table, line: Line, rest: list[str]) -> Fields:
    """What fills the slot: a talk where someone is named or a title given, else a break or a label."""
    parts = [part for cell in rest for part in re.split(r"<br\s*/?>", _ABSTRACT_LINK.sub("", cell))]
    links = [link for part in parts for link in LINK.finditer(part)]
    titles = [match["title"].strip() for part in parts for match in _EMPHASIS.finditer(part)]
    texts = [
        _KIND_REMARK.sub("", plain(_EMPHASIS.sub("", _without_materials(part)))).strip(" :,–—-")
        for part in parts
    ]
    texts = [text for text in texts if text and text != "()"]
    whole = plain(" ".join(parts))
    who, others = _people(table, line, texts)
    if not who and titles and texts and looks_like_a_name(named(texts[0])[0]):
        name, _, affiliation, _ = named(texts[0])
        who, others = (
            [table.draft.people.add(name, line.span(table.draft.file, name), affiliation)],
            texts[1:],
        )
    if who:
        return _talk(
            table, line, who, titles, others, links, kind_of(whole) if _KIND_REMARK.search(whole) else ""
        )
    label = " ".join(
        draft_text for draft_text in (table.draft.rewritten(replace(line, text=p)) for p in parts)
    )
    label = " ".join(label.replace("\\\n", " ").split())
    if not label:
        return {"title": "To be announced"}
    slot = labelled(label if titles else re.sub(r"^\*\*(.*)\*\*$", r"\1", label), whole)
    if not table.draft.posters:
        slot.pop("posters", None)  # none are known yet
    return slot


def _without_materials(part: str) -> str:
    """A part of a cell without its links to slides and the like, which become the talk's fields."""
    names = [pattern for _, pattern in MATERIALS]
    return LINK.sub(
        lambda link: "" if any(p.fullmatch(plain(link["text"]).strip("()")) for p in names) else link.group(),
        part,
    )


def _people(table: _Table, line: Line, texts: list[str]) -> tuple[list[SourcePerson], list[str]]:
    """Who of those that are known is named in the cell, and the texts that name nobody."""
    found: list[SourcePerson] = []
    others: list[str] = []
    for text in texts:
        who = table.draft.someone(text, line)
        if who:
            found.append(who)
            continue
        name, _, _, after = named(text)
        split = re.split(r"\s*[:–—|]\s*|\s+(?:and|et|&)\s+", text) if not who else []
        known = [each for part in split if (each := table.draft.people.find(part))]
        if name and (who := table.draft.people.find(name)):
            found.append(table.draft.someone(name, line) or who)
            others += [rest] if (rest := after.strip(" :,–—-()")) else []
        elif known:
            found += known
            others += [part for part in split if not table.draft.people.find(part)]
        else:
            others.append(text)
    return [who for place, who in enumerate(found) if who not in found[:place]], others


def _talk(
    table: _Table,
    line: Line,
    who: list[SourcePerson],
    titles: list[str],
    others: list[str],
    links: list[re.Match[str]],
    kind: str,
) -> Fields:
    """The slot of a talk: the one that its speaker has below, or a new one."""
    draft = table.draft
    title = titles[0] if titles else ""
    if not titles and others and not any(fold(others[0]) == fold(each.affiliation) for each in who):
        title = others.pop(0)
    given = {slot.get("talk") for day in _all_days(table) for slot in _as_list(day["slots"])}
    own = [work for work in draft.talks if any(each in work.presenters for each in who)]
    same = [work for work in own if title and fold(plain(work.title)) == fold(plain(title))]
    free = same or [work for work in own if work.id not in given]
    talk = free[0] if free else _new_talk(draft, who, line, len(own))
    if title and not talk.title:
        talk.title, talk.title_span = (
            draft.rewritten(replace(line, text=title), "talks"),
            line.span(draft.file, title),
        )
    elif title and fold(plain(title)) != fold(plain(talk.title)):
        other = talk.title_span or talk.span
        draft.problems.append(
            source_titles(line.span(draft.file, title), plain(title), plain(talk.title), other)
        )
    if kind:
        talk.more.setdefault("kind", kind)
    _add_materials(draft, talk, line, links)
    slot: Fields = {"talk": talk.id}
    known = [fold(each.affiliation) for each in who]
    if note := "; ".join(text for text in others if fold(text).strip("()") not in known):
        slot["note"] = note
    return slot


def _all_days(table: _Table) -> list[Fields]:
    return [*table.days, *_as_list(table.draft.schedule.get("days", []))]


def _new_talk(draft: Draft, who: list[SourcePerson], line: Line, number: int) -> Work:
    """A talk that only the timetable knows."""
    for each in who:
        each.speaks = True
    name = " and ".join(each.name for each in who)
    key = f"{fold(name)} {number}" if number else fold(name)
    talk = Work(
        folder="talks",
        id=draft.ids.assign("talks", key, name),
        presenters=who,
        span=line.span(draft.file, who[0].name),
    )
    draft.talks.append(talk)
    return talk


def _add_materials(draft: Draft, talk: Work, line: Line, links: list[re.Match[str]]) -> None:
    for link in links:
        words = plain(link["text"]).strip("() ")
        for key, pattern in MATERIALS:
            if pattern.fullmatch(words) and key != "pdf" and key not in talk.more:
                found = draft.target(link["target"], line)
                if found and not found.startswith("mailto:"):
                    talk.more[key] = found
        if link["target"].startswith("#"):
            draft.rewritten(replace(line, text=link.group()), "talks")
