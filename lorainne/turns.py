"""Two folders that take turns: one is published, the other its like. So an edit writes only what differs.

Their files are the same ones under two names, but for those that the last edit wrote. Nobody else writes to
the like: a name that comes or goes in it shows in its folders, and who edits a file edits the published one.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from lorainne import transaction
from lorainne.exchange import exchange
from lorainne.lock import only_one
from lorainne.manifest import written_in
from lorainne.states import Folder, state_of_folder
from lorainne.transaction import NEW, CannotExchangeError, Difference


@contextmanager
def alone(output: str, room: str) -> Iterator[None]:
    """Hold an output (its real path) and the room of its like; raises BusyError at once, or OSError."""
    beside = transaction.room_beside(output)
    if os.path.islink(like_in(room)):
        raise OSError("this leads elsewhere")
    with only_one(beside, 0.0), only_one(room, 0.0):
        if os.listdir(beside) != ["lock"]:
            raise OSError("a build has left something here")
        yield


def prepare(output: str, room: str) -> None:
    """Make the like of an output in a room; raises OSError or CannotExchangeError.

    There is none of an output with files of others: a second name of what they go on writing would harm it.
    """
    _discard(output, room)
    tree, known = transaction.walk(output), written_in(output)
    if tree.files.keys() - known or tree.folders.keys() - transaction.parents(known):
        raise OSError("somebody else's files are here")
    devices = {os.stat(output).st_dev, *(status.st_dev for status in tree.folders.values())}
    transaction.begin(room)
    folders = Difference(folders_of_others=tuple(tree.folders), devices=frozenset(devices))
    transaction.complete(output, room, folders)
    like = like_in(room)
    if _attributes(like) != _attributes(output):
        raise OSError("a folder here gets other rights than one there")
    for path in tree.files:
        os.link(os.path.join(output, path), os.path.join(like, path), follow_symlinks=False)


def _discard(output: str, room: str) -> None:
    """Take a like away; raises OSError where somebody who stood there has put files into it."""
    like = like_in(room)
    if transaction.walk(like).files.keys() - written_in(like) - written_in(output):
        raise OSError("somebody else's files are here")
    transaction.discard(room)
    if os.path.lexists(like):
        raise OSError("a like that was there cannot be removed")


def _attributes(folder: str) -> dict[str, bytes]:
    """What a system tells of a folder beside its mode, such as access lists and labels."""
    if sys.platform != "linux":
        return {}
    return {name: os.getxattr(folder, name) for name in os.listxattr(folder)}


def like_in(room: str) -> str:
    """Where the like of an output stands in its room."""
    return os.path.join(room, NEW)


def folders_of(root: str, paths: Iterable[str]) -> dict[str, Folder]:
    """The states of these folders below a root; raises OSError."""
    return {path: state_of_folder(os.stat(os.path.join(root, path))) for path in paths}


def put(output: str, room: str, new: Mapping[str, Iterable[bytes]], behind: Iterable[str]) -> None:
    """Make the like equal to the output but for these files, which are new in it.

    `behind` are those that differ in it until now. Raises OSError or CannotExchangeError.
    """
    stay = {*behind} - new.keys()
    for path in stay:
        os.unlink(os.path.join(like_in(room), path))
    for path, parts in new.items():
        transaction.put(room, path, parts)
    transaction.complete(output, room, Difference(write=tuple(new), stay=tuple(stay)))


def publish(output: str, room: str) -> None:
    """Publish the like; what was published is the like then. Raises OSError or CannotExchangeError."""
    if not exchange(like_in(room), output):
        raise CannotExchangeError("this file system knows no such step")


def save_late_files(output: str, room: str) -> None:
    """Move into the output what others have put into the like while that was published."""
    transaction.save_late_files(like_in(room), output)


def bound(rooms: str, most: int) -> None:
    """Let the likes go that were not used for the longest time; raises OSError."""
    paths = [os.path.join(rooms, name) for name in os.listdir(rooms)]
    for room in sorted(paths, key=os.path.getmtime)[:-most]:
        with only_one(room, 0.0):
            transaction.discard(room)
