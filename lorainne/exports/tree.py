"""Trees of JSON: the shape of what is exported as data."""

from __future__ import annotations

import json
from typing import Any

Tree = dict[str, Any]


def without_empty(**fields: Any) -> Tree:
    """Return the fields that say something, 0 and False included; a name's last underscore is left out."""
    return {name.rstrip("_"): value for name, value in fields.items() if value or value == 0}


def dump(tree: object) -> str:
    """Return a tree as JSON on one line."""
    return json.dumps(tree, ensure_ascii=False)
