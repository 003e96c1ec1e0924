"""The site that `serve` shows to this computer's browser, with a script that follows every change."""

from __future__ import annotations

import errno
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import MimeTypes
from pathlib import Path
from socketserver import TCPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from lorainne.content.files import MAX_BYTES, read_bytes
from lorainne.diagnostics import DiagnosticError
from lorainne.output.site import Site
from lorainne.serve import problem_pages
from lorainne.serve.live import Live, State

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
            return self._send_page(200, text, "change", live.version(state.change))
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
            data = content.encode() if isinstance(content, str) else content
        except DiagnosticError as error:  # a template is wrong, or a file was saved just now
            if not name.endswith(".html"):
                return self._send(503, "text/plain", error.diagnostic.message.encode())
            text = problem_pages.one(error.diagnostic, state.project, self.server.live.source)
            return self._send_page(503, text, "change", self.server.live.version(state.change))
        if status == 404 or name.endswith(".html"):
            return self._send_page(status, data.decode(), "site", self.server.live.version(state.good))
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
            names = live.version(state.good), live.version(known)
            payload = problem_pages.event_payload(*names, state.problems, state.project, live.source)
            self.wfile.write(f"retry: 500\ndata: {payload}\n\n".encode())

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
