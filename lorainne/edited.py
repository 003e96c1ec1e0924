"""Whether nothing but loose bodies was edited since the last build; then only they are put anew.

A second record, beside that of `unchanged`, tells where in the outputs each of them stands.
"""

from __future__ import annotations

import os
import time
from _blake2 import blake2b  # hashlib's, without the ten milliseconds that OpenSSL takes
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from zlib import crc32

from lorainne import bodies, turns, unchanged
from lorainne.bodies import Bodies
from lorainne.lock import BusyError
from lorainne.scan import MAX_BYTES, File, UnreadableError, read_bytes
from lorainne.states import Folder, State, look, numbers_of
from lorainne.transaction import CannotExchangeError
from lorainne.unchanged import Last, Said, Watch
from lorainne.weaving import patched, reweave

# A build that cannot go this way goes the other one, which says what is wrong.
_UNFIT = (OSError, ValueError, KeyError, BusyError, CannotExchangeError, UnreadableError)


class Record:
    """Where bodies stand: what a build read and wrote, as far as an edit needs it."""

    def __init__(
        self, content: bytes, texts: bytes, seams: bytes, like: Mapping[str, Folder], behind: list[str]
    ) -> None:
        self.digest = ""
        """That of the build's record, to which this one belongs."""
        self.content = content
        """The states of the files of content."""
        self.texts = texts
        """A line for each loose body: its file, a hash over its front matter, whether it has formulas."""
        self.seams: list[bytes | memoryview] = [seams]
        """In parts, a line for each output in which one stands: its path, and its seams."""
        self.like = like
        """The folders of the output's like."""
        self.behind = behind
        """The files in which it differs."""

    def about(self, name: str) -> str:
        """What an edit of this body must leave as it is; raises ValueError where it is no loose one."""
        _, found, rest = (b"\n" + self.texts).partition(f"\n{name} ".encode())
        if not found:
            raise ValueError
        return rest.partition(b"\n")[0].decode()

    def reweave(self, names: Iterable[str], anew: Callable[[str, bytes], bytes]) -> None:
        """Put what `anew` gives, for the path and the seams of each output with such a body, as its seams."""
        seams, done = b"".join(self.seams), 0
        rest, self.seams = memoryview(seams), []  # a view, for at 10,000 talks they are 9 MB
        for first, last in sorted({line for name in names for line in _lines(seams, name)}):
            path, _, there = seams[first:last].partition(b"\0")
            self.seams += [rest[done:first], path, b"\0", anew(path.decode(), there)]
            done = last
        self.seams.append(rest[done:])

    def packed(self) -> list[bytes | memoryview]:
        """The record as it is kept, in parts."""
        like = (f"{mode} {changed} {folder}" for folder, (mode, changed) in self.like.items())
        parts = [self.digest.encode(), self.content, self.texts, _joined(like), _joined(self.behind)]
        lengths = b" ".join(b"%d" % length for length in (*map(len, parts), sum(map(len, self.seams))))
        seal = _seal([lengths, *parts, *self.seams])
        return [b"%d %b\n" % (seal, lengths), *parts, *self.seams]


def _lines(seams: bytes, name: str) -> Iterator[tuple[int, int]]:
    """Where the lines of the outputs are in which this body stands."""
    wanted, last = f" {name}\t".encode(), 0
    while (at := seams.find(wanted, last)) >= 0:
        last = seams.index(b"\n", at)
        yield seams.rfind(b"\n", 0, at) + 1, last


def _seal(parts: Iterable[bytes | memoryview]) -> int:
    """What tells whether a record is as it was written."""
    seal = 0
    for part in parts:
        seal = crc32(part, seal)
    return seal


def _joined(names: Iterable[str]) -> bytes:
    return "\0".join(names).encode(errors="surrogateescape")


def _parted(names: bytes) -> list[str]:
    return names.decode(errors="surrogateescape").split("\0") if names else []


def _unpacked(path: str) -> Record:
    """The record that was kept; raises OSError, or ValueError where it is not as it was written."""
    with unchanged.opened(path) as stream:
        size = os.fstat(stream.fileno()).st_size
        seal, _, lengths = stream.readline(200).strip().partition(b" ")
        parts = [stream.read(min(int(length), size)) for length in lengths.split()]
    if int(seal) != _seal([lengths, *parts]):
        raise ValueError
    digest, content, texts, like, behind, seams = parts
    states = [part.split(" ", 2) for part in _parted(like)]
    alike = {folder: (int(mode), int(changed)) for mode, changed, folder in states}
    record = Record(content, texts, seams, alike, _parted(behind))
    record.digest = digest.decode()
    return record


def keep(watch: Watch, arguments: list[str], said: Said, loose: Bodies, seams: bytes) -> None:
    """Keep the records of a whole build; where they cannot be kept, the next one is whole too."""
    with suppress(*_UNFIT):
        room = _room(watch.source, watch.output)
        has_like = bool(seams) and _has_like(watch.output, room)
        unchanged.await_tick(watch.source)
        *inputs, site = look(*unchanged.roots(watch.source), (watch.output, ""))
        if [state.digest() for state in inputs] != [state.digest() for state in watch.before]:
            return
        record = None
        if has_like:
            texts = "".join(f"{name} {loose.about(name)}\n" for name in loose.texts).encode()
            like = turns.folders_of(turns.like_in(room), site.folders)
            record = Record(bytes(inputs[0].numbers), texts, seams, like, [])
        _keep(watch.source, arguments, watch.output, said, [*inputs, site], record)


def _keep(
    source: str, arguments: list[str], output: str, said: Said, states: list[State], record: Record | None
) -> None:
    """Keep both records; raises OSError."""
    digests = [state.digest() for state in states]
    digest = unchanged.digest_of(arguments, output, said, digests)
    if record:
        record.digest = digest
        unchanged.put_among(unchanged.path_of(source, arguments, "edits"), *record.packed())
    unchanged.keep(source, arguments, output, said, digest, digests[0])


def _room(source: str, output: str) -> str:
    """The room of the output's like; raises OSError where it leads out of the project."""
    name = blake2b(os.path.realpath(output).encode(), digest_size=8).hexdigest()
    room = os.path.join(source, unchanged.FOLDER, "turn", name)
    unchanged.refuse_links(room)
    return room


def _has_like(output: str, room: str) -> bool:
    """Make the like of an output; whether there is one."""
    with suppress(*_UNFIT):
        os.makedirs(os.path.dirname(room), exist_ok=True)
        with turns.alone(os.path.realpath(output), room):
            turns.prepare(output, room)
        turns.bound(os.path.dirname(room), unchanged.KEPT)
        return True
    return False


def told(last: Last, started: float) -> str | None:
    """Put bodies anew where nothing else was edited, and return what is to be said; None where more was."""
    with suppress(*_UNFIT):
        record = _unpacked(unchanged.path_of(last.source, last.arguments, "edits"))
        changed = last.content.changed(record.content) if record.digest == last.digest else []
        texts = {name: _body(last, record, name) for name in changed}
        if texts and last.found(last.content.digest(record.content)):
            new = _outputs(last, record, texts)
            if not new:
                return None
            _publish(last, record, new)
            states = [last.content, *last.inputs, last.site]
            _keep(last.source, last.arguments, last.output, last.said, states, record)
            return last.said.edited(time.perf_counter() - started, len(new))
    with suppress(OSError):
        last.complete()
    return None


def _body(last: Last, record: Record, name: str) -> str:
    """The new body of a file in which nothing else has changed; raises one of _UNFIT."""
    state = last.content.of(name)
    unchanged.await_later(state[-1])
    data, status = read_bytes(os.path.join(last.source, name), MAX_BYTES)
    if numbers_of(status) != state:
        raise ValueError
    return bodies.reread(name, File(size=len(data), read=partial(bytes, data)), record.about(name))


def _outputs(last: Last, record: Record, texts: Mapping[str, str]) -> dict[str, Iterator[bytes]]:
    """The outputs in which these bodies stand, each with the new ones; the record knows their seams then."""
    new: dict[str, Iterator[bytes]] = {}

    def anew(path: str, seams: bytes) -> bytes:
        state = last.site.of(path)
        read = partial(_read, os.path.join(last.output, path), state)
        patches, seams = reweave(read, seams, {name: partial(_form, path, texts[name]) for name in texts})
        new[path] = patched(read, state[1], patches)
        return seams

    record.reweave(texts, anew)
    return new


def _form(path: str, text: str, want: str) -> str:
    return bodies.form(path, want, text)


def _read(path: str, state: tuple[int, ...], start: int, end: int) -> bytes:
    """The bytes of a file from one place to another; raises ValueError where it is not in this state."""
    descriptor = os.open(path, unchanged.CAREFULLY)
    try:
        data = os.pread(descriptor, end - start, start) if 0 <= start <= end <= state[1] else b""
        if len(data) != end - start or numbers_of(os.fstat(descriptor)) != state:
            raise ValueError
        return data
    finally:
        os.close(descriptor)


def _publish(last: Last, record: Record, new: Mapping[str, Iterator[bytes]]) -> None:
    """Publish these outputs; the record and the states are those of what is published then."""
    output, folders = os.path.realpath(last.output), last.site.folders
    for path in record.behind:
        last.site.of(path)  # a record that names anything else is none of ours
    room = _room(last.source, output)
    like = turns.like_in(room)
    with turns.alone(output, room):
        alike = turns.folders_of(like, folders)
        if alike != record.like or _modes(alike) != _modes(folders):
            raise ValueError
        if turns.folders_of(output, folders) != folders:  # another build was quicker
            raise ValueError
        turns.put(output, room, new, record.behind)
        unchanged.await_tick(last.source)
        for path in {*new, *record.behind}:  # a second name is a change, too
            last.site.put(path, os.lstat(os.path.join(like, path)))
        turns.publish(output, room)
        record.content, record.behind = bytes(last.content.numbers), [*new]
        record.like = turns.folders_of(like, folders)
        if record.like != folders:  # somebody has changed something meanwhile
            turns.save_late_files(output, room)


def _modes(folders: Mapping[str, Folder]) -> list[int]:
    return [mode for mode, _ in folders.values()]
