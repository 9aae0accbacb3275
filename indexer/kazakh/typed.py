"""Questions in Kazakh typed with Russian letters: told by their words, read as Kazakh.

One word alone may be either (`кала`, `ен`); what a question's other words are tells. A word speaks
for Kazakh when only its folded spelling is known (`натижесинде`, `кандай`), for Russian when it
stands or ends as only Russian words do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from indexer.kazakh.letters import KAZAKH_ONLY, fold, normalise, script_of
from indexer.kazakh.russian_words import surely_russian
from indexer.kazakh.terms import Terms
from indexer.kazakh.tokens import Token
from indexer.kazakh.typed_paragraphs import typed_stop_words
from indexer.kazakh.words import parts, words

SHORTEST_WITNESS = 4


def is_kazakh_in_russian_letters(text: str, terms: Terms) -> bool:
    """Whether a question without a Kazakh letter is Kazakh by most of the words that tell."""
    pieces = [part.text for word in words(text) for part in parts(word)]
    spelled = [normalise(piece) for n, piece in enumerate(pieces) if not _is_name(piece, n)]
    if not all(KAZAKH_ONLY.isdisjoint(word) for word in spelled):
        return False
    plain = [word for word in spelled if script_of(word) == "cyrillic"]
    russian = sum(map(surely_russian, plain))
    return sum(_speaks_for_kazakh(word, terms) for word in plain) > russian


def _speaks_for_kazakh(word: str, terms: Terms) -> bool:
    if surely_russian(word):
        return False
    if fold(word) in typed_stop_words():
        return True
    return len(word) >= SHORTEST_WITNESS and terms.is_known_folded_alone(word)


def with_folded_stops(tokens: Iterable[Token]) -> list[Token]:
    """The tokens, stop words in Russian letters marked as such, names (`Ким`) left."""
    return [
        replace(token, stop=True)
        if fold(token.exact) in typed_stop_words() and not _is_name(token.text, token.position)
        else token
        for token in tokens
    ]


def _is_name(written: str, number: int) -> bool:
    """Whether a word has a capital letter though it does not begin the question."""
    return number > 0 and written.istitle()
