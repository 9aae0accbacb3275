"""One parse for a page, safe for any markup.

libxml2 drops what is nested deeper than its limit and needs seconds for a tag with tens of
thousands of attributes, both without a word; so the text is looked over first: overlong tags
are cut out and nesting deeper than DEEPEST is laid flat.
"""

from __future__ import annotations

import re
from itertools import accumulate

from lxml import etree
from lxml.etree import _Element as Element

from crawler.errors import ExtractionError
from crawler.extract.markup import UNNESTED

LONGEST_TEXT = 4_000_000  # characters of markup
MOST_TAGS = 50_000
MOST_NESTED = 150_000  # tags, before what is nested too deep is laid flat
LONGEST_TAG = 32_000  # characters between < and >
DEEPEST = 400  # open elements; libxml2 stops at 2,048 levels

_DECLARATION = re.compile(r"\s{0,20}<\?xml[^>]{0,200}\?>")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_NAME = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9]{0,20})")
PATTERNS = (_DECLARATION, _TAG, _NAME)


def parse(text: str, url: str = "") -> Element:
    """The page's tree, without comments.

    Raises ExtractionError when there is no markup or more of it than any article has.
    """
    declared = _DECLARATION.match(text)
    text = text[declared.end() :] if declared else text
    if len(text) <= LONGEST_TEXT and text.count("<") <= MOST_NESTED:
        text = _flattened(_without_long_tags(_without_open_comment(text.replace("\0", ""))))
    tags = text.count("<")
    if len(text) > LONGEST_TEXT or tags > MOST_TAGS:
        size = f"{len(text):,} characters, {tags:,} tags"
        raise ExtractionError(f"{url}: more markup than an article has ({size})")
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise ExtractionError(f"{url}: not an HTML page ({error})") from None
    if root is None:
        raise ExtractionError(f"{url}: the page is empty")
    return root


def _without_open_comment(text: str) -> str:
    """A comment that never ends would swallow the rest of the page."""
    start = text.rfind("<!--")
    if start >= 0 and text.find("-->", start) < 0:
        return text[:start] + text[start + 4 :]
    return text


def _without_long_tags(text: str) -> str:
    pieces = text.split("<")
    if max(map(len, pieces)) <= LONGEST_TAG:
        return text
    kept = [pieces[0]]
    for piece in pieces[1:]:
        end = piece.find(">") if len(piece) > LONGEST_TAG else 0
        kept.append(piece[end + 1 :] if end > LONGEST_TAG else "<" + piece)
    return "".join(kept)


def _flattened(text: str) -> str:
    """The markup without the tags that open deeper than DEEPEST and their closings."""
    tags = _NAME.findall(text)
    steps = {tag: _step(tag) for tag in set(tags)}
    sums = list(accumulate(map(steps.__getitem__, tags), initial=0))
    # Closings of what is not open count too, so this is at least the true depth.
    return _cut_deep(text) if max(sums) - min(sums) > DEEPEST else text


def _step(tag: str) -> int:
    """How much deeper a tag leads."""
    if tag.lstrip("/").lower() in UNNESTED:
        return 0
    return -1 if tag[0] == "/" else 1


def _cut_deep(text: str) -> str:
    depth = skipped = last = 0
    kept: list[str] = []
    for match in _TAG.finditer(text):
        if match[2].lower() in UNNESTED:
            continue
        drop = depth >= DEEPEST if not match[1] else skipped > 0
        if drop:
            skipped += -1 if match[1] else 1
            kept.append(text[last : match.start()] + " ")
            end = text.find(">", match.end())
            last = end + 1 if end >= 0 else len(text)
        else:
            depth = max(depth - 1, 0) if match[1] else depth + 1
    return "".join((*kept, text[last:]))
