"""`lorainne serve`: what an open page sees while files change, and whom the server talks to."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from serving import Serving, serving
from test_cli import lorainne

from lorainne.commands.project_files import create
from lorainne.commands.scaffold import Answers, content

ANSWERS = "--name", "Tensor days", "--dates", "2025-06-02 to 2025-06-03", "--timezone", "Europe/Paris"
NOETHER = "content/speakers/emmy-noether.md"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab in which no script may fail."""
    context = browser.new_context()
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    yield opened
    context.close()
    assert wrong == []


def begin(folder: Path) -> Path:
    answers = Answers(name="Tensor days", dates="2025-06-02 to 2025-06-03", place="", timezone="Europe/Paris")
    create(folder, content(answers, ""))
    return folder


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return begin(tmp_path)


@pytest.fixture
def server(source: Path) -> Iterator[Serving]:
    with serving(source) as running:
        yield running


FILES = {
    "a.woff2": "font/woff2",
    "a.ics": "text/calendar; charset=utf-8",
    "a.mjs": "text/javascript; charset=utf-8",
    "a.webp": "image/webp",
    "a.pdf": "application/pdf",
    "a.json": "application/json; charset=utf-8",
    "a.unheardof": "application/octet-stream",
}


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server of a site that no test changes."""
    folder = begin(tmp_path_factory.mktemp("unchanged"))
    (folder / "content/files").mkdir()
    for name in FILES:
        (folder / "content/files" / name).write_bytes(b"{}")
    with serving(folder) as running:
        yield running
        assert sorted(path.name for path in folder.iterdir()) == ["content"]  # nothing is written


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def ask(server: Serving, path: str, host: str | None = None, method: str = "GET") -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=10)
    connection.request(method, path, headers={"Host": host} if host else {})
    return connection.getresponse()


def test_an_organiser_comes_from_nothing_to_a_page_that_follows_the_files(tmp_path: Path, page: Page) -> None:
    assert lorainne("init", *ANSWERS, cwd=tmp_path).returncode == 0
    assert lorainne("build", "--strict", cwd=tmp_path).returncode == 0
    checked = lorainne("check", "--strict", cwd=tmp_path)
    assert (checked.returncode, checked.stdout) == (0, "nothing is wrong\n")
    assert lorainne("new", "speaker", "李明", cwd=tmp_path).returncode == 0
    speaker = tmp_path / "content/speakers/li-ming.md"
    edit(speaker, "# affiliation: tba", "affiliation: Beijing")
    with serving(tmp_path) as server:
        page.goto(f"{server.url}speakers/li-ming.html")
        expect(page.get_by_role("heading", level=1)).to_have_text("李明")
        expect(page.locator("main")).to_contain_text("Beijing")
        edit(speaker, "affiliation: Beijing", "affiliation: Nancy")
        expect(page.locator("main")).to_contain_text("Nancy")
        expect(page.locator("main")).not_to_contain_text("Beijing")


def test_mistakes_are_shown_over_the_last_good_page_and_go_when_they_are_mended(
    server: Serving, source: Path, page: Page
) -> None:
    page.goto(f"{server.url}speakers/emmy-noether.html")
    overlay = page.locator("lorainne-problems")
    edit(source / NOETHER, "affiliation: tba", "afiliation: Göttingen")
    expect(overlay).to_contain_text("error[unknown-field]")
    expect(overlay).to_contain_text("did you mean `affiliation`?")
    expect(page.get_by_role("heading", level=1)).to_have_text("Emmy Noether")
    server.hear("1 error; the last good site stays")
    page.keyboard.press("Escape")
    expect(overlay).to_have_count(0)
    edit(source / NOETHER, "afiliation", "affiliation")
    expect(page.locator("main")).to_contain_text("Göttingen")
    expect(overlay).to_have_count(0)


def test_each_mistake_has_a_page_that_explains_it_and_opens_the_editor(
    server: Serving, source: Path, page: Page
) -> None:
    page.goto(server.url)
    edit(source / NOETHER, "affiliation: tba", "afiliation: <b>Göttingen</b>")
    overlay = page.locator("lorainne-problems")
    place = f"vscode://file{source.resolve()}/{NOETHER}:4:1"
    expect(overlay.get_by_role("link", name="Open in Visual Studio Code")).to_have_attribute("href", place)
    overlay.get_by_role("link", name="More about it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("afiliation is not a field here")
    expect(page.locator("body")).to_contain_text("most often it is a slip of the pen")
    expect(page.get_by_role("link", name="Open in Visual Studio Code")).to_have_attribute("href", place)
    expect(page.locator("b")).to_have_count(0)
    page.get_by_role("link", name="All mistakes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 error")
    edit(source / NOETHER, "afiliation: <b>Göttingen</b>", "affiliation: tba")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing is wrong")


def test_a_warning_is_a_note_and_the_page_stays_whole(server: Serving, source: Path, page: Page) -> None:
    page.goto(server.url)
    edit(source / "content/workshop.yaml", "timezone: Europe/Paris", "# no zone")
    expect(page.locator("lorainne-problems").get_by_role("status")).to_have_text("1 warning")


def test_content_that_is_broken_from_the_start_is_explained_until_there_is_a_site(
    source: Path, page: Page
) -> None:
    edit(source / NOETHER, "affiliation: tba", "afiliation: Göttingen")
    with serving(source) as server:
        server.hear("1 error; there is no site yet")
        page.goto(server.url)
        expect(page.get_by_role("heading", level=1)).to_have_text("1 error")
        edit(source / NOETHER, "afiliation", "affiliation")
        expect(page.get_by_role("heading", level=1)).to_have_text("Tensor days")


def test_folders_that_come_and_go_are_watched(server: Serving, source: Path, page: Page) -> None:
    page.goto(f"{server.url}404.html")
    server.hear("built in")
    (source / "templates").mkdir()
    (source / "templates/404.html").write_text("<body><main>Gone fishing</main></body>", encoding="utf-8")
    expect(page.locator("main")).to_have_text("Gone fishing")
    (source / "content").rename(source / "elsewhere")
    expect(page.locator("lorainne-problems")).to_contain_text("no-content")
    (source / "elsewhere").rename(source / "content")
    expect(page.locator("lorainne-problems")).to_have_count(0)
    (source / "templates/404.html").write_text("<body><main>Back again</main></body>", encoding="utf-8")
    expect(page.locator("main")).to_have_text("Back again")


def test_a_restarted_server_brings_open_pages_up_to_date(source: Path, page: Page) -> None:
    with serving(source) as server:
        page.goto(server.url)
        port = str(urlsplit(server.url).port)
    edit(source / "content/workshop.yaml", "name: Tensor days", "name: Matrix days")
    with serving(source, "--port", port):
        expect(page.get_by_role("heading", level=1)).to_have_text("Matrix days")


def test_only_this_computer_is_answered_and_only_under_its_own_name(unchanged: Serving) -> None:
    port = urlsplit(unchanged.url).port
    assert ask(unchanged, "/").status == 200
    assert ask(unchanged, "/", f"localhost:{port}").status == 200
    for host in (f"evil.example:{port}", "evil.example", "127.0.0.1.evil.example", "[::", "192.168.0.7"):
        for path in ("/", "/~lorainne/events", "/~lorainne/problems/"):
            assert ask(unchanged, path, host).status == 421, host
    with socket.socket() as outside, pytest.raises(OSError, match="refused"):
        outside.connect(("127.0.0.2", port))  # would be answered, did it listen to all addresses


def test_kinds_are_right_and_nothing_is_kept(unchanged: Serving) -> None:
    own = {"/": "text/html; charset=utf-8", "/static/style.css": "text/css; charset=utf-8"}
    for path, kind in {**own, **{f"/files/{name}": kind for name, kind in FILES.items()}}.items():
        answer = ask(unchanged, path)
        assert (answer.status, answer.headers["Content-Type"]) == (200, kind)
        assert answer.headers["Cache-Control"] == "no-store"


def test_what_is_not_there_gets_the_sites_own_page(unchanged: Serving) -> None:
    with pytest.raises(HTTPError) as missing:
        unchanged.get("nowhere.html")
    assert missing.value.status == 404
    assert "Tensor days" in missing.value.read().decode()
    assert ask(unchanged, "/../../content/workshop.yaml").status == 404
    head = ask(unchanged, "/", method="HEAD")
    assert (head.status, head.read()) == (200, b"")
    assert int(head.headers["Content-Length"]) > 1000


def test_a_page_that_listens_is_told_the_state_at_once(unchanged: Serving) -> None:
    answer = ask(unchanged, "/~lorainne/events")
    assert answer.headers["Content-Type"] == "text/event-stream"
    lines = [answer.readline().decode() for _ in range(2)]
    told = json.loads(lines[1].removeprefix("data: "))
    assert (told["summary"], told["broken"], told["problems"]) == ("", False, [])


def test_a_port_that_is_taken_is_told_and_the_next_one_used(source: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with serving(source, "--port", str(port)) as server:
            server.hear(f"port {port} is taken")
            assert urlsplit(server.url).port > port


def test_ctrl_c_ends_it_at_once_and_without_a_word(server: Serving, page: Page) -> None:
    page.goto(server.url)
    before = list(server.said)
    assert server.interrupt() < 1
    assert server.said == before
    assert server.process.returncode in (0, 130)


def test_without_content_it_says_how_to_begin(tmp_path: Path) -> None:
    told = lorainne("serve", tmp_path)
    assert (told.returncode, told.stdout) == (2, "")
    assert "lorainne init" in told.stderr
