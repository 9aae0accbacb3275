"""`jarshy kinds`: the taxonomy of events, and names that it does not know yet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

import click

from commands.session import CommandGroup, Session, pass_session, say
from crawler.enrich.proposals import proposals
from crawler.model import Article
from crawler.store.store import Store
from crawler.vocabulary import kinds as vocabulary

ROOMS = {"list": "commands.kinds:list_", "propose": "commands.kinds:propose"}


@click.group(cls=CommandGroup, rooms=ROOMS)
def kinds() -> None:
    """The kinds of event that are known, and new ones found in the articles."""


@click.command("list")
def list_() -> None:
    """List every kind: id, labels in three languages, group."""
    for kind in vocabulary().values():
        click.echo("\t".join((kind.id, kind.kk, kind.ru, kind.en, kind.group)))


@click.command()
@click.option("--least", default=3, show_default=True, type=click.IntRange(1), help="Articles.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_session
def propose(session: Session, least: int, as_json: bool) -> None:
    """Names of events that many stored articles tell and no kind has.

    Add those that are kinds to `crawler/data/kinds.toml` (as a table, or among the `forms` of
    one), then run `jarshy reprocess`.
    """
    with session.store() as store:
        found = proposals(_articles(store), least)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one.articles:5}  {one.name}")
        for example in one.examples:
            click.echo(f"         ... {example.words}\n             {example.url}")
    if not found:
        say(f"No unknown name stands in {least} articles or more; try --least 1.")


def _articles(store: Store) -> Iterator[Article]:
    for change in store.articles.changes_after(0):
        if change.document is not None:
            yield change.document.article
