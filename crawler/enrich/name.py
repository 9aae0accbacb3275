"""A name of a library, another body or a room, and whether two names are one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from crawler.enrich.calendar import RUSSIAN_LETTERS
from crawler.enrich.passage import WORD, folded
from crawler.enrich.wordlists import wordlist

STEM = 4
# The case of a name that has no endings: it may be any.
ANY = "any"


@dataclass(frozen=True, slots=True)
class Name:
    """A name: offsets in its passage, `text` in base form, the case it stood in, its head.

    `kind` is `body` or `place`; `language` that of the word, `kk` or `ru`.
    """

    start: int
    end: int
    text: str
    case: str
    head: str
    kind: str
    language: str

    @property
    def is_proper(self) -> bool:
        """Whether it says more than the bare head (`кітапхана` is any library)."""
        return len(WORD.findall(self.text)) > 1 or self.text.isupper()


@lru_cache(maxsize=4096)
def name_stems(text: str) -> frozenset[str]:
    """The words of a name cut to what no case changes, abbreviations written out."""
    words: list[str] = []
    for match in WORD.finditer(text):
        whole = wordlist("abbreviations").get(match.group(), match.group())
        words += [m.group() for m in WORD.finditer(folded(whole))]
    return frozenset(word.translate(RUSSIAN_LETTERS)[:STEM] for word in words)


def same_name(one: str, two: str) -> bool:
    """Whether two names are one, the shorter being part of the longer."""
    a, b = name_stems(one), name_stems(two)
    return bool(a) and bool(b) and (a <= b or b <= a)
