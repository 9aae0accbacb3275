"""`jarshy analyze`: how words are read, for a linguist or a script."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterator

import click

from indexer.analysis import Analyzer, Token, default_analyzer
from indexer.kazakh.letters import normalise
from indexer.kazakh.stemmer import Reading


@click.command()
@click.option("--stems", is_flag=True, help="One word a line in, one stem a line out.")
@click.option("--explain", is_flag=True, help="Each word's readings and suffixes, for a person.")
@click.option("--language", type=click.Choice(["kk", "ru", "en"]), help="Language of the text.")
def analyze(stems: bool, explain: bool, language: str | None) -> None:
    """Show how standard input is read: JSON tokens with terms and offsets."""
    analyzer = default_analyzer()
    text = sys.stdin.buffer.read().decode("utf-8", "replace")
    if stems:
        for line in text.splitlines():
            word = normalise(line.strip())
            click.echo(analyzer.stem_of(word, language or "kk") if word else "")
        return
    tokens = analyzer.tokens(text, language)
    if explain:
        for token in tokens:
            for line in explained(analyzer, token):
                click.echo(line)
        return
    click.echo(
        json.dumps([dataclasses.asdict(one) for one in tokens], ensure_ascii=False, indent=1)
    )


def explained(analyzer: Analyzer, token: Token) -> Iterator[str]:
    """A token as lines: its terms, why it has that stem, and what else it could have been."""
    why = analyzer.stemmer.explain(token.exact)
    reason = why.reason if why.stem == token.stem else "another language's rules"
    stop = ", a stop word" if token.stop else ""
    place = f"{token.start}-{token.end}"
    yield f"{token.text}  ({place})  stem {token.stem}, folded {token.folded}: {reason}{stop}"
    if "-" in token.exact:
        yield "    read by its parts, or by the suffix after the hyphen"
        return
    for reading in why.readings:
        yield f"    {'*' if reading.stem == why.stem else ' '} {_told(reading)}"


def _told(reading: Reading) -> str:
    cut = " + ".join(f"{name} ({gloss})" if gloss else name for name, gloss in reading.suffixes)
    change = f", {reading.change}" if reading.change else ""
    known = f"lexicon {reading.support:.1f}" if reading.support else "not in the lexicon"
    word = f"{reading.stem} ({reading.kind}{change})"
    return f"{word} + {cut or 'nothing'}; {known}; cost {reading.cost}"
