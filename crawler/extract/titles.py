"""The title of the story: never the site's name, never the section's heading."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import islice, pairwise

from lxml.etree import _Element as Element

from crawler.extract.headlines import STORY, is_institution, is_section, letters
from crawler.extract.measures import NOTHING, Sizes
from crawler.extract.metadata import Metadata
from crawler.extract.texts import MOST_PIECES, short_text, texts_of, tidy

# Lines above the story, given what is no title and what the page's title names (by `letters`).
Above = Callable[[Collection[str], Collection[str]], Iterable[str]]

LONGEST = 400  # characters
SHORTEST_LINE = 4  # letters
HEADING_WEIGHT = 1.5  # a line that is a heading counts for so many times its length
LONGEST_NAME = 1_000  # characters of a page's own title that are looked at
MOST_LINES = 4_000
MOST_OWNERS = 20

# Between a title and a site's name, the plain ones first: a dash may stand in a title too.
_SEPARATORS = (
    re.compile(r"\s{1,4}(?:[|»›→/\\•·]|::)\s{1,4}"),
    re.compile(r"\s{1,4}[—–:-]\s{1,4}"),
)
# The hour that uCoz prints before a title, and the bars of empty fields after it.
_AROUND = re.compile(r"\A\d{1,2}:\d{2}\s{1,4}(?=\D)|(?:\s\|){1,3}\Z")
# The address of a front page, perhaps in one language.
_FRONT = re.compile(
    r"(?:https?://[\w.:-]{3,80})?/?(?:(?:kk|kz|ru|en|kaz|rus|eng)/?)?(?:index\.\w{3,4})?"
)
_TITLE = re.compile(
    r"(?:(?:news|post|article|item|entry|story|page|content|detail)[-_]{0,2})?title"
)
PATTERNS = (*_SEPARATORS, _AROUND, _FRONT, _TITLE)
_HEADINGS = ("h1", "h2", "h3")
_OTHERS = ("div", "span", "td", "b", "strong", "p", "font", "center")


def best_title(
    told: str | None,
    root: Element,
    meta: Metadata,
    site_names: Collection[str] = (),
    above: Above | None = None,
    sizes: Sizes | None = None,
) -> str | None:
    """The layout's title; else the line of the page that its own title names; else that title.

    What is known to be the site's name (`site_names`, `og:site_name`, the text of links to the
    front page) and the names of sections are never given. Where the rest only ends like an
    institution's name, the line above the story is taken (`above` gives them, likeliest first).
    `sizes` are those of the page's elements, if they are known: they spare looks at long ones.
    """
    known = {meta.site_name, *site_names, *_front_links(root)}
    sites = frozenset(filter(None, map(letters, known)))
    if told and letters(told) not in sites and not is_section(told):
        return _AROUND.sub("", told[:LONGEST])
    told_names = (meta.headline, meta.social_title, meta.page_title)
    named = [tidy(name[:LONGEST_NAME]) for name in told_names if name]
    lines = _lines(root, sizes or {})
    titles = _likeliest(named, root, sites, above or (lambda unfit, named: ()), lines)
    likely = next((title for title in titles if not is_section(title)), None)
    return likely[:LONGEST] if likely else None


def _likeliest(
    named: list[str],
    root: Element,
    sites: frozenset[str],
    above: Above,
    lines: Mapping[str, tuple[str, bool]],
) -> Iterator[str]:
    """All that could be the title, the likeliest first; names of sections may be among them."""
    linked = _linked(root)
    shown = [line for name in named for line in _shown(name, lines, linked, sites)]
    yield from (line for line in shown if not is_institution(line))
    cut = [part for name in named for part in _without_site(name, sites)]
    yield from (one for one in cut if not (is_institution(one) or _has_section(one)))
    unfit = sites | linked | {letters(name) for name in named}
    parts = {letters(part) for name in named for part in _pieces(name)} - unfit
    owner = _copyright(root)
    near = [line for line in above(unfit, parts) if _may_stand_above(line, root, lines, owner)]
    yield from (line for line in near[:1] if letters(line) in parts and _is_heading(line, lines))
    yield from _only_heading(shown, named, lines, linked, owner)
    headings = [text for text in _headings(root) if letters(text) not in sites | linked]
    yield from (one for one in headings if not is_institution(one))
    yield from near
    yield from (one for one in (*shown, *cut, *headings) if letters(one) not in owner)
    yield from (one for one in _called_title(root) if letters(one) not in sites | linked)


def _may_stand_above(
    line: str, root: Element, lines: Mapping[str, tuple[str, bool]], owner: str
) -> bool:
    """Whether a line is neither the owner of the site nor a sentence in plain letters."""
    if is_institution(line) and letters(line) in owner:
        return False
    if line[-1] not in ".!?…" or len(line) < STORY or _is_heading(line, lines):
        return True
    bold = islice(root.iter("b", "strong", "center"), MOST_LINES)
    return letters(line) in {letters(short_text(node, LONGEST)) for node in bold}


def _only_heading(
    shown: list[str],
    named: list[str],
    lines: Mapping[str, tuple[str, bool]],
    linked: Collection[str],
    owner: str,
) -> list[str]:
    """Where the title and the site's name both end like an institution's: the one heading."""
    names = {letters(part) for name in named for part in _pieces(name) if is_institution(part)}
    if sum(" " in name for name in names) < 2:
        return []
    told = dict.fromkeys(line for line in shown if _is_heading(line, lines))
    fit = [line for line in told if letters(line) not in linked and letters(line) not in owner]
    return fit if len(fit) == 1 else []


def _called_title(root: Element) -> Iterator[str]:
    """Lines in elements whose class is `title` or ends so, but for the site's own."""
    for node in islice(root.iter(*_OTHERS), MOST_LINES):
        for name in (node.get("class") or "")[:200].lower().split():
            if _TITLE.fullmatch(name) and (text := short_text(node, LONGEST)):
                yield text


def _has_section(name: str) -> bool:
    return any(map(is_section, _pieces(name)))


def _is_heading(line: str, lines: Mapping[str, tuple[str, bool]]) -> bool:
    return lines.get(letters(line), ("", False))[1]


def _headings(root: Element) -> Iterator[str]:
    for level in ("h1", "h2"):
        for node in islice(root.iter(level), MOST_LINES):
            if text := short_text(node, LONGEST):
                yield text


def _copyright(root: Element) -> str:
    """What stands in lines with ©, by its letters: the owner of the site."""
    lines = (text for text in texts_of(root) if "©" in text or "copyright" in text.lower())
    return " ".join(letters(line[:LONGEST]) for line in islice(lines, MOST_OWNERS))


def _linked(root: Element) -> set[str]:
    """Texts of links, by their letters."""
    return {letters(short_text(link, LONGEST)) for link in islice(root.iter("a"), MOST_LINES)}


def _front_links(root: Element) -> Iterator[str]:
    """Texts of links to the site's front page, and what their pictures are called."""
    for link in islice(root.iter("a"), MOST_LINES):
        if _FRONT.fullmatch((link.get("href") or "").strip()[:200]):
            yield short_text(link, LONGEST)
            yield from (tidy(image.get("alt") or "")[:LONGEST] for image in link.iter("img"))


def _lines(root: Element, sizes: Sizes) -> dict[str, tuple[str, bool]]:
    """Lines that a reader sees, by their letters, and whether they are headings."""
    found: dict[str, tuple[str, bool]] = {}
    for tags in (_HEADINGS, _OTHERS):
        for number, node in enumerate(root.iter(*tags)):
            if number > MOST_LINES:
                break
            # No line is longer than this; a box around the page has all of it below.
            if sizes.get(node, NOTHING).text > LONGEST + MOST_PIECES + 1:
                continue
            text = short_text(node, LONGEST)
            if text:
                found.setdefault(letters(text), (text, tags is _HEADINGS))
    return found


def _shown(
    name: str,
    lines: Mapping[str, tuple[str, bool]],
    linked: Collection[str],
    sites: Collection[str],
) -> list[str]:
    """Lines of the page that are its title or a part of it; links (a section, the site) last."""
    known = dict.fromkeys(letters(part) for part in _pieces(name))
    worthy = [one for one in known if one in lines and one not in sites]

    def rank(letters: str) -> tuple[bool, float]:
        weight = HEADING_WEIGHT if lines[letters][1] else 1.0
        return letters in linked, -weight * len(letters)

    return [lines[one][0] for one in sorted(worthy, key=rank) if len(one) >= SHORTEST_LINE]


def _pieces(name: str) -> list[str]:
    """A name, and what stands between separators in it."""
    return [name, *(part for separator in _SEPARATORS for part in _parts(name, separator))]


def _parts(name: str, separator: re.Pattern[str]) -> Iterator[str]:
    """What stands before and after each separator, and between neighbouring ones."""
    ends = [match.span() for match in separator.finditer(name)][:8]
    for start, end in ends:
        yield from (name[:start], name[end:])
    yield from (name[a[1] : b[0]] for a, b in pairwise(ends))


def _without_site(name: str, sites: Collection[str]) -> Iterator[str]:
    """A page's title without the site's name, which mostly stands last; nothing if it is all."""
    for separator in _SEPARATORS:
        ends = [match.span() for match in separator.finditer(name)][:8]
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
