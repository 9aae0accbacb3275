"""No regular expression of the product is slow on a text that was made to make it slow.

The expressions are found, not listed: in the globals of every module (containers, dataclasses and
bound methods too), in what cached loaders give, and in calls such as `re.sub("...", ...)`. Each is
attacked as the code uses it, with long runs of what it repeats, told from its own parse.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import pkgutil
import re
import time
import typing
from collections import deque
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from re import _parser  # type: ignore[attr-defined]
from types import BuiltinMethodType, ModuleType

PACKAGES = ("crawler", "indexer", "searchui", "commands")
ROOT = Path(__file__).parents[1]
LONG = 50_000  # characters of an attack
SIZES = (16, 20, 24, 28, 60, 250, 1_000, 4_000, 12_500, LONG)  # a bad one fails at a small one
MOST = 0.05  # seconds of processor time
MOST_ATTACKS = 20
SCANNING = ("search", "finditer", "findall", "sub", "subn", "split")
METHODS = (*SCANNING, "match", "fullmatch")
STOP = "\x01"  # no expression goes on over it

CACHED = type(functools.cache(len))
Look = Callable[[re.Pattern[typing.Any], typing.Any], object]
LOOKS: dict[str, Look] = {
    "search": lambda pattern, text: pattern.search(text),
    "all": lambda pattern, text: deque(pattern.finditer(text), maxlen=0),
    "match": lambda pattern, text: pattern.match(text),
    "fullmatch": lambda pattern, text: pattern.fullmatch(text),
}


def modules() -> Iterator[ModuleType]:
    for name in PACKAGES:
        package = importlib.import_module(name)
        yield package
        for found in pkgutil.walk_packages(package.__path__, f"{name}."):
            # A script of migrations runs when it is loaded, and only alembic loads it.
            if not found.name.endswith(("__main__", "migrations.env")):
                yield importlib.import_module(found.name)


def patterns_in(value: object, depth: int = 4) -> Iterator[tuple[re.Pattern[typing.Any], str]]:
    """Every pattern in a value, with the method when only that is kept."""
    if isinstance(value, re.Pattern):
        yield value, ""
    elif isinstance(value, BuiltinMethodType) and isinstance(value.__self__, re.Pattern):
        yield value.__self__, value.__name__
    elif depth and isinstance(value, (list, tuple, set, frozenset)):
        for one in value:
            yield from patterns_in(one, depth - 1)
    elif depth and isinstance(value, dict):
        yield from patterns_in([*value.keys(), *value.values()], depth - 1)
    elif depth and (names := getattr(type(value), "__dataclass_fields__", None)):
        kept = [getattr(value, name, None) for name in names]
        yield from patterns_in(kept, depth - 1)


def loaded(module: ModuleType, value: object) -> object:
    """What a cached loader of the module gives, if it needs nothing and promises patterns."""
    if not isinstance(value, CACHED) or value.__module__ != module.__name__:
        return None
    function = value.__wrapped__
    if inspect.signature(function).parameters or not _promises(module, function):
        return None
    return value()


def _promises(module: ModuleType, function: object) -> bool:
    told = str(getattr(function, "__annotations__", {}).get("return", ""))
    names = re.findall(r"\w+", told)
    kept = (getattr(getattr(module, name, None), "__annotations__", {}) for name in names)
    return "Pattern" in told or any("Pattern" in str(fields) for fields in kept)


def used(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """(name, method) of every use of a name in a module; method `search` where it is handed on."""
    called = {id(node.value): node.attr for node in ast.walk(tree) if _is_method(node)}  # type: ignore[attr-defined]
    listed = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "PATTERNS"
        for inner in ast.walk(node)
    }
    inside = {id(n.func): called.get(id(n)) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    for node in ast.walk(tree):
        is_read = isinstance(getattr(node, "ctx", None), ast.Load) and id(node) not in listed
        if isinstance(node, ast.Name) and is_read:
            yield node.id, called.get(id(node)) or inside.get(id(node)) or "search"
        elif isinstance(node, ast.Attribute) and is_read:
            yield node.attr, called.get(id(node)) or inside.get(id(node)) or "search"


def _is_method(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in METHODS


def written(tree: ast.AST) -> Iterator[tuple[re.Pattern[typing.Any], str]]:
    """Patterns in calls of `re` itself: `re.sub("...", ...)`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        of_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
        first = node.args[0] if node.args else None
        if of_re and isinstance(first, ast.Constant) and node.func.attr in METHODS:
            yield re.compile(first.value), node.func.attr


def ways_of(trees: list[ast.Module]) -> dict[str, set[str]]:
    """The methods that each name is used with."""
    ways: dict[str, set[str]] = {}
    for tree in trees:
        for name, method in used(tree):
            ways.setdefault(name, set()).add(method)
    return ways


def registry() -> dict[tuple[str, re.Pattern[typing.Any]], set[str]]:
    """Every pattern by the place where it stands, with the ways in which it is used."""
    found: dict[tuple[str, re.Pattern[typing.Any]], set[str]] = {}
    known = list(modules())
    trees = [ast.parse(Path(module.__file__ or "").read_text("utf-8")) for module in known]
    everywhere = ways_of(trees)
    for module, tree in zip(known, trees, strict=True):
        ways = everywhere | ways_of([tree])
        for pattern, method in written(tree):
            found.setdefault((module.__name__, pattern), set()).add(method)
        for name, value in vars(module).copy().items():
            for pattern, method in patterns_in(value if name != "PATTERNS" else None):
                told = {method} if method else ways.get(name, set())
                found.setdefault((module.__name__, pattern), set()).update(told)
            for pattern, _ in patterns_in(loaded(module, value)):
                told = ways.get(name, set()) - {"search"} or ways.get("pattern") or {"search"}
                found.setdefault((module.__name__, pattern), set()).update(told)
    return found


class Shape:
    """What a pattern is made of: an example of its text, and what it repeats after what."""

    def __init__(self, pattern: re.Pattern[typing.Any]) -> None:
        self.text = ""
        self.runs: list[tuple[str, str]] = []
        self.read(_parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG))

    def read(self, parsed: typing.Iterable[tuple[typing.Any, typing.Any]]) -> None:
        for code, told in parsed:
            name = str(code)
            if name in ("LITERAL", "NOT_LITERAL", "IN", "ANY"):
                self.text += one_of(name, told)
            elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
                self.repeat(*told)
            elif name == "SUBPATTERN":
                self.read(told[3])
            elif name == "ATOMIC_GROUP":
                self.read(told)
            elif name == "BRANCH":
                before = self.text
                for branch in told[1][:4]:
                    self.text = before
                    self.read(branch)

    def repeat(self, least: int, most: int, inner: typing.Any) -> None:
        before = self.text
        self.read(inner)
        if most > 20:
            self.runs.append((before, self.text[len(before) :]))
        self.text = before + self.text[len(before) :] * max(1, min(least, 20))


def one_of(name: str, told: typing.Any) -> str:
    """A character that a part of a pattern stands for."""
    if name == "LITERAL":
        return chr(told)
    if name in ("NOT_LITERAL", "ANY"):
        return "ж"
    first, value = told[0]
    if str(first) == "NEGATE":
        taken = {chr(one) for code, one in told[1:] if str(code) == "LITERAL"}
        return next(char for char in "ж1 .-" if char not in taken)
    if str(first) == "RANGE":
        return chr(value[0])
    kinds = {"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " ", "CATEGORY_NOT_SPACE": "ж"}
    return chr(value) if str(first) == "LITERAL" else kinds.get(str(value), "а")


def attacks(pattern: re.Pattern[typing.Any], size: int) -> list[str]:
    """Texts of about `size` characters made of the pattern's own parts, each once."""
    shape = Shape(pattern)
    runs = list(dict.fromkeys(shape.runs))[:8]
    units = [("", shape.text), ("", " "), ("", "1"), ("", "а"), ("", "а "), ("", "1 ")]
    units += [(before, run) for before, run in runs]
    units += [("", before + run) for before, run in runs]
    units += [("", one[1] + two[1]) for one, two in pairwise(runs)]
    texts = (before + unit * (size // max(len(unit), 1)) for before, unit in units)
    return [text[:size] + STOP for text in dict.fromkeys(texts)][:MOST_ATTACKS]


def seconds(look: Look, pattern: re.Pattern[typing.Any], text: str) -> float:
    attack = text.encode() if isinstance(pattern.pattern, bytes) else text
    start = time.process_time()
    look(pattern, attack)
    return time.process_time() - start


def slowest(pattern: re.Pattern[typing.Any], methods: set[str]) -> tuple[float, int, str, str]:
    """The first time above MOST (seconds, characters, method, text), else the longest."""
    ways = {"all" if m in SCANNING[1:] else m for m in methods or {"search"}}
    worst = (0.0, 0, "", "")
    whole = {size: attacks(pattern, size) for size in SIZES}
    for way in ways:
        for texts in zip(*(whole[size] for size in SIZES), strict=False):
            for text in texts:
                took = seconds(LOOKS[way], pattern, text)
                if took > MOST:  # perhaps the machine, not the pattern
                    again = range(3 if took < 4 * MOST else 1)
                    took = min(took, *(seconds(LOOKS[way], pattern, text) for _ in again))
                worst = max(worst, (took, len(text), way, text[:20]))
                if took > MOST:
                    return worst
    return worst


def test_no_expression_is_slow_on_any_attack() -> None:
    slow = []
    found = registry()
    assert len(found) > 200
    for (where, pattern), methods in found.items():
        took, size, way, text = slowest(pattern, methods)
        if took > MOST:
            told = f"{took * 1000:.0f} ms for {size:,} characters, {way}, {text!r}..."
            slow.append(f"{where}: {pattern.pattern[:90]!r}: {told}")
    assert not slow, "\n".join(slow)


def test_a_bad_expression_is_found() -> None:
    bad = (r"(a+)+b", r"\s*\Z", r"\s*x", r"(?:\w+\s+)*\Z", r"<a[^>]*>", r"до\s*\s*\Z")
    assert [slowest(re.compile(one), {"search"})[0] > MOST for one in bad] == [True] * len(bad)
    good = (r"\d{1,4}", r"a++b", r"<a[^<>]{0,50}>", r"\s*\Z")
    ways = ("search", "match", "findall", "match")
    assert all(slowest(re.compile(p), {w})[0] < MOST for p, w in zip(good, ways, strict=True))
