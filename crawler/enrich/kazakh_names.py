"""Kazakh names of bodies and places: the words before a head that belong to it.

`crawler/data/enrich/bodies.toml` tells which words may.
"""

from __future__ import annotations

import re
from functools import cache

from crawler.enrich.endings import NOMINATIVE, kazakh_case, kazakh_case_endings
from crawler.enrich.lexicon import Found
from crawler.enrich.name import Name
from crawler.enrich.passage import QUOTES, Passage, Token, folded
from crawler.enrich.reading import Marked, glued_places
from crawler.enrich.wordlists import wordlist

LONGEST = 16
LONGEST_ABBREVIATION = 8
APPOSED = re.compile(r"\s?[-‑–]\s?([^\W\d_]{2,4})\b")
# Letters in the first part of a compound such as `мектеп-гимназия`.
COMPOUND = 16
RUSSIAN = re.compile(r"\w{3}(?:ого|его|ому|ему|ск(?:ий|ая|ое|ой|им|ом)|н(?:ый|ая|ое|ой|ым|ом))\Z")
PREPOSITIONS = frozenset({"у", "возле", "около"})
NAMED_AFTER = frozenset({"атындағы", "ат", "атынд"})
DIVISIONS = ("облыс", "аудан", "қала", "ауыл", "кент", "республика", "округ", "өңір", "ел")
WHOLE_DIVISIONS = ("облысы", "ауданы", "қаласы", "ауылы", "кенті", "республикасы", "округі")
ADJECTIVE = re.compile(r"\w+(?:лық|лік|дық|дік|тық|тік)\Z")
PLURAL = re.compile(r"(?:лар|лер|дар|дер|тар|тер)(?:ы|і)")
GENITIVE = ("ның", "нің", "дың", "дің", "тың", "тің")
HYPHEN = re.compile(r"\w[-‑]\Z")
OBJECT = ("ға", "ге", "қа", "ке", "ны", "ні", "ты", "ті", "ды", "ді")
CASED = ("нда", "нде", "ды", "ді", "ты", "ті", "ны", "ні", "мен")
OURS = re.compile(r"(?:[ыі]м[ыі]з|(?<=[аеыі])м[ыі]з)\Z")
# What a body is for: `білім беретін`, `оңалту`, `тілдерді дамыту`, `зағиптар`.
PARTICIPLE = ("тын", "тін")
INFINITIVE = ("у", "ю")
OBJECT_OF = ("ды", "ді", "ты", "ті", "ны", "ні")
PLURAL_NOUN = re.compile(r"[^\W\d]{3,30}[лдт][ае]р\Z")
POSSESSED = re.compile(r"\w{2,40}[ыі](?:н|н[ыі]|н[ыі]ң|нда|нде|нан|нен|на|не|мен|ндағы|ндегі)?\Z")
# Words that begin the name of a body of some level.
LEVELS = frozenset({
    "облыстық", "қалалық", "аудандық", "ауылдық", "кенттік", "республикалық", "ұлттық",
    "мемлекеттік",
})  # fmt: skip
TOGETHER = (" бірл", " бірг")
HYPHENED = re.compile(r"(?<=[А-ЯӘҒҚҢӨҰҮҺІA-Z])[-‑–’'][а-яәғқңөұүһі]+\Z")


@cache
def _modifiers() -> frozenset[str]:
    return frozenset(word.lower() for word in wordlist("bodies")["kk"]["modifiers"])


@cache
def _outside() -> frozenset[str]:
    return frozenset(wordlist("bodies")["kk"]["outside"])


@cache
def _societies() -> frozenset[str]:
    return frozenset(wordlist("bodies")["kk"]["societies"])


def kazakh_name(marked: Marked, head: Found) -> Name | None:
    """The name that ends with this head, in base form; None for a plural (`libraries`)."""
    passage = marked.passage
    if _is_plural(passage, head) or _is_russian(passage, head):
        return None
    start, first = head.start, head.first
    for _ in range(LONGEST):
        quote = passage.quote_before(start)
        if quote is not None:
            start = quote
            while first and passage.tokens[first - 1].start >= start:
                first -= 1
            continue
        if first == 0 or not _belongs(marked, passage.tokens, first - 1, start):
            break
        first -= 1
        start = _with_number_sign(passage, passage.tokens[first])
    second = _after_partner(marked, start, head)
    if second is not None:
        first, start = second, _beginning(passage, second)
    first = _trimmed(passage, first, head.first)
    if passage.tokens[first].start > start and passage.text[start] not in QUOTES + "№":
        start = passage.tokens[first].start
    words = kazakh_base(passage.text[start : head.end], head.case).split()
    base = " ".join(glued_places().get(word.lower(), word) for word in words)
    if head.key[-1] == head.key[-2] and base.endswith(head.key[-3:-1]):
        base += head.key[-1]
    kind = "body" if head.tag.endswith("bodies") else "place"
    apposed = _in_apposition(passage, head)
    if apposed is not None:
        told, case, end = apposed
        return Name(start, end, f"{told} {base}", case, head.key, kind, "kk")
    return Name(start, head.end, base, head.case, head.key, kind, "kk")


def _after_partner(marked: Marked, start: int, head: Found) -> int | None:
    """Where the second of two bodies begins that did it together: `X-тің Y-мен бірлескен`."""
    passage = marked.passage
    if head.case != "instrumental" or not passage.low.startswith(TOGETHER, head.end):
        return None
    parts = head.key in wordlist("bodies")["kk"]["parts"]
    for one in reversed(marked.within(start, head.start, "kk-bodies", "kk-places")):
        after = passage.tokens[one.last + 1].word
        if one.case == "genitive" and (not parts or after in LEVELS):
            return one.last + 1
    return None


def _beginning(passage: Passage, number: int) -> int:
    """Where a name begins whose first word is this token: before its quotation mark or `№`."""
    start = passage.tokens[number].start
    return start - 1 if passage.text[start - 1] in QUOTES + "№" else start


def is_plain(name: Name) -> bool:
    """Whether common words alone stand before the head: `жастар ресурстық орталығы`."""
    words = folded(name.text).split()[:-1]
    return bool(words) and all(w in _modifiers() or ADJECTIVE.match(w) for w in words)


def _is_plural(passage: Passage, head: Found) -> bool:
    word = passage.tokens[head.last].word
    return PLURAL.match(word, len(folded(head.key).rpartition("-")[2])) is not None


def _is_russian(passage: Passage, head: Found) -> bool:
    """Whether a Russian word stands before one of both languages: `нового клуба`, `у мемориала`."""
    before = passage.tokens[head.first - 1].word if head.first else ""
    return before in PREPOSITIONS or RUSSIAN.search(before) is not None


def _with_number_sign(passage: Passage, token: Token) -> int:
    """Where a word begins, with the sign before a number."""
    sign = passage.text.find("№", max(0, token.start - 2), token.start)
    return sign if token.word.isdigit() and sign >= 0 else token.start


def _belongs(marked: Marked, tokens: tuple[Token, ...], number: int, start: int) -> bool:
    """Whether the token before a Kazakh name is part of it."""
    passage, token = marked.passage, tokens[number]
    joint, word = passage.text[token.end : start], token.word
    if joint in ("-", "‑"):
        return True
    if word in ("балалар", "оқушылар") and ADJECTIVE.match(tokens[number + 1].word):
        return False
    if word in _outside() or not _may_join(passage, tokens, number, joint):
        return False
    if _ends_another(marked, tokens, number, start):
        return False
    if word in GENITIVE and _is_hyphened(passage, tokens, number):
        return True
    if word in ("мен", "және"):
        return _between_modifiers(tokens, number)
    if word in NAMED_AFTER or word in _modifiers() or ADJECTIVE.match(word):
        return True
    if word.isdigit():
        return "№" in passage.text[max(0, token.start - 3) : token.start]
    return _is_part(marked, tokens, number)


def _ends_another(marked: Marked, tokens: tuple[Token, ...], number: int, start: int) -> bool:
    """Whether a body's bare word stands before a capital: there another name has ended."""
    passage, token = marked.passage, tokens[number]
    capital = passage.text[start] in QUOTES + "№" or passage.text[start].isupper()
    level = token.word != "орталық" and tokens[number + 1].word in LEVELS
    if not (capital or level) or token.word in NAMED_AFTER:
        return False
    bodies = marked.within(token.start, token.end, "kk-bodies")
    return any(one.end == token.end and one.case == NOMINATIVE for one in bodies)


def _is_hyphened(passage: Passage, tokens: tuple[Token, ...], number: int) -> bool:
    """Whether the token is an ending after an abbreviation: `ҚазҰУ-дың`."""
    before = tokens[number - 1]
    told = passage.text[before.start : before.end]
    joint = passage.text[before.end : tokens[number].start]
    return number > 0 and joint in ("-", "‑") and _is_abbreviation(told)


def _is_abbreviation(told: str) -> bool:
    return len(told) <= LONGEST_ABBREVIATION and sum(c.isupper() for c in told) >= 2


def abbreviated(marked: Marked) -> list[Found]:
    """Bodies told by an abbreviation that no list has: what follows `named after`."""
    passage, tokens = marked.passage, marked.passage.tokens
    made = []
    for number in range(1, len(tokens)):
        token = tokens[number]
        told = passage.text[token.start : token.end]
        if tokens[number - 1].word not in NAMED_AFTER or not _is_abbreviation(told):
            continue
        case, last = NOMINATIVE, number
        if number + 1 < len(tokens) and _is_hyphened(passage, tokens, number + 1):
            ending = kazakh_case(tokens[number + 1].word)
            case, last = (ending, number + 1) if ending else (case, last)
        end = tokens[last].end
        made.append(Found("kk-bodies", told, number, last, token.start, end, case))
    return made


def _in_apposition(passage: Passage, head: Found) -> tuple[str, str, int] | None:
    """What is quoted after a head and has the case of both (`орталығы «Мұра»-да`), case, end."""
    quote = passage.quote_after(head.end) if head.case == NOMINATIVE else None
    if quote is None:
        return None
    after = APPOSED.match(passage.low, quote)
    case = kazakh_case(after[1]) if after else None
    told = passage.text[head.end : quote].strip()
    return (told, case, after.end()) if after and case else None


def _is_part(marked: Marked, tokens: tuple[Token, ...], number: int) -> bool:
    """The same for words that no list has."""
    passage, token = marked.passage, tokens[number]
    genitive = token.word.endswith(GENITIVE)
    near = marked.within(max(0, token.start - COMPOUND), token.end, "kk-bodies", "kk-places")
    head = any(found.end == token.end for found in near)
    if head and not genitive:
        after = tokens[number + 1]
        owned = POSSESSED.match(token.word) and POSSESSED.match(after.word)
        next_head = marked.has(after.start, after.end, "kk-bodies", "kk-places")
        return bool(owned and next_head) or passage.text[token.start : token.end].isupper()
    if passage.is_capital(token):
        return _is_proper(marked, tokens, number)
    if genitive:
        return head or token.word.startswith(DIVISIONS)
    return token.word.endswith(WHOLE_DIVISIONS) or _is_purpose(marked, tokens, number)


def _is_purpose(marked: Marked, tokens: tuple[Token, ...], number: int) -> bool:
    """Whether a common word says what a body is for or of: `оңалту орталығы`, `зағиптар қоғамы`."""
    token, after = tokens[number], tokens[number + 1].word
    if token.word.endswith(PARTICIPLE) and len(token.word) > 6:
        return True
    if token.word.endswith(OBJECT_OF) and after.endswith(INFINITIVE):
        return True
    heads = marked.within(tokens[number + 1].start, tokens[number + 1].end, "kk-bodies")
    if not heads or not POSSESSED.match(after) or marked.has(token.start, token.end, "kind"):
        return False
    if token.word.endswith(INFINITIVE) and len(token.word) > 3:
        return True
    if PLURAL_NOUN.match(token.word):
        return heads[0].key in _societies()
    return _follows_town(marked, tokens, number)


def _follows_town(marked: Marked, tokens: tuple[Token, ...], number: int) -> bool:
    """Whether one bare word parts a body from its town: `Құлсары саз мектебі`."""
    if number == 0 or len(tokens[number].word) < 3:
        return False
    town = tokens[number - 1]
    if marked.passage.text[town.end : tokens[number].start] != " ":
        return False
    told = marked.within(town.start, town.end, "place")
    return any(one.end == town.end and one.case == NOMINATIVE for one in told)


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


def _is_proper(marked: Marked, tokens: tuple[Token, ...], number: int) -> bool:
    """Whether a word with a capital letter is part of a name, not the start of a sentence."""
    passage, token, after = marked.passage, tokens[number], tokens[number + 1].word
    if marked.has(token.start, token.end, "place", "region") or after in NAMED_AFTER:
        return True
    left = passage.text[max(0, token.start - 3) : token.start]
    before = "" if HYPHEN.search(left) else left.rstrip()[-1:]
    if passage.begins_sentence(token.start) or before in tuple("–—:-"):
        short = token.end - token.start <= 2
        if token.word.endswith(OBJECT):
            return False
        if _owns_next(marked, tokens, number):
            return True
        return after.startswith(DIVISIONS) or token.word.endswith(GENITIVE) or short
    if after.endswith(("дық", "дік", "тық", "тік", "лық", "лік")):
        return True
    return not (token.word.endswith(CASED) and len(token.word) > 7)


def _owns_next(marked: Marked, tokens: tuple[Token, ...], number: int) -> bool:
    """Whether a house of it follows at once (`Жеңіс монументі`), and it is no kind of event."""
    token, after = tokens[number], tokens[number + 1]
    if not POSSESSED.match(after.word) or marked.has(token.start, token.end, "kind", "occasion"):
        return False
    return marked.has(after.start, after.end, "kk-places", "kk-bodies")


def _trimmed(passage: Passage, first: int, last: int) -> int:
    """Words that cannot begin a name are left out."""
    while first < last and passage.tokens[first].word in ("мен", "және", "бар", "көрсету", "№"):
        first += 1
    return first


def kazakh_base(text: str, case: str) -> str:
    """A Kazakh name without the ending of its case; `ОКЖ-нің` becomes `ОКЖ`."""
    hyphened = HYPHENED.search(text)
    if hyphened:
        return text[: hyphened.start()]
    if case == NOMINATIVE:
        return _not_ours(text)
    for ending in kazakh_case_endings(case):
        if text.lower().endswith(ending):
            bare = text[: -len(ending)]
            own = bare[-1:].lower() in "ыі"
            if own or not ending.startswith("н") or ending in ("ның", "нің", "ны", "ні"):
                return _not_ours(bare)
    return _not_ours(text)


def _not_ours(text: str) -> str:
    """`балалар залымыз` (our hall) as others call it: `балалар залы`; `кітапханамыз` bare."""
    found = OURS.search(text)
    if found is None:
        return text
    stem = text[: found.start()]
    if " " not in text:
        return stem
    soft = found[0].endswith("із")
    vowel = found[0].startswith("м")
    return stem + ("сі" if soft else "сы") if vowel else stem + ("і" if soft else "ы")
