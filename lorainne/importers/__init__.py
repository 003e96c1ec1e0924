"""The importers: foreign files → content files for a person to review. They never build the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lorainne.importers import frab, ics, page, papers, spreadsheet
from lorainne.importers.draft import Imported, Request

Importer = Callable[[Request], Imported]

IMPORTERS: Mapping[str, Importer] = {
    "page": page.read_page,
    "csv speakers": spreadsheet.read_speakers,
    "csv talks": spreadsheet.read_talks,
    "csv posters": spreadsheet.read_posters,
    "frab": frab.read_frab,
    "ics": ics.read_ics,
    "papers": papers.read_papers,
}
"""Every importer by the name of its command."""
