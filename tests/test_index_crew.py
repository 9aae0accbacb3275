"""Many processes make the same index as one; a large segment is as a small one."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from collection import demo_articles, fill
from hypothesis import given
from hypothesis import strategies as st

from indexer import crew, lexicon, personal
from indexer.build import update_index
from indexer.engines.building import SegmentBuilder
from indexer.engines.terms import Terms
from indexer.engines.whoosh import WhooshEngine
from indexer.familiar import AtHand, Familiar
from indexer.place import COUNTS, FAMILIAR, LEXICON, current_folder
from indexer.rows import Row, Zone

# What stands in texts beside the data of persons, and pieces of it.
PIECES = st.sampled_from(
    ["8", "7", "+7", "701", "(727)", "12", "123456", "2024", " ", "-", "\u00a0", "а", "a@b", ".kz"]
)

Places = list[tuple[int, int, int, list[int]]]


def contents(folder: Path) -> dict[tuple[str, bytes], Places]:
    """For each term its articles with count, weight and places, whatever the segments."""
    found: dict[tuple[str, bytes], Places] = defaultdict(list)
    for segment in WhooshEngine().open(folder).segments.values():
        for name, field in segment.fields.items():
            for number in range(len(field.terms)):
                term = field.terms[number].decode()
                start, end = field.span(term)
                docs = np.asarray(field.docs[start:end])
                where, places = field.standing(term, np.unique(docs))
                for at, doc in enumerate(docs.tolist()):
                    told = int(field.counts[start + at]), int(field.weights[start + at])
                    entry = int(segment.ids[doc]), *told, places[where == at].tolist()
                    found[name, term.encode()].append(entry)
    return {term: sorted(entries) for term, entries in found.items() if entries}


def test_processes_make_the_same_index_as_one_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lexicon, "LEAST_WORDS", 1)
    with fill(tmp_path, demo_articles()) as store:
        update_index(tmp_path, store)
        alone = current_folder(tmp_path)
        made = contents(alone), [(alone / name).read_bytes() for name in (LEXICON, COUNTS)]
        familiar = (alone / FAMILIAR).stat().st_size
        monkeypatch.setattr(crew, "WORTH_IT", 10)
        monkeypatch.setattr(crew, "CHUNK", 7)
        monkeypatch.setattr(crew, "SHARE", 50)
        update_index(tmp_path, store, rebuild=True)
    shared = current_folder(tmp_path)
    assert shared != alone
    assert made == (contents(shared), [(shared / name).read_bytes() for name in (LEXICON, COUNTS)])
    assert familiar == (shared / FAMILIAR).stat().st_size
    assert len(made[0]) > 3_000


def test_words_at_hand_are_those_of_the_file(tmp_path: Path) -> None:
    with fill(tmp_path, demo_articles()[:9]) as store:
        update_index(tmp_path, store)
    path = current_folder(tmp_path) / FAMILIAR
    kept, at_hand = Familiar(path), AtHand(path)
    words = {word.lower() for one, _ in demo_articles()[:9] for word in one.text.split()}
    found = {word: kept.find(word, "kk") for word in words}
    assert any(found.values())
    assert found == {word: at_hand.find(word, "kk") for word in words}
    for nobody in ("", "жоқсөзмұнда", "\ud800"):
        assert at_hand.find(nobody, "kk") is at_hand.find(nobody, None) is None


def test_a_segment_of_very_many_words_keeps_each_in_its_place() -> None:
    """More words than 16 bits count, so that sorting takes two rounds."""
    builder = SegmentBuilder({"body": 1.0})
    expected: dict[bytes, list[tuple[int, int]]] = defaultdict(list)
    for doc in range(3):
        words = [f"w{number}" for number in range(doc * 25_000, doc * 25_000 + 30_000)]
        words += ["", "w2", "w2"]
        for place, word in enumerate(words):
            expected[word.encode()].append((doc, place))
        zone = Zone("body", list(range(len(words))), words, words, words, words)
        builder.add(Row(doc, doc, (zone,), {}, 1, 1))
    arrays = builder.finish().arrays
    terms = Terms(arrays["stem.terms"], arrays["stem.ends"])
    del expected[b""]
    assert [terms[number] for number in range(len(terms))] == [b"", *sorted(expected)]
    assert len(expected) > 1 << 16
    docs = np.repeat(arrays["stem.docs"], arrays["stem.counts"]).tolist()
    told = zip(docs, arrays["stem.places"].tolist(), strict=True)
    assert list(told) == [one for word in sorted(expected) for one in expected[word]]


@given(pieces=st.lists(PIECES, max_size=12))
def test_what_is_left_out_is_what_the_pattern_finds(pieces: list[str]) -> None:
    text = "".join(pieces)
    blank = re.sub(personal._PERSONAL, lambda match: " " * len(match.group()), text)
    assert personal.without_personal(text) == blank
