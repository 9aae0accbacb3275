"""Every phrase of the translations is used, and every phrase that is asked for is there.

Most keys stand in templates and code as they are. Some are put together (`sort.{one}`): each such
pattern is in PUT_TOGETHER with what may be filled in, and a new one fails until it is.
"""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

import indexer
from crawler.health import DOWN
from crawler.vocabulary import regions
from indexer.model import SORTS
from searchui.exports import COLUMNS
from searchui.params import FILTERS
from searchui.report import GROUPS
from searchui.status_page import ORDER
from searchui.wording import LANGUAGES, phrases

PAGES = Path(str(files("searchui")))
CODE = {path: path.read_text("utf-8") for path in sorted(PAGES.glob("*.py"))}
TEMPLATES = {
    path: path.read_text("utf-8")
    for path in sorted((*PAGES.glob("templates/*.html"), *PAGES.glob("templates/*.xml")))
}
SOURCE = "\n".join((*CODE.values(), *TEMPLATES.values()))
ENGINE = "\n".join(p.read_text("utf-8") for p in sorted(Path(indexer.__path__[0]).glob("*.py")))
HEALTH = (PAGES.parent / "crawler" / "health.py").read_text("utf-8")
# A key between quotes, and the beginning and the middle of an f-string that makes one.
KEY = r"[a-z][a-z0-9]*(?:\.[a-z][a-z0-9_-]*)+"
DATES = {"day", "days", "months", "years", "month", "month_range", "month_years", "year"}
DATES |= {"year_range", "no_year"}
MADE = re.compile(r'f"((?:[a-z]+)\.[a-z_]*\{[^"]+)"')


def told(pattern: str, text: str) -> set[str]:
    """What the first group of a pattern matches in a text; there must be something."""
    found = set(re.findall(pattern, text, re.MULTILINE))
    assert found, pattern
    return found


def known(prefix: str) -> set[str]:
    """What follows a prefix in the keys of the translations."""
    return {key.removeprefix(prefix) for key in phrases("kk") if key.startswith(prefix)}


def put_together() -> dict[str, set[str]]:
    """Every pattern of keys that the code puts together, with what is filled in."""
    problems = told(r'BadParameterError\(\s*\w*"?\w+"?,\s*"(\w+)"', SOURCE)
    return {
        "dates.{pattern}": DATES,
        "problem.{error.problem}": problems | set(FILTERS),
        "limit.{error.cap}": told(r'cap="(\w+)"', ENGINE),
        "error.{name}": {"no_index", "outdated"},
        "error.{name}_text": {"no_index", "outdated"},
        "problem.{name}": {"no_index", "outdated"},
        "columns.{name}": set(COLUMNS),
        "filters.{name}": set(FILTERS) | {"year"},
        "filters.{facet}": set(FILTERS) | {"year"},
        "event.{line.name}": told(r'_Line\("(\w+)"', SOURCE),
        "figures.{name}": told(r'^        "(\w+)": (?:events|page|len)', SOURCE),
        "health.{reason.code}_reason": told(r'Reason\("(\w+)"', HEALTH) | DOWN,
        "health.{health.state}_reason": {"ok", "waiting", "off"},
        "health.{health.state}": set(ORDER),
        "languages.{code}": known("languages."),  # others are shown by their code
        "tiles.{region}": set(regions()),
        "map.{region}": {one for one in known("map.") if one in regions()},
        "sort.{one}": set(SORTS),
        "remark.{hint.code}": told(r'Hint\("(\w+)"', ENGINE) & known("remark."),
        "report.group_{one}": set(GROUPS),
    }


def filled(pattern: str, values: set[str]) -> set[str]:
    return {re.sub(r"\{[^}]*\}", value, pattern) for value in values}


def used() -> set[str]:
    """Every key that templates and code ask for."""
    plain = set(re.findall(rf"""["']({KEY})["']""", SOURCE))
    made = {key for one, values in put_together().items() for key in filled(one, values)}
    return plain | made


def test_every_put_together_key_says_what_is_filled_in() -> None:
    found = {one for one in MADE.findall(SOURCE) if one.partition(".")[0] in sections()}
    assert found == set(put_together())


def sections() -> set[str]:
    return {key.partition(".")[0] for key in phrases("kk")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_is_used(language: str) -> None:
    assert set(phrases(language)) - used() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_that_is_asked_for_exists(language: str) -> None:
    asked = {key for key in used() if key.partition(".")[0] in sections()}
    asked = {key for key in asked if not key.endswith((".html", ".toml"))}
    assert asked - set(phrases(language)) == set()
    assert len(asked) > 250
