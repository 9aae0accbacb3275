"""Walks through the tree of a question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from indexer.engines.protocol import All, Forms, Node, Prefix, Some, Term, Without


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it."""
    yield node
    for part in _below(node):
        yield from walk(part)


def _below(node: Node) -> Iterable[Node]:
    match node:
        case Some() | All():
            return (*node.parts, *node.wished)
        case Without():
            return (node.part, *node.excluded)
    return ()


def terms_of(node: Forms) -> tuple[Term | Prefix, ...]:
    """All forms of a word."""
    return (*node.strong, *node.weak)


def beginnings(tree: Node) -> Iterator[Prefix]:
    """The beginnings that are asked for, as often as they are."""
    for node in walk(tree):
        if isinstance(node, Forms):
            yield from (one for one in terms_of(node) if isinstance(one, Prefix))


def has_weak_beginnings(tree: Node) -> bool:
    """Whether a beginning is a weak form anywhere."""
    forms = (node for node in walk(tree) if isinstance(node, Forms))
    return any(isinstance(one, Prefix) for node in forms for one in node.weak)


def questions(tree: Node) -> dict[int, list[Some]]:
    """The questions of several words in a tree by how many levels of questions they have in them.

    One that has no other in it is on level 1.
    """
    levels: dict[int, list[Some]] = {}
    _by_height(tree, levels)
    return levels


def _by_height(node: Node, levels: dict[int, list[Some]]) -> int:
    height = max((_by_height(part, levels) for part in _below(node)), default=0)
    if isinstance(node, Some) and node.bonus and len(node.parts) > 1:
        height += 1
        levels.setdefault(height, []).append(node)
    return height
