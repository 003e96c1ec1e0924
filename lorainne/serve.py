"""The site in memory, shown to this computer's browser and built again on every change.

While the content is broken, the last good site stays.
"""

from __future__ import annotations

import errno
import gc
import os
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import MimeTypes
from pathlib import Path
from socketserver import TCPServer
from threading import Condition
from typing import Any
from urllib.parse import unquote, urlsplit

from lorainne import problem_pages, project
from lorainne.build import compile_site
from lorainne.diagnostics import Diagnostic
from lorainne.formats import Site
from lorainne.memory import Memory
from lorainne.project import Project, UnreadableError
from lorainne.scan import FOLDERS, MAX_BYTES, read_bytes
from lorainne.store import Store

HOST = "127.0.0.1"
_NAMES = (HOST, "localhost")

_OWN = "/~lorainne/"
_SCRIPT, _EVENTS = f"{_OWN}serve.js", f"{_OWN}events"

# Not the machine's own table, which may lack the younger kinds or name them wrongly.
_KINDS = MimeTypes(filenames=())
for _kind, _ending in (
    ("font/woff2", ".woff2"),
    ("image/avif", ".avif"),
    ("image/webp", ".webp"),
    ("text/calendar", ".ics"),
    ("text/javascript", ".mjs"),
    ("text/javascript", ".js"),
    ("application/json", ".json"),
    ("application/manifest+json", ".webmanifest"),
    ("application/x-bibtex", ".bib"),
):
    _KINDS.add_type(_kind, _ending)

_PORTS_TRIED = 20
_ALIVE = 15.0  # seconds after which a silent stream says that it is still there
_LOOK = 1000  # milliseconds between two looks at whether a watched folder is still the same


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """What is served: the last good site, and what is wrong with the content now."""

    project: Project
    site: Site
    good: int
    """The number of the change that made the site."""
    change: int
    problems: list[Diagnostic]
    seconds: float


class Live:
    """A project, and its state for everybody who looks at it."""

    def __init__(self, source: Path) -> None:
        self.source = source.resolve()
        self._started = time.time_ns()
        self._changed = Condition()
        self._memory = Memory()
        self._waste = False  # whether a build has left what can be cleared away
        self._keep = Store(str(source)).keep
        self.state = self._built(None)

    def _built(self, before: State | None) -> State:
        started = time.perf_counter()
        found, problems = project.read(self.source, keep=self._keep)
        site = Site({})
        if not problems:
            site, problems = self._compiled(found, before)
        change = before.change + 1 if before else 0
        return State(
            project=found,
            site=site or (before.site if before else site),
            good=change if site or not before else before.good,
            change=change,
            problems=problems,
            seconds=time.perf_counter() - started,
        )

    def _compiled(self, found: Project, before: State | None) -> tuple[Site, list[Diagnostic]]:
        """The site; where only loose bodies were edited, all else of it stays as it is."""
        if before and before.good == before.change:
            with suppress(ValueError, UnreadableError):
                return before.site.edited(project.edited(before.project, found)), before.problems
        self._waste = True
        return compile_site(found, self._memory)

    def name(self, number: int) -> str:
        """The number of a change as open pages know it; a new start of the server makes new ones."""
        return f"{self._started}-{number}"

    def wait(self, change: int | None) -> State:
        """The state once it is another than this one, or after a while the same again."""
        with self._changed:
            self._changed.wait_for(lambda: self.state.change != change, timeout=_ALIVE)
            return self.state

    def rebuilds(self) -> Iterator[State]:
        """Build at every change of the files, without end."""
        from watchfiles import watch  # late: only this command needs it

        while True:
            folders = self._folders()
            if not folders:  # for a moment, while another version is checked out
                time.sleep(_LOOK / 1000)
                continue
            is_new = True
            for changes in watch(
                *folders,
                step=5,
                debounce=200,
                rust_timeout=_LOOK,
                yield_on_timeout=True,
                raise_interrupt=True,
            ):
                # What changed before the watch began has no event.
                if changes or (is_new and project.changes(self.source, self.state.project)):
                    yield self._rebuild()
                elif self._waste:  # a pause: nobody waits while what builds have left is cleared away
                    gc.collect()
                    self._waste = False
                is_new = False
                if self._folders() != folders:
                    yield self._rebuild()
                    break

    def _rebuild(self) -> State:
        state = self._built(self.state)
        with self._changed:
            self.state = state
            self._changed.notify_all()
        return state

    def _folders(self) -> dict[Path, int]:
        """The folders to watch, and what tells each from another one of the same name."""
        paths = [self.source / folder for folder in FOLDERS]
        return {path: os.stat(path).st_ino for path in paths if path.is_dir()}


class Server(ThreadingHTTPServer):
    """Serves one project, to this computer only."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = os.name == "posix"  # elsewhere it would share a port that is taken

    def __init__(self, live: Live, port: int) -> None:
        self.live = live
        super().__init__((HOST, port), _Handler)

    def server_bind(self) -> None:
        """Without the base class's question for the name of this computer, which can take seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]

    @property
    def url(self) -> str:
        """Where the site is."""
        return f"http://{HOST}:{self.server_port}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away in the middle of an answer is no error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def listen(live: Live, port: int) -> Server:
    """The server on this port, or on the next one that is free; raises OSError."""
    for number in range(port, min(port + _PORTS_TRIED, 65536)):
        try:
            return Server(live, number)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
    raise OSError(errno.EADDRINUSE, f"the ports from {port} on are taken")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        """Answer a request for a page, a file, or one of our own."""
        if not self._is_for_us():
            return self._send(421, "text/plain", b"this server is for the computer that it runs on\n")
        path = unquote(urlsplit(self.path).path)
        state, live = self.server.live.state, self.server.live
        if path == _EVENTS:
            return self._events()
        if path == _SCRIPT:
            script, _ = read_bytes(Path(__file__).with_name("serve.js"), MAX_BYTES)
            return self._send(200, "text/javascript", script)
        if path.startswith(problem_pages.LIST) or not state.site:
            text = problem_pages.page(_own_path(path), state.problems, state.project, live.source)
            return self._send_page(200, text, "change", live.name(state.change))
        return self._site(path.removeprefix("/"), state)

    def do_HEAD(self) -> None:
        """The same without the content."""
        self.do_GET()

    def _is_for_us(self) -> bool:
        """Whether the browser knows us by our own name: another site's name could be made to lead here."""
        try:
            return urlsplit(f"//{self.headers.get('Host', '')}").hostname in _NAMES
        except ValueError:
            return False

    def _site(self, path: str, state: State) -> None:
        name = f"{path}index.html" if path.endswith("/") or not path else path
        if name not in state.site:
            name = _below_url(name, state.site)
        status = 200 if name in state.site else 404
        try:
            content = state.site[name if status == 200 else "404.html"]
            data = content.encode() if isinstance(content, str) else content.read()
        except UnreadableError as error:  # it was saved just now, or while something else is broken
            if not name.endswith(".html"):
                return self._send(503, "text/plain", error.diagnostic.message.encode())
            text = f"<!doctype html><body>{escape(error.diagnostic.message)}</body>"
            return self._send_page(503, text, "change", self.server.live.name(state.change))
        if status == 404 or name.endswith(".html"):
            return self._send_page(status, data.decode(), "site", self.server.live.name(state.good))
        return self._send(status, _KINDS.guess_type(name)[0] or "application/octet-stream", data)

    def _send_page(self, status: int, text: str, watch: str, shown: str) -> None:
        """A page that knows what it shows, and is loaded anew when that has changed."""
        script = f'<script src="{_SCRIPT}" data-watch="{watch}" data-shown="{shown}"></script>'
        before, end, after = text.rpartition("</body>")
        self._send(status, "text/html", f"{before}{script}{end}{after}".encode())

    def _send(self, status: int, kind: str, data: bytes) -> None:
        is_text = kind.startswith("text/") or kind.endswith(("json", "xml"))
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if is_text else kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _events(self) -> None:
        """Tell the page every change, until it goes away."""
        live, known = self.server.live, None
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        while self.command != "HEAD":
            state = live.wait(known)
            if state.change == known:
                self.wfile.write(b": still here\n\n")
                continue
            known = state.change
            names = live.name(state.good), live.name(known)
            told = problem_pages.told(*names, state.problems, state.project, live.source)
            self.wfile.write(f"retry: 500\ndata: {told}\n\n".encode())

    def end_headers(self) -> None:
        """Nothing is kept by the browser: the next answer may be another."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """Requests are not worth a line."""


def _below_url(name: str, site: Site) -> str:
    """The name without a first folder that the site has not: its 404 page links below the path of `url`."""
    first, _, rest = name.partition("/")
    return name if any(path.startswith(f"{first}/") for path in site) else rest or name


def _own_path(path: str) -> str:
    return path if path.startswith(problem_pages.LIST) else problem_pages.LIST
