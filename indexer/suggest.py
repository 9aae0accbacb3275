"""Completions of what is being typed: kinds, places, libraries and titles that have answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from crawler import vocabulary
from crawler.store.store import Store
from indexer.engines.protocol import EngineQuery, Forms, Prefix, Some, Term
from indexer.model import Suggestion
from indexer.snapshot import Snapshot

SHORTEST = 2
LONGEST = 100
TITLES_LOOKED_AT = 16


def suggestions(now: Snapshot, store: Store, text: str, limit: int) -> list[Suggestion]:
    """At most `limit` completions, kinds and places first, then libraries and titles."""
    typed = text.strip()[:LONGEST]
    if len(typed) < SHORTEST:
        return []
    found: dict[str, Suggestion] = {}
    for one in (*_kinds(now, typed), *_places(now, typed), *_libraries(now, typed)):
        found.setdefault(one.text.casefold(), one)
    room = max(limit - len(found), limit // 2)
    titles = list(_titles(now, store, typed, room))
    return [*list(found.values())[: limit - len(titles)], *titles][:limit]


def _words(now: Snapshot, text: str) -> list[str]:
    return now.texts.label(text, "kk").words


def _fits(now: Snapshot, typed: str, name: str) -> bool:
    """Whether the words typed begin words of the name, in order."""
    wanted = _words(now, typed)
    words = iter(_words(now, name))
    return bool(wanted) and all(any(w.startswith(one) for w in words) for one in wanted)


def _named(
    now: Snapshot, typed: str, names: Mapping[str, Iterable[str]], facet: str, what: str
) -> Iterator[Suggestion]:
    counts = now.reader.values(facet)
    for value in sorted(counts, key=lambda one: -counts[one]):
        name = next((one for one in names.get(value, ()) if _fits(now, typed, one)), None)
        if name is not None:
            yield Suggestion(name, what, value)


def _kinds(now: Snapshot, typed: str) -> Iterator[Suggestion]:
    names = {key: (kind.kk, kind.ru, kind.en) for key, kind in vocabulary.kinds().items()}
    return _named(now, typed, names, "kind", "kind")


def _places(now: Snapshot, typed: str) -> Iterator[Suggestion]:
    names = {key: (one.kk, one.ru, one.en) for key, one in vocabulary.regions().items()}
    return _named(now, typed, names, "region", "place")


def _libraries(now: Snapshot, typed: str) -> Iterator[Suggestion]:
    counts = now.reader.values("library")
    begin = _words(now, typed)[:1]
    for name in sorted(counts, key=lambda one: (-counts[one], one)):
        if begin and begin[0] in name.casefold() and _fits(now, typed, name):
            yield Suggestion(name, "library", name)


def _titles(now: Snapshot, store: Store, typed: str, limit: int) -> Iterator[Suggestion]:
    words = _words(now, typed)
    if not words:
        return
    stems = [token.stem for token in now.analyzer.tokens(typed)][:-1]
    parts = (
        *(Forms((Term("stem", stem),)) for stem in stems),
        Forms((Prefix("stem", words[-1]), *_stem_of_last(now, typed))),
    )
    query = EngineQuery(Some(parts, bonus=True), limit=TITLES_LOOKED_AT, count_facets=False)
    ids = [one for one, _ in now.reader.search(query).hits]
    for document in now.documents(store, ids).values():
        title = document.article.title or ""
        if limit and title and _fits(now, typed, title):
            limit -= 1
            yield Suggestion(title, "title", str(document.id))


def _stem_of_last(now: Snapshot, typed: str) -> tuple[Term, ...]:
    return tuple(Term("stem", token.stem) for token in now.analyzer.tokens(typed)[-1:])
