"""What the model says of its own fields."""

from __future__ import annotations

import ast
import inspect
from functools import lru_cache
from itertools import pairwise

from lorainne import model
from lorainne.model import Record


def field_texts(kind: type[Record]) -> dict[str, str]:
    """What the model says of each field: the string that stands below it."""
    return _texts()[kind.__name__]


@lru_cache(maxsize=1)
def _texts() -> dict[str, dict[str, str]]:
    """For each record the texts of its fields; the file is parsed once."""
    tree = ast.parse(inspect.getsource(model))
    return {node.name: _below_fields(node) for node in tree.body if isinstance(node, ast.ClassDef)}


def _below_fields(record: ast.ClassDef) -> dict[str, str]:
    return {
        field.target.id: text.value.value
        for field, text in pairwise(record.body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }
