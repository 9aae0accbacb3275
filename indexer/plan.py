"""From a parsed question to the tree of terms that engines get: the query side of the analysis."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from indexer import query as asked
from indexer.analysis import Analyzer
from indexer.engines.protocol import (
    All,
    Everything,
    Forms,
    Node,
    Ordered,
    Prefix,
    Some,
    Term,
    Without,
)
from indexer.forms import forms_of, phrase_of, stems_of_word
from indexer.query import Begins, Either, Excluded, Group, ParsedQuery, Phrase, Required, Word
from indexer.ranking import ranking
from indexer.reading import Place, Reading, read
from indexer.schema import day_terms
from indexer.wishes import Wishing

_NUMERIC_DATE = re.compile(r"^(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})$|^(\d{4})-(\d\d)-(\d\d)$")
CENTURY = 2000
_Stems = tuple[str, ...]

# The stems of words of the index that begin with some letters, or are one letter off a word.
Stems = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Plan:
    """The tree for an engine and what else the analysis found.

    `words` are the stems of all words of the question in order, `places` those searched for,
    each with its node, `beginnings` the beginnings asked for with a star.
    """

    tree: Node
    words: tuple[_Stems, ...] = ()
    places: tuple[tuple[Place, Forms], ...] = ()
    beginnings: tuple[str, ...] = ()

    @property
    def everything(self) -> bool:
        """Whether nothing but filters narrows the question."""
        return isinstance(self.tree, Everything)


class Planner:
    """Lowers questions with one analyzer."""

    def __init__(self, analyzer: Analyzer, beginning: Stems, near: Stems) -> None:
        self.analyzer = analyzer
        self.beginning = beginning
        self.near = near
        self.wishing = Wishing(analyzer.stem_of)

    def plan(self, parsed: ParsedQuery, instead: Mapping[str, str] | None = None) -> Plan:
        """The plan of a question; a question of stop words alone searches for them.

        `instead` has other words for misspelt ones, both normalised.
        """
        reading = read(parsed.tree, self.analyzer, self.wishing, instead or {})
        made = _Lowering(reading, self, keep_stops=False)
        tree = made.group(parsed.tree)
        if tree is None and parsed.tree.parts:
            made = _Lowering(reading, self, keep_stops=True)
            tree = made.group(parsed.tree)
        found = tree if tree is not None else Everything()
        return Plan(found, tuple(made.words), tuple(made.places), tuple(made.beginnings))


class _Lowering:
    """One walk through a tree, noting the words on the way."""

    def __init__(self, reading: Reading, planner: Planner, keep_stops: bool) -> None:
        self.reading = reading
        self.planner = planner
        self.keep_stops = keep_stops
        self.words: list[_Stems] = []
        self.places: list[tuple[Place, Forms]] = []
        self.beginnings: list[str] = []
        self.wished: list[Node] = [phrase_of(*phrase) for phrase in reading.phrases]

    def group(self, group: Group) -> Node | None:
        """Required parts must be found; without any, one of the others must."""
        wished: list[Node] = []
        required: list[Node] = []
        excluded: list[Node] = []
        for part in group.parts:
            if isinstance(part, Excluded):
                apart = _Lowering(self.reading, self.planner, self.keep_stops)
                excluded.extend(apart.excluded(part.part))
            elif isinstance(part, Required) or (isinstance(part, Phrase) and part.strict):
                required.extend(self.nodes(part))
            else:
                wished.extend(self.nodes(part))
        found = self._joined(required, wished)
        if excluded:
            return Without(found or Everything(), tuple(excluded))
        return found

    def excluded(self, node: asked.Node) -> list[Node]:
        """What a part that is not wanted comes to; of several words the whole, not each."""
        places = self.reading.places[id(node)] if isinstance(node, Word | Phrase) else ()
        return list(self._in_order(places)) if len(places) > 1 else self.nodes(node)

    def _joined(self, required: list[Node], wished: list[Node]) -> Node | None:
        if required:
            return All(tuple(required), (*wished, *self.wished))
        if wished:
            return Some(tuple(wished), bonus=True, wished=tuple(self.wished))
        return None

    def nodes(self, node: asked.Node) -> list[Node]:
        """The parts that a node of the question comes to, one a word."""
        match node:
            case Word():
                return self._word(node)
            case Begins():
                return self._begins(node)
            case Phrase():
                return self._phrase(node)
            case Either():
                parts = [self._one(part) for part in node.parts]
                found = tuple(part for part in parts if part is not None)
                return [Some(found)] if found else []
            case Group():
                return self._nested(node)
            case Required() | Excluded():
                return self.nodes(node.part)

    def _nested(self, group: Group) -> list[Node]:
        """A bracket of plain words is as good as the words without it."""
        if all(isinstance(part, Word | Phrase) for part in group.parts):
            return [made for part in group.parts for made in self.nodes(part)]
        found = self.group(group)
        return [found] if found else []

    def _one(self, node: asked.Node) -> Node | None:
        parts = self.nodes(node)
        if len(parts) > 1:
            return All(tuple(parts))
        return parts[0] if parts else None

    def _word(self, word: Word) -> list[Node]:
        made = self._places(word)
        if word.near and len(made) == 1:
            exact = self.reading.places[id(word)][0].tokens[0].exact
            weight = ranking().readings["corrected"]
            others = tuple(Term("stem", stem, weight) for stem in self.planner.near(exact))
            made = [Some((*made, Forms(others)))] if others else made
        day = _day(word.text)
        if day is not None:
            term = Term("stem", day_terms(day)[0], ranking().wishes["day"])
            return [Some((Forms((term,)), *self._in_order(self.reading.places[id(word)])))]
        return made

    def _places(self, node: Word | Phrase | Begins) -> list[Node]:
        """The searchable words of a piece of text."""
        made: list[Node] = []
        for place in self.reading.places[id(node)]:
            self.words.append(place.stems)
            if self.keep_stops or not place.stop:
                made.append(self._place(place))
        return made

    def _place(self, place: Place) -> Node:
        forms = forms_of(place)
        self.places.append((place, forms))
        long = tuple(phrase_of(*phrase) for phrase in place.phrases if len(phrase[0]) > 1)
        facts = tuple(Forms((Term("stem", *fact),)) for fact in place.facts)
        return Some((forms, *long, *facts)) if long or facts else forms

    def _begins(self, node: Begins) -> list[Node]:
        *before, last = self.reading.places[id(node)] or (None,)
        if last is None:
            return []
        begin = last.tokens[0].exact
        self.beginnings.append(begin)
        stems = [Term("stem", stem) for stem in self.planner.beginning(begin)]
        made = Forms((Prefix("stem", begin), *stems))
        return [*(self._place(place) for place in before if place), made]

    def _phrase(self, phrase: Phrase) -> list[Node]:
        places = self.reading.places[id(phrase)]
        made = self._places(phrase)
        if len(places) < 2:
            return made
        ordered = self._in_order(places)
        if phrase.strict:
            return [All(ordered, tuple(made))]
        self.wished.extend(ordered)
        return made

    def _in_order(self, places: Sequence[Place]) -> tuple[Node, ...]:
        """Words that must stand one after the other, as in the question."""
        if not places:
            return ()
        first = places[0].tokens[0].position
        stems = tuple(stems_of_word(place) for place in places)
        return (Ordered(stems, tuple(place.tokens[0].position - first for place in places)),)


def _day(text: str) -> date | None:
    found = _NUMERIC_DATE.match(text.strip(".,;:!?"))
    if found is None:
        return None
    parts = [int(part) for part in found.groups() if part is not None]
    day, month, year = parts if found.group(1) else reversed(parts)
    try:
        return date(year + (CENTURY if year < 100 else 0), month, day)
    except ValueError:
        return None
