"""What the templates of MkDocs cannot look up: talks and speakers by id, in order."""

from __future__ import annotations

from typing import Any


def on_env(env: Any, config: Any, files: Any) -> Any:  # noqa: ARG001 (MkDocs names the arguments)
    """Called when all pages are read and none is rendered."""
    members: dict[str, dict[str, Any]] = {"talks": {}, "speakers": {}, "news": {}}
    for file in files.documentation_pages():
        section, _, name = file.src_uri.rpartition("/")
        if section in members:
            members[section][name.removesuffix(".md")] = file.page
    for section in ("talks", "speakers"):
        ordered = sorted(members[section].items(), key=lambda member: member[1].meta["number"])
        members[section] = dict(ordered)
    env.globals["meeting"] = members
    env.globals["talk_list"] = list(members["talks"].values())
    return env
