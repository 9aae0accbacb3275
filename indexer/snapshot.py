"""One state of the index, checked and opened, and all that answering from it needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from crawler.model import Document
from crawler.store.store import Store
from indexer.analysis import Analyzer
from indexer.build import check_versions
from indexer.engines.choice import engine_named
from indexer.engines.protocol import (
    TEXT_FIELDS,
    EngineQuery,
    EngineReader,
    Everything,
    Term,
)
from indexer.errors import IndexMissingError
from indexer.manifest import Manifest, check_files, read_manifest
from indexer.place import current_folder
from indexer.plan import Planner
from indexer.query import Group, ParsedQuery, Word, parse_query
from indexer.spelling import Speller, one_letter_off
from indexer.terms import TextReader
from indexer.workers import analyzer_in, reader_in

CACHED_DOCUMENTS = 300  # 12 KB each
COMPLETIONS = 30
REMEMBERED_WORDS = 5_000  # of a language, beside those kept with the index; 3 MB


@dataclass(frozen=True)
class Snapshot:
    """A state of the index; nothing in it changes but its caches."""

    folder: Path
    manifest: Manifest
    reader: EngineReader
    analyzer: Analyzer
    texts: TextReader
    _documents: dict[int, Document] = field(default_factory=dict)

    @cached_property
    def planner(self) -> Planner:
        """Lowers questions with this index's analysis."""
        return Planner(self.analyzer, self._stems_beginning, self._stems_near)

    def warm(self) -> None:
        """Read the tables that are otherwise read by the first question that needs them."""
        self.planner.plan(parse_query("китапхана kitaphana"))
        self.speller.correct("сименарлар")
        self.reader.search(EngineQuery(Everything(), limit=1))
        for name in TEXT_FIELDS:
            self.reader.frequency(Term(name, "кітап"))
        for language in ("kk", "ru"):
            self.texts.word("кітап", language)

    def _stems_beginning(self, begin: str) -> list[str]:
        """The stems of the most frequent words with a beginning, for a star in a question."""
        return self._stems(self.reader.completions(begin, COMPLETIONS))

    def _stems_near(self, word: str) -> list[str]:
        """The stems of the words that are one letter off a word."""
        words = self.reader.words()
        return self._stems([one for one in one_letter_off(word) if one in words][:COMPLETIONS])

    def _stems(self, words: Iterable[str]) -> list[str]:
        spots = (spot for word in words for spot in self.texts.word(word, "kk"))
        return list(dict.fromkeys(spot.stem for spot in spots))

    @cached_property
    def speller(self) -> Speller:
        """Corrects words by this index's words."""
        return Speller(self.reader.words(), self.knows)

    @cached_property
    def sites(self) -> Mapping[str, int]:
        """The sites in the index with their numbers of documents."""
        return self.reader.values("site")

    def knows(self, text: str) -> bool:
        """Whether every word of a text is found in some form."""
        places = self.planner.plan(ParsedQuery(Group((Word(text),)))).places
        return bool(places) and all(
            any(self.reader.frequency(term) for term in forms.strong) for _, forms in places
        )

    def documents(self, store: Store, ids: Iterable[int]) -> dict[int, Document]:
        """The documents of those ids that the store has, by id; read once."""
        found = {one: self._documents.get(one) for one in ids}
        missing = [one for one, document in found.items() if document is None]
        if missing:
            if len(self._documents) + len(missing) > CACHED_DOCUMENTS:
                self._documents.clear()
            read = {one.id: one for one in store.articles.documents(missing)}
            self._documents.update(read)
            found.update(read)
        return {one: document for one, document in found.items() if document is not None}


def take_snapshot(data: Path, before: Snapshot | None = None) -> Snapshot:
    """Open the latest state of the index, sharing with `before` what has not changed.

    Every file is compared with the manifest before it is used. Raises IndexMissingError and
    IndexOutdatedError.
    """
    folder = current_folder(data)
    engine = engine_named()
    same = before if before is not None and before.folder == folder else None
    try:
        manifest = read_manifest(folder, engine.generation(folder))
        check_files(folder, manifest, same.manifest.files if same else {})
        reader = engine.open(folder, same.reader if same else None)
    except FileNotFoundError:
        message = f"{folder}: the index has lost its files"
        raise IndexMissingError(message, "Run `jarshy index --rebuild`.") from None
    analyzer = same.analyzer if same else analyzer_in(folder)
    check_versions(folder, manifest, analyzer)
    texts = same.texts if same else reader_in(folder, analyzer, REMEMBERED_WORDS)
    return Snapshot(folder, manifest, reader, analyzer, texts)


def stale(data: Path, snapshot: Snapshot) -> bool:
    """Whether there is a later state than the snapshot's; cheap."""
    folder = current_folder(data)
    return folder != snapshot.folder or (
        engine_named().generation(folder) != snapshot.reader.generation
    )
