"""The words of one paragraph, read in its language and script."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.kazakh.compounds import is_suffix_tail
from indexer.kazakh.function_words import function_forms, stop_words
from indexer.kazakh.letters import fold, font_readings, is_roman, normalise, script_of
from indexer.kazakh.phrases import is_cut_suffix, is_initial
from indexer.kazakh.russian import guessed_language
from indexer.kazakh.scripts import latin_variant, readings
from indexer.kazakh.terms import REMEMBERED, Terms, WordTerms
from indexer.kazakh.tokens import Token
from indexer.kazakh.typed_paragraphs import TYPED, typed_stop_words
from indexer.kazakh.words import Piece, parts, words


class Paragraph:
    """Reads the words of a paragraph that begins at ``shift`` in its text."""

    def __init__(self, terms: Terms, text: str, shift: int, language: str | None) -> None:
        self._terms = terms
        self._text = text
        self._shift = shift
        self._variant = latin_variant(text, terms.stemmer.knows)
        self._language = language or guessed_language(text)

    def tokens(self, position: int) -> Iterator[Token]:
        """The tokens in order; the first word has this position."""
        for piece in words(self._text, ending=self._variant == "2017"):
            pieces = self._without_suffix(parts(piece))
            if len(pieces) == 1:
                yield self._token(piece, position, "word")
            else:
                yield self._token(piece, position, "compound")
                for number, part in enumerate(pieces):
                    yield self._token(part, position + number, "part")
            position += len(pieces)

    def _without_suffix(self, pieces: list[Piece]) -> list[Piece]:
        """The parts of a word but for a bare suffix; one for words that are listed whole."""
        if len(pieces) == 1:
            return pieces
        spelled = [self._cyrillic(self._spelled(piece.text)) for piece in pieces]
        if "-".join(spelled) in function_forms():
            return pieces[:1]
        head, tail = spelled[-2:]
        of_name = len(pieces) == 2 or head.isdigit() or pieces[-2].text.isupper()
        return pieces[:-1] if of_name and is_suffix_tail(head, tail) else pieces

    def _token(self, piece: Piece, position: int, origin: str) -> Token:
        exact, stem, prefix, folded, stop = self._read(piece.text)
        return Token(
            text=piece.text,
            start=piece.start + self._shift,
            end=piece.end + self._shift,
            position=position,
            exact=exact,
            stem=stem,
            prefix=prefix,
            folded=folded,
            stop=stop or self._is_no_word(piece, exact),
            origin=origin,
        )

    def _read(self, text: str) -> WordTerms:
        """The terms of a word as written; remembered, since words come again and again."""
        terms, known = self._terms, self._terms.remembered
        key = text, self._language, self._variant
        found = known.get(key)
        if found is None:
            exact = "-".join(map(self._cyrillic, self._spelled(text).split("-")))
            stem = terms.stem_of(exact, self._language)
            prefix = terms.prefix_of(stem if "-" in exact and "-" not in stem else exact)
            folded = terms.folded_of(exact, stem, self._language)
            found = exact, stem, prefix, folded, self._is_stop(text, exact)
            if len(known) >= REMEMBERED:
                known.clear()
            known[key] = found
        return found

    def _spelled(self, text: str) -> str:
        """The normalised spelling; of a word in letters of an old font that of a known word."""
        found = font_readings(text)
        known = (reading for reading in found if self._terms.stemmer.knows(reading))
        return next(known, found[0]) if found else normalise(text)

    def _is_stop(self, text: str, exact: str) -> bool:
        if self._language == TYPED and not text.istitle() and fold(exact) in typed_stop_words():
            return True
        # IT, US among Kazakh words are names, not English little words.
        return exact in stop_words() and not (text.isascii() and text.isupper() and len(text) > 1)

    def _is_no_word(self, piece: Piece, exact: str) -> bool:
        return is_initial(self._text, piece) or is_cut_suffix(self._text, piece.start, exact)

    def _cyrillic(self, word: str) -> str:
        script = script_of(word)
        variant = "arabic" if script == "arabic" else self._variant if script == "latin" else None
        if variant is None or is_roman(word):
            return word
        found = readings(word, variant)
        known = [reading for reading in found if self._terms.stemmer.knows(reading)]
        return normalise((known or found or [word])[0])
