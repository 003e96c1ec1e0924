"""Whatever stands in the files, there is a site or a located diagnostic, soon.

`python tests/test_fuzz.py SECONDS` looks for longer.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Mapping

from compiling import site_and_problems
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pages import links, read

from lorainne.content import project

# Pieces of content, whole and broken, that parsers and stages treat in their own ways.
PIECES = """---|name: Ada|title: "A: b"|title: 'x|speakers: [ada, {name: B}]|authors: [A, B|kind: keynote|days:
  - date: Tue 2024-11-26|    slots:|      - {time: 14:00-15:00, talk: a}|      - {time: 23:30-01:00, title: x}
status: final|dates: 2024-11-26 to 2024-11-27|dates: 0001-01-01|dates: 9999-12-31|timezone: Europe/Paris
timezone: Pacific/Apia|registration: {deadline: 0001-01-01 00:00 AoE}|registration: {deadline: 9999-12-31 +14}
url: https://example.org/a b|url: javascript:alert(1)|homepage: https://example.org/|photo: a.png|slides: ../x.pdf
words: {speakers: x}|language: fr|theme: {accent: "#12f"}|venue: {name: H, latitude: 91, longitude: 1e9}
&a [*a]|!!python/object:os.system x|? [a, b]|: : :|- - - -|{{{{|]]]]|"\\x00"|tba|~|null|{{ workshop }}|{% raw %}
# Heading|* list|> quote|| a | b |||---|---|[a](talk:a)|[a](javascript:alert(1))|![x](//evil.example/x.png)|[^1]
[^1]: note|<script>alert(1)</script>|<img src=x onerror=alert(1)>|`code|```|$x^2$|$$\\frac{a}{b}$$|$\\frac$|$\\text{<b>}$
$\\hat\\operatorname{<img>}$|**bold|*it|~~s~~|&lt;|&#x202e;|\t|  |\u00e9\u0301|\u674e|\U0001f600|\ufeff|https://a.b/c""".replace(
    "\n", "|"
).split("|")
NAMES = (
    "workshop.yaml schedule.yaml about.md speakers/ada.md talks/a.md talks/b.md posters/p.md pages/x.md"
    " news/2024-01-01-a.md news/9999-12-31-z.md files/a.svg files/a stray.md"
).split()
SVG = '<svg xmlns="http://www.w3.org/2000/svg">'

lines = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=12)
texts = st.builds(
    lambda head, body, closed: "---\n" * closed + "\n".join(head) + "\n---\n" * closed + "\n".join(body),
    lines,
    lines,
    st.booleans(),
)
contents = st.dictionaries(st.sampled_from(NAMES), texts | st.binary(max_size=60), max_size=5)


def compile_and_look(files: Mapping[str, str | bytes]) -> int:
    """Compile content, and assert what must hold of any; the number of its diagnostics."""
    texts = {"content/workshop.yaml": b"name: W\n"} | {
        f"content/{name}": text.encode("utf-8", "replace") if isinstance(text, str) else text
        for name, text in files.items()
    }
    started = time.process_time()
    site, problems = site_and_problems(project.from_texts(texts))
    assert time.process_time() - started < 5, "soon"
    for problem in problems:
        span = problem.span
        assert problem.code, problem
        assert span.file in texts, problem
        last = texts.get(span.file, b"").decode("utf-8", "replace").count("\n") + 2
        assert 1 <= span.line <= last, problem
        assert span.column >= 1, problem
    for path, page in site.items():
        if path.endswith(".html") and isinstance(page, str):
            look(path, page)
    return len(problems)


def look(path: str, page: str) -> None:
    """A page is well formed, and runs nothing that content brought."""
    tree = read(page)
    for element in tree.all():
        assert not any(name.startswith("on") for name in element.attributes), path
        assert element.tag not in ("iframe", "object", "embed", "base"), path
    for address in links(tree):
        scheme = address.partition(":")[0].strip().lower() if ":" in address else ""
        assert scheme in ("", "http", "https", "mailto", "tel", "data", "webcal") or "/" in scheme, address


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(contents)
def test_any_content_becomes_a_site_or_a_diagnostic(files: Mapping[str, str | bytes]) -> None:
    compile_and_look(files)


def mutated(random_: random.Random, data: bytes) -> bytes:
    """A file with a few pieces cut out, doubled, or put in."""
    for _ in range(random_.randint(1, 4)):
        start, end = sorted(random_.randint(0, len(data)) for _ in range(2))
        end = min(end, start + random_.choice((0, 1, 5, 40)))
        piece = random_.choice(PIECES).encode() if random_.random() < 0.7 else data[start:end] * 2
        data = data[:start] + piece + data[end:]
    return data


def search(seconds: float) -> None:
    """Change the content of this repository at random for so many seconds, and print what was found."""
    from pathlib import Path

    root = Path(__file__).parent.parent
    files = {
        str(path.relative_to(root / "content")): path.read_bytes()
        for path in (root / "content").rglob("*")
        if path.is_file()
    }
    end, runs, told = time.monotonic() + seconds, 0, 0
    crashes: dict[str, int] = {}
    while time.monotonic() < end:
        random_ = random.Random(runs)
        names = random_.sample(sorted(files), random_.randint(1, 3))
        few = dict(random_.sample(sorted(files.items()), random_.randint(0, len(files)))) | {
            name: mutated(random_, files[name]) for name in names
        }
        try:
            told += compile_and_look(few)
        except Exception as error:
            crashes.setdefault(f"{error!r}"[:300], runs)
        runs += 1
    print(f"{runs} runs, {told} diagnostics, {len(crashes)} crashes")
    for crash, run in crashes.items():
        print(f"run {run}: {crash}")


if __name__ == "__main__":
    search(float(sys.argv[1]))
