"""What checking costs: the time of all rules as a share of the time of reading, in one run.

Reading is finding every field and parsing every text; the rules come on top. Usage: check.py [TALKS]
"""

from __future__ import annotations

import sys
from statistics import median
from time import process_time

from conference import conference

from lorainne import checks
from lorainne.content import decode, project, yaml_tree
from lorainne.markup import Texts
from lorainne.programme import language
from lorainne.programme.facts import Facts
from lorainne.programme.schedule import derive


def _round(source: project.Project) -> tuple[float, float]:
    """Seconds of reading, and of judging what was read."""
    begun = process_time()
    content = source.below("content")
    workshop, problems = decode.decode(yaml_tree.parse(content), content)
    words, wrong = language.load(source, workshop)
    texts = Texts()
    schedule = derive(workshop, texts)
    facts = Facts(project=source, workshop=workshop, schedule=schedule, words=words, texts=texts)
    facts.parsed()
    read = process_time()
    judged = checks.run(facts)
    if problems or wrong or judged:
        raise SystemExit("the made-up conference has mistakes")
    return read - begun, process_time() - read


def main(talks: int) -> None:
    """Print the medians of seven rounds, and their ratio."""
    source = project.from_texts(conference(talks))
    _round(source)  # imports, and the types of all fields
    rounds = [_round(source) for _ in range(7)]
    reading, rules = (median(times) for times in zip(*rounds, strict=True))
    print(f"{talks} talks: reading {reading:.3f} s, rules {rules:.3f} s, ratio {rules / reading:.1%}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
