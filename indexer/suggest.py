"""Completions of what is being typed: kinds, places, libraries and titles that have answers."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.errors import JarshyError
from indexer.completions import Completions, completions_of
from indexer.kazakh.letters import script_of
from indexer.kazakh.scripts import readings
from indexer.manifest import Manifest
from indexer.model import Suggestion
from indexer.slips import other_layouts
from indexer.snapshot import Snapshot
from indexer.title_file import plain
from indexer.titles import Titles, titles_of

log = logging.getLogger(__name__)

SHORTEST = 2
LONGEST = 100
PATIENCE = 1.0  # seconds; the files of a state are open in some thousandths


@dataclass(frozen=True, slots=True)
class _Made:
    """Completions and the state of the index that they are of; None while titles are missing."""

    state: Manifest | None
    completions: Completions


class Suggesting:
    """Keeps the completions of a collection; safe to use from several threads.

    They are made in the background, one state at a time, when something is asked for the first
    time and when the index has changed. Until then the old ones are offered; where there are none
    yet, after a moment's patience, names without titles.
    """

    def __init__(self) -> None:
        self._made = _Made(None, Completions())
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
            if self._made.state is not now.manifest and self._making is None:
                self._making = threading.Thread(target=self._renew, args=(now,), daemon=True)
                self._making.start()
            making = self._making
        if self._made.state is None and making is not None:
            making.join(PATIENCE)
        return self._made.completions

    def _renew(self, now: Snapshot) -> None:
        try:
            before = self._made
            if before.state is None:
                self._made = _Made(None, completions_of(now.reader, Titles()))
            titles = titles_of(now.folder, now.manifest.files, before.completions.kept)
            self._made = _Made(now.manifest, completions_of(now.reader, titles))
        except (JarshyError, OSError, ValueError) as error:
            log.warning("the suggestions could not be renewed: %s", error)
        finally:
            self._making = None


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
