"""What people, programs and disks do to a project between two builds."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

from faults import like_in, put

from lorainne.manifest import MANIFEST


def unnoticed(path: Path, old: str, new: str) -> None:
    """Change a file in place and leave its size and time as they were."""
    status, text = path.stat(), path.read_text()
    assert old in text
    assert len(old) == len(new)
    with path.open("r+") as stream:
        stream.write(text.replace(old, new))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (status.st_size, status.st_mtime_ns)


def moved_behind_a_link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a text": lambda here: put(here, {"content/pages/venue.md": "---\ntitle: Venue\n---\nThere.\n"}),
    "a text, with the same size and time": lambda here: unnoticed(
        here / "content/pages/venue.md", "Here", "Nope"
    ),
    "a published file, with the same size and time": lambda here: unnoticed(
        here / "content/files/a.txt", "a", "b"
    ),
    "another file": lambda here: put(here, {"content/files/b.txt": "b"}),
    "a file less": lambda here: (here / "content/files/a.txt").unlink(),
    "another name": lambda here: (here / "content/pages/venue.md").rename(here / "content/pages/place.md"),
    "a file that is a link now": lambda here: moved_behind_a_link(here / "content/files/a.txt"),
    "content behind a link": lambda here: moved_behind_a_link(here / "content"),
    "a template": lambda here: put(here, {"templates/page.html": "mine"}),
    "a style": lambda here: put(here, {"static/style.css": "mine"}),
    "a page, with the same size and time": lambda here: unnoticed(here / "_site/index.html", "shop", "shot"),
    "a page less": lambda here: (here / "_site/venue.html").unlink(),
    "a page of another mode": lambda here: (here / "_site/venue.html").chmod(0o600),
    "a file of others in the output": lambda here: put(here, {"_site/CNAME": "example.org"}),
    "no output": lambda here: shutil.rmtree(here / "_site"),
    "output behind a link": lambda here: moved_behind_a_link(here / "_site"),
    "the program": lambda here: put(here.parent, {"program/code.py": "more"}),
    "a library": lambda here: (here.parent / "some-packages/new").mkdir(),
    "no record": lambda here: shutil.rmtree(here / ".lorainne"),
}


class Disturbance:
    """One of these things, at random."""

    def __init__(self, here: Path, dice: random.Random) -> None:
        self.here, self.dice = here, dice

    def one_of(self, pattern: str) -> Path | None:
        found = [p for p in sorted(self.here.glob(pattern)) if p.is_file() and p.name != MANIFEST]
        return self.dice.choice(found) if found else None

    def edit(self) -> None:
        text = self.dice.choice(["Here.", "Gone.", "*Where?*"])
        put(self.here, {"content/pages/venue.md": f"---\ntitle: Venue\n---\n{text}\n"})

    def reword(self) -> None:
        """An edit of an abstract or a biography, most often one that nothing else depends on."""
        folder = self.dice.choice(["talks", "talks", "speakers", "posters", "papers"])
        if path := self.one_of(f"content/{folder}/*.md"):
            _, front, _ = path.read_text().split("---\n", 2)
            usual = [f"Words, {self.dice.randrange(10**6)}.", "It's *this* & that: 冬.", "- one\n- two"]
            rare = ["On $x^2$.", "", "TBA", "See [the page](page:venue).", "A <b>mistake</b>."]
            body = self.dice.choice(usual if self.dice.random() < 0.85 else rare)
            path.write_text(f"---\n{front}---\n{body}\n")

    def harm_the_like(self) -> None:
        like = like_in(self.here)
        if path := self.one_of(".lorainne/turn/*/new/**/*"):
            act = self.dice.randrange(4)
            if act == 0:
                path.unlink()
            elif act == 1:
                path.write_bytes(path.read_bytes() + b" ")
            elif act == 2:
                (like / "talks").rename(like / "walks") if (like / "talks").is_dir() else None
            else:
                put(like, {"talks/new.html": "new"})

    def break_or_mend(self) -> None:
        text = self.dice.choice(["", "", "tilte: x\n", "timezone: Europe/Paris\n"])
        put(self.here, {"content/workshop.yaml": f"name: A workshop\n{text}"})

    def add_or_remove(self) -> None:
        path = self.here / f"content/pages/p{self.dice.randrange(3)}.md"
        path.unlink() if path.exists() else path.write_text("---\ntitle: A page\n---\n")

    def forget(self) -> None:
        shutil.rmtree(self.here / ".lorainne", ignore_errors=True)

    def corrupt(self) -> None:
        path = self.one_of(self.dice.choice(["_site/**/*", ".lorainne/builds/*", ".lorainne/edits/*"]))
        if path and (data := bytearray(path.read_bytes())):
            status = path.stat()
            data[self.dice.randrange(len(data))] ^= 1
            path.write_bytes(data)
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    def delete(self) -> None:
        if path := self.one_of("_site/**/*"):
            path.unlink()

    def age(self) -> None:
        for pattern in ("_site/**/*", "content/**/*", ".lorainne/builds/*", ".lorainne/edits/*"):
            if path := self.one_of(pattern):
                os.utime(path, (self.dice.randrange(10**9), self.dice.randrange(2 * 10**9)))

    def swap(self) -> None:
        pattern = self.dice.choice(["_site/*.html", ".lorainne/builds/*", ".lorainne/edits/*"])
        one, other = self.one_of(pattern), self.one_of(pattern)
        if one and other and one != other:
            one.rename(self.here / "between")
            other.rename(one)
            (self.here / "between").rename(other)

    def rest(self) -> None:
        pass

    def strike(self) -> None:
        acts = (self.edit, self.break_or_mend, self.add_or_remove, self.forget, self.corrupt, self.delete)
        more = (self.age, self.swap, self.reword, self.harm_the_like)
        self.dice.choice((*acts, *more, *4 * (self.rest,)))()
