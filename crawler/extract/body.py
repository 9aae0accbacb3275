"""An article's element read into paragraphs, in reading order.

Blocks come from block elements, from `<br>`, from list items and table rows alike; pictures,
documents and what the markup says is no story (forms, menus, captions) are kept apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from lxml import etree
from lxml.etree import _Element as Element

from crawler.extract import markup
from crawler.extract.captions import Candidate, captions, looks_at
from crawler.extract.content import Body
from crawler.extract.flow import is_of_story
from crawler.extract.lines import PICTURE, lines_of, unbroken
from crawler.extract.lists import Lists
from crawler.extract.measures import Sizes, measure
from crawler.extract.pictures import picture_of
from crawler.extract.tables import is_data, rows
from crawler.extract.texts import short_text, text_of, web_address
from crawler.model import Attachment, Block, BlockKind, TextLink

__all__ = ["Body", "read_body"]

MOST_BLOCKS = 5_000
LONGEST_LABEL = 20  # letters beside the name of a document: «Жүктеу:», «(PDF, 2 МБ)»
LONGEST_ANYWAY = 200  # characters of what is dropped by its name, however short the story is
WHOLE = 0.35  # an element with more of the body's text than this is the story, whatever its name
LONGEST_LINK = 300  # characters of the words of a link


def read_body(
    element: Element,
    url: str,
    dropped: Mapping[Element, str] | None = None,
    sizes: Sizes | None = None,
) -> Body:
    """Blocks, pictures, documents and removals of an article's element.

    `dropped` are elements below it that are known to be no story, with the reason; `sizes`
    those of `element` and all below it, if they are known.
    """
    reader = _Reader(element, url, dropped or {}, sizes or measure(element))
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, node in walk:
        if event == "end":
            reader.close(node)
        elif not reader.open(node):
            walk.skip_subtree()
    reader.finish()
    return reader.body


class _Reader:
    """The state of one walk: the text of the block being read, lists, lines below pictures."""

    def __init__(
        self, root: Element, url: str, dropped: Mapping[Element, str], sizes: Sizes
    ) -> None:
        self.root, self.url, self.dropped, self.sizes = root, url, dropped, sizes
        self.body = Body()
        self.text: list[str] = []
        self.holder = root  # the element of the text read last
        self.typed = 0  # open elements that show line breaks as they are typed
        self.below = False
        self.found: list[Candidate] = []
        self.image_places: list[int] = []
        self.lists = Lists()
        self.documents: list[str] = []
        self.skipped: set[Element] = set()
        self.most = WHOLE * sizes[root].text

    def open(self, node: Element) -> bool:
        """Begin an element; False when nothing below it is to be read."""
        tag = node.tag
        if node is not self.root and self._is_apart(node, tag):
            self.skipped.add(node)
            return False
        if tag == "br":
            self.text.append("\n")
        elif tag in markup.PICTURES:
            self._picture(node)
        elif tag == "a":
            self._document(node)
        elif tag in markup.BLOCKS:
            self.flush()
            self.lists.enter(node, tag)
        self.typed += markup.is_typed(node)
        self._add(node.text, node)
        return True

    def close(self, node: Element) -> None:
        """End an element and take the text that follows it."""
        tag = node.tag
        if node in self.skipped:
            if tag in markup.BLOCKS:
                self.flush()
        else:
            self.typed -= markup.is_typed(node)
            if tag in markup.BLOCKS:
                self.flush()
                self.lists.leave(tag)
        if node is not self.root:
            self._add(node.tail, node.getparent() if node.tail else None)

    def finish(self) -> None:
        """End the walk and settle which lines are captions."""
        self.flush()
        body = self.body
        if self.found:
            body.settle(captions(body.blocks, body.images, self.image_places, self.found))

    def flush(self) -> None:
        """End the block being read."""
        if not self.text:
            return
        lines, self.below = lines_of("".join(self.text), self.below)
        self.text.clear()
        kind = self.lists.kind
        for line in lines[: max(MOST_BLOCKS - len(self.body.blocks), 0)]:
            if self.documents and _is_label(line.text, self.documents):
                self.body.remove(line.text, "document")
                continue
            if line.below and self.body.images:
                self._looked_at()
            self.body.blocks.append(Block(self.lists.take_prefix() + line.text, kind))
        self.documents.clear()

    def _looked_at(self) -> None:
        last = len(self.body.images) - 1
        place = len(self.body.blocks)
        self.found.append(looks_at(place, last, self.holder, self.root, self.sizes))

    def _add(self, text: str | None, holder: Element | None) -> None:
        if text:
            self.text.append(text if self.typed else unbroken(text))
            if holder is not None and not text.isspace():
                self.holder = holder

    def _is_apart(self, node: Element, tag: str) -> bool:
        """Whether a node is silent, a table of data, a caption or no story; kept where it goes."""
        if not isinstance(tag, str) or tag in markup.SILENT:
            return True
        if tag == "table" and is_data(node):
            self.flush()
            self.below = False
            self.body.blocks.extend(Block(row, BlockKind.ROW) for row in rows(node))
            return True
        if node in self.dropped:
            self.body.remove(text_of(node), self.dropped[node])
            return True
        reason = "caption" if tag == "figcaption" else markup.says(node)
        if reason is None or (reason == "caption" and node.find(".//img") is not None):
            return False
        size = self.sizes[node].text
        if size > max(self.most, LONGEST_ANYWAY) or is_of_story(node, reason, self.sizes):
            return False
        text = text_of(node)
        if reason == "caption" and not self.body.caption(text):
            return False
        self.body.remove(text, reason)
        return True

    def _picture(self, node: Element) -> None:
        found = picture_of(node, self.url)
        if isinstance(found, str):
            self.text.append(found)
        elif found is not None:
            self.text.append(PICTURE)
            self.body.images.append(found)
            self.image_places.append(len(self.body.blocks))
            self.body.place(found.url)

    def _document(self, node: Element) -> None:
        url = web_address(self.url, node.get("href"))
        ending = urlsplit(url).path.rpartition(".")[2].lower() if url else ""
        if not url or len(self.body.places) >= MOST_BLOCKS:
            return
        self.body.place(url)
        if ending in markup.attachment_endings():
            title = text_of(node)
            self.body.attachments.append(Attachment(url, title[:500]))
            self.documents.append(title)
        elif words := short_text(node, LONGEST_LINK):
            self.body.links.append(TextLink(url, words))


def _is_label(line: str, documents: list[str]) -> bool:
    """Whether a line is only the name of a document, with a label or a size beside it."""
    rest = line
    for title in documents:
        rest = rest.replace(title, "", 1) if title else rest
    return len(rest) < len(line) and sum(map(str.isalpha, rest)) <= LONGEST_LABEL
