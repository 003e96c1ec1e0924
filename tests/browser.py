"""A site in Chromium: served below a path under a strict content security policy, and all that goes wrong there."""

from __future__ import annotations

import gzip
import mimetypes
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from playwright.sync_api import Browser, Page
from three_sites import FOLDER

CHROMIUM = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'"

_KINDS = {".ics": "text/calendar", ".woff2": "font/woff2", ".js": "text/javascript", ".webp": "image/webp"}


@dataclass
class Served:
    """A site on the way to the browser: its address, and each answer's path and bytes."""

    site: Mapping[str, bytes]
    address: str = ""
    late: tuple[str, float] = ("", 0)
    """The files whose name this pattern finds take so many seconds, so that the page is seen before they come."""
    answers: list[tuple[str, int]] = field(default_factory=list)
    compressed: dict[str, bytes] = field(default_factory=dict)

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """The status, the kind and the compressed content for a path."""
        name = path.removeprefix(FOLDER).partition("?")[0] or "index.html"
        status = 200 if path.startswith(FOLDER) and name in self.site else 404
        name = name if status == 200 else "404.html"
        ending = "." + name.rpartition(".")[2]
        kind = _KINDS.get(ending) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        pattern, seconds = self.late
        if re.search(pattern, name):
            time.sleep(seconds)
        text = kind.startswith("text/") or ending in (".svg", ".json", ".xml")
        if text and name not in self.compressed:
            self.compressed[name] = gzip.compress(self.site[name])
        return status, kind, self.compressed[name] if text else self.site[name]


@contextmanager
def serving(site: Mapping[str, bytes]) -> Iterator[Served]:
    """The site on a port of this machine, compressed as web hosts do it."""
    served = Served(site)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, kind, content = served.answer(self.path)
            served.answers.append((self.path, len(content)))
            self.send_response(status)
            self.send_header("Content-Type", kind + ("; charset=utf-8" if kind.startswith("text/") else ""))
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Security-Policy", POLICY)
            if not served.late[1]:
                self.send_header("Cache-Control", "max-age=600")
            if content[:2] == b"\x1f\x8b":
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    served.address = f"http://127.0.0.1:{server.server_port}{FOLDER}"
    yield served
    server.shutdown()
    server.server_close()


@contextmanager
def tab(browser: Browser, served: Served, width: int = 1280, **emulated: str) -> Iterator[Page]:
    """A page to visit the site with; at its end nothing may have been said, and no other host asked."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **emulated)  # type: ignore[arg-type]
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    page.on("request", lambda r: said.append(r.url) if not r.url.startswith(served.address) else None)
    yield page
    context.close()
    assert said == [], said


_WATCH = """window.shift = 0;
window.add = entries => entries.forEach(each => { window.shift += each.value; });
window.watch = new PerformanceObserver(list => add(list.getEntries()));
watch.observe({type: 'layout-shift', buffered: true});"""

_STANDS = """() => {
    const frame = () => new Promise(requestAnimationFrame);
    const stands = async () => {
        await document.fonts.ready;
        await frame();
        await frame();  // in between what has just come was laid out
        add(watch.takeRecords());
        return window.shift;
    };
    return Promise.race([stands(), new Promise(done => setTimeout(done, 10_000, 'for ever'))]);
}"""


@contextmanager
def phone_and_screen(browser: Browser, served: Served, **emulated: str) -> Iterator[tuple[Page, Page]]:
    """Two tabs that wait for what is late at the same time; `moved` tells how far their pages did."""
    with tab(browser, served, 390, **emulated) as phone, tab(browser, served, 1280, **emulated) as screen:
        for page in (phone, screen):
            page.add_init_script(_WATCH)
        yield phone, screen


def moved(page: Page) -> float:
    """How far the page in a tab of `phone_and_screen` has moved since it was loaded and its fonts came."""
    far: float = page.evaluate(_STANDS)
    return far


def pages_of(site: Mapping[str, bytes]) -> list[str]:
    """All pages."""
    return sorted(path for path in site if path.endswith(".html"))


def kinds(site: Mapping[str, bytes]) -> list[str]:
    """The pages to look at where all would take too long: always the same, and nothing is on no page of them.

    These are the pages that stand alone, of each folder the shortest and the longest, and every page that has an
    element or a class that none before it has. The others differ from these in their text only.
    """
    longest_first = sorted(pages_of(site), key=lambda path: -len(site[path]))
    folders: dict[str, list[str]] = {}
    for path in longest_first:
        folders.setdefault(path.rpartition("/")[0], []).append(path)
    chosen = folders.pop("", []) + [path for those in folders.values() for path in {those[0], those[-1]}]
    parts = {path: set(re.findall(rb'<[a-z0-9]+|class="[^"]*"', site[path])) for path in longest_first}
    seen = set().union(*(parts[path] for path in chosen))
    for path in longest_first:
        if not parts[path] <= seen:
            chosen.append(path)
            seen |= parts[path]
    return sorted(chosen)
