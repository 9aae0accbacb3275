"""A page's own name taken apart: the story's title, and the site's name beside it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import pairwise

from crawler.extract.headlines import is_institution, letters
from crawler.extract.metadata import Metadata
from crawler.model import Draft, Removal

MOST_SEPARATORS = 8

# Between a title and a site's name, the plain ones first: a dash may stand in a title too.
_SEPARATORS = (
    re.compile(r"\s{1,4}(?:[|»›→/\\•·]|::)\s{1,4}"),
    re.compile(r"\s{1,4}[—–:-]\s{1,4}"),
)
PATTERNS = _SEPARATORS


def pieces(name: str) -> list[str]:
    """A name, and what stands between separators in it."""
    return [name, *(part for separator in _SEPARATORS for part in _parts(name, separator))]


def _parts(name: str, separator: re.Pattern[str]) -> Iterator[str]:
    """What stands before and after each separator, and between neighbouring ones."""
    ends = [match.span() for match in separator.finditer(name)][:MOST_SEPARATORS]
    for start, end in ends:
        yield from (name[:start], name[end:])
    yield from (name[a[1] : b[0]] for a, b in pairwise(ends))


def without_site(name: str, sites: Collection[str]) -> Iterator[str]:
    """A page's title without the site's name, which mostly stands last; nothing if it is all."""
    for separator in _SEPARATORS:
        ends = [match.span() for match in separator.finditer(name)][:MOST_SEPARATORS]
        cuts = [piece for start, end in reversed(ends) for piece in (name[:start], name[end:])]
        for own, other in zip(cuts, _swapped(cuts), strict=True):
            is_site = letters(other) in sites or is_institution(other)
            if is_site and own.strip() and letters(own) not in sites:
                yield own.strip()
        if ends:
            yield from (cut.strip() for cut in cuts if cut.strip() and letters(cut) not in sites)
            return
    if name and letters(name) not in sites:
        yield name


def _swapped(pairs: list[str]) -> list[str]:
    """Each two neighbours changed about."""
    return [text for a, b in zip(pairs[::2], pairs[1::2], strict=True) for text in (b, a)]


def without_site_name(draft: Draft, meta: Metadata) -> Draft:
    """A draft without the site's name below its story: the end of the page, not of the story."""
    named = {letters(part) for name in (meta.page_title, meta.site_name) for part in pieces(name)}
    named -= {letters(draft.title or ""), letters(meta.page_title), ""}
    last = draft.blocks[-1].text if len(draft.blocks) > 2 else ""
    if letters(last) not in named or not (is_institution(last) or last == meta.site_name):
        return draft
    removed = (*draft.removed, Removal(last, "masthead"))
    return replace(draft, blocks=draft.blocks[:-1], removed=removed)
