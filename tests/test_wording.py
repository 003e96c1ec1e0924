"""The theme's words, and dates in them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from conftest import Build
from pages import read

from lorainne.content import project
from lorainne.content.model import Workshop
from lorainne.content.values import Inline, Language, Period
from lorainne.programme import language as wording
from lorainne.programme.language import Words

THEME = Path(__file__).parent.parent / "templates"


def words(language: str = "en", **own: str) -> Words:
    workshop = Workshop(
        name="W", language=Language(language), words={key: Inline(word) for key, word in own.items()}
    )
    found, problems = wording.load(project.from_texts({}), workshop)
    assert problems == []
    return found


@pytest.mark.parametrize(
    ("first", "last", "english", "french"),
    [
        ("2024-11-26", "2024-11-26", "Tuesday 26 November 2024", "mardi 26 novembre 2024"),
        ("2024-11-26", "2024-11-27", "26 and 27 November 2024", "26 et 27 novembre 2024"),
        ("2024-11-26", "2024-11-29", "26–29 November 2024", "26–29 novembre 2024"),
        ("2024-11-30", "2024-12-02", "30 November – 2 December 2024", "30 novembre – 2 décembre 2024"),
        (
            "2024-12-30",
            "2025-01-02",
            "30 December 2024 – 2 January 2025",
            "30 décembre 2024 – 2 janvier 2025",
        ),
    ],
)
def test_the_days_of_a_workshop_read_as_people_write_them(
    first: str, last: str, english: str, french: str
) -> None:
    period = Period(first=date.fromisoformat(first), last=date.fromisoformat(last))
    assert words("en").period(period) == english
    assert words("fr").period(period) == french


def test_every_language_has_every_word() -> None:
    keys = {
        path.name: set(re.findall(r"^(\w+):", path.read_text(encoding="utf-8"), re.MULTILINE))
        for path in THEME.glob("words/*.yaml")
    }
    for name, found in keys.items():
        assert found == keys["en.yaml"], name


def test_every_word_is_used_by_the_theme() -> None:
    templates = "".join(path.read_text(encoding="utf-8") for path in THEME.glob("*.*"))
    code = Path(wording.__file__).read_text(encoding="utf-8")
    kinds = {"keynote", "invited", "contributed", "tutorial", "panel", "discussion", "lightning", "demo"}
    looked_up = kinds | {
        "registration",
        "opening",
        "closing",
        "posters",
        "meal",
        "social",
        "slides",
        "video",
        "paper",
        "code",
        "pdf",
    }
    unused = [
        key
        for key in words().words
        if key not in looked_up and not re.search(rf"words\.{key}\b|['\"]{key}['\"]", templates + code)
    ]
    assert unused == []


def test_a_region_has_its_languages_words() -> None:
    assert words("fr-CA")["schedule"] == "Programme"


def test_a_french_site_is_french(build: Build) -> None:
    site = build(
        {
            "speakers/ada.md": "---\nname: Ada\n---\n",
            "schedule.yaml": "days: [{date: 2024-11-26, slots: [{time: 9:00-10:00, title: Accueil}]}]\n",
        },
        language="fr",
    )
    home = read(site["index.html"])
    assert home.one("html").attributes["lang"] == "fr"
    assert [h.text for h in home.all("h2")] == ["Intervenants", "Programme"]
    assert "mardi 26 novembre" in home.text


@pytest.mark.parametrize("word", ["{zone.__class__}", "{nothing}", "{", "}{", "{0}", "%s {{ 7*7 }}"])
def test_an_own_word_is_text_and_nothing_else(build: Build, word: str) -> None:
    """Braces in content reach neither Python nor the templates."""
    site = build(
        {
            "workshop.yaml": f'name: W\ntimezone: Europe/Paris\nwords: {{zone: "{word}", date_short: "{word}"}}\n',
            "schedule.yaml": "days: [{date: 2024-11-26, slots: [{time: 9:00-10:00, title: A}]}, {date: 2024-11-27}]\n",
        }
    )
    assert word in read(site["index.html"]).text
