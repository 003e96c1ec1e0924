"""A day's rows: heights follow time while rooms run in parallel, and long holes take little height."""

from __future__ import annotations

from lorainne.content import project
from lorainne.content.decode import decode
from lorainne.content.yaml_tree import parse
from lorainne.markup import Texts
from lorainne.programme.schedule import derive
from lorainne.site.schedule_grid import MAX_EMPTY_ROWS, grid

SLOTS = """
  - {time: 09:00-10:00, room: A, title: First}
  - {time: 09:00-11:00, room: B, title: Second}
  - {time: 10:00-11:00, room: A, title: Third}
  - {time: 12:00-14:00, break: Lunch}
  - {time: 17:00-18:00, room: A, title: Fourth}
  - {time: 17:30-18:30, room: B, title: Fifth}
"""


def rows() -> dict[str, tuple[int, int]]:
    texts = {
        "content/workshop.yaml": "name: W\ntimezone: Europe/Paris\n",
        "content/schedule.yaml": f"days:\n- date: 2024-11-26\n  rooms: [A, B]\n  slots:{SLOTS}",
    }
    files = project.from_texts(texts).below("content")
    workshop, problems = decode(parse(files), files)
    assert problems == []
    cells = [cell for group in grid(derive(workshop, Texts()).days[0]).groups for cell in group]
    return {cell.entry.slot.title or "Lunch": (cell.row, cell.end) for cell in cells}


def test_entries_in_parallel_are_as_high_as_they_last() -> None:
    found = rows()
    assert (found["First"], found["Second"], found["Third"]) == ((0, 12), (0, 24), (12, 24))
    start = found["Fourth"][0]
    assert found["Fifth"][0] == start + MAX_EMPTY_ROWS  # half an hour, of which the whole counts


def test_a_hole_and_a_break_are_not_as_high_as_they_are_long() -> None:
    found = rows()
    assert found["Lunch"] == (24 + MAX_EMPTY_ROWS, 24 + 2 * MAX_EMPTY_ROWS)
    assert found["Fourth"][0] == found["Lunch"][1] + MAX_EMPTY_ROWS
