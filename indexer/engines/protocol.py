"""What every engine can do, and the tree of a question as engines get it.

Analysis is done before: terms are stored and looked up as they are. The fields of terms are
`stem`, `prefix`, `folded` and `word`; only `stem` has places.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeAlias

from indexer.model import Sort
from indexer.rows import Row

Node: TypeAlias = "Forms | Ordered | Some | All | Without | Everything"

TEXT_FIELDS = ("stem", "prefix", "folded")
VALUE_FIELDS = ("site", "region", "kind", "language", "library")


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a field; `weight` multiplies its score."""

    field: str
    text: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Prefix:
    """Every term of a field that begins with `text`, scored as if they were one term."""

    field: str
    text: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Forms:
    """One word of the question in its forms: found when any of `strong` or `weak` is.

    The best strong form counts, weak ones add to it. Only `strong` forms count when a question
    asks for or excludes the word, or when it is told how many of its words a document has.
    """

    strong: tuple[Term | Prefix, ...]
    weak: tuple[Term | Prefix, ...] = ()


@dataclass(frozen=True, slots=True)
class Ordered:
    """Words in this order: the stems that each may have, their distances from the first word."""

    stems: tuple[tuple[str, ...], ...]
    places: tuple[int, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Some:
    """Parts of which one must be found; every further one is better.

    With `bonus` the parts are the words of a question: having all of them counts extra, and
    a document is found only if those it has make up enough of the question (ranking.toml,
    [found]). `wished` add to the score alone.
    """

    parts: tuple[Node, ...]
    bonus: bool = False
    wished: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class All:
    """Parts that must all be found; `wished` add to the score alone."""

    parts: tuple[Node, ...]
    wished: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Without:
    """What `part` finds, less what any of `excluded` finds."""

    part: Node
    excluded: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Everything:
    """Every document, all alike."""


@dataclass(frozen=True, slots=True)
class ValueFilter:
    """Documents that have one of `values` of a facet (none of them when `excluded`).

    For the facets `year` and `month` the values are those of the event's first day: `2024`,
    `2024-03`.
    """

    facet: str
    values: tuple[str, ...]
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class DayFilter:
    """Documents whose days meet those from `first` to `last`, ordinals, both included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class EngineQuery:
    """A question ready for an engine; hits from `offset` on, at most `limit`.

    `words` are the stems of the question in order, for the bonus of standing near each other.
    `today` (an ordinal) is where recency is counted from; None for no recency.
    """

    tree: Node
    filters: tuple[ValueFilter, ...] = ()
    days: DayFilter | None = None
    sort: Sort = "relevance"
    offset: int = 0
    limit: int = 20
    words: tuple[tuple[str, ...], ...] = ()
    today: int | None = None
    count_facets: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """What an engine found: (document id, score) best first, how many in all, facet counts.

    The counts of a facet are taken as if the facet's own filters were off; DayFilter belongs
    to the facets year and month. `complete` of the documents found have all words.
    """

    hits: tuple[tuple[int, float], ...]
    total: int
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    complete: int = 0


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine is, and up to how many documents it is comfortable.

    `remote` engines answer from other processes, several questions at once.
    """

    name: str
    version: str
    comfortable: int
    remote: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Rows written to an index's folder that no state of the index knows yet."""

    name: str
    ids: tuple[int, ...]


class Seal(Protocol):
    """Called before a state becomes visible, with its number and its files by name."""

    def __call__(self, generation: int, files: Mapping[str, Path], /) -> None:
        """`files` says where each file stands now; all of them are on the disk."""


class EngineReader(Protocol):
    """One state of an index, safe to use from several threads."""

    generation: int

    def search(self, query: EngineQuery) -> Found:
        """The documents that a question finds."""

    def totals(self, queries: Sequence[EngineQuery]) -> list[int]:
        """How many documents each question finds; all are asked at once where that is quicker."""

    def frequency(self, term: Term | Prefix) -> int:
        """In how many documents a term stands, deleted ones perhaps among them."""

    def words(self) -> Mapping[str, int]:
        """Every word form as spelt (small letters) with the number of documents it is in."""

    def completions(self, begin: str, limit: int) -> Sequence[str]:
        """The words with a beginning that stand in most documents, most frequent first."""

    def values(self, facet: str) -> Mapping[str, int]:
        """The values of a facet or of `library`, with the number of documents of each."""

    def documents(self) -> int:
        """How many documents there are, deleted ones not among them."""

    def ids(self) -> Sequence[int]:
        """The ids of all documents, in no certain order."""

    def known(self, ids: Collection[int]) -> set[int]:
        """Those of the ids that have a document; takes as long as there are ids, not documents."""

    def close(self) -> None:
        """Give files back."""


class Engine(Protocol):
    """Keeps an index in a folder. One writer at a time; readers need no lock."""

    capabilities: Capabilities

    def create(self, folder: Path, seal: Seal) -> None:
        """Make an empty index in an empty folder."""

    def prepare(self, folder: Path, rows: Iterable[Row]) -> Part | None:
        """Write rows beside the index; several processes may do so at once. None for no rows."""

    def commit(
        self, folder: Path, parts: Sequence[Part], deleted: Iterable[int], seal: Seal
    ) -> int:
        """Add parts, replacing documents of the same ids, and delete ids; all or nothing.

        Of two parts no one may have an id of the other. Returns the new generation. Readers
        opened before go on seeing the state before.
        """

    def take_over(self, folder: Path, prove: Callable[[], None]) -> None:
        """Keep who wrote here before from writing any more, where the engine can do so.

        `prove` raises when the caller may not write. Called before anything is prepared.
        """

    def generation(self, folder: Path) -> int:
        """The number of the latest committed state; cheap. Raises FileNotFoundError."""

    def open(self, folder: Path, before: EngineReader | None = None) -> EngineReader:
        """A reader of the latest state, sharing with `before` what has not changed."""

    def ailments(self, folder: Path | None) -> list[str]:
        """What ails that which keeps the index, though it may answer: sentences with remedies.

        Without a folder: that which will keep the index when one is made.
        """

    def leftovers(self, root: Path) -> list[str]:
        """What may be left elsewhere by an index root that was lost, not this one's: sentences."""
