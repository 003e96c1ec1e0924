"""A module imports lower floors only, and each foreign library lives in one room."""

from __future__ import annotations

import ast
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "lorainne"

FLOORS = (
    {"diagnostics", "weaving", "content_lines"},
    {"scan", "exchange", "lock", "memory", "processes", "spelling", "values"},
    {"states", "manifest"},
    {"unchanged"},
    {"store"},
    {"encoding", "transaction", "colour"},
    {"project", "front_matter", "turns"},
    {"nodes", "fix", "report", "write", "model", "active"},
    {"fields", "programme", "meaning"},
    {"decode"},
    {"history"},
    {"wording"},
    {"markup.fragment", "markup.misprints", "markup.maths", "markup.dialect", "markup.terms"},
    {"markup.proofreading"},
    {"markup.typesetting"},
    {"markup"},
    {"bodies"},
    {"edited"},
    {"checks.walk"},
    {"checks.look", "checks.people", "checks.references", "checks.texts", "checks.times"},
    {"checks", "plan"},
    {
        "formats.anchors",
        "formats.bare",
        "formats.drawings",
        "formats.pieces",
        "formats.grid",
        "formats.identity",
        "formats.story",
        "formats.api_schema",
        "formats.templates",
    },
    {
        "formats.pictures",
        "formats.card",
        "formats.jsonld",
        "formats.citation",
        "formats.ics",
        "formats.frab",
        "formats.qr",
        "formats.atom",
        "formats.sitemap",
    },
    {"formats.api", "formats.html"},
    {"formats"},
    {"importers.mistakes"},
    {"importers.draft", "importers.page_blocks"},
    {"importers.names", "importers.again", "importers.html_text"},
    {"importers.dates", "importers.labels", "importers.page_draft"},
    {"importers.page_people"},
    {"importers.page_front", "importers.page_timetable", "importers.spreadsheet", "importers.agenda"},
    {"importers.page", "importers.frab", "importers.ics", "importers.papers"},
    {"importers"},
    {"codes", "build"},
    {"reference"},
    {"new", "problem_pages", "release", "schema"},
    {"init", "serve"},
    {"import_commands", "editing_commands"},
    {"cli"},
    {"__main__"},
)

ROOMS = {
    "yaml": {"nodes"},
    "PIL": {"formats.pictures", "formats.card"},
    "jinja2": {"formats.templates"},
    "markupsafe": {"formats.html", "formats.templates"},
    "markdown_it": {"markup.dialect", "markup", "markup.typesetting"},
    "mdit_py_plugins": {"markup.dialect"},
    "math_core": {"markup.maths"},
    "slugify": {"importers.names"},
    "icalendar": {"importers.ics"},
    "watchfiles": {"serve"},
    "segno": {"formats.qr"},
    "click": {"cli", "import_commands", "editing_commands"},
}


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


KNOWN = {f"lorainne.{name_of(path)}" for path in PACKAGE.rglob("*.py")}


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (inside & KNOWN) or {node.module}
    return found


MODULES = {name_of(path): imports(path) for path in PACKAGE.rglob("*.py") if path.name != "__init__.py"} | {
    name_of(path): imports(path) for path in PACKAGE.glob("*/__init__.py")
}


def test_every_module_has_a_floor() -> None:
    assert set(MODULES) == set().union(*FLOORS)


def test_imports_point_down() -> None:
    floor = {module: number for number, modules in enumerate(FLOORS) for module in modules}
    upward = [
        (module, other)
        for module, found in MODULES.items()
        for other in floor
        if f"lorainne.{other}" in found and floor[other] >= floor[module]
    ]
    assert upward == []


def test_each_library_is_imported_in_its_own_room_only() -> None:
    for library, rooms in ROOMS.items():
        users = {name for name, found in MODULES.items() if any(f.split(".")[0] == library for f in found)}
        assert users == rooms, library
