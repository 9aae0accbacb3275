"""Lists of words and lines that cleaners share (crawler/data/boilerplate.toml)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def data() -> Mapping[str, Any]:
    """The whole file."""
    return tomllib.loads((files("crawler") / "data" / "boilerplate.toml").read_text("utf-8"))


def whole_lines(lines: Sequence[str], after: str = "") -> re.Pattern[str]:
    """A pattern of whole lines, each perhaps with what may stand after it."""
    whole = "|".join(f"(?:{_own_groups(filled(line), n)})" for n, line in enumerate(lines))
    return re.compile(rf"\A(?:{whole}){after}\Z", re.I)


def filled(line: str) -> str:
    """A line of a rule with its words in braces put in."""
    if "{" in line:
        line = line.replace("{month}", "(?:" + "|".join(data()["months"]) + ")")
        for name, words in data()["words"].items():
            line = line.replace(f"{{{name}}}", words)
    return line


def _own_groups(line: str, number: int) -> str:
    """Named groups get the line's number, so that lines can be alternatives of one pattern."""
    return re.sub(r"\(\?P<([a-z]+)>", rf"(?P<\g<1>_{number}>", line)


@cache
def picture_marks() -> re.Pattern[str]:
    """Names that cameras, phones and galleries give to pictures."""
    marks = "|".join(f"(?:{mark})" for mark in data()["pictures"]["marks"])
    return re.compile(rf"\A(?:{marks})\Z", re.I)


@cache
def institutions() -> tuple[str, ...]:
    """Nouns that end the name of an institution, in small letters."""
    return tuple(noun.lower() for noun in data()["institutions"])


@cache
def endings() -> tuple[str, ...]:
    """Ends of a last word that make a line say something though it has no full stop."""
    return tuple(data()["sentences"]["endings"])


@cache
def comment_headings() -> re.Pattern[str]:
    """Headings of readers' comments that may also be a story's own."""
    return whole_lines(data()["comments"]["headings"], r"(?: ?\(\d{1,5}\))? ?:?")


@cache
def comment_signs() -> re.Pattern[str]:
    """Lines that a reader wrote below a story, or that tell who did and when."""
    return whole_lines(data()["comments"]["signs"])


@cache
def reported_speech() -> re.Pattern[str]:
    """Verbs with which a story tells what people said."""
    return re.compile(data()["comments"]["reported"], re.I)


@cache
def related_headings() -> re.Pattern[str]:
    """Headings of lists of other stories."""
    return whole_lines(data()["related"]["headings"], r"[ .:…»→>!↓👇-]{0,4}")


@cache
def list_names() -> re.Pattern[str]:
    """Nouns in headings of lists of other stories."""
    return re.compile(data()["related"]["listed"], re.I)


@cache
def related_line() -> re.Pattern[str]:
    """A line that names another story: «Читайте также: ...»; `title` is its name."""
    return whole_lines([data()["related"]["inline"]])


@cache
def invitation(kind: str) -> tuple[str, ...]:
    """What an invitation says, in small letters: `words` of its text, `labels` of its lines."""
    return tuple(data()["invitations"][kind])


@cache
def spam_words(script: str) -> frozenset[str]:
    """What injected spam sells, in small letters: `latin` words, `cyrillic` beginnings."""
    return frozenset(data()["spam"][script])


@cache
def button_words(kind: str) -> tuple[str, ...]:
    """Words of buttons and fields, in small letters: `core` ones, and what `also` stands there."""
    return tuple(data()["buttons"][kind])


@cache
def accounts() -> frozenset[str]:
    """Names of accounts, in small letters, that are nobody's."""
    return frozenset(data()["accounts"]["names"])


@cache
def signature_words(kind: str) -> frozenset[str]:
    """Words of those who sign a story, in small letters: `departments`, `leading` or `posts`."""
    return frozenset(word.lower() for word in data()["signatures"][kind])
