"""Writes the made-up conference as the site of one generator. Usage: sites.py SITE TALKS FOLDER

What lorainne finds out for itself (the talks of a speaker, the day and the room of a talk) is written into
the other generators' files, where their templates need not look for it: that is in their favour.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from conference import conference
from meeting import Files, Meeting, Speaker, Talk, meeting

HERE = Path(__file__).parent

Fields = dict[str, str | int | list[str]]

NEWS = "2025-01-01-schedule"
NEWS_DATE = "2025-01-01"
NEWS_TITLE = "The schedule is out"
NEWS_TEXT = "See who speaks when and where.\n"
SECTIONS = {"schedule": "Schedule", "talks": "Talks", "speakers": "Speakers", "news": "News"}


def _value(value: str | int | list[str]) -> str:
    """JSON's way to write a value is also YAML's and TOML's."""
    return json.dumps(value, ensure_ascii=False)


def _page(fields: Fields, body: str = "") -> str:
    head = "".join(f"{key}: {_value(value)}\n" for key, value in fields.items())
    return f"---\n{head}---\n\n{body}"


def _talk(talk: Talk) -> Fields:
    return {
        "title": talk.title,
        "speakers": talk.speakers,
        "keywords": talk.keywords,
        "day": talk.day,
        "label": talk.label,
        "start": talk.start,
        "end": talk.end,
        "room": talk.room,
    }


def _speaker(speaker: Speaker) -> Fields:
    return {
        "title": speaker.name,
        "affiliation": speaker.affiliation,
        "homepage": speaker.homepage,
        "talks": speaker.talks,
    }


def hugo(of: Meeting) -> Files:
    files = {f"content/{name}/_index.md": _page({"title": title}) for name, title in SECTIONS.items()}
    del files["content/schedule/_index.md"]
    files["content/schedule.md"] = _page({"title": "Schedule", "layout": "schedule"})
    files["content/_index.md"] = of.about
    files[f"content/news/{NEWS}.md"] = _page({"title": NEWS_TITLE, "date": NEWS_DATE}, NEWS_TEXT)
    for number, talk in enumerate(of.talks, start=1):
        files[f"content/talks/{talk.id}.md"] = _page({**_talk(talk), "weight": number}, talk.abstract)
    for number, speaker in enumerate(of.speakers, start=1):
        fields = {**_speaker(speaker), "weight": number}
        files[f"content/speakers/{speaker.id}.md"] = _page(fields, speaker.biography)
    return files


def zola(of: Meeting) -> Files:
    files = {"content/_index.md": _toml({}, {}, of.about)}
    for name, title in SECTIONS.items():
        order = {"news": "date", "schedule": "none"}.get(name, "weight")
        fields: Fields = {"title": title, "template": f"{name}.html", "sort_by": order}
        if name != "schedule":
            fields["page_template"] = f"{name}-page.html"
        files[f"content/{name}/_index.md"] = _toml(fields, {})
    news = f"+++\ntitle = {_value(NEWS_TITLE)}\ndate = {NEWS_DATE}\n+++\n\n{NEWS_TEXT}"
    files[f"content/news/{NEWS}.md"] = news
    for number, talk in enumerate(of.talks, start=1):
        extra = _talk(talk)
        head: Fields = {"title": extra.pop("title"), "weight": number}
        files[f"content/talks/{talk.id}.md"] = _toml(head, extra, talk.abstract)
    for number, speaker in enumerate(of.speakers, start=1):
        extra = _speaker(speaker)
        head = {"title": extra.pop("title"), "weight": number}
        files[f"content/speakers/{speaker.id}.md"] = _toml(head, extra, speaker.biography)
    return files


def _toml(fields: Fields, extra: Fields, body: str = "") -> str:
    head = "".join(f"{key} = {_value(value)}\n" for key, value in fields.items())
    if extra:
        head += "[extra]\n" + "".join(f"{key} = {_value(value)}\n" for key, value in extra.items())
    return f"+++\n{head}+++\n\n{body}"


def mkdocs(of: Meeting) -> Files:
    files = {
        f"docs/{name}.md": _page({"title": title, "template": f"{name}.html"})
        for name, title in SECTIONS.items()
    }
    files["docs/index.md"] = _page({"title": of.name, "template": "home.html"}, of.about)
    head: Fields = {"title": NEWS_TITLE, "date": NEWS_DATE, "template": "item.html"}
    files[f"docs/news/{NEWS}.md"] = _page(head, NEWS_TEXT)
    for number, talk in enumerate(of.talks, start=1):
        head = {**_talk(talk), "number": number, "template": "talk.html"}
        files[f"docs/talks/{talk.id}.md"] = _page(head, talk.abstract)
    for number, speaker in enumerate(of.speakers, start=1):
        head = {**_speaker(speaker), "number": number, "template": "speaker.html"}
        files[f"docs/speakers/{speaker.id}.md"] = _page(head, speaker.biography)
    return files


def pelican(of: Meeting) -> Files:
    files = {
        "content/about.md": _lines({"title": of.name, "status": "hidden"}, of.about),
        f"content/news/{NEWS}.md": _lines({"title": NEWS_TITLE, "date": NEWS_DATE}, NEWS_TEXT),
    }
    for number, talk in enumerate(of.talks, start=1):
        fields = {**_talk(talk), "number": number, "template": "talk"}
        files[f"content/talks/{talk.id}.md"] = _lines(fields, talk.abstract)
    for number, speaker in enumerate(of.speakers, start=1):
        fields = {**_speaker(speaker), "number": number, "template": "speaker"}
        files[f"content/speakers/{speaker.id}.md"] = _lines(fields, speaker.biography)
    return files


def _lines(fields: Fields, body: str) -> str:
    """Pelican's own head: a line for each field, without quotes."""
    texts = {key: ", ".join(value) if isinstance(value, list) else value for key, value in fields.items()}
    return "".join(f"{key}: {text}\n" for key, text in texts.items()) + f"\n{body}"


SITES: dict[str, Callable[[Meeting], Files]] = {
    "hugo": hugo,
    "zola": zola,
    "mkdocs": mkdocs,
    "pelican": pelican,
}


def lorainne(talks: int) -> Files:
    """The conference as it is, and one piece of news, so that there is a feed."""
    news = f"---\ntitle: {NEWS_TITLE}\n---\n\n{NEWS_TEXT}"
    return {**conference(talks), f"content/news/{NEWS}.md": news}


def write(site: str, talks: int, folder: Path) -> None:
    """The source of a site, in a new folder: its content, and its templates where it needs any."""
    if site != "lorainne":
        shutil.copytree(HERE / site, folder)
    files = lorainne(talks) if site == "lorainne" else SITES[site](meeting(talks))
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
