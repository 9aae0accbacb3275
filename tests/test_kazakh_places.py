"""Districts and abbreviations: one name finds the others."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from unittest import mock

import pytest

from indexer.analysis import default_analyzer
from indexer.kazakh.expansions import region_of_places
from indexer.kazakh.lexicon import base_lexicon
from indexer.kazakh.tables import rows_of, text_of
from indexer.query import Group, Word
from indexer.ranking import ranking
from indexer.reading import read
from indexer.wishes import Wishing

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


def _cells(row: tuple[str, ...], *columns: int) -> set[str]:
    return {name for column in columns for name in row[column].split(" | ") if name}


def _short(names: set[str]) -> set[str]:
    return {name for name in names if name.isupper()}


def test_abbreviations_of_regions_agree_in_both_files() -> None:
    """They stand in places.tsv for the filters and in abbreviations.tsv for the words."""
    places = {row[0]: row for row in rows_of("places.tsv", 4)}
    told = {row[1]: row for row in rows_of("abbreviations.tsv", 4) if row[1] in places}
    short = {name: _short(_cells(row, 1, 2)) for name, row in places.items()}
    assert {name: found for name, found in short.items() if found} == {
        name: _cells(row, 0, 2) for name, row in told.items()
    }
    assert all(_cells(row, 3) <= _cells(places[name], 2) for name, row in told.items())


def test_the_base_lexicon_has_cyrillic_stems_alone() -> None:
    stems = {*base_lexicon().nouns, *base_lexicon().verbs}
    assert [
        stem for stem in stems if not re.fullmatch("[\u0400-\u052f]+(-[\u0400-\u052f]+)*", stem)
    ] == []


@pytest.mark.parametrize(("kind", "typed"), [("abbreviation", "ОКЖ"), ("place", "Семипалатинск")])
def test_a_kind_of_weight_nought_is_switched_off(kind: str, typed: str) -> None:
    def others() -> list[object]:
        wishing = Wishing(default_analyzer().stem_of)
        tree = Group((Word(typed),))
        read_places = read(tree, default_analyzer(), wishing, {}).places
        return [phrase for places in read_places.values() for p in places for phrase in p.phrases]

    assert others()
    with mock.patch.dict(ranking().expansions, {kind: 0.0}):
        assert not others()
