"""The documentation says what the code does."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
import reference

from lorainne.content import model
from lorainne.content.describe import written_fields
from lorainne.content.model import Record

DOCS = Path(__file__).parent.parent / "docs"
RECORDS = [kind for kind in vars(model).values() if isinstance(kind, type) and issubclass(kind, Record)]


@pytest.mark.parametrize("name", reference.PAGES)
def test_the_generated_pages_are_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == reference.PAGES[name](), "run `make docs`"


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_every_field_that_can_be_written_says_what_it_means(kind: type[Record]) -> None:
    assert {field.name for field in written_fields(kind).values()} <= reference.field_texts(kind).keys()


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_every_field_has_a_type_that_can_be_read(kind: type[Record]) -> None:
    assert {f.name for f in fields(kind)} >= {field.name for field in written_fields(kind).values()}
    assert "None" not in reference._section("x", kind)
