"""What checking costs: the time of all rules as a share of the time of reading, in one run.

Reading is finding every field and parsing every text; the rules come on top. Usage: check.py [TALKS]
"""

from __future__ import annotations

import sys
from statistics import median
from time import process_time

from conference import conference

from lorainne import checks, markup
from lorainne.checks.texts import fragments
from lorainne.content import decode, project
from lorainne.content import yaml_tree as nodes
from lorainne.programme import schedule as programme


def _round(found: project.Project) -> tuple[float, float]:
    """Seconds of reading, and of judging what was read."""
    markup.forget()  # texts are parsed once in a run
    begun = process_time()
    content = found.below("content")
    documents, problems = nodes.parse(content)
    workshop, wrong = decode.decode(documents, content)
    days = programme.derive(workshop)
    for _ in fragments(workshop):
        pass
    read = process_time()
    judged = checks.check(workshop, days)
    if problems or wrong or judged:
        raise SystemExit("the made-up conference has mistakes")
    return read - begun, process_time() - read


def main(talks: int) -> None:
    """Print the medians of seven rounds, and their ratio."""
    found = project.from_texts(conference(talks))
    _round(found)  # imports, and the types of all fields
    rounds = [_round(found) for _ in range(7)]
    reading, rules = (median(times) for times in zip(*rounds, strict=True))
    print(f"{talks} talks: reading {reading:.3f} s, rules {rules:.3f} s, ratio {rules / reading:.1%}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
