"""All the ways a Kazakh word may be read as a stem and a chain of suffixes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from indexer.kazakh.derivations import Derivation, derivations
from indexer.kazakh.endings import Chain, endings
from indexer.kazakh.letters import VOWELS
from indexer.kazakh.loans import ends_as_loan, looks_loaned
from indexer.kazakh.suffixes import class_bits

LONGEST_WORD = 48
_LOST_LENGTH = 2
_LONGEST_DERIVATION = 4
_HARDENED = {"б": "п", "г": "к", "ғ": "қ"}
_FULL_VOWELS = VOWELS - {"у"}
_LOAN = frozenset("вфцчбя")
_HARD = frozenset(_HARDENED.values())
_MERGED = {"ис": "ist", "нк": "merged"}
_SOFT_ENDS = ("кл", "бл", "гл", "пл")
_SHORTEST_LOAN = 4
_SHORTEST_SOFT = 5
# Loans that leave their last т, ть or д out before a vowel: журналисі, повесі, съезі.
_DROPPED = {"ис": ("т",), "ес": ("т", "ть"), "ез": ("д",)}
_NARROW_BACK, _NARROW_FRONT = "ы", "і"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reading: dictionary form of the stem, ``change`` it went through, its suffixes.

    ``change`` is ``""`` (none), ``hard`` (б г ғ back to п к қ), ``vowel`` (a dropped ы, і put
    back), ``p`` (у back to п, as in тауып), ``narrow`` (ы, і before у, й),
    ``glide`` (й before а, у), ``lost`` (й left out), ``soft`` (ь), ``kept`` (п к қ that should
    have become б г ғ), ``dropped`` (т, ть, д of a loan, as in журналисі), ``ist`` and ``merged``
    (т before a т of the suffix, as in туристер) or ``link`` (the і that joins suffixes to loans:
    фактілер, рейтингісі).
    """

    stem: str
    change: str
    chain: Chain


def candidates(word: str) -> Iterator[Candidate]:
    """Readings of a normalised word, the word itself as a bare stem among them."""
    if len(word) > LONGEST_WORD:
        return
    for cut, chains in endings().cuts(word):
        for chain in chains:
            for stem, change in restorations(word[:cut], chain.kind, chain.junction, word[cut:]):
                if chain.stems & class_bits(written_stem(stem, change)):
                    yield Candidate(stem, change, chain)


def written_stem(stem: str, change: str) -> str:
    """The stem whose sounds the suffix follows: the restored one, or one with a linking і."""
    return f"{stem}і" if change == "link" else stem


def restorations(surface: str, kind: str, junction: str, suffix: str) -> list[tuple[str, str]]:
    """What the stem may have been before the suffix changed its end: (stem, change)."""
    if not junction and len(surface) != _LOST_LENGTH:
        return [(surface, ""), *_of_loan(surface, kind, suffix)]
    found = list(restored(surface, junction, suffix))
    if kind == "V" and len(surface) == _LOST_LENGTH and _lost_glide(surface):
        found.append((surface + "й", "lost"))
    return found


def _of_loan(surface: str, kind: str, suffix: str) -> list[tuple[str, str]]:
    """What a loan may have been before a suffix that begins with a consonant."""
    last = surface[-1]
    if kind == "V" or last not in "іск" or len(surface) < _SHORTEST_LOAN:
        return []
    if last == "і":
        return [(surface[:-1], "link")] if ends_as_loan(surface[:-1]) else []
    merged = _MERGED.get(surface[-2:]) if suffix[:1] == "т" else None
    return [(f"{surface}т", merged)] if merged else []


def _lost_glide(stem: str) -> bool:
    """Whether a two-letter stem may be one in й that lost it, as in қоған for қойған."""
    return stem[1] in "оүұө" and stem[0] not in VOWELS


def bases(stem: str) -> Iterator[tuple[str, str, Derivation]]:
    """Stems that a stem may be made of: (base, change of its end, derivation)."""
    for cut in range(len(stem) - 1, max(1, len(stem) - _LONGEST_DERIVATION - 1), -1):
        for made in derivations().get(stem[cut:], ()):
            for base, change in restored(stem[:cut], made.junction, stem[cut:]):
                if made.stems & class_bits(base):
                    yield base, change, made


def restored(surface: str, junction: str, suffix: str) -> Iterator[tuple[str, str]]:
    """What the stem may have been before the suffix changed its end: (stem, change)."""
    if junction == "":
        yield surface, ""
    elif junction == "v":
        yield from _before_vowel(surface, suffix)
    elif junction == "y":
        yield surface + "й", "glide"
        if surface[-1] == "и":
            yield surface, "glide"
    else:
        yield from _narrow(surface, junction)


def _before_vowel(surface: str, suffix: str) -> Iterator[tuple[str, str]]:
    last = surface[-1]
    kept = last in _HARD and surface[-2:-1] in VOWELS and not looks_loaned(surface)
    yield surface, "kept" if kept else ""
    if last in _HARDENED:
        yield surface[:-1] + _HARDENED[last], "hard"
    if last == "у" and suffix[1:2] == "п" and surface[-2:-1] in VOWELS:
        yield surface[:-1] + "п", "p"
    if last in "лр" and _may_be_soft(surface):
        yield surface + "ь", "soft"
    if last in "сз" and len(surface) >= _SHORTEST_LOAN:
        for dropped in _DROPPED.get(surface[-2:], ()):
            yield surface + dropped, "dropped"
    if len(surface) > 2 and last not in VOWELS and surface[-2] not in _FULL_VOWELS:
        for vowel in (_NARROW_BACK, _NARROW_FRONT):
            whole = surface[:-1] + vowel + last
            yield whole, "vowel"
            if last in _HARDENED:
                yield whole[:-1] + _HARDENED[last], "vowel"


def _may_be_soft(surface: str) -> bool:
    return (
        len(surface) >= _SHORTEST_SOFT
        or surface[-2:] in _SOFT_ENDS
        or not _LOAN.isdisjoint(surface)
    )


def _narrow(surface: str, junction: str) -> Iterator[tuple[str, str]]:
    if junction == "u" and surface[-1] in VOWELS:
        yield surface, ""
        return
    for vowel in (_NARROW_BACK, _NARROW_FRONT):
        yield surface + vowel, "narrow"
