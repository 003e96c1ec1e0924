"""A made-up conference of any size, always the same for one size: content files by name."""

from __future__ import annotations

import random

_NOUNS = "rank tensor matrix network kernel graph layer signal norm bound operator gradient basis".split()
_VERBS = "bounds extends compresses explains approximates separates recovers factors learns predicts".split()
_GIVEN = (
    "Ada Emmy Kurt Sofia Paul Alan Grace Carl Maryam Henri Olga Niels Rosa Leon Ines Hugo Vera Karl".split()
)
_FAMILY = (
    "Lind Moreau Okafor Silva Novak Rossi Haas Tanaka Ivanova Dupont Berg Costa Weiss Kaya Lund Petit".split()
)


def _sentence(dice: random.Random) -> str:
    words = [dice.choice(_NOUNS) for _ in range(dice.randint(6, 14))]
    words.insert(3, dice.choice(_VERBS))
    return " ".join(words).capitalize() + "."


def _abstract(dice: random.Random) -> str:
    paragraphs = [" ".join(_sentence(dice) for _ in range(dice.randint(4, 7))) for _ in range(2)]
    paragraphs[0] += f" The cost is $O(n^{dice.randint(1, 3)} \\log n)$ for *every* {dice.choice(_NOUNS)}."
    return "\n\n".join(paragraphs)


def conference(talks: int) -> dict[str, str]:
    """The files of a conference with so many talks, one speaker each, in 8 rooms."""
    dice = random.Random(talks)
    files = {
        "content/workshop.yaml": "name: Tensor days\ntimezone: Europe/Paris\nurl: https://example.org/days/\n",
        "content/about.md": "A conference that was made up to measure how long it takes to build its site.\n",
    }
    for number in range(talks):
        name = f"{dice.choice(_GIVEN)} {dice.choice(_FAMILY)} {number}"
        title = (
            f"How a {dice.choice(_NOUNS)} {dice.choice(_VERBS)} the {dice.choice(_NOUNS)} $X_{{{number}}}$"
        )
        files[f"content/speakers/person-{number}.md"] = (
            f"---\nname: {name}\naffiliation: University of {dice.choice(_FAMILY)}\n"
            f"homepage: https://example.org/people/{number}\n---\n\n{_sentence(dice)}\n"
        )
        files[f"content/talks/talk-{number}.md"] = (
            f"---\ntitle: {title}\nspeakers: [person-{number}]\nkeywords: [{dice.choice(_NOUNS)}]\n---\n\n"
            f"{_abstract(dice)}\n"
        )
    files["content/schedule.yaml"] = _schedule(talks)
    return files


def _schedule(talks: int, rooms: int = 8) -> str:
    """Twelve half hours a day in each room."""
    lines = ["status: final", "days:"]
    per_day = 12 * rooms
    for day in range((talks + per_day - 1) // per_day):
        lines.append(f"  - date: {2025 + day // 300}-{day // 25 % 12 + 1:02}-{day % 25 + 1:02}")
        lines.append(f"    rooms: [{', '.join(f'Room {room}' for room in range(1, rooms + 1))}]")
        lines.append("    slots:")
        for number in range(day * per_day, min(talks, (day + 1) * per_day)):
            half_hour, room = divmod(number - day * per_day, rooms)
            hour, half = divmod(half_hour + 18, 2)
            end = f"{hour + half:02}:{30 * (1 - half):02}"
            time = f"{hour:02}:{30 * half:02}-{end}"
            lines.append(f"      - {{time: {time}, room: Room {room + 1}, talk: talk-{number}}}")
    return "\n".join(lines) + "\n"
