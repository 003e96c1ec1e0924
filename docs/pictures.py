"""The pictures of editors.md, taken in Chromium of the site that it tells of: `python docs/pictures.py`."""

from __future__ import annotations

import shutil
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from PIL import Image, ImageOps
from playwright.sync_api import Browser, sync_playwright

from lorainne.commands.project_files import create
from lorainne.commands.scaffold import Answers, content
from lorainne.serve.live import Live
from lorainne.serve.server import listen

DOCS = Path(__file__).parent
EXAMPLE = Answers(
    name="Tensor days",
    dates="2025-06-02 to 2025-06-03",
    place="The Hall, Nancy, France",
    timezone="Europe/Paris",
)
SPEAKER = "content/speakers/grace-hopper.md"
TALK = "---\ntitle: On compilers\nspeakers: [grace-hopper]\n---\n\nA program that writes programs.\n"


def example() -> dict[str, str]:
    """The first site with the speaker that the guide shows, her talk, and its line in the schedule."""
    guide = (DOCS / "editors.md").read_text(encoding="utf-8")
    speaker = guide.partition("```markdown\n")[2].partition("```")[0]
    files = {**content(EXAMPLE, ""), SPEAKER: speaker, "content/talks/on-compilers.md": TALK}
    schedule = "content/schedule.yaml"
    files[schedule] = files[schedule].replace("title: Invited talk, kind: invited", "talk: on-compilers")
    return files


def take(folder: Path, browser: Browser) -> None:
    """Write the pictures into a folder: the speaker's page, the programme, and a mistake."""
    with TemporaryDirectory() as made:
        source = Path(made)
        create(source, example())
        live = Live(source)
        server = listen(live, 0)
        for work in (server.serve_forever, lambda: list(live.rebuilds())):
            Thread(target=work, daemon=True).start()
        page = browser.new_page(viewport={"width": 600, "height": 560}, device_scale_factor=1.5)
        page.goto(f"{server.url}schedule.html")
        day = page.locator(".day").bounding_box() or {"y": 0, "height": 0}
        _save(
            page.screenshot(
                full_page=True,
                clip={"x": 0, "y": day["y"] - 20, "width": 600, "height": day["height"] + 40},
            ),
            folder / "schedule.webp",
        )
        page.goto(f"{server.url}speakers/grace-hopper.html")
        _save(page.screenshot(), folder / "speaker.webp")
        text = (source / SPEAKER).read_text(encoding="utf-8").replace("affiliation", "afiliation")
        (source / SPEAKER).write_text(text, encoding="utf-8")
        page.locator("lorainne-problems li").wait_for()
        _save(page.screenshot(), folder / "mistake.webp")
        page.close()
        server.shutdown()
        server.server_close()


def _save(shot: bytes, path: Path) -> None:
    """The picture in a frame, as its paper is that of the page that it stands on."""
    picture = ImageOps.expand(Image.open(BytesIO(shot)).convert("RGB"), border=2, fill="#888")
    picture.save(path, lossless=True, method=6)


if __name__ == "__main__":
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        take(DOCS / "pictures", chromium)
        chromium.close()
