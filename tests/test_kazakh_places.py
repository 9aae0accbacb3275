"""Districts and abbreviations: one name finds the others."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from indexer.analysis import default_analyzer
from indexer.kazakh.expansions import region_of_places
from indexer.kazakh.tables import text_of

SCRIPT = Path(__file__).parent.parent / "scripts" / "places_of_regions.py"


def test_the_districts_are_those_of_the_event_facts() -> None:
    fresh = runpy.run_path(str(SCRIPT))["table"]()
    assert text_of("districts.tsv") == fresh, "run scripts/places_of_regions.py"


@pytest.mark.parametrize(
    ("place", "region"),
    [("Нұра ауданы", "Қарағанды облысы"), ("Бурабай ауданы", "Ақмола облысы")],
)
def test_districts_know_their_region(place: str, region: str) -> None:
    assert region_of_places()[place] == region


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Бурабай ауданында", "Бурабайский район"),
        ("в Бурабайском районе", "Бурабай ауданы"),
        ("ОУНБ", "облыстық әмбебап ғылыми кітапхана"),
        ("ОКЖ-де", "ЦБС"),
        ("облыстық әмбебап ғылыми кітапханада", "ОӘҒК"),
        ("централизованная библиотечная система", "ОКЖ"),
        ("Нур-Султан", "Астана"),
    ],
)
def test_one_name_finds_the_other(typed: str, found: str) -> None:
    analyzer = default_analyzer()
    expansions = analyzer.expansions(analyzer.query_tokens(typed))
    phrases = {phrase for expansion in expansions for phrase in expansion.phrases}
    stems = [t.stem for t in analyzer.tokens(found) if t.origin != "compound"]
    assert tuple(stems) in phrases
