"""Where a page has its title and its body: the site's layouts, then those of all systems."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache
from typing import cast

from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.etree import _Element as Element

from crawler.errors import ConfigError
from crawler.sites import Layout, Site, cms_defaults, cms_names

_HINT = re.compile(r"[.#]([\w-]+)|=\s?[\"']?([\w-]+)")
PATTERNS = (_HINT,)


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


def select(root: Element, selector: str | None, text: str | None = None) -> list[Element]:
    """The elements that match, by the order of the alternatives and then of the page.

    `text` is the page's markup, if at hand: an alternative whose names it lacks is not tried.
    Raises ConfigError for a selector that is none.
    """
    if not selector:
        return []
    tries = zip(_compiled(selector), may_match(selector), strict=True)
    return [
        node
        for one, names in tries
        if text is None or all(name in text for name in names)
        for node in _found(one, root)
    ]


def first(root: Element, selector: str | None) -> Element | None:
    """The first element that matches; an earlier alternative wins over a later one."""
    for one in _compiled(selector) if selector else ():
        found = _found(one, root)
        if found:
            return found[0]
    return None


def _found(selector: CSSSelector, root: Element) -> list[Element]:
    """A selector's elements in the page's order (the stubs allow any XPath result)."""
    return cast("list[Element]", selector(root))


@lru_cache(maxsize=1024)
def may_match(selector: str) -> tuple[tuple[str, ...], ...]:
    """For each alternative the names that a page's markup must contain for it to match."""
    parts = (_HINT.findall(part) for part in _alternatives(selector))
    return tuple(tuple(one or other for one, other in part) for part in parts)


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
