"""Captions, names of pictures and shortcodes of galleries that stand in the text."""

from __future__ import annotations

import re
from collections import Counter

from crawler.clean.rules import LONGEST
from crawler.clean.story import ENDINGS, folded, is_story, story_range, with_texts, without
from crawler.clean.wordlists import picture_marks
from crawler.model import Block, BlockKind, Draft

LONGEST_SERIES = 5_000  # characters of a line of nothing but numbered names
LONGEST_CAPTION = 160  # characters of an alternative text that may stand as a line

_SHORTCODE = re.compile(
    r"\{(?P<pair>gallery|phocagallery|vsig|besps|youtube|mp3|audio|video|pdf|source)\b[^{}]{0,300}\}"
    r"[^{}]{0,300}\{/(?P=pair)\}|"
    r"\[/?[a-z][a-z0-9]*(?:[_-][a-z0-9_-]*|\d[a-z0-9]*)?(?:\s[a-z_-]{1,30}\s?=[^\[\]]{0,300})?/?\]"
    r"|\{/?(?:loadposition|loadmodule|loadmoduleid|module|youtube|gallery|phocagallery|vsig|"
    r"besps|mp3|audio|video|rsform|source|plusone|jcomments|pdf|slider|tab|tabs|modal|article|"
    r"simplepopup|jb_[a-z]+|contentbottom|hwdvs-[a-z]+)\b[^{}]{0,300}\}"
)
_CODES = ("gallery", "caption", "embed", "video", "audio", "playlist")
_UNIT = re.compile(r"((?<!\w)(?:[^\W\d_]{1,30}[ _-]){1,3}?)(гл|бас|main|\d{1,3})(?=\s|\Z)")
_MARKED = re.compile(
    r"(?:\(\s{0,2}\))?\s{0,3}\b(?:изображение|сурет|image|слайд)\s?№\s?\d{1,4}", re.I
)
_GLUED = re.compile(r"[a-z]{2,20} \d{1,3}(?=[A-ZА-ЯӘҒҚҢӨҰҮІ][a-zа-яәғқңөұүі])")
_BRACKETS = re.compile(r"[\W_]+")
PATTERNS = (_SHORTCODE, _UNIT, _MARKED, _GLUED, _BRACKETS)


def strip_shortcodes(draft: Draft, repeated: frozenset[str]) -> Draft:
    """Codes of plug-ins that the site failed to render: `[smartslider3 slider=18]`."""
    found = {}
    for place, block in enumerate(draft.blocks):
        if "[" in block.text or "{" in block.text:
            text = " ".join(_SHORTCODE.sub(_code, block.text).split())
            if text != block.text:
                found[place] = text
    return with_texts(draft, found, "shortcode")


def _code(match: re.Match[str]) -> str:
    """Nothing for a code; `[sic]` and other plain words in brackets stay."""
    text = match[0]
    name = re.split(r"[\s\]/]", text.strip("[]/{}"), maxsplit=1)[0]
    is_code = text[0] == "{" or text[1] == "/" or "=" in text or name in _CODES
    return " " if is_code or re.search(r"[_\d]", name) else text


def drop_captions(draft: Draft, repeated: frozenset[str]) -> Draft:
    """Lines that only name pictures: their alternative texts, file names, numbered series."""
    alts = {folded(text) for image in draft.images for text in (image.alt, image.caption)}
    alts = {alt for alt in alts if 0 < len(alt) <= LONGEST_CAPTION}
    series = _series(draft.blocks)
    title = folded(draft.title or "") or "\0"
    found = {}
    for place, block in enumerate(draft.blocks):
        if block.kind in (BlockKind.ROW, BlockKind.HEADING):
            continue
        if _is_alt(block, alts) or _is_series(block, series) or _is_marked(block, title):
            found[place] = "caption"
    return without(draft, found)


def _is_alt(block: Block, alts: set[str]) -> bool:
    """Whether a line is the alternative text of the story's pictures, once or several in a row."""
    text = folded(block.text)
    if not text or len(text) > LONGEST_CAPTION or (is_story(block) and text not in alts):
        return False
    if text in alts:
        return block.text[-1] not in ".!?:;" or not is_story(block)
    rest = whole = f" {text} "
    for alt in sorted(alts, key=len, reverse=True)[:50]:
        rest = rest.replace(f" {alt} ", "  ", 20)
    return rest != whole and not _BRACKETS.sub("", rest)


def _series(blocks: tuple[Block, ...]) -> frozenset[str]:
    """Words before numbers in lines of nothing else, that come at least twice: `қарағанды 1`."""
    counts = Counter(stem for block in blocks for stem in _stems(block))
    return frozenset(stem for stem, count in counts.items() if count >= 2)


def _stems(block: Block) -> list[str]:
    text = block.text
    if len(text) > LONGEST_SERIES or not text[0].islower() or text[-1] in ENDINGS:
        return []
    rest = _UNIT.sub("", text)
    return [] if rest.strip() else [match[0].strip() for match in _UNIT.findall(text)]


def _is_series(block: Block, series: frozenset[str]) -> bool:
    stems = _stems(block)
    return bool(stems) and all(stem in series for stem in stems)


def _is_marked(block: Block, title: str) -> bool:
    """Whether a line is nothing but names of pictures and the story's title."""
    text = block.text.lower()
    if len(text) <= LONGEST and picture_marks().fullmatch(text):
        return True
    rest = _MARKED.sub(" ", text)
    if rest == text:
        return False
    pieces = {folded(piece) for piece in _MARKED.split(text) if _BRACKETS.sub("", piece)}
    return all(len(piece) <= LONGEST for piece in pieces) and len(pieces) < 2


def strip_glued_captions(draft: Draft, repeated: frozenset[str]) -> Draft:
    """Captions glued to a paragraph: `kniga 1To this day`, `Изображение №1...` at its end."""
    alts = [image.alt for image in draft.images if 0 < len(image.alt) <= LONGEST_CAPTION]
    found = {}
    for place, block in enumerate(draft.blocks):
        text = _without_head(block.text, alts)
        text = _without_tail(text, draft.title or "")
        if text != block.text and text:
            found[place] = text
    return with_texts(draft, found, "caption")


def _without_head(text: str, alts: list[str]) -> str:
    for alt in alts:
        rest = text[len(alt) :]
        if text.startswith(alt) and rest[:1].isupper() and alt[-1:].isalnum() and len(rest) > 40:
            return rest
    match = _GLUED.match(text)
    return text[match.end() :] if match else text


def _without_tail(text: str, title: str) -> str:
    """The text before a trailing series of marks, each perhaps with the title before it."""
    marks = list(_MARKED.finditer(text)) if "№" in text else []
    if not marks or text[marks[-1].end() :].strip():
        return text
    head = text[: marks[0].start()].rstrip()
    between = text[marks[0].end() : marks[1].start()].strip() if len(marks) > 1 else title
    return head.removesuffix(between or title).rstrip() if between or title else head


def drop_edge_fragments(draft: Draft, repeated: frozenset[str]) -> Draft:
    """Before and after the story: short lines in small letters without an end, names of files."""
    start, end = story_range(draft.blocks)
    found = {
        place: "caption"
        for place, block in enumerate(draft.blocks)
        if (place < start or place >= end) and start < end and _is_fragment(block)
    }
    return without(draft, found)


def _is_fragment(block: Block) -> bool:
    text = block.text
    return (
        block.kind is BlockKind.PARAGRAPH
        and text[0].islower()
        and text[-1] not in ENDINGS + ","
        and len(text.split()) <= 4
    )
