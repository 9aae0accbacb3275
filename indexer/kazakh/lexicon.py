"""The stems of a language, with how many word forms speak for each; learned from plain text.

The lexicon is induced by expectation maximisation: every word form of the corpus is shared out
among its readings (:func:`~indexer.kazakh.candidates.candidates`) in proportion to how well other
forms support their stems. A form does not vote for itself ("leave one out"), else every form
would become its own stem.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from indexer.kazakh.tables import text_of

HEADER = "# stem\tforms read as a noun\tforms read as a verb\n"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Support of every stem, in word forms (fractions where a form was shared among readings)."""

    nouns: Mapping[str, float] = field(default_factory=dict)
    verbs: Mapping[str, float] = field(default_factory=dict)

    def support(self, kind: str, stem: str) -> float:
        """How many forms speak for the stem as a noun (``N``) or a verb (``V``)."""
        return (self.nouns if kind == "N" else self.verbs).get(stem, 0.0)

    def __contains__(self, stem: object) -> bool:
        return stem in self.nouns or stem in self.verbs

    def to_text(self) -> str:
        """One stem a line: stem, noun support, verb support, parted by tabs; sorted."""
        lines = (
            f"{stem}\t{self.nouns.get(stem, 0):.1f}\t{self.verbs.get(stem, 0):.1f}"
            for stem in sorted({*self.nouns, *self.verbs})
        )
        return HEADER + "".join(f"{line}\n" for line in lines)

    def save(self, path: Path) -> None:
        """Write the lexicon as readable text (UTF-8)."""
        path.write_text(self.to_text(), encoding="utf-8")

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the text form, in hexadecimal."""
        return hashlib.sha256(self.to_text().encode()).hexdigest()


def lexicon_from_text(text: str, name: str = "lexicon") -> Lexicon:
    """Read what :meth:`Lexicon.to_text` wrote; ValueError names the line that is wrong."""
    nouns: dict[str, float] = {}
    verbs: dict[str, float] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        try:
            stem, noun, verb = line.split("\t")
            support = float(noun), float(verb)
        except ValueError:
            msg = f"{name}, line {number}: expected stem, number, number parted by tabs"
            raise ValueError(msg) from None
        if support[0] > 0:
            nouns[stem] = support[0]
        if support[1] > 0:
            verbs[stem] = support[1]
    return Lexicon(nouns, verbs)


def load_lexicon(path: Path) -> Lexicon:
    """Read a saved lexicon; FileNotFoundError or ValueError when it is missing or broken."""
    return lexicon_from_text(path.read_text(encoding="utf-8"), str(path))


@cache
def base_lexicon() -> Lexicon:
    """The stems that ship with the program (``data/stems.tsv``; its head names the sources)."""
    return lexicon_from_text(text_of("stems.tsv"), "stems.tsv")


def merged(first: Lexicon, second: Lexicon) -> Lexicon:
    """Both lexicons together, support added."""
    return Lexicon(
        _added(first.nouns, second.nouns),
        _added(first.verbs, second.verbs),
    )


def _added(first: Mapping[str, float], second: Mapping[str, float]) -> dict[str, float]:
    total = dict(first)
    for stem, support in second.items():
        total[stem] = total.get(stem, 0.0) + support
    return total


def counted(words: Iterable[tuple[str, int]], least: int = 1) -> list[str]:
    """Distinct words seen at least so often, sorted, so that induction is repeatable."""
    return sorted({word for word, count in words if count >= least})
