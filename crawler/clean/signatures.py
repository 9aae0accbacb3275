"""Who wrote the story, where its last lines say so: a department, a person and a post."""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.clean.story import ENDINGS, is_story, without
from crawler.clean.wordlists import accounts, signature_words
from crawler.model import Block, BlockKind, Draft

MOST_LINES = 3
MOST_WORDS = 14
MOST_BEFORE = 4  # words before a post that stands alone
LONGEST = 130  # characters

_INITIALS = r"[^\W\d_]\.\s?(?:[^\W\d_]\.?)?"
_WORD = r"[^\W\d_]{2,20}(?:-[^\W\d_]{2,20})?"
_PERSON = re.compile(
    rf"\A(?:{_INITIALS}\s?{_WORD}|{_WORD}\s{_INITIALS}|{_WORD}(?:\s{_WORD}){{1,2}}\.?)\Z"
)
_INITIAL_END = re.compile(r"(?<![^\W_])[^\W\d_]\.\Z")
_DASH = re.compile(r",|\s[–—-]\s")
_GENITIVE = ("ның", "нің", "дың", "дің", "тың", "тің")
PATTERNS = (_PERSON, _INITIAL_END, _DASH)


def take_signature(draft: Draft, repeated: frozenset[str]) -> Draft:
    """The last lines, below a sentence, that name a department or a person with a post.

    A department's name alone between the title and the first paragraph is the author too.
    """
    draft = _take_byline(draft)
    first = len(draft.blocks)
    while first > 1 and (_may_sign(draft.blocks[first - 1]) or _goes_on(draft.blocks, first - 1)):
        first -= 1
    lines = [block.text for block in draft.blocks[first:]]
    above = draft.blocks[first - 1] if first else None
    if not 0 < len(lines) <= MOST_LINES or above is None or not _may_be_above(above.text):
        return draft
    if not any(is_department(line) or _has_post(line) for line in lines):
        return draft
    signed = without(draft, dict.fromkeys(range(first, len(draft.blocks)), "author line"))
    return replace(signed, author=draft.author or ", ".join(line.rstrip(" ,") for line in lines))


def _take_byline(draft: Draft) -> Draft:
    first, second = (*draft.blocks[:2], None, None)[:2]
    if draft.title is None or first is None or second is None or not is_story(second):
        return draft
    plain = first.kind is BlockKind.PARAGRAPH and first.text[0].isupper() and len(first.text) < 80
    if not plain or first.text[-1] in ENDINGS or not is_department(first.text):
        return draft
    return replace(without(draft, {0: "author line"}), author=draft.author or first.text)


def drop_accounts(draft: Draft, repeated: frozenset[str]) -> Draft:
    """An author who is only an account of the site (`admin`, `Super User`) is none."""
    name = " ".join((draft.author or "").lower().split()).strip(" .,:;@")
    words = name.split()
    is_twice = len(words) == 2 and words[0] == words[1]
    return replace(draft, author=None) if name in accounts() or is_twice else draft


def _may_be_above(text: str) -> bool:
    """Whether a line above a signature ends the story: as a sentence or with a telephone."""
    return text[-1] in ".!?…»" or (text[-1].isdigit() and ":" in text)


def _goes_on(blocks: tuple[Block, ...], place: int) -> bool:
    """Whether a line tells the post of the person on the line above: «Р. Серікова,» «әдіскер»."""
    above, text = blocks[place - 1].text, blocks[place].text
    if not above.endswith(",") or not _is_person(above) or len(text) > LONGEST:
        return False
    return any(map(_is_post, text.split()))


def _may_sign(block: Block) -> bool:
    text = block.text
    if block.kind is not BlockKind.PARAGRAPH or len(text) > LONGEST or not text[0].isupper():
        return False
    if len(text.split()) > MOST_WORDS or any(char in "!?:;…" or char.isdigit() for char in text):
        return False
    if text[-1] == "." and not (_INITIAL_END.search(text) or _is_post_and_name(text)):
        return False  # a sentence
    return is_department(text) or _is_person(text) or _has_post(text)


def is_department(text: str) -> bool:
    """Whether a line is the name of a part of a library."""
    line = text.lower().strip(" .,")
    if "." in line or "," in line:
        return False
    ends = any(line.endswith(f" {word}") for word in signature_words("departments"))
    begins = any(f"{line} ".startswith(f"{word} ") for word in signature_words("leading"))
    return ends or begins


def _is_person(text: str) -> bool:
    return _PERSON.fullmatch(text.rstrip(",")) is not None and all(
        word[0].isupper() for word in text.split()
    )


def _has_post(text: str) -> bool:
    """Whether a line is a person's name with the name of a post before or after it."""
    words = text.split()
    places = [n for n, word in enumerate(words) if _is_post(word)]
    if not places:
        return False
    before, after = words[: places[0]], words[places[-1] + 1 :]
    if after:
        plain = not any(char in "–—," for char in " ".join(words).rstrip(","))
        return plain and any(_is_person(" ".join(after[-size:])) for size in (1, 2, 3))
    # The post after the name, parted from it: «Айгүл Сейітова, балалар бөлімінің меңгерушісі».
    name = _DASH.split(" ".join(before), maxsplit=1)
    return not before or (len(name) > 1 and _is_person(name[0].strip())) or _is_place(before)


def _is_post_and_name(text: str) -> bool:
    """Whether a line with a full stop is a post and two names: «Кітапханашы Айгүл Сейітова.»"""
    words = text.rstrip(".").split()
    places = [n for n, word in enumerate(words) if _is_post(word)]
    if not places:
        return False
    before, after = words[: places[0]], words[places[-1] + 1 :]
    whose = not before or before[-1].lower().endswith(_GENITIVE)
    names = len(after) in (2, 3) and all(word.istitle() for word in after)
    return whose and names and _is_person(" ".join(after))


def _is_place(words: list[str]) -> bool:
    """Whether the words before a post only tell of what: «Балалар бөлімінің меңгерушісі»."""
    return len(words) <= MOST_BEFORE and all(word.isalpha() for word in words)


def _is_post(word: str) -> bool:
    return word.lower().strip(" .,–—-") in signature_words("posts")
