"""What a librarian's word becomes: letters, scripts, words, stems, tokens."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.analysis import default_analyzer
from indexer.kazakh.letters import fold, normalise
from indexer.kazakh.words import pieces, words


@given(st.text())
def test_pieces_join_to_the_text(text: str) -> None:
    assert "".join(piece.text for piece in pieces(text)) == text


@settings(deadline=None)
@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert fold(fold(once)) == fold(once)


@settings(deadline=None)
@given(st.text())
def test_no_word_has_an_empty_stem_and_offsets_are_true(text: str) -> None:
    for token in default_analyzer().tokens(text):
        assert token.stem
        assert text[token.start : token.end] == token.text


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("мемлекеттiк", "мемлекеттік"),
        ("Aстана", "астана"),
        ("жаhан", "жаһан"),
        ("əлем", "әлем"),
        ("кіта\u00adпхана", "кітапхана"),
        ("іс‑шара", "іс-шара"),
    ],
)
def test_look_alike_letters_are_read_as_kazakh(typed: str, read: str) -> None:
    assert normalise(typed) == read


def test_hyphenated_words_are_cut_but_initials_are_not_joined() -> None:
    found = [word.text for word in words("Н.В. Гоголь атындағы ОКЖ-сі, іс-шара")]
    assert found == ["Н", "В", "Гоголь", "атындағы", "ОКЖ-сі", "іс-шара"]
