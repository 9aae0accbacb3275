"""A grammar of questions that nobody should ask: for the tests and for benchmarks/fuzz.py.

Every question comes from a seed, so that one that failed can be asked again. A seventh are what
people type, for the mixture; the others are made to cost time or to break something: operators
without operands, quotes and brackets left open, many stars, near words and words of the common
kind, long OR lists, control characters, mixed scripts, dates and filters, right and wrong.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

Parameters = list[tuple[str, str]]

OPERATORS = (
    "OR", "AND", "NOT", "НЕМЕСЕ", "ЖӘНЕ", "ЕМЕС", "ИЛИ", "И", "НЕ", "+", "-", "--", "||", "&&", "!",
)  # fmt: skip
NAMES = ("сайт", "site", "түрі", "kind", "вид", "өңір", "region", "жыл", "year", "тіл", "lang", "x")
VALUES = (
    "site01", "семинар", "exhibition", "Астана", "қарағанды", "2023", "2021-2023", "9999-0000",
    "kk", "", "*", '"', "%00", "-1", "1e9", "қ" * 90,
)  # fmt: skip
CONTROLS = "\x00\x01\x08\x0b\x1b\x7f\x85\u200b\u200d\u202e\u2028\ufeff\ufffd\u0301\u0338"
ODD = (
    "🙂", "👩‍👩‍👧", "ﷺ", "ǅ", "İ", "ß", "ﬁ", "Ⅷ", "１２３", "Қ̆", "ё", "й", "<b>", "</mark>", "&amp;", "'",
    "1 OR 1=1", "${7*7}", "{{7}}", "../..", "null", "NaN", "1e400", "0x0", "\\", "\\\\", "%", "_", "?", "*",
)  # fmt: skip
DATES = (
    "12.06.2024", "2024-06-12", "2024-02-30", "31.02.2023", "0001-01-01", "9999-12-31", "00.00.0000",
    "2024", "2024-06", "06.2024", "99999", "-2024", "2024-13-01", "төртінші қаңтар",
)  # fmt: skip
KINDS = ("exhibition", "seminar", "contest", "nonsense", "<b>")
SORTS = ("relevance", "newest", "oldest", "", "best", "relevance; DROP TABLE")
SIMILAR = str.maketrans("аеорсухікқңү", "aeopcyxikqnu")


class Questions:
    """Draws questions of one seed out of the words of a collection."""

    def __init__(self, seed: int, words: Sequence[str]) -> None:
        self._draw = random.Random(seed)
        self._words = words
        self._makers: tuple[Callable[[], str], ...] = (
            self.plain, self.plain, self.soup, self.soup, self.lone, self.stars, self.near,
            self.many, self.nested, self.phrases, self.fields, self.noise, self.mixed, self.odd,
        )  # fmt: skip

    def parameters(self) -> Parameters:
        """The parameters of one request."""
        told = [("q", self._draw.choice(self._makers)())]
        for name, values in (
            ("sort", SORTS),
            ("page", ("1", "2", "5", "50", "51", "0", "-1", "x", "1e3", "9" * 30)),
            ("size", ("20", "1", "50", "100", "101", "0", "")),
            ("from", DATES),
            ("to", DATES),
            ("site", ("site01", "site02", "../x", "")),
            ("kind", KINDS),
            ("region", ("astana", "almaty-region", "Қарағанды облысы", "atlantis")),
            ("language", ("kk", "ru", "en", "kaz", "k")),
        ):
            if self._draw.random() < 0.12:
                told.append((name, self._draw.choice(values)))
        if self._draw.random() < 0.01:
            told.extend(("kind", self._draw.choice(KINDS[:3])) for _ in range(120))
        return told

    def word(self) -> str:
        """A word of the collection."""
        return self._draw.choice(self._words)

    def _several(self, least: int, most: int) -> list[str]:
        return [self.word() for _ in range(self._number(least, most))]

    def _number(self, least: int, most: int) -> int:
        """Mostly small numbers, now and then one up to the most."""
        return least + int((most - least + 1) * self._draw.random() ** 3)

    def plain(self) -> str:
        """What people type."""
        return " ".join(self._several(1, 4))

    def lone(self) -> str:
        """One thing, or nothing."""
        return self._draw.choice(("", " ", '"', "«", ")", "*", "~", *OPERATORS, *DATES, *ODD))

    def soup(self) -> str:
        """Words and signs in any order."""
        signs = ('"', "«", "»", "(", ")", "-", "+", "*", "~", "~1", "~2", ":", " ", ",", *OPERATORS)
        return "".join(
            self._draw.choice(signs) if self._draw.random() < 0.4 else self.word() + " "
            for _ in range(self._number(1, 40))
        )[:600]

    def stars(self) -> str:
        """Many beginnings, most as short as may be."""
        return " ".join(
            word[: self._number(3, 6) - (self._draw.random() < 0.03)] + "*"
            for word in self._several(1, 41)
        )

    def near(self) -> str:
        """Many words with one letter off, broken or not."""
        broken = (self._broken(word) for word in self._several(1, 41))
        return " ".join(
            word + self._draw.choice(("~", "~1", "", "", "", "~", "~1", "", "", "~9"))
            for word in broken
        )

    def _broken(self, word: str) -> str:
        at = self._draw.randrange(len(word) + 1)
        return word[:at] + self._draw.choice("аәбқүһіьw1") + word[at + self._draw.randint(0, 1) :]

    def many(self) -> str:
        """A long OR, AND or list."""
        return self._draw.choice((" OR ", " НЕМЕСЕ ", " AND ", " ", " +", " -")).join(
            self._several(5, 42)
        )

    def nested(self) -> str:
        """Brackets, some too deep, some left open."""
        text = self.word()
        for _ in range(self._number(1, 8)):
            joint = self._draw.choice((" OR ", " AND ", " ", " -"))
            text = f"({self.word()}{joint}{text}{self._draw.choice(('', ')', ')'))}"
        return text[:520]

    def phrases(self) -> str:
        """Phrases of common words, many at once, closed or not."""
        quotes = self._draw.choice(('""', "«»", '"', "“”"))
        return " ".join(
            quotes[0] + " ".join(self._several(2, 8)) + quotes[-1] * self._draw.randint(0, 1)
            for _ in range(self._draw.randint(1, 6))
        )[:520]

    def fields(self) -> str:
        """Filters by name, right and wrong, and words."""
        return " ".join(
            f"{self._draw.choice(('', '-', '+'))}{self._draw.choice(NAMES)}:{self._draw.choice(VALUES)}"
            if self._draw.random() < 0.7
            else self.word()
            for _ in range(self._number(1, 12))
        )

    def noise(self) -> str:
        """Any letters at all, control characters among them."""
        return "".join(
            self._draw.choice(CONTROLS) if self._draw.random() < 0.3 else chr(self._letter())
            for _ in range(self._number(1, 200))
        )

    def _letter(self) -> int:
        ranges = ((32, 127), (0x400, 0x530), (0x600, 0x700), (0x4E00, 0x4F00), (0x1F300, 0x1F600))
        return self._draw.randrange(*self._draw.choice(ranges))

    def mixed(self) -> str:
        """Words with look-alikes of another script, a wrong keyboard, all in capitals."""
        changed = (
            self._draw.choice((str.upper, str.title, lambda one: one.translate(SIMILAR), _typed))(
                word
            )
            for word in self._several(1, 12)
        )
        return " ".join(changed)

    def odd(self) -> str:
        """Signs of other trades between words."""
        return " ".join(
            self._draw.choice(ODD + DATES) if self._draw.random() < 0.5 else self.word()
            for _ in range(self._number(1, 20))
        )


def _typed(word: str) -> str:
    """A word typed with the keyboard switched to Latin letters."""
    cyrillic, latin = "йцукенгшщзхъфывапролджэячсмитьбю", "qwertyuiop[]asdfghjkl;'zxcvbnm,."
    return word.translate(str.maketrans(cyrillic, latin))
