"""Bringing the index up to the store: what changed, or everything anew beside the old index."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from crawler.model import Document
from crawler.store.store import Store
from indexer import schema
from indexer.analysis import Analyzer
from indexer.crew import crew_for
from indexer.engines.choice import engine_named
from indexer.engines.protocol import Engine, Part
from indexer.engines.syncing import sync
from indexer.errors import IndexMissingError, IndexOutdatedError, SearchError
from indexer.familiar import keep_familiar
from indexer.lexicon import learn
from indexer.manifest import (
    REMEDY,
    Manifest,
    check_files,
    digest_once,
    forget_manifests,
    read_manifest,
    write_manifest,
)
from indexer.model import BuildReport
from indexer.place import (
    COUNTS,
    FAMILIAR,
    LEXICON,
    current_folder,
    fresh_folder,
    remove_unused,
    use_folder,
    writing,
)
from indexer.ranking import ranking, zones_in_words
from indexer.titles import has_titles
from indexer.titling import Titling, titling_after
from indexer.workers import Report, analyzer_in

Progress = Callable[[int, int], None]


def update_index(
    data: Path, store: Store, rebuild: bool = False, progress: Progress | None = None
) -> BuildReport:
    """Index what changed in the store since the last time; everything when there is no index.

    An index that is damaged, or made by another schema, analysis or engine, is rebuilt beside
    the old one, which answers until the new one is ready. `progress` gets documents done and
    in all. Raises LockedError, StoreError, and SearchError when the disk can't take the index.
    """
    started = time.monotonic()
    with writing(data):
        remove_unused(data)
        try:
            manifest = None if rebuild else checked(data)
            if manifest is None:
                made = _rebuild(data, store, progress)
            else:
                made = _update(data, store, manifest, progress)
        except OSError as error:
            message = f"{error.filename or data}: the index cannot be written ({error.strerror})"
            raise SearchError(message, "Free some disk space; the old index is unharmed.") from None
    return replace(made, seconds=time.monotonic() - started)


def check_index(data: Path) -> list[str]:
    """What is wrong with the index of a data folder, in words; nothing when all is well."""
    try:
        folder = current_folder(data)
        generation = engine_named().generation(folder)
        manifest = read_manifest(folder, generation)
        check_files(folder, manifest, {})
        check_versions(folder, manifest, analyzer_in(folder))
        engine_named().open(folder).close()
    except FileNotFoundError:
        return [f"{data}: the index has lost its files. {REMEDY}"]
    except SearchError as error:
        return [str(error)]
    return []


def checked(data: Path) -> Manifest | None:
    """The manifest of an index that can be added to; None when it must be rebuilt.

    What this process has read before is not read again, unless it was written since.
    """
    try:
        folder = current_folder(data)
        manifest = read_manifest(folder, engine_named().generation(folder))
        check_files(folder, manifest, {}, digest_once)
        check_versions(folder, manifest, analyzer_in(folder))
        engine_named().open(folder).close()
    except (IndexMissingError, IndexOutdatedError, FileNotFoundError):
        return None
    return manifest


def check_versions(folder: Path, manifest: Manifest, analyzer: Analyzer) -> None:
    """Whether this program made the index; IndexOutdatedError says what differs."""
    about = engine_named().capabilities
    expected = {
        "schema": (manifest.schema, _schema()),
        "analysis": (manifest.analysis, analyzer.fingerprint),
        "engine": (manifest.engine, about.name),
        "engine version": (manifest.engine_version, about.version),
    }
    for what, (found, wanted) in expected.items():
        if found != wanted:
            raise IndexOutdatedError(f"{folder}: the index was made with another {what}", REMEDY)


def _schema() -> str:
    """What rows are made of; words are weighed by their zones when they are written."""
    return f"{schema.VERSION}, {zones_in_words(ranking().zones)}"


def _rebuild(data: Path, store: Store, progress: Progress | None) -> BuildReport:
    folder = fresh_folder(data)
    try:
        last = store.articles.last_sequence()
        total = store.articles.count()
        with crew_for(folder, engine_named().capabilities.name, total, whole=True) as crew:
            known = learn(folder, _documents(store), crew.unexplained)
            keep_familiar(folder / FAMILIAR, crew.read(known))
            work = _Work(folder, engine_named(), analyzer_in(folder).fingerprint, last, store.prove)
            work.engine.create(folder, lambda _generation, _files: None)
            titles = Titling(folder)
            passing = titles.passing(_documents(store))
            parts, words = crew.parts(passing, _reporting(total, progress))
        keep_familiar(folder / FAMILIAR, words)
        added = work.commit(parts, set(), 0, titles.finish())
        use_folder(data, folder, store.prove)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return BuildReport(added, 0, added, 0.0, rebuilt=True)


def _documents(store: Store) -> Iterator[Document]:
    """Every article that was not taken down; those that left their sites are found all the same."""
    for change in store.articles.changes_after(0):
        if change.document is not None:
            yield change.document


def _update(data: Path, store: Store, manifest: Manifest, progress: Progress | None) -> BuildReport:
    folder = current_folder(data)
    last = store.articles.last_sequence()
    if last == manifest.sequence and has_titles(manifest.files):
        return BuildReport(0, 0, manifest.documents, 0.0, rebuilt=False)
    work = _Work(folder, engine_named(), manifest.analysis, last, store.prove)
    work.engine.take_over(folder, store.prove)
    titles = titling_after(folder, manifest.files, store)
    gone: set[int] = set()
    total = store.articles.changed_after(manifest.sequence)

    def documents() -> Iterator[Document]:
        for change in store.articles.changes_after(manifest.sequence):
            if change.document is not None:
                yield change.document
            else:
                gone.add(change.article_id)

    with crew_for(folder, work.engine.capabilities.name, total) as crew:
        parts, _ = crew.parts(titles.passing(documents()), _reporting(total, progress))
    reader = work.engine.open(folder)
    new = {one for part in parts for one in part.ids}
    known = reader.known(gone)
    added = new - gone - reader.known(new)
    count = reader.documents() - len(known) + len(added)
    work.commit(parts, gone, count, titles.finish(gone))
    return BuildReport(len(new), len(known), count, 0.0, rebuilt=False)


def _reporting(total: int, progress: Progress | None) -> Report:
    """Takes numbers of documents done; `progress` hears how many are done, and in all."""
    done = 0

    def report(more: int) -> None:
        nonlocal done
        done += more
        if progress is not None:
            progress(done, max(total, done))

    return report


@dataclass(frozen=True, slots=True)
class _Work:
    """One writing of an index: where, with what, up to which change of the store.

    `prove` raises when another machine has been given the index.
    """

    folder: Path
    engine: Engine
    analysis: str
    sequence: int
    prove: Callable[[], None]

    def commit(
        self, parts: list[Part], deleted: set[int], documents: int, titles: Sequence[str] = ()
    ) -> int:
        """Make the parts visible with a manifest; returns how many documents there are.

        `titles` are the names of the files of titles.
        """
        count = documents or sum(len(part.ids) for part in parts)
        about = self.engine.capabilities

        def seal(generation: int, files: Mapping[str, Path]) -> None:
            self.prove()
            learned = {name: self.folder / name for name in (LEXICON, COUNTS, FAMILIAR, *titles)}
            made = {**files, **{name: one for name, one in learned.items() if one.is_file()}}
            for path in made.values():
                # Else a power cut could leave a state in use whose files are empty.
                sync(path)
            manifest = Manifest(
                schema=_schema(),
                analysis=self.analysis,
                engine=about.name,
                engine_version=about.version,
                sequence=self.sequence,
                documents=count,
                built_at=datetime.now(UTC),
                files={name: digest_once(path) for name, path in made.items()},
            )
            write_manifest(self.folder, generation, manifest)
            self.prove()

        generation = self.engine.commit(self.folder, parts, deleted, seal)
        forget_manifests(self.folder, generation)
        return count
