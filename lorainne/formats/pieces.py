"""Outputs that may be larger than all else in memory, in pieces."""

from __future__ import annotations

import json
from collections.abc import Iterator


def dumped(value: object, depth: int) -> Iterator[str]:
    """JSON, on one line; what stands so many levels deep is a piece of its own, and may be made on demand."""
    if not (depth and value and isinstance(value, dict | list | Iterator)):
        yield json.dumps(value, ensure_ascii=False)
        return
    begin, end = "{}" if isinstance(value, dict) else "[]"
    between = begin
    for each in value:
        yield f"{between}{json.dumps(each, ensure_ascii=False)}: " if isinstance(value, dict) else between
        yield from dumped(value[each] if isinstance(value, dict) else each, depth - 1)
        between = ", "
    yield end if between != begin else begin + end
