"""Names of events that the taxonomy does not know yet, for the administrator to look at.

They are looked for where reports put what was held: between a title in quotation marks and a
verb of holding (`«...» атты X өтті`), just before such a verb (`X өткізілді`), or just after it in
Russian (`прошёл X «...»`). Phrases with a known kind in them are left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from crawler.enrich.endings import kazakh_case_endings
from crawler.enrich.lexicon import Found
from crawler.enrich.passage import Passage, Token
from crawler.enrich.reading import KAZAKH_LETTERS, Marked, reading_of
from crawler.enrich.russian_names import ADJECTIVE
from crawler.enrich.wordlists import wordlist
from crawler.model import Article

EXAMPLES = 3
LONGEST = 3
SHORTEST = 4
MOST = 60
AROUND = 70
KNOWN = ("kind", "occasion", "topic", "place", "region", "kk-bodies", "ru-bodies", "kk-places")
ACCUSATIVE = "accusative"
POSSESSIVE = re.compile(r"(?:(?<=[аәеіиоөуұүыэюя])с)?[ыі]\Z")


@dataclass(frozen=True, slots=True)
class Example:
    """Where a name was found: the article's address and the words around it."""

    url: str
    words: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A name that no kind has, in how many articles it was told, and some of these."""

    name: str
    articles: int
    examples: tuple[Example, ...]


@cache
def _words(key: str) -> frozenset[str]:
    return frozenset(wordlist("proposals")[key])


def proposals(articles: Iterable[Article], least: int = 3) -> tuple[Proposal, ...]:
    """Unknown names told in at least so many articles, the most frequent first."""
    found: dict[str, list[Example]] = defaultdict(list)
    counts: dict[str, int] = defaultdict(int)
    for article in articles:
        for name, words in dict(_told(article)).items():
            counts[name] += 1
            if len(found[name]) < EXAMPLES:
                found[name].append(Example(article.url, words))
    rows = (Proposal(name, n, tuple(found[name])) for name, n in counts.items() if n >= least)
    return tuple(sorted(rows, key=lambda row: (-row.articles, row.name)))


def _told(article: Article) -> Iterator[tuple[str, str]]:
    """(name, words around it) of every unknown name in an article."""
    marked = reading_of(article).text
    passage = marked.passage
    known = {n for found in marked.tagged(*KNOWN) for n in range(found.first, found.last + 1)}
    for verb in marked.tagged("held")[:MOST]:
        if verb.key not in _words("verbs") or passage.in_quotes(verb.start):
            continue
        kazakh = _is_kazakh(marked, verb)
        span = _before(marked, verb) if kazakh else _after(marked, verb)
        if span is None or known & set(range(span[0], span[1] + 1)):
            continue
        titled = passage.quote_before(passage.tokens[span[0]].start) is not None
        name = _base(passage.tokens[span[0] : span[1] + 1], kazakh, titled)
        if name.rpartition(" ")[2] not in _words("never"):
            yield name, _around(passage, span, verb)


def _is_kazakh(marked: Marked, verb: Found) -> bool:
    start, end = marked.passage.sentence_span(marked.passage.sentence_of(verb.start))
    return bool(KAZAKH_LETTERS & set(marked.passage.low[start:end]))


def _before(marked: Marked, verb: Found) -> tuple[int, int] | None:
    """First and last token of what stands before a Kazakh verb."""
    passage, tokens = marked.passage, marked.passage.tokens
    last = verb.first - 1
    if last < 0 or not _is_noun(passage, tokens, last, joint_to=verb.start):
        return None
    if tokens[last].word.endswith(tuple(_words("kk_oblique"))):
        return None
    first = last
    titled = passage.quote_before(tokens[first].start) is not None
    while not titled and first and last - first < LONGEST - 1 and _leads(passage, tokens, first):
        first -= 1
        titled = passage.quote_before(tokens[first].start) is not None
    called = first > 0 and tokens[first - 1].word in _words("called")
    return (first, last) if titled or called else (last, last)


def _leads(passage: Passage, tokens: Sequence[Token], first: int) -> bool:
    """Whether the word before is part of the same name."""
    word = tokens[first - 1].word
    if (
        word in _words("called")
        or word in _words("outside")
        or passage.is_capital(tokens[first - 1])
    ):
        return False
    return _is_noun(passage, tokens, first - 1, joint_to=tokens[first].start)


def _after(marked: Marked, verb: Found) -> tuple[int, int] | None:
    """First and last token of what stands after a Russian verb: adjectives and a noun."""
    passage, tokens = marked.passage, marked.passage.tokens
    first, end = verb.last + 1, verb.end
    last = first
    while last < len(tokens) and last - first < LONGEST:
        if not _is_noun(passage, tokens, last, joint_from=end):
            return None
        if ADJECTIVE.match(tokens[last].word) is None:
            break
        end, last = tokens[last].end, last + 1
    else:
        return None
    while first < last and tokens[first].word in _words("outside"):
        first += 1
    return (first, last) if tokens[last].word not in _words("outside") else None


def _is_noun(
    passage: Passage,
    tokens: Sequence[Token],
    number: int,
    joint_to: int | None = None,
    joint_from: int | None = None,
) -> bool:
    """Whether a token may be a word of a name and joins on to what is beside it."""
    token = tokens[number]
    low = token.word
    if joint_to is not None and passage.text[token.end : joint_to].strip(" -–\u00a0"):
        return False
    if joint_from is not None and passage.text[joint_from : token.start].strip(" -–\u00a0"):
        return False
    plain = low.isalpha() and len(low) >= SHORTEST and not passage.in_quotes(token.start)
    return plain and low not in _words("never") and not passage.is_capital(token)


def _base(tokens: Sequence[Token], kazakh: bool, titled: bool) -> str:
    """The words, the last of a Kazakh name without the accusative's ending.

    Just after a title it is possessed by it, too: `«Көктем» библиотеатры`.
    """
    words = [token.word for token in tokens]
    if kazakh:
        ending = next((e for e in kazakh_case_endings(ACCUSATIVE) if words[-1].endswith(e)), "")
        cut = len(ending) > 1 or words[-1].endswith(("ын", "ін"))
        bare = words[-1].removesuffix(ending) if cut else words[-1]
        if titled:
            bare = POSSESSIVE.sub("", bare)
        words[-1] = bare if len(bare) >= SHORTEST else words[-1]
    return " ".join(words)


def _end(passage: Passage, span: tuple[int, int]) -> int:
    return passage.tokens[span[1]].end


def _around(passage: Passage, span: tuple[int, int], verb: Found) -> str:
    """The words before and after a name, within its sentence."""
    low, high = passage.sentence_span(passage.sentence_of(verb.start))
    first = max(low, passage.tokens[span[0]].start - AROUND)
    last = min(high, max(verb.end, _end(passage, span)) + AROUND // 2)
    return " ".join(passage.text[first:last].split())
