"""The sample catalogue, to be imported into a town."""

from __future__ import annotations

from datetime import date

from knowledge.catalogue import files, importing
from knowledge.catalogue.changes import Report
from knowledge.catalogue.files import Drafts
from knowledge.catalogue.loaded import Catalogue
from runtime.content import SAMPLE_CATALOGUE
from tests.town import Town

DRAFTS, _ = files.read(SAMPLE_CATALOGUE, Catalogue(), date(2026, 11, 22))


def take(town: Town, drafts: Drafts = DRAFTS) -> Report:
    with town.database.begin() as session:
        return importing.take(session, town.id, drafts)
