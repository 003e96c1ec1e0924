"""A made-up conference with everything that a site can show, in 8 rooms."""

from __future__ import annotations

import re
from io import BytesIO

from conference import conference
from PIL import Image

_WORKSHOP = """
title: Everything about tensors
description: A conference that was made up
dates: 2025-01-01
venue: {name: The Hall, street: 1 Quay, postcode: "54000", city: Nancy, country: France, rooms: [{name: Room 1, note: upstairs, capacity: 80}], homepage: https://example.org/hall}
registration: {url: https://example.org/form, fee: 100 EUR, capacity: 80, deadline: 2024-12-01 23:59 AoE, note: Bring a badge, status: open}
deadlines: [{name: Abstracts, date: 2024-10-01 23:59 AoE, was: [2024-09-01], url: https://example.org/submit}]
contact: {email: hello@example.org, note: "Write to us:"}
committees: [{name: Programme committee, members: [person-1, {name: Grace Hopper, role: chair, affiliation: Yale, email: grace@example.org}]}]
funding: [{funder: ANR, project: LeaFleT, grant: ANR-19, url: https://example.org/anr}]
sponsors: [{name: Acme, url: https://example.org/acme, level: Gold, logo: acme.svg}, {name: Bolt, level: Silver}]
editions: [{name: "2024", url: https://example.org/2024}]
theme: {accent: "#7a1f3d", logo: acme.svg, hero: face.jpg, hero_alt: The hall}
"""

_AFTERNOON = """
      - {time: 13:00-14:00, break: Lunch}
      - {time: 14:00-15:30, room: Room 1, session: Ranks, chair: person-3, talks: [first-rank, second-rank]}
      - {time: 14:00-15:00, room: Room 2, title: Questions, kind: panel}
      - {time: 15:30-16:00, break: Coffee}
      - {time: 16:00-17:00, talk: last-word}
"""

_LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20"><path d="M0 20 20 0h40L40 20z" fill="#7a1f3d"/></svg>'

_FILES = {
    "posters/first.md": "---\ntitle: A poster\npresenter: Bob\nboard: P7\npdf: https://example.org/pdf\n---\nText.\n",
    "posters/second.md": "---\npresenter: [person-2]\nauthors: [Bob, person-2]\nboard: P12\n---\n",
    "news/2024-09-01-open.md": "---\ntitle: Registration is open\n---\nCome [along](page:place)!\n",
    "news/2024-10-01-closed.md": "---\ntitle: The programme is final\n---\n",
    "pages/place.md": "---\ntitle: The place\n---\n## By train\n\n| from | hours |\n|---|---|\n| Paris | 2 |\n\n> Quiet.\n",
    "files/acme.svg": _LOGO,
    "talks/first-rank.md": "---\ntitle: The [first](https://example.org/first) rank\nspeakers: [Bob]\n---\n",
    "talks/second-rank.md": "---\ntitle: The second rank\nspeakers: [person-2]\nslides: https://example.org/s\n---\nText.\n",
    "talks/last-word.md": "---\ntitle: The last word\nkind: keynote\nspeakers: [person-4]\n---\nText.\n",
}


_SPEAKERS = 16
"""As many as a meeting of this size has, each with some talks: one more page of a kind tells nothing."""


def _with_fewer_speakers(made: dict[str, str]) -> dict[str, str]:
    """The conference with its talks given by the first speakers, in turn, so that nobody is needed twice at once."""

    def instead(found: re.Match[str]) -> str:
        return f"person-{int(found[1]) % _SPEAKERS}"

    named = {path: re.sub(r"person-(\d+)", instead, path) for path in made}
    return {path: re.sub(r"person-(\d+)", instead, made[path]) for path in made if named[path] == path}


def everything(lines: str, talks: int = 62) -> dict[str, str | bytes]:
    """The conference's files, with more lines in its `workshop.yaml`."""
    made = _with_fewer_speakers(conference(talks))
    photo = BytesIO()
    Image.radial_gradient("L").resize((1200, 600)).save(photo, "JPEG")
    for number in (0, 2, 3):
        name = f"content/speakers/person-{number}.md"
        made[name] = made[name].replace("homepage:", "photo: face.jpg\nhomepage:")
    workshop = made["content/workshop.yaml"].replace("url: https://example.org/days/\n", lines)
    return {
        **made,
        "content/files/face.jpg": photo.getvalue(),
        "content/workshop.yaml": workshop + _WORKSHOP.lstrip(),
        "content/schedule.yaml": made["content/schedule.yaml"].rstrip() + _AFTERNOON,
        **{f"content/{name}": text for name, text in _FILES.items()},
    }
