"""Where a page has its title and its body: the site's layouts, then those of all systems."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache
from typing import cast

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.etree import _Element as Element

from crawler.errors import ConfigError
from crawler.sites import Layout, Site, cms_defaults, cms_names

_HINT = re.compile(r"[.#]([\w-]+)|=\s?[\"']?([\w-]+)")
_ATTRIBUTE = re.compile(r"\[[^\]]{0,200}\]")
PATTERNS = (_HINT, _ATTRIBUTE)

_NAMED = etree.XPath(
    "descendant-or-self::*/@class | descendant-or-self::*/@id", smart_strings=False
)


class Markup:
    """A page's markup, asked for names before a selector is tried on all of its elements."""

    def __init__(self, text: str, root: Element) -> None:
        self._text, self._root = text, root

    @cached_property
    def _names(self) -> frozenset[str]:
        """The words of all classes and ids."""
        return frozenset(" ".join(frozenset(_named(self._root))).split())

    def has(self, needed: Needed) -> bool:
        """Whether all names are there that an alternative of a selector needs."""
        if not all(name in self._names for name in needed.names):
            return False
        return all(name in self._text for name in needed.texts)


@dataclass(frozen=True, slots=True)
class Needed:
    """What a page must have for a selector to match: classes and ids, pieces of markup.

    `is_sure` says that nothing matches without them.
    """

    names: tuple[str, ...]
    texts: tuple[str, ...]
    is_sure: bool


def candidates(site: Site | None, day: date) -> Iterator[Layout]:
    """The layouts to try, in order: the site's own at that day, then every system's."""
    own = site.layouts_at(day) if site else ()
    yield from own
    names = {layout.name for layout in own}
    yield from (layout for layout in known_layouts() if layout.name not in names)


@cache
def known_layouts() -> tuple[Layout, ...]:
    """The layouts of all content systems, those that name the most of a page first."""
    told = [row for name in cms_names() for row in cms_defaults(name).get("layouts", ())]
    layouts = [Layout.model_validate(row) for row in told]
    return tuple(sorted(layouts, key=lambda layout: _RANK.get(layout.name, 50)))


# A body that other systems' pages may have too is tried last.
_RANK = {"joomla": 1, "joomla3": 2, "wordpress-block": 3, "k2": 4, "ucoz": 5, "drupal": 6} | {
    "wordpress-theme": 90,
    "dle-template": 80,
    "joomla25": 70,
    "joomla15": 71,
    "drupal7": 72,
}


def select(root: Element, selector: str | None, markup: Markup | None = None) -> list[Element]:
    """The elements that match, by the order of the alternatives and then of the page.

    `markup` is the page's, if at hand: an alternative whose names it lacks is not tried.
    Raises ConfigError for a selector that is none.
    """
    if not selector:
        return []
    tries = zip(_compiled(selector), needed(selector), strict=True)
    return [
        node
        for one, names in tries
        if markup is None or markup.has(names)
        for node in _found(one, root)
    ]


def first(root: Element, selector: str | None, markup: Markup | None = None) -> Element | None:
    """The first element that matches; an earlier alternative wins over a later one."""
    if not selector:
        return None
    for one, names in zip(_compiled(selector), needed(selector), strict=True):
        if markup is None or not names.is_sure or markup.has(names):
            found = _found(one, root)
            if found:
                return found[0]
    return None


def may_match(selector: str, markup: Markup) -> bool:
    """Whether the names of a selector stand in a page's markup at all; a cheap look ahead."""
    return any(map(markup.has, needed(selector)))


def _found(selector: CSSSelector, root: Element) -> list[Element]:
    """A selector's elements in the page's order (the stubs allow any XPath result)."""
    return cast("list[Element]", selector(root))


def _named(root: Element) -> list[str]:
    return cast("list[str]", _NAMED(root))


@lru_cache(maxsize=1024)
def needed(selector: str) -> tuple[Needed, ...]:
    """For each alternative what a page must have for it to match."""
    return tuple(map(_needed, _alternatives(selector)))


def _needed(part: str) -> Needed:
    if "(" in part or "\\" in part:  # `:not(.x)` matches where there is no `x`
        return Needed((), _hints(part), False)
    inside = " ".join(_ATTRIBUTE.findall(part))
    return Needed(_hints(_ATTRIBUTE.sub(" ", part)), _hints(inside), True)


def _hints(part: str) -> tuple[str, ...]:
    return tuple(one or other for one, other in _HINT.findall(part))


@lru_cache(maxsize=1024)
def _compiled(selector: str) -> tuple[CSSSelector, ...]:
    try:
        parts = _alternatives(selector)
        return tuple(CSSSelector(part, translator="html") for part in parts)
    except (SelectorError, AssertionError) as error:
        remedy = "Use CSS such as `.entry-content` or `article h1`."
        raise ConfigError(f"layouts: {selector!r} is not a CSS selector: {error}", remedy) from None


def _alternatives(selector: str) -> list[str]:
    """A selector's parts between commas that stand in no brackets."""
    parts, depth = [""], 0
    for char in selector:
        depth += (char in "([") - (char in ")]")
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts]
