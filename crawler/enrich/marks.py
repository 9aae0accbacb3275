"""What a report can be recognised by in another telling: titles in quotes, names of people.

Both are folded to Russian letters without endings, so that a Kazakh and a Russian report of one
event share them: `Айбек Жұмаділовтың` and `Айбек Жумадилов`.
"""

from __future__ import annotations

from functools import cache

from crawler.enrich.calendar import RUSSIAN_LETTERS, month_of
from crawler.enrich.fingerprint import normalised
from crawler.enrich.passage import WORD, Passage, folded
from crawler.enrich.wordlists import wordlist
from crawler.model import Article
from crawler.vocabulary import kinds, places, regions

STEM = 6
SHORTEST = 4
MOST = 200


@cache
def _common() -> frozenset[str]:
    """Stems of words with a capital that name no person: places, regions, topics, bodies."""
    table = wordlist("bodies")
    texts = [name for place in places() for name in (place.kk, place.ru, *place.also)]
    texts += [name for region in regions().values() for name in (region.kk, region.ru)]
    texts += [form for forms in wordlist("topics").values() for form in forms]
    texts += [*table["kk"]["bodies"], *table["kk"]["places"], *table["kk"]["modifiers"]]
    texts += [*table["ru"]["bodies"], *table["ru"]["places"], *table["ru"]["complements"]]
    texts += [form for kind in kinds().values() for form in (kind.kk, kind.ru, *kind.forms)]
    return frozenset(_stem(m.group()) for text in texts for m in WORD.finditer(folded(text)))


@cache
def _known_titles() -> frozenset[str]:
    """Campaigns and named kinds, which many events have in quotes."""
    texts = [form for forms in wordlist("topics").values() for form in forms]
    texts += [form for kind in kinds().values() for form in (kind.kk, kind.ru, *kind.forms)]
    return frozenset(normalised(text) for text in texts)


def _stem(word: str) -> str:
    return word.translate(RUSSIAN_LETTERS)[:STEM]


def titles_in(article: Article) -> frozenset[str]:
    """Titles of two or more words that stand in quotation marks, folded."""
    found = set()
    for passage in _passages(article):
        for start, end in passage.quoted[:MOST]:
            title = normalised(passage.text[start + 1 : end - 1])
            if 2 <= len(title.split()) <= 12 and title not in _known_titles():
                found.add(title.translate(RUSSIAN_LETTERS))
    return frozenset(found)


def names_in(article: Article) -> frozenset[str]:
    """Stems of words with a capital letter inside sentences: mostly names of people."""
    found = set()
    for passage in _passages(article):
        for token in passage.tokens:
            if len(token.word) < SHORTEST or not passage.is_capital(token):
                continue
            if passage.begins_sentence(token.start) or passage.text[token.start :][:4].isupper():
                continue
            if not _after_stop(passage, token.start) and month_of(token.word) is None:
                found.add(_stem(token.word))
    return frozenset(found - _common())


def _after_stop(passage: Passage, offset: int) -> bool:
    """Whether a dash, a colon or a quotation mark stands just before: no name for sure."""
    before = passage.text[max(0, offset - 3) : offset].rstrip()
    return before[-1:] in tuple('«“":–—-') or not before


def _passages(article: Article) -> tuple[Passage, Passage]:
    return Passage("title", article.title or ""), Passage("text", article.text)
