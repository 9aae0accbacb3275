"""The line above a story that could be its title, where the page's own names only the site."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from tomllib import loads

from crawler.extract.dates import month_number
from crawler.model import Block, BlockKind

MOST_ABOVE = 14  # lines above the story that are looked at
STORY = 80  # characters of a block from which it belongs to the story
SHORTEST, LONGEST = 10, 250  # letters and characters of a title
FEWEST_WORDS = 2
MOST_LABELS = 4  # lines above a story
LONGEST_KNOWN = 250  # characters of lines whose letters are remembered

_LETTERS = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(r"[.!?…]\s")
PATTERNS = (_LETTERS, _SENTENCE)


def letters(text: str) -> str:
    """A text's words in small letters, for comparing."""
    return _line_letters(text) if len(text) <= LONGEST_KNOWN else _letters(text)


def _letters(text: str) -> str:
    return " ".join(_LETTERS.findall(text)).lower()


# Links, headings and lines of a page are asked for again and again.
_line_letters = lru_cache(maxsize=4096)(_letters)


def is_institution(text: str) -> bool:
    """Whether a text ends like the name of an institution."""
    return f" {letters(text[-400:])}".endswith(_institutions())


def is_section(text: str) -> bool:
    """Whether a text is what a section of a site or a kind of text is called: «Жаңалықтар»."""
    return len(text) < 60 and letters(text) in _sections()


def labels_at_top(blocks: Sequence[Block]) -> list[int]:
    """Places of the lines above a story that say what kind of text it is: a press release."""
    told = (n for n, block in enumerate(blocks[:MOST_LABELS]) if letters(block.text) in _labels())
    return list(told) if len(blocks) > MOST_LABELS else []


def above_story(
    page: Sequence[Block], story: Sequence[Block], unfit: Collection[str], named: Collection[str]
) -> Iterator[str]:
    """Lines above a story that could be its title, the likeliest first: headings, then by nearness.

    `page` has the blocks of the whole page, `unfit` what is known to be no title and `named` what
    the page's own title names, both by `letters`. The last is the story's own first line.
    """
    first = next(filter(_is_story, story), None)
    end = next((n for n, one in enumerate(page) if first and one.text == first.text), 0)
    own = {block.text for block in story}

    def fits(block: Block) -> bool:
        near = block.kind is BlockKind.HEADING or block.text in own or letters(block.text) in named
        return _could_be(block.text, unfit) and (near or not is_institution(block.text))

    likely = list(filter(fits, page[max(end - MOST_ABOVE, 0) : end][::-1]))
    headings = [block for block in likely if block.kind is BlockKind.HEADING]
    yield from (block.text for block in (*headings, *likely))
    if first is not None and page and first == story[0] and _could_be(first.text, unfit):
        yield first.text  # perhaps a title that ends like a sentence


def _is_story(block: Block) -> bool:
    """Whether a block is a paragraph of the story: a long one, and no long title."""
    ended = block.text[-1] in ".!?…:;" or len(block.text) > LONGEST
    return len(block.text) >= STORY and ended and block.kind is not BlockKind.HEADING


def _could_be(text: str, unfit: Collection[str]) -> bool:
    begins = text[0].isalnum() or text[0] in '«“"('
    if len(text) > LONGEST or text[-1] in ":;," or not begins:
        return False
    plain = letters(text)
    words = plain.split()
    if plain in unfit or is_section(text) or len(words) < FEWEST_WORDS:
        return False
    if sum(map(len, words)) < SHORTEST or _is_mostly_date(words):
        return False
    return ":" not in text[:14] and not _SENTENCE.search(text[:-1])


def _is_mostly_date(words: list[str]) -> bool:
    """Whether at least half of the words are numbers and names of months."""
    told = sum(word[0].isdigit() or month_number(word) is not None for word in words)
    return 2 * told >= len(words)


@cache
def _data() -> dict[str, list[str]]:
    told = loads((files("crawler") / "data" / "boilerplate.toml").read_text("utf-8"))
    return {name: [letters(one) for one in told[name]] for name in ("institutions", "sections")}


@cache
def _institutions() -> tuple[str, ...]:
    """Words that end the names of institutions, each after a blank."""
    return tuple(f" {word}" for word in _data()["institutions"])


@cache
def _sections() -> frozenset[str]:
    """What sections of a site are called, and labels above a title, by `letters`."""
    return frozenset(_data()["sections"]) | _labels()


@cache
def _labels() -> frozenset[str]:
    told = loads((files("crawler") / "data" / "markup.toml").read_text("utf-8"))
    return frozenset(map(letters, told["titles"]["labels"]))
