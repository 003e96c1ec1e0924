"""What the words of a slot say about it: a break, a registration desk, a dinner; in English and French."""

from __future__ import annotations

import re

from lorainne.content.text import fold
from lorainne.content.yaml_writer import Fields

_BREAKS = re.compile(r"coffee|\bcafe|tea\b|\bthe\b$|break|pause|lunch|dejeuner|breakfast|petit-dej")
_KINDS = (
    ("registration", r"registration|inscription|accueil|badge|check-in"),
    (
        "social",
        r"cocktail|dinner|diner\b|banquet|reception|social|excursion|visite?\b|drinks?|apero|aperitif",
    ),
    ("posters", r"posters?"),
    ("opening", r"^(?:opening|welcome|ouverture|introduction|bienvenue)|mot d'accueil"),
    ("closing", r"closing|farewell|conclusion|cloture|wrap-?up|goodbye"),
    ("panel", r"panel|table ronde|round table"),
    ("discussion", r"discussion|brainstorm|open problems"),
    ("keynote", r"keynote|plenary"),
    ("invited", r"invited (?:talk|speaker)|expose invite|orateur invite"),
)


def is_break(words: str) -> bool:
    """Whether a slot with these words is a break."""
    return bool(_BREAKS.search(fold(words)) and not re.search("poster", fold(words)))


def labelled(label: str, words: str) -> Fields:
    """The slot that is no talk: its name as Markdown, judged by its words."""
    if is_break(words):
        return {"break": label}
    bare = fold(words)
    slot: Fields = {"title": label}
    if kind := next((kind for kind, pattern in _KINDS if re.search(pattern, bare)), ""):
        slot["kind"] = kind
    if re.search(r"posters?", bare) and not re.search("spotlight|flash|lightning", bare):
        slot["posters"] = "all"
    return slot
