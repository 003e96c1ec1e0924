"""Templates that become pages: the one room of jinja2."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from contextlib import suppress
from hashlib import blake2b
from itertools import count, islice
from pathlib import Path
from traceback import extract_tb
from types import CodeType
from typing import Any, ClassVar, TypeVar

import jinja2
from jinja2 import nodes
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, Frame
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context
from markupsafe import Markup, escape

from lorainne.diagnostics import Diagnostic, Span, mistake
from lorainne.encoding import read_text
from lorainne.project import Project, UnreadableError

Made = TypeVar("Made")


_AT_ONCE = 500
"""So many pieces, as Jinja makes them, are joined: most pages have fewer."""

_REMEMBERED = 2**12
"""So many answers of a macro are kept."""


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

    def pieces(self, template: str, **names: object) -> Iterator[str]:
        """The page that a template makes, in pieces: it may be larger than all else that is here.

        Raises UnreadableError for a mistake in one of the project's own templates.
        """
        try:
            pieces = self._environment.get_template(template).generate(names)
            while some := [*islice(pieces, _AT_ONCE)]:
                yield "".join(some)
        except Exception as error:  # whatever a template of the project does; ours raise again
            raise UnreadableError(_problem(error, self._project)) from error

    def problems(self) -> list[Diagnostic]:
        """The project's own templates that cannot be read as such."""
        found = []
        for name in sorted(self._project.files):
            if name.startswith("templates/") and name.endswith((".html", ".css", ".svg")):
                try:
                    self._environment.get_template(name.removeprefix("templates/"))
                except (jinja2.TemplateError, UnreadableError) as error:
                    found.append(_problem(error, self._project))
        return found


def _problem(error: Exception, project: Project) -> Diagnostic:
    """The diagnostic of an error in one of the project's own templates; raises one in the theme's again."""
    if isinstance(error, UnreadableError):
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
            if len(memory) == _REMEMBERED:  # pages that stand together ask for the same
                memory.clear()
            memory[key] = macro(*given), given
        return memory[key][0]

    return call


class Once(Extension):
    """`{% once KEY, … %} … {% endonce %}`: what is the same on all pages with these keys is rendered once."""

    tags = {"once"}  # noqa: RUF012 - as Jinja declares it

    def __init__(self, environment: jinja2.Environment) -> None:
        super().__init__(environment)
        self._rendered: dict[tuple[object, ...], str] = {}
        self._numbers = count()

    def parse(self, parser: Parser) -> nodes.Node:
        """What the tag stands for: the part as it is kept; where it is not yet, it is rendered."""
        line = next(parser.stream).lineno
        keys: list[nodes.Expr] = [nodes.Const(f"{parser.name} {next(self._numbers)}")]
        if parser.stream.current.type != "block_end":
            keys.append(parser.parse_tuple())
        inside = parser.parse_statements(("name:endonce",), drop_needle=True)
        part, into = nodes.Name("_part", "load"), nodes.Name("_part", "store")
        is_missing = nodes.Compare(part, [nodes.Operand("eq", nodes.Const(None))])
        keep = nodes.ExprStmt(self.call_method("_keep", [part, *keys]))
        render = nodes.If(is_missing, [nodes.AssignBlock(into, None, inside), keep], [], [])
        kept = nodes.Assign(into, self.call_method("_kept", keys))
        return nodes.Scope([kept, render, nodes.Output([part])], lineno=line)

    def _kept(self, *keys: object) -> str | None:
        return self._rendered.get(keys)

    def _keep(self, part: str, *keys: object) -> None:
        self._rendered[keys] = part


class _Compiled(jinja2.BytecodeCache):
    """Compiled templates in memory; those of the theme also where Python keeps this package's own modules.

    Never those of a project, nor in its folder: compiled code is run, and what comes with a project is not.
    """

    _FOLDER = Path(__file__).parent / "__pycache__" / "templates"
    _latest: ClassVar[dict[str, tuple[str, CodeType]]] = {}

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {self.get_cache_key(name) for name in names}
        compiler = f"{jinja2.__version__} {sys.version}".encode() + Path(__file__).read_bytes()
        self._key = blake2b(compiler, digest_size=32).digest()

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002 - Jinja's name
        """The name of a template's file; Jinja itself compares the source that it was made from."""
        return name.replace("/", "-")

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the bucket what is kept, if it is as it was written, by the same compiler."""
        checksum, code = self._latest.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code
        elif bucket.key in self._names:
            self._load(bucket)
        if bucket.code:
            self._latest[bucket.key] = bucket.checksum, bucket.code

    def _load(self, bucket: Bucket) -> None:
        with suppress(OSError):
            data = (self._FOLDER / bucket.key).read_bytes()
            if self._seal(data[32:]) == data[:32]:
                bucket.bytecode_from_string(data[32:])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled; where that cannot be, it is compiled again the next time."""
        if bucket.code:
            self._latest[bucket.key] = bucket.checksum, bucket.code
        if bucket.key not in self._names or sys.dont_write_bytecode:
            return
        with suppress(OSError):
            self._FOLDER.mkdir(parents=True, exist_ok=True)
            new = self._FOLDER / f"{bucket.key}.{os.getpid()}"
            data = bucket.bytecode_to_string()
            new.write_bytes(self._seal(data) + data)
            new.replace(self._FOLDER / bucket.key)

    def _seal(self, data: bytes) -> bytes:
        return blake2b(data, key=self._key, digest_size=32).digest()


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
        extensions=(Once,),
        bytecode_cache=_Compiled(
            {name.removeprefix("templates/") for name in files.keys() - project.files.keys()}
        ),
        auto_reload=False,  # nothing changes while a site is built
        cache_size=-1,  # all templates stay
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}  # the order of terms is ours
    return environment
