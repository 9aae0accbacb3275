"""Lines that stand around stories, known by their wording (crawler/data/boilerplate.toml)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from crawler.errors import ConfigError

LONGEST = 200  # characters of a line that a rule can match
LONGEST_NAME = 160  # characters of an institution's name
PLACES = ("anywhere", "edge", "head", "tail")


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason and the lines it stands for; `where` is one of PLACES."""

    reason: str
    where: str
    pattern: re.Pattern[str]

    def holds_at(self, place: int, start: int, end: int) -> bool:
        """Whether the rule may take the block at `place` of a story from `start` to `end`."""
        before, after = place < start, place >= end
        return {
            "anywhere": True,
            "edge": before or after,
            "head": before,
            "tail": after,
        }[self.where]


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads((files("crawler") / "data" / "boilerplate.toml").read_text("utf-8"))


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, in the order of the file.

    Raises ConfigError, naming the line, for a pattern that cannot be compiled.
    """
    return tuple(_rule(row) for row in _data()["rule"])


@cache
def picture_marks() -> re.Pattern[str]:
    """Names that cameras, phones and galleries give to pictures."""
    marks = "|".join(f"(?:{mark})" for mark in _data()["pictures"]["marks"])
    return re.compile(rf"\A(?:{marks})\Z", re.I)


@cache
def institutions() -> tuple[str, ...]:
    """Nouns that end the name of an institution, in small letters."""
    return tuple(noun.lower() for noun in _data()["institutions"])


def is_institution(line: str) -> bool:
    """Whether a line ends like an institution's name and has none of a sentence's marks."""
    name = line.strip('«»"“” ').lower()
    if len(name) > LONGEST_NAME or not name or name[-1] in ".!?:;,":
        return False
    return any(name == noun or name.endswith(f" {noun}") for noun in institutions())


@cache
def signature_words(kind: str) -> frozenset[str]:
    """Words of those who sign a story, in small letters: `departments`, `leading` or `posts`."""
    return frozenset(word.lower() for word in _data()["signatures"][kind])


def matches(text: str) -> tuple[tuple[Rule, re.Match[str]], ...]:
    """The rules whose wording a line is, wherever it stands."""
    return _matched(text) if len(text) <= LONGEST else ()


@lru_cache(maxsize=128)
def _matched(text: str) -> tuple[tuple[Rule, re.Match[str]], ...]:
    # Several cleaners ask of the same line of one story; small, so that no page is kept.
    found = ((rule, rule.pattern.match(text)) for rule in rules())
    return tuple((rule, match) for rule, match in found if match)


def _rule(row: Mapping[str, Any]) -> Rule:
    month = "(?:" + "|".join(_data()["months"]) + ")"
    name = f"crawler/data/boilerplate.toml: rule {row.get('reason')!r}"
    if row.get("where") not in PLACES:
        raise ConfigError(f"{name}: where must be one of {', '.join(PLACES)}")
    lines = [line.replace("{month}", month) for line in row["lines"]]
    for line in lines:
        try:
            re.compile(line)
        except re.error as error:
            raise ConfigError(f"{name}: {line!r} is not a regular expression: {error}") from None
    whole = "|".join(f"(?:{_own_groups(line, n)})" for n, line in enumerate(lines))
    return Rule(row["reason"], row["where"], re.compile(rf"\A(?:{whole})\Z", re.I))


def _own_groups(line: str, number: int) -> str:
    """Named groups get the line's number, so that lines can be alternatives of one pattern."""
    return re.sub(r"\(\?P<([a-z]+)>", rf"(?P<\g<1>_{number}>", line)


def told(match: re.Match[str], name: str) -> str | None:
    """What a named group of any line of the rule matched."""
    groups = match.groupdict().items()
    return next((text for key, text in groups if text and key.rpartition("_")[0] == name), None)
