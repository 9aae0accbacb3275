"""The query language: what a librarian types, as a tree; nothing typed is an error but the caps.

words, "phrases", «titles», -without, +with, A OR B, (groups), begin*, near~,
site: kind: region: year: language:   (operators.toml has their Kazakh and Russian names)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from indexer.caps import check_depth, check_text, check_word
from indexer.model import Hint
from indexer.operators import filter_named, join_of

Node: TypeAlias = "Word | Phrase | Begins | Either | Group | Required | Excluded"


@dataclass(frozen=True, slots=True)
class Word:
    """A run of text without spaces; `near` allows one wrong letter (`кітапхна~`)."""

    text: str
    near: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in this order; must occur when `strict` (straight quotes), else only preferred."""

    text: str
    strict: bool = True


@dataclass(frozen=True, slots=True)
class Begins:
    """Every word that begins with `text`."""

    text: str


@dataclass(frozen=True, slots=True)
class Either:
    """Alternatives that count as one word of the question."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Parts side by side: more of them found is better, none is a must by itself."""

    parts: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Required:
    """A part that must be found."""

    part: Node


@dataclass(frozen=True, slots=True)
class Excluded:
    """A part that must not be found."""

    part: Node


@dataclass(frozen=True, slots=True)
class Filter:
    """`facet` is a key of the facets, `value` as typed, without quotes."""

    facet: str
    value: str
    excluded: bool = False
    operator: str = ""


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """The tree of the words, the filters among them and what could not be understood."""

    tree: Group
    filters: tuple[Filter, ...] = ()
    hints: tuple[Hint, ...] = ()


_LEXEMES = re.compile(
    r"""(?P<space>\s+)
      | (?P<open>\()
      | (?P<close>\))
      | (?P<strict>["“”„][^"“”„]*["“”])
      | (?P<soft>«[^«»]*»)
      | (?P<filter>[^\W\d_]+:(?:"[^"]*"|«[^«»]*»|[^\s()"«»]+))
      | (?P<sign>[-+–−](?=[^\s+–−-]))
      | (?P<quote>["“”„«»])
      | (?P<word>[^\s()"“”„«»]+)
    """,
    re.VERBOSE,
)
_SIGNED = frozenset({"space", "open", None})


@dataclass(frozen=True, slots=True)
class _Lexeme:
    kind: str
    text: str


def parse_query(text: str) -> ParsedQuery:
    """Read a question; raises QueryLimitError (parameter `q`) when it is beyond the caps."""
    check_text(text)
    lexemes = _lexemes(text)
    parser = _Parser(lexemes, shouting=text.upper() == text)
    tree = parser.group(0)
    return ParsedQuery(tree, tuple(parser.filters), tuple(dict.fromkeys(parser.hints)))


def _lexemes(text: str) -> list[_Lexeme]:
    """The pieces of the question; a sign inside or after a word is part of the text."""
    found: list[_Lexeme] = []
    before: str | None = None
    for match in _LEXEMES.finditer(text):
        kind = str(match.lastgroup)
        if kind == "sign" and before not in _SIGNED:
            kind = "space"
        if kind != "space":
            found.append(_Lexeme(kind, match.group()))
        before = kind
    return found


class _Parser:
    """Recursive descent over the lexemes; depth is capped before it goes down."""

    def __init__(self, lexemes: list[_Lexeme], shouting: bool) -> None:
        self.lexemes = lexemes
        self.at = 0
        self.shouting = shouting
        self.filters: list[Filter] = []
        self.hints: list[Hint] = []

    def group(self, depth: int) -> Group:
        """Everything up to the closing bracket or the end."""
        check_depth(depth)
        parts: list[Node] = []
        join: str | None = None
        while self.at < len(self.lexemes):
            lexeme = self.lexemes[self.at]
            self.at += 1
            if lexeme.kind == "close":
                if depth:
                    return Group(tuple(parts))
                self.hints.append(Hint("unclosed_bracket"))
                continue
            named = self._join_of(lexeme)
            if named is not None:
                join = named
                continue
            node = self._node(lexeme, depth)
            if node is not None:
                _attach(parts, node, join)
                join = None
        if depth:
            self.hints.append(Hint("unclosed_bracket"))
        return Group(tuple(parts))

    def _join_of(self, lexeme: _Lexeme) -> str | None:
        if lexeme.kind != "word" or self.shouting:
            return None
        return join_of(lexeme.text)

    def _node(self, lexeme: _Lexeme, depth: int) -> Node | None:
        match lexeme.kind:
            case "open":
                inner = self.group(depth + 1)
                return inner if inner.parts else None
            case "strict" | "soft":
                return self._phrase(lexeme)
            case "filter":
                return self._filter(lexeme.text, excluded=False)
            case "sign":
                return self._signed(lexeme.text, depth)
            case "quote":
                self.hints.append(Hint("unclosed_quote"))
                return None
        return self._word(lexeme.text)

    def _phrase(self, lexeme: _Lexeme) -> Node | None:
        inner = lexeme.text[1:-1].strip()
        return Phrase(inner, strict=lexeme.kind == "strict") if inner else None

    def _signed(self, sign: str, depth: int) -> Node | None:
        lexeme = self.lexemes[self.at]
        self.at += 1
        if lexeme.kind == "filter":
            return self._filter(lexeme.text, excluded=sign != "+")
        if lexeme.kind == "close":
            self.at -= 1
            return None
        node = self._node(lexeme, depth)
        if node is None:
            return None
        return Required(node) if sign == "+" else Excluded(node)

    def _filter(self, text: str, excluded: bool) -> Node | None:
        name, _, value = text.partition(":")
        facet = filter_named(name)
        if facet is None:
            return self._word(text)
        value = value.strip('"«» ')
        if value:
            self.filters.append(Filter(facet, value, excluded, name))
        else:
            self.hints.append(Hint("empty_operator", (name,)))
        return None

    def _word(self, text: str) -> Node | None:
        check_word(text)
        if text.endswith(":") and filter_named(text[:-1]) is not None:
            self.hints.append(Hint("empty_operator", (text[:-1],)))
        head, star, _ = text.partition("*")
        if star and head:
            return Begins(head)
        word, tilde, _ = text.partition("~")
        if not any(letter.isalnum() for letter in word):
            return None
        return Word(word, near=bool(tilde))


def _attach(parts: list[Node], node: Node, join: str | None) -> None:
    """Add a node after what stands before it, joined by or, and, not or nothing."""
    if join == "or" and parts and not any(isinstance(one, Excluded) for one in (parts[-1], node)):
        before = parts.pop()
        known = before.parts if isinstance(before, Either) else (before,)
        parts.append(Either((*known, node)))
    elif join == "and" and parts and not isinstance(node, Excluded):
        if not isinstance(parts[-1], Excluded | Required):
            parts[-1] = Required(parts[-1])
        parts.append(node if isinstance(node, Required) else Required(node))
    elif join == "not":
        parts.append(node if isinstance(node, Excluded) else Excluded(node))
    else:
        parts.append(node)
