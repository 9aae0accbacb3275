"""Russian names of bodies and places: adjectives before a head, genitives and titles after it.

`crawler/data/enrich/bodies.toml` tells which words may follow, and the gender of each head, by
which the adjectives are put into the nominative.
"""

from __future__ import annotations

import re
from functools import cache

from crawler.enrich.endings import NOMINATIVE
from crawler.enrich.lexicon import Found
from crawler.enrich.name import Name
from crawler.enrich.passage import Passage, Token, folded
from crawler.enrich.reading import Marked
from crawler.enrich.wordlists import wordlist

LONGEST = 16
ENDINGS = "ый|ий|ой|ая|яя|ое|ее|ого|его|ому|ему|ом|ем|ым|им|ую|юю|ей|ых|их"
ADJECTIVE = re.compile(rf"(\w{{2,}}\w)({ENDINGS})\Z")
SOFT = ("яя", "ее", "его", "ему", "ем", "юю", "ей")
AGREEING = (
    ("ая", "яя"), ("ую", "юю"), ("ой", "ей"), ("ый", "ий", "ой"), ("ое", "ее"),
    ("ого", "его"), ("ому", "ему"), ("ым", "им"), ("ом", "ем"), ("ых", "их"),
)  # fmt: skip
SETTLEMENTS = frozenset({"с", "п", "а", "г", "пос", "пгт", "ст"})
# A lower-case noun in the genitive; past tenses, participles and adverbs end otherwise.
GENITIVE = re.compile(
    r"\w{2,}(?:ии|ния|ства|тва|ости|[аоеия]ми|ов|ев|ьи|[^с]ки|[^аея]ны|[рмзпсцт]ы|ги|жи|ши)\Z"
)
PARTICIPLE = re.compile(
    r"(?:нн|вш|щ|ем|им)(?:ый|ий|ая|ое|ее|ые|ие|ого|его|ой|ей|ому|ему|ым|им|ом|ем|ую)\Z"
)
# What was held by a body is no part of its name.
MADE_BY = re.compile(
    r"(?:организованн|подготовленн|проведенн|проводим|инициированн|устроенн|объявленн|разработанн)"
)
DIVISIONS = ("района", "города", "области", "села", "поселка", "г", "аула")


@cache
def _complements() -> frozenset[str]:
    return frozenset(wordlist("bodies")["ru"]["complements"])


@cache
def _not_adjectives() -> frozenset[str]:
    return frozenset(wordlist("bodies")["ru"]["not_adjectives"])


@cache
def _offices() -> frozenset[str]:
    return frozenset(wordlist("bodies")["ru"]["offices"])


def _is_adjective(word: str) -> bool:
    return (
        not MADE_BY.match(word)
        and ADJECTIVE.match(word) is not None
        and word not in _not_adjectives()
    )


def russian_name(marked: Marked, head: Found) -> Name:
    """The name around this head, its adjectives and the head itself in the nominative."""
    passage, tokens = marked.passage, marked.passage.tokens
    first = _first(passage, head.first)
    end = _end(marked, head)
    word, _, gender = head.key.rpartition(" ")
    told = tokens[head.last].word
    case = NOMINATIVE if told == folded(word).rpartition("-")[2] else "other"
    lead = _lead(passage, first, head.first, gender)
    capital = passage.text[head.start].isupper() and not word.isupper()
    noun = (word.capitalize() if capital else word) + passage.text[head.end : end]
    kind = "body" if head.tag.endswith("bodies") else "place"
    text = " ".join((lead + noun).split())
    return Name(tokens[first].start, end, text, case, word, kind, "ru")


def _first(passage: Passage, head: int) -> int:
    """The token that the adjectives before a head begin with, parts of compounds included."""
    tokens, first = passage.tokens, head
    while first and head - first < 8:
        before = tokens[first - 1]
        joint = passage.text[before.end : tokens[first].start]
        if joint in ("-", "‑"):
            first -= 1
            continue
        if joint.strip() or not _is_adjective(before.word):
            break
        if first < head and not _agree(before.word, _whole(passage, first, head)):
            break
        first -= 1
    return first


def _whole(passage: Passage, number: int, head: int) -> str:
    """The last part of the compound that begins with a token: it has the ending."""
    tokens = passage.tokens
    while number + 1 < head:
        if passage.text[tokens[number].end : tokens[number + 1].start] not in ("-", "‑"):
            break
        number += 1
    return tokens[number].word


def _lead(passage: Passage, first: int, head: int, gender: str) -> str:
    """The adjectives in the nominative, with what joins them."""
    parts = []
    for number in range(first, head):
        token = passage.tokens[number]
        joint = passage.text[token.end : passage.tokens[number + 1].start]
        word = passage.text[token.start : token.end]
        inner = joint in ("-", "‑")
        parts.append((word if inner else _nominative(word, gender)) + joint)
    return "".join(parts)


def _agree(one: str, two: str) -> bool:
    """Whether two adjectives can stand in one case, by their endings."""
    a, b = ADJECTIVE.match(one), ADJECTIVE.match(two)
    if a is None or b is None:
        return True
    return any(a[2] in alike and b[2] in alike for alike in AGREEING)


def _nominative(word: str, gender: str) -> str:
    """A Russian adjective in the nominative of a gender."""
    match = ADJECTIVE.match(word)
    if match is None:
        return word
    stem, ending = match[1], match[2]
    hushing = stem[-1:].lower() in "шщжч"
    soft = ending in SOFT and not hushing
    if gender == "f":
        return stem + ("яя" if soft else "ая")
    if gender == "n":
        return stem + ("ее" if soft or hushing else "ое")
    if stem.lower() in wordlist("bodies")["ru"]["stressed"]:
        return stem + "ой"
    return stem + ("ий" if soft or stem[-1:].lower() in "кгхшщжч" else "ый")


def _end(marked: Marked, head: Found) -> int:
    """Where the genitives, numbers and quotations after a Russian head end."""
    passage, tokens = marked.passage, marked.passage.tokens
    number, end = head.last + 1, head.end
    for _ in range(LONGEST):
        quote = passage.quote_after(end)
        if quote is not None:
            end = quote
            while number < len(tokens) and tokens[number].start < end:
                number += 1
            continue
        taken = _after(marked, number, end)
        if not taken and head.key.rpartition(" ")[0] in _offices() and number - head.last <= 2:
            taken = _of_what(marked, number, end)
        if not taken and head.tag == "ru-places":
            taken = _beside(marked, number, end)
        if not taken and number == head.last + 1 and head.tag == "ru-places":
            taken = _honoured(passage, number, end)
        if not taken:
            break
        number += taken
        end = tokens[number - 1].end
    return end - len(" для") if passage.low.endswith(" для", 0, end) else end


def _of_what(marked: Marked, number: int, end: int) -> int:
    """The genitive after an office, a centre, a fund: what it is for, whatever the word."""
    passage, tokens = marked.passage, marked.passage.tokens
    if number >= len(tokens) or passage.text[end : tokens[number].start].strip():
        return 0
    ahead = _past_adjectives(marked, number)
    if ahead >= len(tokens) or passage.text[tokens[ahead - 1].end : tokens[ahead].start].strip():
        return 0
    noun = tokens[ahead]
    plural = ahead > number and tokens[ahead - 1].word.endswith(("ых", "их"))
    if passage.is_capital(noun) or not (plural or GENITIVE.match(noun.word)):
        return 0
    verb = marked.has(noun.start, noun.end, "held", "holding", "organised")
    return 0 if verb else ahead - number + 1


def _beside(marked: Marked, number: int, end: int) -> int:
    """What a square, a meadow or a hall lies at: `площадь у школы`."""
    passage, tokens = marked.passage, marked.passage.tokens
    if number >= len(tokens) or tokens[number].word not in wordlist("bodies")["ru"]["beside"]:
        return 0
    if passage.text[end : tokens[number].start].strip():
        return 0
    for ahead in range(number + 1, min(number + 4, len(tokens))):
        token = tokens[ahead]
        if marked.has(token.start, token.end, "ru-bodies", "ru-places"):
            return ahead - number + 1
        if not _is_adjective(token.word):
            break
    return 0


def _honoured(passage: Passage, number: int, end: int) -> int:
    """The words with a capital just after a square or a park: whom or what it is named after."""
    tokens = passage.tokens
    if number >= len(tokens) or passage.text[end : tokens[number].start].strip():
        return 0
    return min(2, _capitals(passage, tokens, number))


def _after(marked: Marked, number: int, end: int) -> int:
    """How many tokens after a Russian name belong to it, 0 when none."""
    passage, tokens = marked.passage, marked.passage.tokens
    if number >= len(tokens):
        return 0
    joint = passage.text[end : tokens[number].start].strip()
    word = tokens[number].word
    if word.isdigit() or (word.isascii() and passage.is_capital(tokens[number])):
        return 1 if joint == ("№" if word.isdigit() else "") else 0
    if word in ("имени", "им") and not joint:
        return 1 + _capitals(passage, tokens, number + 1)
    if word in SETTLEMENTS and not joint:
        return _abbreviated(passage, tokens, number)
    if word == "и" and not joint:
        return _and(marked, number)
    if joint not in ("", ",") or (joint and PARTICIPLE.search(word)):
        return 0
    taken = _genitive(marked, number, joint)
    return taken or (0 if joint else _town(marked, number))


def _and(marked: Marked, number: int) -> int:
    """`and` with another thing that a body is for: `культуры и архивного дела`."""
    tokens = marked.passage.tokens
    if number + 1 >= len(tokens):
        return 0
    ahead = _past_adjectives(marked, number + 1)
    noun = tokens[ahead]
    if noun.word not in _complements() or _is_adjective(noun.word):
        return 0
    if marked.has(noun.start, noun.end, "ru-bodies", "ru-places"):
        return 0
    return ahead - number + 1


def _town(marked: Marked, number: int) -> int:
    """1 where the town of a body or a place follows it: `городской парк Павлодара`."""
    token = marked.passage.tokens[number]
    if not marked.passage.is_capital(token) or token.word.endswith("ская"):
        return 0
    found = marked.within(token.start, token.end, "place")
    noun = ADJECTIVE.match(token.word) is None
    return 1 if noun and any(place.end == token.end for place in found) else 0


def _abbreviated(passage: Passage, tokens: tuple[Token, ...], number: int) -> int:
    """A settlement with its word cut short, as in `с. Подстепное`."""
    if number + 1 >= len(tokens) or not passage.is_capital(tokens[number + 1]):
        return 0
    joint = passage.text[tokens[number].end : tokens[number + 1].start]
    return 2 if joint.strip(" \u00a0") == "." else 0


def _genitive(marked: Marked, number: int, joint: str) -> int:
    """Adjectives and a noun that a body is of, or the name of a district after its word."""
    passage, tokens = marked.passage, marked.passage.tokens
    if tokens[number].word in _complements() and not joint:
        return 1
    ahead = _past_adjectives(marked, number)
    if ahead < len(tokens) and "." not in passage.text[tokens[number].start : tokens[ahead].start]:
        noun = tokens[ahead]
        body = [
            found
            for found in marked.within(noun.start, noun.end, "ru-bodies")
            if found.key[:2].isupper() or folded(found.key.rpartition(" ")[0]) != noun.word
        ]
        if (noun.word in _complements() or body) and not (joint and body):
            return ahead - number + 1
    if tokens[number - 1].word in DIVISIONS and not joint:
        return _capitals(passage, tokens, number)
    return 0


def _past_adjectives(marked: Marked, number: int) -> int:
    """The token after the adjectives that begin here, compounds with hyphens among them."""
    passage, tokens, ahead = marked.passage, marked.passage.tokens, number
    while ahead + 1 < len(tokens) and ahead - number < 6:
        joint = passage.text[tokens[ahead].end : tokens[ahead + 1].start]
        here = tokens[ahead]
        if joint not in ("-", "‑") and not _is_adjective(here.word):
            break
        # `библиотекой` ends like an adjective.
        if marked.has(here.start, here.end, "ru-bodies", "ru-places"):
            break
        ahead += 1
    return ahead


def _capitals(passage: Passage, tokens: tuple[Token, ...], number: int) -> int:
    """How many words with a capital letter, initials among them, stand here in a row."""
    count = 0
    for token in tokens[number : number + 4]:
        if not passage.is_capital(token) or (count and _parted(passage, tokens, number + count)):
            break
        count += 1
    return count


def _parted(passage: Passage, tokens: tuple[Token, ...], number: int) -> bool:
    """Whether more than a space, a hyphen or an initial's stop stands before a token."""
    before = tokens[number - 1]
    joint = passage.text[before.end : tokens[number].start].strip(" -‑\u00a0")
    return bool(joint) and not (joint == "." and before.end - before.start == 1)
