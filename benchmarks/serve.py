"""How long `lorainne serve` takes from a saved file to the edited page over HTTP. Usage: serve.py [TALKS]

Prints medians in milliseconds: a title and an abstract edited, without and with a template of one's own.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.request import urlopen

from conference import conference

ROOT = Path(__file__).parent.parent
EDITS = 12


def _await(address: str, text: str) -> None:
    while text not in urlopen(address).read().decode():
        time.sleep(0.002)


def _measure(source: Path, part: str) -> float:
    """Milliseconds from saving to the page that shows it, the median of some edits of one talk each."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "lorainne", "serve", str(source), "--port", "0"]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
    assert server.stderr
    address = ""
    while not address:
        if found := re.search(r"http://\S+/", server.stderr.readline()):
            address = found[0]
    times = []
    try:
        for number in range(EDITS):
            file, page = source / f"content/talks/talk-{number}.md", f"{address}talks/talk-{number}.html"
            text, word = file.read_text(encoding="utf-8"), f"{part}{number}"
            _await(page, "<main")
            time.sleep(0.4)  # the watcher has settled
            changed = text.replace("title: ", f"title: {word} ")
            new = changed if part == "title" else f"{text}\nIt was {word}.\n"
            started = time.perf_counter()
            file.write_text(new, encoding="utf-8")
            _await(page, word)
            times.append(1000 * (time.perf_counter() - started))
    finally:
        server.terminate()
        server.wait()
    return median(times[2:])  # the first ones still import


def main(talks: int) -> None:
    """Print the four medians."""
    for own in (False, True):
        with TemporaryDirectory() as folder:
            source = Path(folder)
            for name, text in conference(talks).items():
                (source / name).parent.mkdir(parents=True, exist_ok=True)
                (source / name).write_text(text, encoding="utf-8")
            if own:
                (source / "templates").mkdir()
                talk = (ROOT / "templates/talk.html").read_text(encoding="utf-8")
                (source / "templates/talk.html").write_text(f"{talk}\n{{# our own #}}\n", encoding="utf-8")
            shown = {part: _measure(source, part) for part in ("title", "abstract")}
        kind = "with an own template" if own else "theme's templates"
        print(f"{talks} talks, {kind}: " + ", ".join(f"{part} {ms:.0f} ms" for part, ms in shown.items()))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
