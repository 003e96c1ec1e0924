"""What is shown where a page is shared, and on the home screens of phones."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

import pytest
from compiling import site_and_problems
from pages import read
from PIL import Image

from lorainne.content import project

SCHEDULE = "days: [{date: 2024-11-26, slots: [{time: 9:00-10:00, title: Welcome}]}]\n"


def build(workshop: str) -> Mapping[str, str | bytes]:
    files = {
        "content/workshop.yaml": f"timezone: Europe/Paris\n{workshop}",
        "content/schedule.yaml": SCHEDULE,
    }
    site, problems = site_and_problems(project.from_texts(files))
    assert problems == []
    return site


def properties(site: Mapping[str, str | bytes], path: str) -> dict[str, str]:
    page = site[path]
    assert isinstance(page, str)
    found = read(page).all("meta")
    return {e.attributes["property"]: e.attributes["content"] for e in found if "property" in e.attributes}


def test_a_shared_page_has_its_title_address_and_a_card() -> None:
    site = build("name: LoRAINNe'24\ntitle: On $n$ *tensors* & more\nurl: https://example.org/w/\n")
    told = properties(site, "schedule.html")
    assert told["og:title"] == "Schedule · LoRAINNe'24"
    assert told["og:url"] == "https://example.org/w/schedule.html"
    assert told["og:image"] == "https://example.org/w/static/card.png"
    assert told["og:image:alt"] == "LoRAINNe'24: On n tensors & more"
    for path, size in (("static/card.png", (1200, 630)), ("static/touch-icon.png", (180, 180))):
        drawn = site[path]
        assert isinstance(drawn, bytes)
        with Image.open(BytesIO(drawn)) as picture:
            assert picture.size == size
        assert len(drawn) < 60_000


def test_nothing_is_said_of_addresses_that_nobody_knows() -> None:
    site = build("name: W\n")
    assert properties(site, "schedule.html") == {}
    assert "static/card.png" not in site


@pytest.mark.parametrize("name", ["李明", "ورشة", "Tensors 🧮"])
def test_a_name_that_our_fonts_cannot_write_has_no_card(name: str) -> None:
    site = build(f"name: {name}\nurl: https://example.org/\n")
    assert "static/card.png" not in site
    assert "og:image" not in properties(site, "index.html")


@pytest.mark.parametrize(("name", "letters"), [("A workshop", "AW"), ("LoRAINNe'24", "L"), ("李明", "李")])
def test_the_icon_bears_the_initials(name: str, letters: str) -> None:
    icon = build(f"name: {name}\n")["static/icon.svg"]
    assert isinstance(icon, str)
    assert f">{letters}</text>" in icon
