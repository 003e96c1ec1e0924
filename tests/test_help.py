"""What the commands say of themselves can be read in a terminal of 80 columns, whole."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from lorainne.commands import main


def _commands(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield words
    for name, inner in (command.commands if isinstance(command, click.Group) else {}).items():
        yield from _commands(inner, (*words, name))


@pytest.mark.parametrize("words", list(_commands(main)), ids=" ".join)
def test_help_fits_into_80_columns_and_no_sentence_of_it_is_cut_off(words: tuple[str, ...]) -> None:
    told = CliRunner().invoke(main, [*words, "--help"], terminal_width=80).stdout
    assert [line for line in told.splitlines() if len(line) > 80] == []
    assert [line for line in told.splitlines() if line.endswith("...") and "Usage" not in line] == []
