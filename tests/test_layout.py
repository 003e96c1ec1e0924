"""Each package imports only what stands above it, without circles, and each library lives in one module."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "lorainne"
ORDER = """diagnostics report content markup programme checks exports site paper output importers build codes
    serve commands __main__""".split()
LIBRARIES = """yaml content.yaml_tree  slugify content.ids  markdown_it markup.dialect  segno exports.qr
    mdit_py_plugins markup.dialect  math_core markup.maths  jinja2 site.templates  markupsafe site.templates
    PIL site.pixels  icalendar importers.ics  watchfiles serve.live""".split()


def imports(path: Path) -> set[str]:
    """What a module imports, by full name: `lorainne.content.text` or `lorainne.content.text.fold`."""
    nodes = [*ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    froms = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    return names | {f"{node.module}.{alias.name}" for node in froms for alias in node.names}


PATHS = [path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE or path.name != "__init__.py"]
MODULES = {".".join(path.relative_to(PACKAGE).with_suffix("").parts): imports(path) for path in PATHS}


def test_packages_import_only_what_stands_above_them_and_modules_no_circle() -> None:
    needs: dict[str, set[str]] = {}
    for module, found in MODULES.items():
        names = {n.removeprefix("lorainne.") for n in found if n.startswith("lorainne.")} - {"__version__"}
        assert {n.split(".")[0] for n in names} <= {*ORDER[: ORDER.index(module.split(".")[0]) + 1]}, module
        needs[module] = {other for other in MODULES for n in names if f"{n}.".startswith(f"{other}.")}
    TopologicalSorter(needs).prepare()  # raises CycleError


def test_each_library_lives_in_one_module_and_click_in_commands() -> None:
    users = lambda library: {m for m, found in MODULES.items() if library in {n.split(".")[0] for n in found}}  # noqa: E731
    assert {lib: users(lib) for lib in LIBRARIES[::2]} == dict(zip(LIBRARIES[::2], ({m} for m in LIBRARIES[1::2]), strict=True))  # fmt: skip
    assert all(module.startswith("commands.") for module in users("click"))
