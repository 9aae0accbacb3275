"""`jarshy analyze`: how words are read, for a linguist or a script."""

from __future__ import annotations

import dataclasses
import json
import sys

import click

from indexer.analysis import default_analyzer
from indexer.kazakh.letters import normalise


@click.command()
@click.option("--stems", is_flag=True, help="One word a line in, one stem a line out.")
@click.option("--language", type=click.Choice(["kk", "ru", "en"]), help="Language of the text.")
def analyze(stems: bool, language: str | None) -> None:
    """Show how standard input is read: JSON tokens with terms and offsets."""
    analyzer = default_analyzer()
    text = sys.stdin.buffer.read().decode("utf-8", "replace")
    if stems:
        for line in text.splitlines():
            word = normalise(line.strip())
            click.echo(analyzer.stem_of(word, language or "kk") if word else "")
        return
    tokens = [dataclasses.asdict(token) for token in analyzer.tokens(text, language)]
    click.echo(json.dumps(tokens, ensure_ascii=False, indent=1))
