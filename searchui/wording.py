"""What the pages say, from translations/<language>.toml, with CLDR plurals and numbers."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from babel import Locale
from babel.numbers import format_decimal

LANGUAGES = ("kk", "ru", "en")
DEFAULT = LANGUAGES[0]


@cache
def phrases(language: str) -> Mapping[str, Any]:
    """Every phrase of one language by dotted key: a text, a list or a table of plurals."""
    text = (files("searchui") / "translations" / f"{language}.toml").read_text("utf-8")
    return dict(_flat(tomllib.loads(text), ""))


def _flat(table: Mapping[str, Any], prefix: str) -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for key, value in table.items():
        plural = isinstance(value, Mapping) and {"one", "other"} <= value.keys()
        if isinstance(value, Mapping) and not plural:
            rows += _flat(value, f"{prefix}{key}.")
        else:
            rows.append((f"{prefix}{key}", value))
    return rows


class Wording:
    """The phrases of one language: `wording("results.found", n=5)`.

    With `n` the plural form is chosen by CLDR and `{n}` is written as the language writes
    numbers. A key that no file has raises KeyError: it is a mistake of ours, found by a test.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self.locale = Locale.parse(language)
        self._phrases = phrases(language)

    def __call__(self, key: str, n: int | None = None, **values: object) -> str:
        """The phrase of a key with its values filled in."""
        phrase = self._phrases[key]
        if n is not None:
            if isinstance(phrase, Mapping):
                phrase = phrase.get(self.locale.plural_form(n), phrase["other"])
            values["n"] = self.number(n)
        return str(phrase).format(**values) if values else str(phrase)

    def items(self, key: str) -> list[Any]:
        """A list of the file: example questions, tips."""
        found: list[Any] = self._phrases[key]
        return found

    def has(self, key: str) -> bool:
        """Whether there is such a phrase."""
        return key in self._phrases

    def number(self, value: int) -> str:
        """A whole number with the language's grouping."""
        if 0 <= value < 1000:
            return str(value)  # no language of ours groups these, and pages hold hundreds of them
        return str(format_decimal(value, locale=self.locale))


@cache
def wording(language: str) -> Wording:
    """The wording of `kk`, `ru` or `en`, read once."""
    return Wording(language)
