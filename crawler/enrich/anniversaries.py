"""Anniversaries that an event marks: `Абайдың 175 жылдығы`, `150-летие Ахмета Байтурсынова`."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left

from crawler.enrich.passage import Passage, Token
from crawler.enrich.reading import Marked, Reading
from crawler.enrich.wordlists import wordlist
from crawler.model import Evidence

EARLY = 8
MOST = 5
LOOKED_AT = 40
LONGEST = 5
YEARS = range(1900, 2101)
KAZAKH = re.compile(
    r"(?<![\d.,])(\d{1,4})[- \u00a0]?(?:жылдығ\w{0,30}|жылды[қғ]\w{0,30} (?:мерейтой"
    r"|торқалы той)\w{0,30}"
    r"|жыл(?:дық)? (?:мерейтой|тол(?:у|ды|ған|ып))\w{0,30})"
)
RUSSIAN = re.compile(
    r"(?<![\d.,])(\d{1,4})(?:[- \u00a0–]{1,3}(?:ти)?лет(?:и[еяюй]\w{0,2}|н\w{2,3} юбиле\w{1,30})"
    r"| лет со дня (?:рождения|основания|образования)"
    r"|[- ]?(?:й|я|ой|ую|ая) годовщин\w{1,30})"
)
OF_WHAT = re.compile(r"\s{1,4}(?:со дня (?:рождения|основания|образования))\b")
BORN = frozenset({"туғанына", "туылғанына", "келгеніне", "дүниеге", "құрылғанына", "ашылғанына"})
GENITIVE = ("ның", "нің", "дың", "дің", "тың", "тің")
ENDINGS = ("а", "я", "ы", "и", "ой", "ей", "ого", "его", "ых", "их", "ва", "на")


def anniversaries_of(reading: Reading) -> tuple[tuple[str, Evidence], ...]:
    """Whose anniversaries are told, each number once, with the words."""
    found: dict[str, tuple[str, Evidence]] = {}
    for marked in reading.both:
        for number, text, proof in itertools.chain(_kazakh(marked), _russian(marked)):
            known = found.get(number)
            if known is None or len(known[0].split()) <= 2 < len(text.split()):
                found[number] = (text, proof)
    return tuple(found.values())[:MOST]


def _matches(pattern: re.Pattern[str], passage: Passage) -> list[re.Match[str]]:
    rows = []
    for match in itertools.islice(pattern.finditer(passage.low), LOOKED_AT):
        years = int(match[1])
        early = passage.sentence_of(match.start()) < EARLY
        if early and years >= 5 and years not in YEARS:
            rows.append(match)
    return rows


def _kazakh(marked: Marked) -> list[tuple[str, str, Evidence]]:
    passage, tokens = marked.passage, marked.passage.tokens
    found = []
    for match in _matches(KAZAKH, passage):
        last = bisect_left(tokens, match.start(), key=_start)
        while last and tokens[last - 1].word in BORN:
            last -= 1
        first = _owner(passage, tokens, last)
        start = tokens[first].start if first < last else match.start()
        owner = passage.text[start : tokens[last - 1].end] if first < last else ""
        text = " ".join(f"{owner} {match[1]} жылдығы".split())
        found.append((match[1], text, marked.evidence("topics", start, match.end())))
    return found


def _owner(passage: Passage, tokens: tuple[Token, ...], last: int) -> int:
    """Where the words begin that name, in the genitive, whose anniversary it is."""
    if not last or not tokens[last - 1].word.endswith(GENITIVE):
        return last
    first = last - 1
    while first and last - first < LONGEST and _joins(passage, tokens, first - 1):
        first -= 1
    capital = any(passage.is_capital(token) for token in tokens[first:last])
    return first if capital else last - 1


def _joins(passage: Passage, tokens: tuple[Token, ...], number: int) -> bool:
    """Whether a word with a capital stands before another, initials among them."""
    token = tokens[number]
    joint = passage.text[token.end : tokens[number + 1].start]
    if (
        not passage.is_capital(token)
        or passage.in_quotes(token.start)
        or token.word in wordlist("titles")["ranks"]
    ):
        return False
    initial = len(token.word) <= 2
    return not joint.strip(" \u00a0-") or (initial and joint.strip() == ".")


def _russian(marked: Marked) -> list[tuple[str, str, Evidence]]:
    passage, tokens = marked.passage, marked.passage.tokens
    found = []
    for match in _matches(RUSSIAN, passage):
        end = match.end()
        more = OF_WHAT.match(passage.low, end)
        end = more.end() if more else end
        first = bisect_left(tokens, end, key=_start)
        last = _named(passage, tokens, first)
        owner = passage.text[tokens[first].start : tokens[last - 1].end] if last > first else ""
        whole = tokens[last - 1].end if last > first else match.end()
        text = f"{match[1]}-летие {owner}".strip()
        found.append((match[1], text, marked.evidence("topics", match.start(), whole)))
    return found


def _named(passage: Passage, tokens: tuple[Token, ...], first: int) -> int:
    """Where the genitives end that say whose anniversary it is; `first` where there are none."""
    last, capital = first, False
    while last < len(tokens) and last - first < LONGEST + 2:
        token = tokens[last]
        before = passage.text[tokens[last - 1].end : token.start] if last else ""
        initial = last > first and len(tokens[last - 1].word) <= 2 and before.strip() == "."
        if before.strip(" \u00a0-") and not initial:
            break
        big = passage.is_capital(token)
        if not big and (capital or not token.word.endswith(ENDINGS)):
            break
        capital = capital or big
        last += 1
    return last if capital else first


def _start(token: Token) -> int:
    return token.start
