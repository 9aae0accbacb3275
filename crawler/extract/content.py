"""What was read of a story's element: its blocks, and what stands beside its text."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from crawler.model import Attachment, Block, Image, Removal, TextLink

LONGEST_CAPTION = 400  # characters of an element that is called one


@dataclass(slots=True)
class Body:
    """What was read: texts have no line breaks, addresses are absolute.

    `places` has for every picture, document and link how many blocks stand before it.
    """

    blocks: list[Block] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    removed: list[Removal] = field(default_factory=list)
    links: list[TextLink] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)

    def remove(self, text: str, reason: str) -> None:
        """Note a text that is no part of the story."""
        if text:
            self.removed.append(Removal(text, reason))

    def place(self, url: str) -> None:
        """Note that a picture, a document or a link stands here."""
        self.places.setdefault(url, len(self.blocks))

    def caption(self, text: str) -> bool:
        """Give the text to the picture before it; False when it is too long for a caption."""
        if len(text) > LONGEST_CAPTION:
            return False
        if self.images and text:
            last = self.images[-1]
            self.images[-1] = Image(last.url, last.alt, last.caption or text)
        return True

    def settle(self, found: dict[int, int]) -> None:
        """Take blocks out that are captions (block -> picture) and give them to their pictures."""
        for place, number in found.items():
            text, image = self.blocks[place].text, self.images[number]
            self.images[number] = Image(image.url, image.alt, image.caption or text)
            self.removed.append(Removal(text, "caption"))
        self._without(found)

    def drop(self, places: Collection[int], reason: str) -> None:
        """Take blocks out for a reason."""
        self.removed.extend(Removal(self.blocks[place].text, reason) for place in places)
        self._without(places)

    def _without(self, gone: Collection[int]) -> None:
        if gone:
            self.blocks = [block for n, block in enumerate(self.blocks) if n not in gone]
            self.places = {url: n - sum(one < n for one in gone) for url, n in self.places.items()}

    @property
    def size(self) -> int:
        """Characters of all blocks together."""
        return sum(len(block.text) for block in self.blocks)
