"""Who the five libraries are: name, address, hours, menu, and the phrases around articles."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from demoweb.shelf import Entry

PACKAGE = files("demoweb")


@dataclass(frozen=True, slots=True)
class Profile:
    """A library as its file in `config/profiles` tells it; `parts` has a table a language."""

    site: str
    languages: tuple[str, ...]
    parts: Mapping[str, Mapping[str, Any]]
    shared: Mapping[str, Any]

    @property
    def first_language(self) -> str:
        """The language of the front page."""
        return self.languages[0]

    def told(self, language: str) -> dict[str, Any]:
        """Name, address, hours and the like in one language."""
        return {**self.shared, **self.parts[language]}


@dataclass(frozen=True, slots=True)
class Comment:
    """What a reader wrote below an article."""

    name: str
    text: str


@cache
def profile_of(site: str) -> Profile:
    """The profile of one of the five sites."""
    told = _toml("config", "profiles", f"{site}.toml")
    parts = {key: value for key, value in told.items() if isinstance(value, dict)}
    shared = {key: value for key, value in told.items() if not isinstance(value, dict)}
    return Profile(site, tuple(parts), parts, shared)


@cache
def words_of(cms: str) -> Mapping[str, Mapping[str, str]]:
    """The phrases of a content system's language packs, by language."""
    return _toml("templates", cms, "words.toml")


def comments_of(entry: Entry, language: str) -> tuple[Comment, ...]:
    """Readers' comments: one or two below every fourth article, none below the others."""
    if entry.number % 4 != 2:
        return ()
    said = [Comment(**row) for row in _toml("config", "profiles", "_comments.toml")[language]]
    first = entry.number // 4 % len(said)
    return tuple(said[first : first + 2])


@cache
def _toml(*parts: str) -> dict[str, Any]:
    return tomllib.loads(PACKAGE.joinpath(*parts).read_text("utf-8"))
