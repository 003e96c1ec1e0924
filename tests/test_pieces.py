"""What is dumped in pieces is what would be dumped at once, whatever its depth and wherever it is made on demand."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lorainne.formats.pieces import dumped

LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


def on_demand(tree: Any, depth: int) -> Any:
    """The same tree; its lists, so many levels deep, can be run through once."""
    if not depth:
        return tree
    if isinstance(tree, dict):
        return {name: on_demand(value, depth - 1) for name, value in tree.items()}
    return (on_demand(each, depth - 1) for each in tree) if isinstance(tree, list) else tree


@given(TREES, st.integers(0, 5))
def test_pieces_of_json_are_what_json_dumps(tree: Any, depth: int) -> None:
    assert "".join(dumped(tree, depth)) == json.dumps(tree, ensure_ascii=False)
    assert "".join(dumped(on_demand(tree, depth), depth)) == json.dumps(tree, ensure_ascii=False)
