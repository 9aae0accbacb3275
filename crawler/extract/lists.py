"""Where a walk through an element stands: in headings, quotations and lists, at which number."""

from __future__ import annotations

from lxml.etree import _Element as Element

from crawler.extract import markup
from crawler.model import BlockKind


class Lists:
    """The open elements that tell what kind a block is, and the number of the next item."""

    def __init__(self) -> None:
        self._kinds: list[BlockKind] = []
        self._counters: list[int | None] = []
        self._prefix = ""

    @property
    def kind(self) -> BlockKind:
        """The kind of a block that stands here."""
        return self._kinds[-1] if self._kinds else BlockKind.PARAGRAPH

    def take_prefix(self) -> str:
        """The number of the item that begins here, once; '' elsewhere."""
        prefix, self._prefix = self._prefix, ""
        return prefix

    def enter(self, node: Element, tag: str) -> None:
        """Note an element that opens."""
        if tag in ("ol", "ul"):
            self._counters.append(_first_number(node) if tag == "ol" else None)
        elif tag == "li":
            self._kinds.append(BlockKind.ITEM)
            if self._counters and self._counters[-1] is not None:
                self._prefix = f"{self._counters[-1]}. "
                self._counters[-1] += 1
        elif tag in markup.HEADINGS:
            self._kinds.append(BlockKind.HEADING)
        elif tag == "blockquote":
            self._kinds.append(BlockKind.QUOTE)

    def leave(self, tag: str) -> None:
        """Note an element that closes."""
        if tag in ("ol", "ul") and self._counters:
            self._counters.pop()
        elif self._kinds and (tag in ("li", "blockquote") or tag in markup.HEADINGS):
            self._kinds.pop()
            self._prefix = ""


def _first_number(node: Element) -> int:
    start = node.get("start") or "1"
    return int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 1
