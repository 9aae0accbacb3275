"""A body's blocks as the elements that hold them, and the counter below them."""

from __future__ import annotations

from dataclasses import dataclass

from demoweb.articles import DemoArticle, DemoBlock
from demoweb.shelf import Entry


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring blocks that one element holds: a paragraph, or a whole list."""

    kind: str
    texts: tuple[str, ...]
    start: int = 1


def groups(article: DemoArticle) -> tuple[Group, ...]:
    """The body as elements: consecutive items of a kind, numbered on, make one list."""
    out: list[Group] = []
    for block in article.blocks:
        if out and _continues(out[-1], block):
            last = out.pop()
            out.append(Group(last.kind, (*last.texts, block.text), last.start))
        else:
            out.append(Group(block.kind, (block.text,), block.number or 1))
    return tuple(out)


def _continues(group: Group, block: DemoBlock) -> bool:
    if group.kind != block.kind or block.kind not in ("ordered", "unordered"):
        return False
    return block.kind == "unordered" or block.number == group.start + len(group.texts)


def views(entry: Entry) -> int:
    """What the view counter shows; it stands still, so that pages stay the same."""
    return entry.number * 37 % 911 if entry.number % 7 else 0
