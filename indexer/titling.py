"""What an indexing run does for titles: it writes those that changed, and joins small files.

Files are never changed. A title that was replaced or removed is marked in the state's file; a file
is written anew when half of its rows hold no more, and joined with others as small as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from crawler.model import Document
from crawler.store.store import Store
from indexer.title_file import Heading, TitleFile, write_titles
from indexer.titles import (
    Titles,
    cleared,
    forget_titles,
    fresh_name,
    has_titles,
    titles_of,
    write_state,
)

MOST = 100_000  # titles in a file: that many are in memory at once, some 60 MB
LONGEST = 1_000  # letters of a title that are kept; pages with longer ones are no harm then
NEIGHBOUR = 2  # files are joined with those that are up to so many times as large


class Titling:
    """Takes the titles of one run, then writes the files of the next state.

    `before` is what the state in use has; its files stay as they are. Documents may come in any
    order; of two with the same id the later one counts.
    """

    def __init__(self, folder: Path, before: Titles | None = None) -> None:
        self._folder = folder
        before = before or Titles()
        self._files = list(before.files)
        self._live = list(before.live)
        self._waiting: dict[int, Heading | None] = {}

    def passing(self, documents: Iterable[Document]) -> Iterator[Document]:
        """The same documents; their titles are taken as they go by."""
        for document in documents:
            self.add(document.id, document.article.title or "", document.event.topics)
            yield document

    def add(self, number: int, title: str, topics: Sequence[str]) -> None:
        """Take the title of an article; an empty one takes the article away."""
        told = Heading(number, title[:LONGEST], tuple(topics)) if title else None
        self._waiting[number] = told
        if len(self._waiting) >= MOST:
            self._write()

    def finish(self, gone: Collection[int] = ()) -> list[str]:
        """Write what is left and the next state, without the articles that are `gone`.

        Returns the names of all files of the state.
        """
        self._waiting.update(dict.fromkeys(gone))
        self._write()
        for group in self._groups():
            self._join(group)
        kept = [one for one in zip(self._files, self._live, strict=True) if one[1].any()]
        return write_state(self._folder, [one for one, _ in kept], [live for _, live in kept])

    def _write(self) -> None:
        ids = np.array(sorted(self._waiting), np.int64)
        told = [one for one in self._waiting.values() if one is not None]
        self._live = [
            cleared(file, live, ids) for file, live in zip(self._files, self._live, strict=True)
        ]
        self._waiting = {}
        if told:
            self._add_file(told)

    def _groups(self) -> list[list[int]]:
        """The numbers of the files to be written as one: small ones, and those half dead."""
        counts = [int(live.sum()) for live in self._live]
        small: list[int] = []
        total = 0
        for number in sorted(
            filter(counts.__getitem__, range(len(counts))), key=counts.__getitem__
        ):
            if total + counts[number] > MOST or (small and counts[number] > NEIGHBOUR * total):
                break
            small.append(number)
            total += counts[number]
        groups = [small] if len(small) > 1 else []
        worn = (n for n, file in enumerate(self._files) if 0 < counts[n] * 2 < len(file))
        return [*groups, *([one] for one in worn if not groups or one not in small)]

    def _join(self, group: Sequence[int]) -> None:
        """Write the living rows of some files as one; the old files leave the state."""
        told = [one for n in group for one in self._files[n].headings(self._live[n])]
        for number in group:
            self._live[number] = np.zeros(0, bool)
        self._add_file(told)

    def _add_file(self, told: Sequence[Heading]) -> None:
        path = self._folder / fresh_name(".arrays")
        write_titles(path, told)
        self._files.append(TitleFile(path))
        self._live.append(np.ones(len(told), bool))


def titling_after(folder: Path, names: Collection[str], store: Store) -> Titling:
    """For the run after the state that has these files; what no state has goes.

    To an index that was made without titles those of the store come first.
    """
    forget_titles(folder, names)
    made = Titling(folder, titles_of(folder, names))
    if not has_titles(names):
        for number, title, topics in store.articles.headings():
            made.add(number, title, topics)
    return made
