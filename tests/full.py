"""An edition with something for every output: two rooms, a change of the clocks, and texts that are hard to write."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from compiling import site_and_problems

from lorainne.content import project

SCHEMAS = Path(__file__).parent.parent.parent / "shared" / "schemas"
"""The schemas of others, which stand beside the repository and not in it."""

WORKSHOP = r"""
name: Days of tensors; and more, too
title: The *first* days of $n$-way arrays
description: A workshop about engines
dates: 2024-10-26 to 2024-10-27
timezone: Europe/Paris
language: en
url: https://example.org/days-24/
venue: {name: The Hall, street: "1, Quay", postcode: "54000", city: Nancy, country: France, latitude: 48.69743, longitude: 6.1717, homepage: https://example.org/hall, map: https://example.org/map}
registration: {url: https://example.org/form, free: yes, deadline: 2024-10-01 23:59 AoE}
deadlines: [{name: Abstracts, date: 2024-09-01}]
committees: [{name: Organisers, members: [ada, {name: Grace Hopper, role: "*chair*"}], groups: [{name: SiMul, url: https://example.org/simul}]}]
funding: [{funder: ANR, project: LeaFleT, grant: ANR-19}]
sponsors: [{name: Acme, url: https://example.org/acme}]
editions: [{name: "2023", url: https://example.org/2023}]
"""

SCHEDULE = r"""
status: final
days:
  - date: Sat 2024-10-26
    rooms: [Amphi, "Salle 206; bât. A, 2ᵉ"]
    slots:
      - {time: 09:00-09:30, title: Opening, kind: opening}
      - {time: 09:30-10:30, room: Amphi, talk: engines}
      - {time: 09:30-11:00, room: "Salle 206; bât. A, 2ᵉ", session: Numbers, chair: grace-chairs, talks: [{talk: untitled, minutes: 45}, long]}
      - {time: 11:00-11:30, break: Coffee}
      - {time: 11:30-12:00, title: Posters, kind: posters, posters: all}
      - {time: 22:00-25:30, title: Dance, kind: social}
  - date: Sun 2024-10-27
    slots:
      - {time: 09:00-10:00, talk: winter, note: Winter time!}
      - {time: 10:00-10:30, break: Coffee}
      - {time: 19:30, title: Dinner}
""".replace("grace-chairs", "bob")

FILES = {
    "workshop.yaml": WORKSHOP,
    "schedule.yaml": SCHEDULE,
    "about.md": "We meet, and we talk about $O(n\\log n)$.\n",
    "speakers/ada.md": "---\nname: Ada Lovelace\naffiliation: [London, 'Cambridge, UK']\norcid: 0000-0002-1825-0097\n"
    "homepage: https://example.org/ada\nlinks: [{label: Code, url: https://example.org/c}]\n---\nShe *wrote*.\n",
    "speakers/bob.md": "---\nname: Böb de la Tour\n---\n",
    "speakers/eve.md": "---\nname: 李明\n---\n",
    "talks/engines.md": "---\ntitle: On *engines*, and $O(n\\log n)$; a \\\\ & more\nspeakers: [ada]\nauthors: [Charles Babbage, ada]\n"
    "kind: keynote\nkeywords: [rank, 'one, two; $n$']\nslides: e.pdf\nvideo: https://example.org/v\npaper: https://example.org/p\n"
    "doi: 10.1000/182\n---\nFirst, a paragraph; see [1].\n\nThen [a link](talk:winter) and $x^2$.\n\n[1] A. L., *Notes*, 1843.\n",
    "talks/untitled.md": "---\nspeakers: [bob]\n---\n",
    "talks/long.md": f"---\ntitle: {'Très long ' * 30}{{A_b%c}}\nspeakers: ['Carl, Jr', Dora]\nlanguage: fr\n---\n{'Ünï, cødé; ' * 40}\n",
    "talks/winter.md": "---\ntitle: 冬の時間\nspeakers: [eve]\n---\n",
    "talks/waiting.md": "---\ntitle: Not yet\nspeakers: [Zoe]\n---\n",
    "posters/p.md": "---\ntitle: A *poster*\npresenter: Bo\nauthors: [Bo, Al]\nboard: P7\ndoi: 10.1000/183\npdf: p.pdf\n---\nOn $n$.\n",
    "news/2024-09-01-open.md": "---\ntitle: Registration is *open*\n---\nCome [along](page:venue), see [slides](../files/e.pdf)!\n\n## More\n\nAnd $x^2$, [up](#more).\n",
    "news/2024-08-01-first.md": "---\ntitle: First\n---\n",
    "pages/venue.md": "---\ntitle: The venue\n---\nText.\n",
    "files/e.pdf": "%PDF",
    "files/p.pdf": "%PDF",
}  # fmt: skip


@cache
def full_site() -> dict[str, str]:
    """The texts of the site of all this, by path."""
    return site_of(FILES)


def site_of(files: dict[str, str]) -> dict[str, str]:
    """The texts of the site of content files; only errors may not be found."""
    site, problems = site_and_problems(
        project.from_texts({f"content/{name}": text for name, text in files.items()})
    )
    assert [problem for problem in problems if problem.severity == "error"] == []
    return {path: text for path, text in site.items() if isinstance(text, str)}
