"""Names of libraries, other bodies and rooms in a text, brought to their base form.

A name is a head (`кітапхана`, `управление`) with the words that belong to it: in Kazakh they
stand before it, in Russian adjectives before and genitives after. Which words may, is told by
`crawler/data/enrich/bodies.toml`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from crawler.enrich.calendar import RUSSIAN_LETTERS
from crawler.enrich.endings import NOMINATIVE, kazakh_case_endings
from crawler.enrich.lexicon import Found
from crawler.enrich.passage import WORD, Passage, Token, folded
from crawler.enrich.reading import Marked, Reading
from crawler.enrich.wordlists import wordlist

LONGEST = 16
STEM = 4
NAMED_AFTER = frozenset({"атындағы", "ат", "атынд"})
DIVISIONS = (
    "облыс",
    "аудан",
    "қала",
    "ауыл",
    "кент",
    "республика",
    "округ",
    "өңір",
    "ел",
    "кентінд",
)
ADJECTIVE = re.compile(r"\w+(?:лық|лік|дық|дік|тық|тік)\Z")
QUOTES = '«“"'
PLURAL = re.compile(r"(?:лар|лер|дар|дер|тар|тер)(?:ы|і)")
GENITIVE = ("ның", "нің", "дың", "дің", "тың", "тің")
RUSSIAN_ADJECTIVE = re.compile(
    r"\w{3,}(?:ый|ий|ой|ая|яя|ое|ее|ого|его|ому|ему|ом|ем|ым|им|ую|юю|ей|ых|их)\Z"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name: offsets in its passage, `text` in base form, the case it stood in, its head.

    `kind` is `body` or `place`; `language` that of the word, `kk` or `ru`.
    """

    start: int
    end: int
    text: str
    case: str
    head: str
    kind: str
    language: str

    @property
    def is_proper(self) -> bool:
        """Whether it says more than the bare head (`кітапхана` is any library)."""
        return len(WORD.findall(self.text)) > 1 or self.text.isupper()


@lru_cache(maxsize=4096)
def name_stems(text: str) -> frozenset[str]:
    """The words of a name cut to what no case changes, abbreviations written out."""
    words: list[str] = []
    for match in WORD.finditer(text):
        whole = wordlist("abbreviations").get(match.group(), match.group())
        words += [m.group() for m in WORD.finditer(folded(whole))]
    return frozenset(word.translate(RUSSIAN_LETTERS)[:STEM] for word in words)


def same_name(one: str, two: str) -> bool:
    """Whether two names are one, the shorter being part of the longer."""
    a, b = name_stems(one), name_stems(two)
    return bool(a) and bool(b) and (a <= b or b <= a)


def names_of(reading: Reading) -> dict[str, list[Name]]:
    """The names in the title and in the text, by `where`."""
    return {marked.passage.where: names(marked) for marked in reading.both}


def names(marked: Marked) -> list[Name]:
    """Every name of a body or a place, in order; of nested ones the outermost."""
    found = [
        _kazakh(marked, head)
        for head in marked.tagged("kk-bodies", "kk-places")
        if not _is_plural(marked.passage, head)
    ]
    found += [_russian(marked, head) for head in marked.tagged("ru-bodies", "ru-places")]
    found.sort(key=lambda name: (name.start, -name.end))
    kept: list[Name] = []
    for name in found:
        if not kept or name.end > kept[-1].end:
            kept.append(name)
    return [name for name in kept if not _is_quoted(marked.passage, name)]


def _is_quoted(passage: Passage, name: Name) -> bool:
    """Whether the name stands inside a title, and does not have one in it."""
    return passage.in_quotes(name.start) and passage.text[name.start] not in QUOTES


def _is_plural(passage: Passage, head: Found) -> bool:
    word = passage.tokens[head.last].word
    return PLURAL.match(word, len(folded(head.key).rpartition("-")[2])) is not None


@cache
def _modifiers() -> frozenset[str]:
    return frozenset(word.lower() for word in wordlist("bodies")["kk"]["modifiers"])


@cache
def _outside() -> frozenset[str]:
    return frozenset(wordlist("bodies")["kk"]["outside"])


def _kazakh(marked: Marked, head: Found) -> Name:
    passage = marked.passage
    start, first = head.start, head.first
    for _ in range(LONGEST):
        quote = _quote_before(passage, start)
        if quote is not None:
            start = quote
            while first and passage.tokens[first - 1].start >= start:
                first -= 1
            continue
        if first == 0 or not _belongs(marked, passage.tokens, first - 1, start):
            break
        first -= 1
        start = passage.tokens[first].start
    first = _trimmed(passage, first, head.first)
    if passage.tokens[first].start > start and passage.text[start] not in '«“"':
        start = passage.tokens[first].start
    text = passage.text[start : head.end]
    kind = "body" if head.tag.endswith("bodies") else "place"
    return Name(start, head.end, kazakh_base(text, head.case), head.case, head.key, kind, "kk")


def _quote_before(passage: Passage, start: int) -> int | None:
    """Where a quotation begins that ends just before this offset."""
    edge = len(passage.text[:start].rstrip())
    for begin, end in reversed(passage.quoted):
        if end == edge and end - begin < 60:
            return begin
        if end < edge:
            break
    return None


def _belongs(marked: Marked, tokens: tuple[Token, ...], number: int, start: int) -> bool:
    """Whether the token before a Kazakh name is part of it."""
    passage, token = marked.passage, tokens[number]
    joint = passage.text[token.end : start]
    word = token.word
    if word in _outside() or not _may_join(passage, tokens, number, joint):
        return False
    if word in NAMED_AFTER or word in ("мен", "және"):
        return word in NAMED_AFTER or _between_modifiers(tokens, number)
    if word in _modifiers() or ADJECTIVE.match(word):
        return True
    if word.isdigit():
        return "№" in passage.text[max(0, token.start - 3) : token.start]
    if passage.is_capital(token):
        return _proper(marked, tokens, number)
    if word.endswith(GENITIVE):
        heads = marked.within(token.start, token.end, "kk-bodies", "kk-places")
        return bool(heads) or word.startswith(DIVISIONS)
    return word.startswith(DIVISIONS) and kazakh_division(word)


def kazakh_division(word: str) -> bool:
    """Whether a word such as `ауданы` stands in the nominative."""
    return word.endswith(("облысы", "ауданы", "қаласы", "ауылы", "кенті", "республикасы", "округі"))


def _may_join(passage: Passage, tokens: tuple[Token, ...], number: int, joint: str) -> bool:
    bare = joint.strip(" \u00a0-‑№")
    if not bare:
        return "\n" not in joint
    token = tokens[number]
    if bare == ".":
        initial = token.end - token.start <= 2 and passage.is_capital(token)
        return initial or token.word in NAMED_AFTER
    words = _modifiers()
    return bare == "," and token.word in words and tokens[number + 1].word in words


def _between_modifiers(tokens: tuple[Token, ...], number: int) -> bool:
    if number == 0:
        return False
    around = (tokens[number - 1].word, tokens[number + 1].word)
    return all(word in _modifiers() and not ADJECTIVE.match(word) for word in around)


def _proper(marked: Marked, tokens: tuple[Token, ...], number: int) -> bool:
    """Whether a word with a capital letter is part of a name, not the start of a sentence."""
    passage, token = marked.passage, tokens[number]
    known = marked.has(token.start, token.end, "place", "region")
    case_words = token.word.endswith(("нда", "нде", "ды", "ді", "ты", "ті", "ны", "ні", "мен"))
    if token.start in passage.sentences or passage.text[: token.start].rstrip()[-1:] in "–—:-":
        known = known or marked.has(token.start, token.end, "kk-bodies", "kk-places")
        after = tokens[number + 1].word
        named = after in NAMED_AFTER or after.startswith(DIVISIONS)
        return known or named or token.word.endswith(GENITIVE) or token.end - token.start <= 2
    return (
        known or not (case_words and len(token.word) > 7) or tokens[number + 1].word in NAMED_AFTER
    )


def _trimmed(passage: Passage, first: int, last: int) -> int:
    """Words that cannot begin a name are left out."""
    while first < last and passage.tokens[first].word in ("мен", "және", "бар", "көрсету", "№"):
        first += 1
    return first


def kazakh_base(text: str, case: str) -> str:
    """A Kazakh name without the ending of its case; `ОКЖ-нің` becomes `ОКЖ`."""
    hyphened = re.search(r"(?<=[А-ЯӘҒҚҢӨҰҮҺІA-Z])[-‑–’'][а-яәғқңөұүһі]+\Z", text)
    if hyphened:
        return text[: hyphened.start()]
    if case == NOMINATIVE:
        return text
    for ending in kazakh_case_endings(case):
        if text.lower().endswith(ending):
            bare = text[: -len(ending)]
            own = bare[-1:].lower() in "ыі"
            if own or not ending.startswith("н") or ending in ("ның", "нің", "ны", "ні"):
                return bare
    return text


@cache
def _complements() -> frozenset[str]:
    return frozenset(wordlist("bodies")["ru"]["complements"])


@cache
def _not_adjectives() -> frozenset[str]:
    return frozenset(wordlist("bodies")["ru"]["not_adjectives"])


def _is_adjective(word: str) -> bool:
    return RUSSIAN_ADJECTIVE.match(word) is not None and word not in _not_adjectives()


def _russian(marked: Marked, head: Found) -> Name:
    passage, tokens = marked.passage, marked.passage.tokens
    first = head.first
    while first and head.first - first < 6 and _is_adjective(tokens[first - 1].word):
        if passage.text[tokens[first - 1].end : tokens[first].start].strip("-‑ "):
            break
        first -= 1
    end = _russian_end(marked, head)
    word, _, gender = head.key.rpartition(" ")
    told = tokens[head.last].word
    case = NOMINATIVE if told == folded(word).rpartition("-")[2] else "other"
    adjectives = [_nominative(_told(passage, t), gender) for t in tokens[first : head.first]]
    lead = " ".join(adjectives)
    noun = word if word.isupper() or not _capital(passage, head.start) else word.capitalize()
    rest = passage.text[head.end : end]
    text = f"{lead} {noun}{rest}".strip()
    kind = "body" if head.tag.endswith("bodies") else "place"
    return Name(tokens[first].start, end, text, case, word, kind, "ru")


def _told(passage: Passage, token: Token) -> str:
    return passage.text[token.start : token.end]


def _capital(passage: Passage, offset: int) -> bool:
    return passage.text[offset].isupper()


def _nominative(word: str, gender: str) -> str:
    """A Russian adjective in the nominative of a gender."""
    match = re.match(
        r"(.+?)(ый|ий|ой|ая|яя|ое|ее|ого|его|ому|ему|ом|ем|ым|им|ую|юю|ей|ых|их)\Z", word
    )
    if match is None:
        return word
    stem, ending = match[1], match[2]
    hushing = stem[-1:].lower() in "шщжч"
    soft = ending in ("яя", "ее", "его", "ему", "ем", "юю", "ей") and not hushing
    if gender == "f":
        return stem + ("яя" if soft else "ая")
    if gender == "n":
        return stem + ("ее" if soft or hushing else "ое")
    if stem.lower() in wordlist("bodies")["ru"]["stressed"]:
        return stem + "ой"
    return stem + ("ий" if soft or stem[-1:].lower() in "кгхшщжч" else "ый")


def _russian_end(marked: Marked, head: Found) -> int:
    """Where the genitives, numbers and quotations after a Russian head end."""
    passage, tokens = marked.passage, marked.passage.tokens
    number, end = head.last + 1, head.end
    for _ in range(LONGEST):
        quote = _quote_after(passage, end)
        if quote is not None:
            end = quote
            while number < len(tokens) and tokens[number].start < end:
                number += 1
            continue
        taken = _after(marked, number, end)
        if not taken:
            return end
        number += taken
        end = tokens[number - 1].end
    return end


def _quote_after(passage: Passage, end: int) -> int | None:
    rest = passage.text[end : end + 2]
    edge = end + len(rest) - len(rest.lstrip())
    for begin, stop in passage.quoted:
        if begin == edge and stop - begin < 60:
            return stop
    return None


def _after(marked: Marked, number: int, end: int) -> int:
    """How many tokens after a Russian name belong to it, 0 when none."""
    passage, tokens = marked.passage, marked.passage.tokens
    if number >= len(tokens):
        return 0
    joint = passage.text[end : tokens[number].start].strip()
    word = tokens[number].word
    if word.isdigit():
        return 1 if joint == "№" else 0
    if word in ("имени", "им") and not joint:
        return 1 + _capitals(passage, tokens, number + 1)
    if word == "и" and not joint:
        return 2 if number + 1 < len(tokens) and tokens[number + 1].word in _complements() else 0
    if joint not in ("", ","):
        return 0
    return _genitive(marked, number, joint)


def _genitive(marked: Marked, number: int, joint: str) -> int:
    """Adjectives and a noun that a body is of, or the name of a district after its word."""
    passage, tokens = marked.passage, marked.passage.tokens
    ahead = number
    while ahead < len(tokens) and ahead - number < 4 and _is_adjective(tokens[ahead].word):
        ahead += 1
    if ahead < len(tokens) and "." not in passage.text[tokens[number].start : tokens[ahead].start]:
        noun = tokens[ahead]
        body = marked.within(noun.start, noun.end, "ru-bodies")
        if noun.word in _complements() or (body and not joint):
            return ahead - number + 1
    before = tokens[number - 1].word
    if before in ("района", "города", "области", "села", "поселка", "г", "аула") and not joint:
        return _capitals(passage, tokens, number)
    return 0


def _capitals(passage: Passage, tokens: tuple[Token, ...], number: int) -> int:
    """How many words with a capital letter, initials among them, stand here in a row."""
    count = 0
    while number + count < len(tokens) and count < 4 and passage.is_capital(tokens[number + count]):
        if count:
            joint = passage.text[tokens[number + count - 1].end : tokens[number + count].start]
            initial = tokens[number + count - 1].end - tokens[number + count - 1].start == 1
            if joint.strip(" -‑\u00a0") not in ("", ".") or ("." in joint and not initial):
                break
        count += 1
    return count
