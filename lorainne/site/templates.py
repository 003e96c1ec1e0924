"""Templates that become pages. Only this module imports jinja2."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from traceback import extract_tb
from typing import Any, TypeVar

import jinja2
from jinja2 import nodes
from jinja2.bccache import Bucket, FileSystemBytecodeCache
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context
from markupsafe import Markup, escape

from lorainne.content.project import Project
from lorainne.content.text import read_text
from lorainne.diagnostics import Diagnostic, DiagnosticError, Span, mistake

__all__ = ["MISTAKES", "Markup", "Templates", "escape", "remembered"]

Made = TypeVar("Made")

_BYTECODE = Path(__file__).parent / "__pycache__" / "templates"

_MAX_REMEMBERED = 2**11
"""Answers of one macro that are kept."""


@mistake
def template_error(span: Span, what: str) -> Diagnostic:
    """A template of the project cannot be used.

    Wrong: `{% if talk.title %}` without `{% endif %}`, or `{{ talk.tilte }}`.
    Right: `{{ talk.title }}`; docs/templates.md lists what a template may use.
    """
    return Diagnostic(message=what, span=span, help="delete the file to use the theme's own template again")


MISTAKES = (template_error,)


class Templates:
    """The templates of a project and of the theme, with the names and filters that all of them may use."""

    def __init__(
        self, project: Project, names: Mapping[str, object], filters: Mapping[str, Callable[..., object]]
    ) -> None:
        self._project = project
        self._environment = _environment(project)
        self._environment.filters.update(filters)
        self._environment.globals.update(names, remembered=remembered)

    def render(self, template: str, **names: object) -> str:
        """Return the page that a template makes; raise DiagnosticError for a mistake in one of a project."""
        try:
            return self._environment.get_template(template).render(names)
        except Exception as error:  # whatever a template of the project does; ours raise again
            raise DiagnosticError(_problem(error, self._project)) from error

    def problems(self) -> list[Diagnostic]:
        """The project's own templates that cannot be read as such."""
        found = []
        for name in sorted(self._project.files):
            if name.startswith("templates/") and name.endswith((".html", ".css", ".svg")):
                try:
                    self._environment.get_template(name.removeprefix("templates/"))
                except (jinja2.TemplateError, DiagnosticError) as error:
                    found.append(_problem(error, self._project))
        return found


def _problem(error: Exception, project: Project) -> Diagnostic:
    """The diagnostic of an error in one of the project's own templates; raises one in the theme's again."""
    if isinstance(error, DiagnosticError):
        return error.diagnostic
    name, line = "", 1
    if isinstance(error, jinja2.TemplateSyntaxError):
        name, line = error.filename or f"templates/{error.name}", error.lineno
    else:
        for frame in extract_tb(error.__traceback__):
            if frame.filename.startswith("templates/"):
                name, line = frame.filename, frame.lineno or 1
    own = project.own_templates()
    if name not in project.files and own and isinstance(error, jinja2.TemplateError):
        name = own[0]  # the theme's are whole, but not with this
    if name not in project.files:
        raise error
    what = f"this template cannot be used: {error}".rstrip(".")
    if isinstance(error, RecursionError):
        what = "this template calls or extends itself without end"
    return template_error(Span(file=name, line=line, end_line=line, end_column=2), what)


def remembered(macro: Callable[..., Made]) -> Callable[..., Made]:
    """The macro, which from now on is asked only once for the same records and texts."""
    memory: dict[tuple[object, ...], tuple[Made, object]] = {}

    def call(*given: object) -> Made:
        # A record's identity is enough: what was given is kept, so nothing else can take its place.
        # Equal texts differ where one of them is HTML already.
        key = tuple([(type(each), each) if isinstance(each, str) else id(each) for each in given])
        if key not in memory:
            if len(memory) == _MAX_REMEMBERED:  # pages that stand together ask for the same
                memory.clear()
            memory[key] = macro(*given), given
        return memory[key][0]

    return call


class _ThemeBytecode(FileSystemBytecodeCache):
    """The theme's compiled templates, where Python keeps this package's own compiled modules.

    Never those of a project, nor in its folder: compiled code is run, and what comes with a project is not.
    """

    def __init__(self, names: Iterable[str]) -> None:
        # Code that another compiler wrote is not read: neither Jinja's nor the one below.
        compiler = blake2b(jinja2.__version__.encode() + Path(__file__).read_bytes(), digest_size=8)
        super().__init__(str(_BYTECODE), f"%s.{compiler.hexdigest()}")
        self._keys = {self.get_cache_key(name, f"templates/{name}") for name in names}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._keys:
            with suppress(OSError):  # then it is compiled
                super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._keys and not sys.dont_write_bytecode:
            with suppress(OSError):  # then it is compiled again the next time
                Path(self.directory).mkdir(parents=True, exist_ok=True)
                super().dump_bytecode(bucket)


class _Context(Context):
    """Jinja's own, without looking for what ours never have.

    All templates share the same names, and nothing that they call wants to know the context.
    """

    def __init__(
        self,
        environment: jinja2.Environment,
        parent: dict[str, Any],
        name: str | None,
        blocks: dict[str, Callable[[Context], Iterator[str]]],
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002, ARG002 - Jinja's name
    ) -> None:
        super().__init__(environment, parent, name, blocks)

    def call(
        self,
        function: Callable[..., Made],
        /,
        *given: object,
        _block_vars: object = None,
        _loop_vars: object = None,
        **named: object,
    ) -> Made:
        return function(*given, **named)


class _Generator(CodeGenerator):
    """Jinja's own, which escapes by `_escaped`."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile:
            self.write("environment.escaped(")
        else:
            super()._output_child_pre(node, frame, finalize)


def _escaped(value: object) -> object:
    """What `escape` gives, without the copies that it makes of HTML and of harmless text."""
    if type(value) is Markup:
        return value
    if type(value) is str and not (
        "&" in value or "<" in value or ">" in value or '"' in value or "'" in value
    ):
        return value
    return escape(value)


class _Environment(jinja2.Environment):
    """Jinja's own, with the names that all templates share in a plain dict: it is copied for each page."""

    context_class = _Context
    code_generator_class = _Generator
    escaped = staticmethod(_escaped)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


def _environment(project: Project) -> jinja2.Environment:
    files = project.below("templates")

    def load(name: str) -> tuple[str, str, None] | None:
        path = f"templates/{name}"
        return (read_text(path, files[path]), path, None) if path in files else None

    environment = _Environment(
        loader=jinja2.FunctionLoader(load),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_ThemeBytecode(
            name.removeprefix("templates/") for name in files.keys() - project.files.keys()
        ),
        auto_reload=False,  # nothing changes while a site is built
        cache_size=-1,  # all templates stay
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}  # the order of terms is ours
    return environment
