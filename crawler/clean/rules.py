"""Lines that stand around stories, known by their wording (crawler/data/boilerplate.toml)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from crawler.clean.wordlists import data, filled, institutions, whole_lines
from crawler.errors import ConfigError

LONGEST = 200  # characters of a line that a rule can match
LONGEST_NAME = 160  # characters of an institution's name
PLACES = ("anywhere", "edge", "head", "tail", "footer")
FEWEST_WORDS = 3  # of a sentence
SHORTEST_LAST = 3  # letters of its last word: shorter ones are initials and abbreviations
MOST_KNOWN = 8_000  # lines whose rules are remembered: those of any one page
MOST_SEAMS = 6  # of words that a menu glued: «ӨзектіЖаңалықтар»

_SEAM = re.compile(r"(?<=[а-яәғқңөұүһіa-z])(?=[А-ЯӘҒҚҢӨҰҮІA-Z][а-яәғқңөұүһіa-z])")
_CYRILLIC = re.compile(r"[а-я]")
_LEGAL_FORM = re.compile(
    r"\A(?:кгу|кгкп|гу|гкп|гккп|рг[укп]{1,2}|кмм|мм|мкқк|кммк|ркмм|рмм|рмқк|гку|мбу|мбук|мку|тоо|жшс|"
    r"коммуналдық мемлекеттік мекеме|государственное учреждение|"
    r"коммунальное государственное учреждение) [«\"“].{3,140}\Z"
)
_NAMED = re.compile(r"\A.{0,80}(?:библиотека|кітапханасы|мекемесі) (?:им\.|имени|№) ?.{1,60}\Z")
PATTERNS = (_SEAM, _CYRILLIC, _LEGAL_FORM, _NAMED)


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason and the lines it stands for; `where` is one of PLACES.

    `stops` says that a line which ends like a sentence may be one of them; every line has one of
    `needs`, where there are any: patterns that begin with a gap are slow to fail.
    """

    reason: str
    where: str
    stops: bool
    pattern: re.Pattern[str]
    needs: tuple[str, ...] = ()

    def match(self, line: str, small: str) -> re.Match[str] | None:
        """The match of a whole line, `small` the same in small letters."""
        if self.needs and not any(word in small for word in self.needs):
            return None
        return self.pattern.match(line)

    def holds_at(self, place: int, start: int, end: int) -> bool:
        """Whether the rule may take the block at `place` of a story from `start` to `end`."""
        before, after = place < start, place >= end
        return {
            "anywhere": True,
            "edge": before or after,
            "head": before,
            "tail": after,
            "footer": False,  # `drop_footer` decides
        }[self.where]


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, in the order of the file.

    Raises ConfigError, naming the line, for a pattern that cannot be compiled.
    """
    return tuple(_rule(row) for row in data()["rule"])


@cache
def _rules_of_sentences() -> tuple[Rule, ...]:
    return tuple(rule for rule in rules() if rule.stops)


def is_institution(line: str) -> bool:
    """Whether a line ends like an institution's name and has none of a sentence's marks."""
    name = line.strip('«»"“” ').lower()
    if len(name) > LONGEST_NAME or not name or name[-1] in ".!?:;,":
        return False
    if _LEGAL_FORM.match(name) or _NAMED.match(name):
        return True
    return any(name == noun or name.endswith(f" {noun}") for noun in institutions())


def is_sentence(line: str) -> bool:
    """Whether a line ends like a sentence; one that ends in a name or an abbreviation does not."""
    if not line.rstrip('»”") ').endswith((".", "!", "?")) or line.endswith(("...", "?..", "!..")):
        return False
    words = line.rstrip('.!?»”") ').split()
    if len(words) == FEWEST_WORDS and line[-1] == "!":
        return False  # «No menu items!»
    if len(words) < FEWEST_WORDS or not line[0].isalnum():
        return len(words) >= FEWEST_WORDS
    last = words[-1].strip('«»“”"(),;:')
    named = sum(word[:1].isupper() for word in words[1:]) * 2 > len(words) - 1
    return (len(last) >= SHORTEST_LAST or last.isdigit()) and not (named and last[:1].isupper())


def matches(text: str) -> tuple[tuple[Rule, re.Match[str]], ...]:
    """The rules whose wording a line is, wherever it stands."""
    return _matched(text) if len(text) <= LONGEST else ()


@lru_cache(maxsize=MOST_KNOWN)
def _matched(text: str) -> tuple[tuple[Rule, re.Match[str]], ...]:
    # Several cleaners ask of the same lines of one story.
    ends = is_sentence(text)
    fit = _rules_of_sentences() if ends else rules()
    small = text.lower()
    found = [(rule, match) for rule in fit if (match := rule.match(text, small))]
    if not found and (parted := _parted(text)) != text:
        small = parted.lower()
        found = [(rule, match) for rule in fit if (match := rule.match(parted, small))]
    return tuple(found)


def _parted(text: str) -> str:
    """A line with its glued words apart, and with і and а for the Latin letters that look so."""
    if _CYRILLIC.search(text):
        text = text.translate(_LOOK_ALIKES)
    pieces = _SEAM.split(text)
    return " ".join(pieces) if len(pieces) <= MOST_SEAMS else text


_LOOK_ALIKES = str.maketrans("iIaeopcxy", "іІаеорсху")


def _rule(row: Mapping[str, Any]) -> Rule:
    name = f"crawler/data/boilerplate.toml: rule {row.get('reason')!r}"
    if row.get("where") not in PLACES:
        raise ConfigError(f"{name}: where must be one of {', '.join(PLACES)}")
    lines = [filled(line) for line in row["lines"]]
    for line in lines:
        try:
            re.compile(line)
        except re.error as error:
            raise ConfigError(f"{name}: {line!r} is not a regular expression: {error}") from None
    needs = tuple(row.get("needs", ()))
    return Rule(row["reason"], row["where"], row.get("stops", False), whole_lines(lines), needs)


def told(match: re.Match[str], name: str) -> str | None:
    """What a named group of any line of the rule matched."""
    groups = match.groupdict().items()
    return next((text for key, text in groups if text and key.rpartition("_")[0] == name), None)
