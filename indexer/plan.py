"""From a parsed question to the tree of terms that engines get: the query side of the analysis."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from indexer import query as asked
from indexer.analysis import Analyzer, Token
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
from indexer.query import Begins, Either, Excluded, Group, ParsedQuery, Phrase, Required, Word
from indexer.ranking import ranking
from indexer.schema import day_terms

_NUMERIC_DATE = re.compile(r"^(\d{1,2})[./](\d{1,2})[./](\d{4})$|^(\d{4})-(\d\d)-(\d\d)$")


@dataclass(frozen=True, slots=True)
class Plan:
    """The tree for an engine and what else the analysis found.

    `words` are the stems of the question's words in order, `tokens` all tokens but stop words,
    `beginnings` the beginnings asked for with a star.
    """

    tree: Node
    words: tuple[tuple[str, ...], ...]
    tokens: tuple[Token, ...]
    beginnings: tuple[str, ...]

    @property
    def everything(self) -> bool:
        """Whether nothing but filters narrows the question."""
        return isinstance(self.tree, Everything)


class Planner:
    """Lowers questions with one analyzer."""

    def __init__(self, analyzer: Analyzer) -> None:
        self.analyzer = analyzer

    def plan(self, parsed: ParsedQuery) -> Plan:
        """The plan of a question; a question of stop words alone searches for them."""
        made = _Lowering(self.analyzer, keep_stops=False)
        tree = made.group(parsed.tree)
        if tree is None and parsed.tree.parts:
            made = _Lowering(self.analyzer, keep_stops=True)
            tree = made.group(parsed.tree)
        words = tuple(tuple(dict.fromkeys(stems)) for stems in made.words)
        found = tree if tree is not None else Everything()
        return Plan(found, words, tuple(made.tokens), tuple(made.beginnings))


class _Lowering:
    """One walk through a tree, noting the words on the way."""

    def __init__(self, analyzer: Analyzer, keep_stops: bool) -> None:
        self.analyzer = analyzer
        self.keep_stops = keep_stops
        self.words: list[tuple[str, ...]] = []
        self.tokens: list[Token] = []
        self.beginnings: list[str] = []
        self.wished: list[Node] = []

    def group(self, group: Group) -> Node | None:
        """Required parts must be found; without any, one of the others must."""
        wished: list[Node] = []
        required: list[Node] = []
        excluded: list[Node] = []
        for part in group.parts:
            if isinstance(part, Excluded):
                excluded.extend(_Lowering(self.analyzer, self.keep_stops).nodes(part.part))
            elif isinstance(part, Required) or (isinstance(part, Phrase) and part.strict):
                inner = part.part if isinstance(part, Required) else part
                required.extend(self.nodes(inner))
            else:
                wished.extend(self.nodes(part))
        found = self._joined(required, wished)
        if excluded:
            return Without(found or Everything(), tuple(excluded))
        return found

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
        day = _day(word.text)
        tokens = self.analyzer.query_tokens(word.text)
        made = [self._forms(group) for group in _by_place(self._useful(tokens))]
        if day is not None:
            term = Term("stem", day_terms(day)[0], 3.0)
            return [Some((Forms((term,)), *made))]
        return list(made)

    def _useful(self, tokens: Iterable[Token]) -> list[Token]:
        return [token for token in tokens if self.keep_stops or not token.stop]

    def _forms(self, tokens: list[Token]) -> Forms:
        """One word of the question: its stems and, weaker, its folded forms and beginnings."""
        weights = ranking().forms
        self.words.append(tuple(token.stem for token in tokens))
        self.tokens.extend(tokens)
        strong: dict[tuple[str, str], float] = {}
        weak: dict[tuple[str, str], float] = {}
        for token in tokens:
            _most(strong, ("stem", token.stem), weights["stem"] * token.weight)
            _most(strong, ("folded", token.folded), weights["folded"] * token.weight)
            if token.origin in ("word", "part"):
                _most(weak, ("prefix", token.prefix), weights["prefix"] * token.weight)
        return Forms(_terms(strong), _terms(weak))

    def _begins(self, node: Begins) -> list[Node]:
        exact = [token.exact for token in self.analyzer.tokens(node.text)]
        if not exact:
            return []
        self.beginnings.append(exact[-1])
        before = [self._word(Word(part)) for part in exact[:-1]]
        last = Forms((Prefix("stem", exact[-1]),))
        return [*(made for parts in before for made in parts), last]

    def _phrase(self, phrase: Phrase) -> list[Node]:
        tokens = [t for t in self.analyzer.query_tokens(phrase.text) if t.origin != "compound"]
        groups = _by_place(tokens)
        if not groups:
            return []
        first = groups[0][0].position
        ordered = Ordered(
            tuple(tuple(dict.fromkeys(t.stem for t in group)) for group in groups),
            tuple(group[0].position - first for group in groups),
        )
        made: list[Node] = [self._forms(group) for group in _by_place(self._useful(tokens))]
        if phrase.strict:
            return [All((ordered,), tuple(made))]
        if len(groups) > 1:
            self.wished.append(ordered)
        return made


def _by_place(tokens: Iterable[Token]) -> list[list[Token]]:
    """Tokens of one place together; a hyphenated word stands with its first part."""
    return [list(group) for _, group in groupby(tokens, key=lambda token: token.position)]


def _most(weights: dict[tuple[str, str], float], key: tuple[str, str], weight: float) -> None:
    weights[key] = max(weight, weights.get(key, 0.0))


def _terms(weights: dict[tuple[str, str], float]) -> tuple[Term | Prefix, ...]:
    return tuple(Term(name, text, weight) for (name, text), weight in weights.items() if text)


def _day(text: str) -> date | None:
    found = _NUMERIC_DATE.match(text.strip(".,;:!?"))
    if found is None:
        return None
    parts = [int(part) for part in found.groups() if part is not None]
    day, month, year = parts if found.group(1) else reversed(parts)
    try:
        return date(year, month, day)
    except ValueError:
        return None
