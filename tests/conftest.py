"""What several tests need."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from lorainne import project
from lorainne.build import compile_site

Build = Callable[..., Mapping[str, str]]


@pytest.fixture(scope="session")
def build() -> Build:
    """Compile content given as texts; the pages by path. Fails with the diagnostics when there are any."""

    def compiled(files: Mapping[str, str] | None = None, **workshop: str) -> Mapping[str, str]:
        fields = {"name": "A workshop", "timezone": "Europe/Paris", **workshop}
        texts = {
            "content/workshop.yaml": "".join(f"{key}: {value}\n" for key, value in fields.items()),
            **{f"content/{name}": text for name, text in (files or {}).items()},
        }
        site, problems = compile_site(project.from_texts(texts))
        assert problems == []
        return {path: page for path, page in site.items() if isinstance(page, str)}

    return compiled
