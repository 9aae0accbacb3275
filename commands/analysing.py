"""`jarshy analyze`: how words are read, for a linguist or a script."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from indexer.analysis import Analyzer, Token, default_analyzer
from indexer.kazakh.candidates import LONGEST_WORD
from indexer.kazakh.letters import normalise, script_of
from indexer.kazakh.stemmer import Reading

SHOWN = 60
LONGEST_SHOWN = 300
GUESSES = {"keyboard": "typed with Russian letters", "script": "typed in Latin"}
EXPANSIONS = ("abbreviation", "place", "synonym")
# Why a word that is not read as Kazakh has its stem, by its script.
OTHERS = {"cyrillic": "read as Russian, or as a loan", "latin": "read as English"}


@click.command()
@click.option("--stems", is_flag=True, help="One word a line in, one stem a line out.")
@click.option("--explain", is_flag=True, help="Each word's readings and suffixes, for a person.")
@click.option("--question", is_flag=True, help="Each line as a question, with its guesses.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True), default="-")
@click.option("--language", type=click.Choice(["kk", "ru", "en"]), help="Language of the text.")
def analyze(stems: bool, explain: bool, question: bool, file: str, language: str | None) -> None:
    """Show how the text in FILE, or on standard input, is read: JSON tokens with terms and offsets.

    Of --stems, --question and --explain the first that is given holds.
    """
    analyzer = default_analyzer()
    text = text_of(file)
    if stems:
        lines = text.removesuffix("\n").split("\n") if text else []
        click.echo("".join(f"{stem_of_line(analyzer, one, language)}\n" for one in lines), nl=False)
        return
    if question:
        for line in filter(None, map(str.strip, text.split("\n"))):
            for shown in asked(analyzer, line):
                click.echo(shown)
        return
    tokens = analyzer.tokens(text, language)
    if explain:
        for token in tokens:
            for line in explained(analyzer, token):
                click.echo(line)
        if not tokens:
            click.echo("no words", err=True)
        return
    click.echo(
        json.dumps([dataclasses.asdict(one) for one in tokens], ensure_ascii=False, indent=1)
    )


def text_of(file: str) -> str:
    """The text of a file, or of standard input for ``-``; bytes that are no UTF-8 are marked."""
    if file != "-":
        return Path(file).read_bytes().decode("utf-8", "replace")
    if sys.stdin is None:
        return ""
    if sys.stdin.isatty():
        click.echo("Type a text, then Ctrl-D; or name a file.", err=True)
    return sys.stdin.buffer.read().decode("utf-8", "replace")


def stem_of_line(analyzer: Analyzer, line: str, language: str | None) -> str:
    """The stem of the word of a line; empty for a line without a word or sign.

    A word in Latin or Arabic letters is read as in a text.
    """
    word = normalise(" ".join(line.split()))
    if script_of(word) in ("latin", "arabic"):
        tokens = analyzer.tokens(word, language)
        return tokens[0].stem if tokens else word
    return analyzer.stem_of(word, language or "kk") or word


def asked(analyzer: Analyzer, question: str) -> Iterator[str]:
    """A question as lines: how it was meant, its words, guesses at each and other names."""
    yield f"question: {question[:LONGEST_SHOWN]}"
    meant = analyzer.as_meant(question)
    if meant is not None:
        yield f"  the keyboard was on another layout; searched as: {meant[:LONGEST_SHOWN]}"
    text = question if meant is None else meant
    if analyzer.is_typed(text):
        yield "  Kazakh in Russian letters, by most of its words"
    tokens = analyzer.query_tokens(text)
    for token in tokens:
        found = f"stem {token.stem[:SHOWN]}, folded {token.folded[:SHOWN]}"
        if token.origin in GUESSES:
            yield f"      or {found}: {GUESSES[token.origin]}, weight {token.weight}"
        else:
            yield f"  {token.text[:SHOWN]}  {found}{', a stop word' if token.stop else ''}"
    for other in analyzer.expansions(tokens, EXPANSIONS):
        names = "; ".join(" ".join(phrase) for phrase in other.phrases)
        yield f"  words {other.start + 1}-{other.end}, {other.kind}: {names}"


def explained(analyzer: Analyzer, token: Token) -> Iterator[str]:
    """A token as lines: its terms, why it has that stem, and what else it could have been."""
    why = analyzer.stemmer.explain(token.exact)
    kazakh = why.stem == token.stem and script_of(token.exact) == "cyrillic"
    reason = why.reason if kazakh else OTHERS.get(script_of(token.exact), "as written")
    stop = ", a stop word" if token.stop else ""
    written = token.text if len(token.text) <= SHOWN else f"{token.text[:SHOWN]}…"
    read = "" if token.exact == token.text.lower() else f", read as {token.exact[:SHOWN]}"
    found = f"stem {token.stem[:SHOWN]}, folded {token.folded[:SHOWN]}"
    yield f"{written}  ({token.start}-{token.end}){read}  {found}: {reason}{stop}"
    if len(token.exact) > LONGEST_WORD:
        yield f"    longer than {LONGEST_WORD} letters: left whole"
    elif "-" in token.exact:
        yield "    read by its parts, or by the suffix after the hyphen"
    elif kazakh:
        turned = why.reason in ("passive undone", "dictionary form")
        chosen = why.readings[0].stem if turned else why.stem
        first = next((one for one in why.readings if one.stem == chosen), None)
        for reading in why.readings:
            yield f"    {'*' if reading is first else ' '} {_told(reading)}"


def _told(reading: Reading) -> str:
    cut = " + ".join(f"{name} ({gloss})" if gloss else name for name, gloss in reading.suffixes)
    change = f", {reading.change}" if reading.change else ""
    known = f"lexicon {reading.support:.1f}" if reading.support else "not in the lexicon"
    word = f"{reading.stem} ({reading.kind}{change})"
    return f"{word} + {cut or 'nothing'}; {known}; cost {reading.cost}"
