"""The facts of a hand-written page: title, place, dates, registration, deadlines, committees, sponsors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from lorainne.content.text import fold
from lorainne.content.yaml_writer import Fields, Value
from lorainne.importers.dates import days_in, period_in, says_only_dates
from lorainne.importers.mistakes import source_link
from lorainne.importers.names import person
from lorainne.importers.page_blocks import LINK, Block, Line, Section, blocks, is_rule, plain
from lorainne.importers.page_draft import Draft, is_email, is_url
from lorainne.importers.page_people import looks_like_a_name, named

ZONES = {
    "Europe/Paris": "france", "Europe/Berlin": "germany allemagne deutschland",
    "Europe/Brussels": "belgium belgique",
    "Europe/London": "england scotland wales uk united-kingdom royaume-uni",
    "Europe/Madrid": "spain espagne", "Europe/Rome": "italy italie italia",
    "Europe/Zurich": "switzerland suisse schweiz", "Europe/Vienna": "austria",
    "Europe/Amsterdam": "netherlands pays-bas", "Europe/Luxembourg": "luxembourg",
    "Europe/Warsaw": "poland pologne", "Europe/Prague": "czechia tchequie",
    "Europe/Stockholm": "sweden suede", "Europe/Oslo": "norway norvege",
    "Europe/Copenhagen": "denmark danemark", "Europe/Helsinki": "finland finlande",
    "Europe/Dublin": "ireland", "Europe/Athens": "greece grece", "Europe/Budapest": "hungary hongrie",
    "Europe/Bucharest": "romania roumanie", "Europe/Lisbon": "portugal", "Asia/Tokyo": "japan japon",
    "Asia/Seoul": "korea", "Asia/Kolkata": "india inde", "Africa/Tunis": "tunisia tunisie",
    "Africa/Casablanca": "morocco maroc", "Asia/Singapore": "singapore",
}  # fmt: skip
"""The zone of countries that have one."""

_FACT = re.compile(
    r"\s*(?:[-*+] )?(?:\*\*|__)(?P<name>[^*_:]+?)\s*(?::(?:\*\*|__)|(?:\*\*|__)\s*:)\s*(?P<rest>.*)"
)
_ROLE = re.compile(r"\b(?:chair|president|head|director|directeur|support|treasurer|secreta|respons|web)")
_COPYRIGHT = re.compile(r"\s*(?:&copy;|©|\(c\)|copyright)\s*(?P<rest>\S.*)", re.IGNORECASE)
_GRANT = re.compile(
    r"(?:^|(?<=[.!?] ))(?P<statement>[A-Z][^.]*?) the (?P<funder>[A-Z][\w-]*) (?P<project>[\w-]+) project"
    r" \(project (?P<grant>[\w./-]+)\)\.\s*$"
)
_PATTERN = re.compile(
    r"(?:firstname|first\.name|prenom|prénom)[._-]?(?:lastname|last\.name|nom)@([\w.-]+)", re.I
)
_PLAIN_REGISTRATION = re.compile(
    r"registration is (?:free(?: but mandatory)?|mandatory)(?: \(the capacity is limited\))?"
    r"(?:,? by .{3,20} at the latest)?\.?",
    re.IGNORECASE,
)


def title(draft: Draft, section: Section) -> None:
    """The name and the full title, from `# Name: title`."""
    text = draft.rewritten(replace(section.heading, text=section.title))
    name, colon, rest = text.partition(": ")
    draft.workshop["name"] = plain(name) or plain(text) or "My workshop"
    if colon and rest.strip():
        draft.workshop["title"] = rest.strip()


def facts(draft: Draft, section: Section) -> list[Line]:
    """Read `**Location**: …` and `**Date**: …`; returns the other lines."""
    left: list[Line] = []
    for line in section.lines:
        fact = _FACT.fullmatch(line.text)
        name = fold(fact["name"]) if fact else ""
        if (
            fact
            and re.fullmatch(r"location|venue|place|where|lieu|ou", name)
            and "venue" not in draft.workshop
        ):
            _venue(draft, replace(line, text=fact["rest"]))
        elif fact and re.fullmatch(r"dates?|when|quand", name) and _dates(draft, fact["rest"]):
            continue
        elif (notice := _COPYRIGHT.fullmatch(line.text)) and "copyright" not in draft.workshop:
            draft.workshop["copyright"] = notice["rest"].strip()
        elif not is_rule(line.text):
            left.append(line)
    return left


def _dates(draft: Draft, text: str) -> bool:
    """Note the days of the workshop; False where the text says more than them."""
    found = period_in(text, year_of(draft))
    if found and "dates" not in draft.workshop:
        dates(draft, *found)
        return says_only_dates(text)
    return False


def dates(draft: Draft, first: object, last: object) -> None:
    """Note the days of the workshop."""
    draft.workshop["dates"] = f"{first}" if first == last else f"{first} to {last}"


def year_of(draft: Draft) -> int | None:
    """The year that the page is about, from its title: `2024` or `'24`."""
    found = re.search(r"\b(20\d\d)\b|['’](\d\d)\b", " ".join(map(str, draft.workshop.values())))
    return int(found[1] or f"20{found[2]}") if found else None


def _venue(draft: Draft, line: Line) -> None:
    links = list(LINK.finditer(line.text))
    own = next((link for link in links if line.text.lstrip().startswith(link.group())), None)
    others = [link for link in links if link is not own]
    text = line.text
    for link in others:
        text = text.replace(link.group(), " ")
    parts = [
        part.strip() for part in re.split(r",\s*(?![^()]*\))", plain(text).rstrip(" .,(|")) if part.strip()
    ]
    if not parts:
        return
    venue: Fields = {"name": parts[0]}
    if len(parts) > 3:
        venue["street"] = ", ".join(parts[1:-2])
    venue |= dict(zip(("city", "country"), parts[max(1, len(parts) - 2) :], strict=False))
    if own and (homepage := draft.target(own["target"], line)) and is_url(homepage):
        venue["homepage"] = homepage
    for link in others[:1]:
        if is_url(address := draft.target(link["target"], line)):
            venue |= _coordinates(address) | {"map": address, "map_label": link["text"]}
    if others[1:]:
        venue["note"] = " ".join(link.group() for link in others[1:])
    draft.workshop["venue"] = venue
    country = fold(str(venue.get("country", parts[-1]))).replace(" ", "-")
    zone = next((zone for zone, names in ZONES.items() if country in names.split()), "")
    if zone and not draft.request.timezone:
        draft.workshop["timezone"] = zone
        draft.notes.append(f"time zone {zone}, from “{venue.get('country', parts[-1])}”")


def _coordinates(address: str) -> Fields:
    """Latitude and longitude in the address of a map: the end of a route, a mark, or the middle."""
    number = r"(-?\d{1,3}\.\d{3,12})"
    shapes = rf"route=.*(?:%3B|;){number}(?:%2C|,)", rf"mlat={number}&mlon=", rf"(?:map=\d+/|@){number}[/,]"
    for shape in shapes:
        found = re.search(shape + number, address)
        if found and abs(float(found[1])) <= 90 and abs(float(found[2])) <= 180:
            return {"latitude": found[1], "longitude": found[2]}
    return {}


def about(draft: Draft, lines: Sequence[Line]) -> None:
    """Keep the text of the home page; a grant named in its last sentence becomes `funding`."""
    kept = list(lines)
    for place, line in enumerate(kept):
        if found := _GRANT.search(line.text):
            names = ("statement", "funder", "project", "grant")
            draft.workshop["funding"] = [{name: found[name] for name in names}]
            kept[place] = replace(line, text=line.text[: found.start()].rstrip())
            break
    draft.about += [Line(number=0, text=""), *kept]


def registration(draft: Draft, section: Section) -> list[Line]:
    """How one registers; sentences that the site does not write itself are kept as a note."""
    left: list[Line] = []
    record: Fields = {}
    sentences: list[str] = []
    known = "registration" in draft.workshop
    for block in blocks(section.lines):
        if block.kind != "text" or known:
            left += [*block.lines, Line(number=0, text="")]
            continue
        line = replace(block.lines[0], text=block.text)
        for link in LINK.finditer(block.text):
            if "url" in record or link["image"]:
                continue
            address = draft.target(link["target"], line)
            if address and not address.startswith("mailto:"):
                record |= {"url": address, "label": link["text"]}
                line = replace(line, text=line.text.replace(link.group(), " ", 1))
        text = draft.rewritten(line)
        _registration_facts(draft, record, plain(text))
        said = [part.strip() for part in re.split(r"(?<=[.!?])\s+", text) if re.search(r"\w", part)]
        sentences += [part for part in said if not _PLAIN_REGISTRATION.fullmatch(part)]
    if sentences:
        record["note"] = " ".join(sentences)
    if record:
        draft.workshop["registration"] = record
    return left


def _registration_facts(draft: Draft, record: Fields, text: str) -> None:
    words = fold(text)
    year = draft.first.year if draft.first else year_of(draft)
    due_parts = (part for part in re.split(r"(?<=[.!?])\s", text) if _is_due(part))
    day = next((found for part in due_parts for found in days_in(part)), None)
    if day and (due := day.on(year)):
        record["deadline"] = due.isoformat()
    if re.search(r"\bfree\b|gratuite?", words) and not re.search(r"(?:not|feel) free|non gratuit", words):
        record["free"] = "true"
    if re.search(r"mandatory|obligatoire|required|compulsory", words):
        record["mandatory"] = "true"
    if re.search(r"limited|limite", words):
        record["limited"] = "true"
    if re.search(r"\bclosed\b|\bcloses? maintenant|sont closes", words):
        record["status"] = "closed"


def _is_due(sentence: str) -> bool:
    return bool(
        re.search(r"\bby\b|before|until|deadline|latest|avant|jusqu|limite|au plus tard", fold(sentence))
    )


def deadlines(draft: Draft, section: Section) -> list[Line]:
    """A list of dates with what is due."""
    left: list[Line] = []
    found: list[Value] = list(draft.workshop.get("deadlines", []))
    for block in blocks(section.lines):
        text = draft.rewritten(replace(block.lines[0], text=block.text))
        struck = re.findall(r"~~(.*?)~~", text)
        days = list(days_in(re.sub(r"~~.*?~~", "", text)))
        name = re.sub(r"~~.*?~~", "", text)
        name = plain(name[: days[0].start] + name[days[0].end :]).strip(" :,–—-.") if len(days) == 1 else ""
        day = days[0].on(year_of(draft)) if name else None
        if block.kind != "item" or not day or LINK.search(text):
            left += [*block.lines, Line(number=0, text="")]
            continue
        was = [old.isoformat() for part in struck for each in days_in(part) if (old := each.on(day.year))]
        found.append({"name": name, "date": day.isoformat(), **({"was": was} if was else {})})
    if found:
        draft.workshop["deadlines"] = found
    return left


def contact(draft: Draft, section: Section) -> list[Line]:
    """Committees in their lists, and the address."""
    left: list[Line] = []
    name = section.name if re.search(r"committee|comite", fold(section.name)) else ""
    committees = list(draft.workshop.get("committees", []))
    members: list[Value] = []
    groups: list[Value] = []
    titles: list[Line] = []
    for block in blocks(section.lines):
        text = block.text.strip()
        if block.kind == "item" and _member(draft, block, members, groups):
            continue
        if members or groups:
            committees.append(_committee(name or section.name, members, groups))
            members, groups, name, titles = [], [], "", []
        if block.kind == "text" and _is_label(text):
            left += titles
            name, titles = plain(text).rstrip(" :"), list(block.lines)
        elif block.kind != "text" or not _address(draft, block):
            left += [*block.lines, Line(number=0, text="")]
    if members or groups:
        committees.append(_committee(name or section.name, members, groups))
    else:
        left += titles
    if committees:
        draft.workshop["committees"] = committees
    return left


def _is_label(text: str) -> bool:
    """Whether a line only says what the list below it is."""
    return len(text) < 80 and bool(re.search(r":(?:\*\*)?$", text)) and not LINK.search(text)


def _committee(name: str, members: list[Value], groups: list[Value]) -> Fields:
    record: Fields = {"name": name}
    if members:
        record["members"] = members
    if groups:
        record["groups"] = groups
    return record


def _member(draft: Draft, block: Block, members: list[Value], groups: list[Value]) -> bool:
    """A member or a group of a committee; False where an item is neither."""
    line = block.lines[0]
    text = block.text.strip().rstrip(".;,")
    if group := re.fullmatch(
        rf"(?:the )?(?:group|groupe|équipe|team|lab)\s+(?:{LINK.pattern}|(?P<bare>.+))", text, re.I
    ):
        address = draft.target(group["target"], line) if group["target"] else ""
        entry: Fields = {"name": plain(group["text"] or group["bare"])}
        groups.append(entry | ({"url": address} if is_url(address) else {}))
        return True
    name, target, affiliation, rest = named(text)
    role = plain(rest).strip(" ,:;–—-()")
    if not role and _ROLE.search(fold(affiliation)):
        role, affiliation = affiliation, ""
    elif role and not affiliation and not _ROLE.search(fold(role)):
        role, affiliation = "", role
    if not name or not (looks_like_a_name(name) or target) or len(role) > 60:
        return False
    homepage = draft.target(target, line) if target and not target.startswith("#") else ""
    who = draft.someone(name, line)
    if who and who.speaks and not role:
        members.append(draft.speaker_id(who))
        return True
    found = person(name, affiliation, homepage if is_url(homepage) else "")
    extra: Fields = {"email": homepage.removeprefix("mailto:")} if homepage.startswith("mailto:") else {}
    extra |= {"role": role} if role else {}
    if extra:
        found = ({"name": found} if isinstance(found, str) else found) | extra
    members.append(found)
    return True


def _address(draft: Draft, block: Block) -> bool:
    """A sentence with the organisers' address, or with the pattern of their addresses."""
    text = block.text
    line = replace(block.lines[0], text=text)
    links = [link for link in LINK.finditer(text) if "@" in link["target"]]
    written = links[0]["target"].removeprefix("mailto:") if links else ""
    if not written and (bare := re.search(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", text)):
        written = bare.group()
    contact = draft.workshop.get("contact", {})
    if not written or contact:
        return False
    whole = links[0].group() if links else written
    said = links[0]["text"] if links and plain(links[0]["text"]) != written else ""
    note = draft.rewritten(replace(line, text=text.replace(whole, said).strip(" .<>")))
    record: Fields = {"note": note} if note else {}
    if pattern := _PATTERN.fullmatch(written):
        record["pattern"] = f"firstname.lastname@{pattern[1]}"
        if links:
            taken = "taken as the pattern of the organisers' addresses"
            draft.problems.append(
                source_link(block.lines[0].span(draft.file, f"({written})"), written, taken)
            )
    elif is_email(written):
        record["email"] = written
        if links and not links[0]["target"].startswith("mailto:"):
            draft.problems.append(
                source_link(block.lines[0].span(draft.file, f"({written})"), written, "`mailto:` was added")
            )
    else:
        return False
    draft.workshop["contact"] = record
    return True


def sponsors(draft: Draft, section: Section) -> list[Line]:
    """Institutions as a list of links or as a row of logos."""
    left: list[Line] = []
    found = list(draft.workshop.get("sponsors", []))
    for block in blocks(section.lines):
        linked_logo = r"\[!\[(?P<alt>[^\]]*)\]\((?P<logo>[^()\s]*)\)\]\((?P<to>[^()\s]*)\)"
        text = block.text
        entries: list[Fields] = []
        for match in re.finditer(rf"{linked_logo}|{LINK.pattern}", text):
            line = block.lines[0]
            name = plain(match["alt"] or match["text"] or "") or f"logo {len(found) + len(entries) + 1}"
            logo = match["logo"] or (match["target"] if match["image"] else "")
            url = match["to"] or ("" if match["image"] else match["target"] or "")
            entry: Fields = {"name": name}
            if url and is_url(address := draft.target(url, line)):
                entry["url"] = address
            if logo and (picture := draft.target(logo, line)) and not picture.startswith("mailto:"):
                entry["logo"] = picture
            entries += [entry] if len(entry) > 1 else []
        if entries and not re.search(r"\w", plain(re.sub(rf"{linked_logo}|{LINK.pattern}", "", text))):
            found += entries
        else:
            left += [*block.lines, Line(number=0, text="")]
    if found:
        draft.workshop["sponsors"] = found
    return left


def editions(draft: Draft, section: Section) -> list[Line]:
    """Links to other editions."""
    left: list[Line] = []
    found: list[Value] = list(draft.workshop.get("editions", []))
    for block in blocks(section.lines):
        link = LINK.fullmatch(block.text.strip())
        address = draft.target(link["target"], block.lines[0]) if link and not link["image"] else ""
        if link and is_url(address):
            found.append({"name": link["text"], "url": address})
        else:
            left += [*block.lines, Line(number=0, text="")]
    if found:
        draft.workshop["editions"] = found
    return left
