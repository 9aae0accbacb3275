"""Words whose analysis is kept with an index, so that a server knows them from its start.

Marking the words of a question in an article needs the stems of its words. A stem costs some
0.3 ms, and a page of answers has a few dozen words that were not met before; a rebuild meets all
of them. What it remembers at its end goes into one file of sorted arrays, read through mmap: for
each language the words in small letters, and for each of them the number of its terms.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from indexer.engines.arrays import Array, read_arrays, write_arrays
from indexer.engines.terms import Terms

# What is kept of a word: its stem, prefix and folded form, and whether it is a stop word.
Kept = tuple[str, str, str, bool]


def keep_familiar(path: Path, words: Mapping[str, Mapping[str, Kept]]) -> None:
    """Write the words of each language with their terms; nothing when there are none."""
    arrays: dict[str, Array] = {}
    for language, kept in sorted(words.items()):
        numbers: dict[str, int] = {}
        order = sorted(kept, key=str.encode)
        codes = [numbers.setdefault(_line(kept[word]), len(numbers)) for word in order]
        arrays |= _blob(f"{language}.words", order) | _blob(f"{language}.terms", list(numbers))
        arrays[f"{language}.codes"] = np.array(codes, np.uint32)
    if arrays:
        path.unlink(missing_ok=True)
        write_arrays(path, arrays, {"languages": sorted(words)})


def _line(kept: Kept) -> str:
    stem, prefix, folded, stop = kept
    return "\t".join((stem, prefix, folded, "stop" if stop else ""))


def _kept(line: str) -> Kept:
    stem, prefix, folded, stop = line.split("\t")
    return stem, prefix, folded, bool(stop)


def _blob(name: str, texts: list[str]) -> dict[str, Array]:
    encoded = [text.encode() for text in texts]
    ends = np.cumsum([len(one) for one in encoded], dtype=np.int64)
    return {
        name: np.frombuffer(b"".join(encoded), np.uint8),
        f"{name}.ends": ends.astype(np.uint32),
    }


class Familiar:
    """The words of a file, looked up by language."""

    def __init__(self, path: Path) -> None:
        arrays, told = read_arrays(path)
        self._languages = {
            language: (
                Terms(arrays[f"{language}.words"], arrays[f"{language}.words.ends"]),
                arrays[f"{language}.codes"],
                Terms(arrays[f"{language}.terms"], arrays[f"{language}.terms.ends"]),
            )
            for language in told["languages"]
        }

    def find(self, word: str, language: str | None) -> Kept | None:
        """The terms of a word; None when it is not familiar."""
        if language not in self._languages:
            return None
        words, codes, terms = self._languages[language]
        number = words.find(word.encode("utf-8", "replace"))
        if number < 0:
            return None
        return _kept(terms[int(codes[number])].decode())


class AtHand(Familiar):
    """The same, unpacked into memory: for whoever will ask for most of the words."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._unpacked: dict[str, dict[str, Kept]] = {}
        for language, (words, codes, terms) in self._languages.items():
            lines = [_kept(line) for line in terms.texts()]
            kept = (lines[code] for code in codes.tolist())
            self._unpacked[language] = dict(zip(words.texts(), kept, strict=True))

    def find(self, word: str, language: str | None) -> Kept | None:
        """The terms of a word; None when it is not familiar."""
        return self._unpacked.get(language or "", {}).get(word)
