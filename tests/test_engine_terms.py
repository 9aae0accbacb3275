"""Looking terms up among sorted ones."""

from __future__ import annotations

import bisect

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.engines.terms import STEP, Terms

# Few letters, so that many terms share beginnings and some are met.
WORDS = st.text(alphabet="аб\xff", max_size=7).map(str.encode)


def terms_of(words: list[bytes]) -> Terms:
    ends = np.cumsum([len(word) for word in words], dtype=np.uint32)
    return Terms(np.frombuffer(b"".join(words), np.uint8), ends)


@given(words=st.sets(WORDS, max_size=5 * STEP), asked=WORDS)
def test_terms_are_found_where_they_stand(words: set[bytes], asked: bytes) -> None:
    ordered = sorted(words)
    terms = terms_of(ordered)
    for word in (asked, *ordered):
        assert terms.at_or_after(word) == bisect.bisect_left(ordered, word)
    assert terms.find(asked) == (ordered.index(asked) if asked in words else -1)


@given(words=st.sets(WORDS, max_size=5 * STEP), begin=WORDS.filter(bool))
def test_a_beginning_has_all_terms_that_begin_so(words: set[bytes], begin: bytes) -> None:
    ordered = sorted(words)
    first, last = terms_of(ordered).beginning(begin)
    assert ordered[first:last] == [word for word in ordered if word.startswith(begin)]
