"""An article as the finders of facts read it: title and text with every known phrase marked."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from crawler.enrich.lexicon import Found, Lexicon
from crawler.enrich.passage import LIMIT, Passage
from crawler.enrich.wordlists import wordlist
from crawler.model import Article, Evidence
from crawler.vocabulary import Place, kinds, places, regions

BOTH = ("kk", "ru")
# More phrases of a kind in one sentence than this are not looked at.
MOST = 40
KAZAKH_LETTERS = frozenset("әғқңөұүһі")


def _languages(phrase: str) -> tuple[str, ...]:
    return ("kk",) if KAZAKH_LETTERS & set(phrase.lower()) else BOTH


def _add_kinds(lexicon: Lexicon) -> None:
    for kind in kinds().values():
        lexicon.add(kind.kk, "kind", kind.id, ("kk",))
        lexicon.add(kind.ru, "kind", kind.id, ("ru",))
        for form in kind.forms:
            lexicon.add(form, "kind", kind.id, _languages(form))
        for sign in kind.signs:
            lexicon.add(sign, "sign", kind.id, ("",))


def _district_names(place: Place) -> Iterator[tuple[str, str]]:
    """(name, language) of a district with its word for district."""
    for kk in (place.kk, *(a for a in place.also if not a.lower().endswith(("ий", "ауданы")))):
        yield f"{kk} ауданы", "kk"
        yield f"{kk} аудандық", "kk"
        yield f"{kk} аудандары", "kk"
    for ru in (place.ru, *(a for a in place.also if a.lower().endswith("ий"))):
        yield (ru if ru.startswith("район") else f"{ru} район"), "ru"
        if not ru.startswith("район"):
            yield f"{ru} районная", "ru"
    for name in place.also:
        if name.startswith("район") or name.endswith("ауданы"):
            yield name, "ru" if name.startswith("район") else "kk"


def _city_names(place: Place) -> Iterator[tuple[str, str]]:
    for kk in (place.kk, *(name for name in place.also if KAZAKH_LETTERS & set(name.lower()))):
        yield f"{kk} қаласы", "kk"
        yield f"{kk} қалалық", "kk"
    yield f"{place.kk} қ", ""
    for ru in ("город", "города", "городе", "г"):
        yield f"{ru} {place.ru}", "ru"


def _alone(place: Place) -> Iterator[tuple[str, str]]:
    if place.type in ("common", "town", "ward"):
        return
    yield place.kk, "kk"
    for name in (place.ru, *place.also):
        if not name.startswith("район") and not name.endswith("ауданы"):
            yield name, "ru" if not KAZAKH_LETTERS & set(name.lower()) else "kk"


def _add_places(lexicon: Lexicon) -> None:
    for number, place in enumerate(places()):
        tag, key = "place", str(number)
        named = _city_names if place.type in ("city", "town") else _district_names
        for name, language in (*named(place), *_alone(place)):
            lexicon.add(name, tag, key, (language,))
            if language == "kk" and name.endswith(("ауданы", "қаласы")):
                lexicon.add(name.replace(" ", ""), tag, key, ("kk",))
    for region in regions().values():
        for name in (region.kk, region.ru, *region.forms, *region.former):
            lexicon.add(name, "region", region.id, _languages(name))
            if name.endswith("облысы"):
                lexicon.add(name.removesuffix("ысы"), "region", region.id, ("kk",))


def _add_bodies(lexicon: Lexicon) -> None:
    table = wordlist("bodies")
    for tag in ("bodies", "places"):
        for word in table["kk"][tag]:
            lexicon.add(word, f"kk-{tag}", word, ("kk",))
        for row in table["ru"][tag]:
            word = row.rpartition(" ")[0]
            lexicon.add(word, f"ru-{tag}", row, ("" if word.isupper() else "ru",))
            if word.endswith("ец"):
                lexicon.add(f"{word[:-2]}ц", f"ru-{tag}", row, ("ru",))


def _add_doers(lexicon: Lexicon) -> None:
    table = wordlist("bodies")
    rows = [
        (tag, table[language][tag])
        for language in BOTH
        for tag in ("organised", "named", "opened", "ourselves")
    ]
    rows.append(("together", table["staff"]["together"]))
    rows.append(("joint", table["ru"]["joint"]))
    for tag, words in rows:
        for word in words:
            lexicon.add(word, tag, word, ("",))
    for word in table["online"]["words"]:
        lexicon.add(word, "online", word, BOTH)


def _add_cues(lexicon: Lexicon) -> None:
    for tag, words in wordlist("cues").items():
        for word in words:
            lexicon.add(word, tag, word, ("",))
    for topic, forms in wordlist("topics").items():
        for form in forms:
            lexicon.add(form, "topic", topic, _languages(form))


@cache
def glued_places() -> dict[str, str]:
    """Names of districts and cities as they stand in texts that have lost a space, and mended."""
    names = [f"{place.kk} {word}" for place in places() for word in ("ауданы", "қаласы")]
    return {name.replace(" ", "").lower(): name for name in names}


@cache
def lexicon() -> Lexicon:
    """Every phrase that the finders look for."""
    made = Lexicon()
    for fill in (_add_kinds, _add_places, _add_bodies, _add_doers, _add_cues):
        fill(made)
    return made


@dataclass(frozen=True)
class Marked:
    """A passage and the phrases found in it, by tag and in order."""

    passage: Passage

    @cached_property
    def by_tag(self) -> dict[str, list[Found]]:
        """Found phrases of each tag."""
        rows: dict[str, list[Found]] = {}
        for found in lexicon().find(self.passage):
            rows.setdefault(found.tag, []).append(found)
        return rows

    def tagged(self, *tags: str) -> list[Found]:
        """Found phrases of these tags, in order of the text."""
        rows = [found for tag in tags for found in self.by_tag.get(tag, ())]
        return sorted(rows, key=lambda f: (f.start, f.end)) if len(tags) > 1 else rows

    def within(self, start: int, end: int, *tags: str) -> list[Found]:
        """Found phrases of these tags that begin between two offsets."""
        return [found for tag in tags for found in _between(self.by_tag.get(tag, []), start, end)]

    def has(self, start: int, end: int, *tags: str) -> bool:
        """Whether a phrase of these tags begins between two offsets."""
        return bool(self.within(start, end, *tags))

    def evidence(self, fact: str, start: int, end: int) -> Evidence:
        """The words between two offsets, as evidence of a fact."""
        where = self.passage.where
        return Evidence(fact, where, start, end, self.passage.text[start:end])


def _start(found: Found) -> int:
    return found.start


def _between(rows: list[Found], start: int, end: int) -> list[Found]:
    first = bisect_left(rows, start, key=_start)
    return rows[first : min(bisect_left(rows, end, key=_start), first + MOST)]


@dataclass(frozen=True)
class Reading:
    """Title and text of an article, marked."""

    title: Marked
    text: Marked

    @property
    def both(self) -> tuple[Marked, Marked]:
        """The title first."""
        return self.title, self.text


def reading_of(article: Article) -> Reading:
    """The marked title and text of an article, of a text longer than LIMIT its beginning."""
    title = Marked(Passage("title", article.title or ""))
    return Reading(title, Marked(Passage("text", article.text[:LIMIT])))
