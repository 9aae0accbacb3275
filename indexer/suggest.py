"""Completions of what is being typed: kinds, places, libraries and titles that have answers."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

from crawler.errors import JarshyError
from crawler.store.store import Store
from indexer.completions import Completions, plain
from indexer.kazakh.letters import script_of
from indexer.kazakh.scripts import readings
from indexer.model import Suggestion
from indexer.slips import other_layouts
from indexer.snapshot import Snapshot

log = logging.getLogger(__name__)

SHORTEST = 2
LONGEST = 100


class Suggesting:
    """Keeps the completions of a collection; safe to use from several threads.

    They are made at the first question, if they were not before (`made`), and anew in the
    background when the index has changed: until then the old ones are offered.
    """

    def __init__(self, store: Store, made: Completions | None = None) -> None:
        self._store = store
        self._made = made
        self._lock = threading.Lock()
        self._making: threading.Thread | None = None

    def suggest(self, now: Snapshot, text: str, limit: int) -> list[Suggestion]:
        """At most `limit` completions, kinds and places first, then libraries and titles."""
        typed = text.strip()[:LONGEST]
        if len(typed) < SHORTEST:
            return []
        known = self._completions(now)
        for one in dict.fromkeys(_meant(typed)):
            found = _found(known, one, limit) if plain(one).strip() else []
            if found:
                return found
        return []

    def _completions(self, now: Snapshot) -> Completions:
        with self._lock:
            made = self._made
            if made is None:
                made = self._made = completions_of(now, self._store)
            elif made.sequence != now.manifest.sequence and self._making is None:
                self._making = threading.Thread(target=self._renew, args=(now,), daemon=True)
                self._making.start()
        return made

    def _renew(self, now: Snapshot) -> None:
        try:
            self._made = completions_of(now, self._store)
        except JarshyError as error:
            log.warning("the suggestions could not be renewed: %s", error)
        finally:
            self._making = None


def completions_of(now: Snapshot, store: Store) -> Completions:
    """The completions of a state; takes half a second for 10,000 articles."""
    return Completions(now.reader, store, now.manifest.sequence)


def _found(known: Completions, typed: str, limit: int) -> list[Suggestion]:
    """Names first, then titles; at least half of the list is left to titles."""
    names: dict[tuple[str, str], Suggestion] = {}
    for one in known.names(plain(typed)):
        key = one.what, one.value
        spelt = typed.lower() in one.text.lower() and key in names
        if key not in names or (spelt and typed.lower() not in names[key].text.lower()):
            names[key] = one
    listed = list({one.text.casefold(): one for one in reversed(names.values())}.values())[::-1]
    titles = known.titles(plain(typed), max(limit - len(listed), limit // 2))
    return [*listed[: limit - len(titles)], *titles][:limit]


def _meant(typed: str) -> Iterator[str]:
    """What is typed, then what it is on another keyboard layout or in the other alphabet."""
    yield typed
    yield from other_layouts(typed)
    if any(script_of(word) == "latin" for word in typed.split()):
        yield " ".join(next(iter(readings(word, "adhoc")), word) for word in typed.lower().split())
