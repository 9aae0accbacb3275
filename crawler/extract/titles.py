"""The title of the story: never the site's name, never the section's heading."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Set
from functools import cache
from itertools import islice

from lxml.etree import _Element as Element

from crawler.extract.headlines import STORY, is_institution, is_section, letters
from crawler.extract.measures import Sizes
from crawler.extract.metadata import Metadata
from crawler.extract.names import pieces, without_site
from crawler.extract.page_lines import (
    LONGEST,
    MOST_LINES,
    Lines,
    front_links,
    is_heading,
    lines_called_title,
    lines_of_page,
    link_texts,
    owners,
    top_headings,
)
from crawler.extract.texts import short_text, tidy

# Lines above the story, given what is no title and what the page's title names (by `letters`).
Above = Callable[[Collection[str], Collection[str]], Iterable[str]]
# The texts of a page's links, by their letters.
Links = Callable[[], Set[str]]

SHORTEST_LINE = 4  # letters
HEADING_WEIGHT = 1.5  # a line that is a heading counts for so many times its length
LONGEST_NAME = 1_000  # characters of a page's own title that are looked at

# The hour that uCoz prints before a title, and the bars of empty fields after it.
_AROUND = re.compile(r"\A\d{1,2}:\d{2}\s{1,4}(?=\D)|(?:\s\|){1,3}\Z")
PATTERNS = (_AROUND,)


def best_title(
    told: str | None,
    root: Element,
    meta: Metadata,
    site_names: Collection[str] = (),
    above: Above | None = None,
    measured: Callable[[], Sizes] = dict,
) -> str | None:
    """The layout's title; else the line of the page that its own title names; else that title.

    What is known to be the site's name (`site_names`, `og:site_name`, the text of links to the
    front page) and the names of sections are never given. Where the rest only ends like an
    institution's name, the line above the story is taken (`above` gives them, likeliest first).
    `measured` gives the sizes of the page's elements, where it can: they spare looks at long ones.
    """
    known = {meta.site_name, *site_names, *front_links(root)}
    sites = frozenset(filter(None, map(letters, known)))
    if told and letters(told) not in sites and not is_section(told):
        return _AROUND.sub("", told[:LONGEST])
    told_names = (meta.headline, meta.social_title, meta.page_title)
    named = [tidy(name[:LONGEST_NAME]) for name in told_names if name]
    sizes = measured()
    linked = cache(lambda: link_texts(root))
    if (
        plain := _plain_title(named[:1], linked, sites, lines_of_page(root, sizes, True))
    ) is not None:
        return plain
    lines = lines_of_page(root, sizes)
    titles = _likeliest(named, root, sites, above or (lambda unfit, named: ()), lines, linked)
    likely = next((title for title in titles if not is_section(title)), None)
    return likely[:LONGEST] if likely else None


def _plain_title(
    named: list[str], links: Links, sites: frozenset[str], headings: Lines
) -> str | None:
    """The heading that the page's own title names and that no other line can outdo.

    It spares a look at all other lines of a page.
    """
    linked = links() if named and headings else frozenset()
    for name in named:
        line = next(iter(_shown(name, headings, linked, sites)), "")
        fits = bool(line) and not (is_institution(line) or is_section(line))
        if (
            fits
            and letters(line) not in linked
            and HEADING_WEIGHT * len(letters(line)) >= len(letters(name))
        ):
            return line
    return None


def _likeliest(
    named: list[str],
    root: Element,
    sites: frozenset[str],
    above: Above,
    lines: Lines,
    links: Links,
) -> Iterator[str]:
    """All that could be the title, the likeliest first; names of sections may be among them."""
    linked = links()
    shown = [line for name in named for line in _shown(name, lines, linked, sites)]
    first = [
        text
        for text in top_headings(root, ("h1",))
        if not (letters(text) in sites | linked or is_institution(text) or is_section(text))
    ]
    alone = first if len(first) == 1 else []
    yield from (
        line
        for line in shown
        if not is_institution(line) and (is_heading(line, lines) or not alone)
    )
    yield from alone
    yield from (line for line in shown if not is_institution(line))
    unfit = sites | linked | {letters(name) for name in named}
    parts = {letters(part) for name in named for part in pieces(name)} - unfit
    owner = owners(root)
    cut = [part for name in named for part in without_site(name, sites)]
    near = [line for line in above(unfit, parts) if _may_stand_above(line, root, lines, owner)]
    yield from (line for line in near[:1] if is_heading(line, lines) and not is_institution(line))
    # What stands beside a section's name is the site's.
    told = [name for name in named if not _has_section(name)]
    likely = [part for name in told for part in without_site(name, sites)]
    likely = [one for one in likely if not is_institution(one)]
    yield from (one for one in likely if len(one.split()) > 1)
    yield from (line for line in near[:1] if letters(line) in parts and is_heading(line, lines))
    yield from _only_heading(shown, named, lines, linked, owner)
    headings = [text for text in top_headings(root) if letters(text) not in sites | linked]
    yield from (one for one in headings if not is_institution(one))
    yield from near
    yield from (one for one in (*shown, *cut, *headings) if letters(one) not in owner)
    yield from (one for one in lines_called_title(root) if letters(one) not in sites | linked)


def _may_stand_above(line: str, root: Element, lines: Lines, owner: str) -> bool:
    """Whether a line is neither the owner of the site nor a sentence in plain letters."""
    if is_institution(line) and letters(line) in owner:
        return False
    if line[-1] not in ".!?…" or len(line) < STORY or is_heading(line, lines):
        return True
    bold = islice(root.iter("b", "strong", "center"), MOST_LINES)
    return letters(line) in {letters(short_text(node, LONGEST)) for node in bold}


def _only_heading(
    shown: list[str],
    named: list[str],
    lines: Lines,
    linked: Collection[str],
    owner: str,
) -> list[str]:
    """Where the title and the site's name both end like an institution's: the one heading."""
    names = {letters(part) for name in named for part in pieces(name) if is_institution(part)}
    if sum(" " in name for name in names) < 2:
        return []
    told = dict.fromkeys(line for line in shown if is_heading(line, lines))
    fit = [line for line in told if letters(line) not in linked and letters(line) not in owner]
    return fit if len(fit) == 1 else []


def _has_section(name: str) -> bool:
    return any(map(is_section, pieces(name)))


def _shown(
    name: str,
    lines: Lines,
    linked: Collection[str],
    sites: Collection[str],
) -> list[str]:
    """Lines of the page that are its title or a part of it; links (a section, the site) last."""
    known = dict.fromkeys(letters(part) for part in pieces(name))
    worthy = [one for one in known if one in lines and one not in sites]

    def rank(letters: str) -> tuple[bool, float]:
        weight = HEADING_WEIGHT if lines[letters][1] else 1.0
        return letters in linked, -weight * len(letters)

    return [lines[one][0] for one in sorted(worthy, key=rank) if len(one) >= SHORTEST_LINE]
