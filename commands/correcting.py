"""`jarshy correct`: put a fact of an event right, for good."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

import click

from commands.holding import alone_at, wait_option
from commands.session import Session, pass_session, say
from crawler.correcting import drop_correction, reread, stored, write_correction
from crawler.corrections import (
    CORRECTION,
    Corrections,
    address_of,
    is_before,
    load_corrections,
)
from crawler.model import Document
from crawler.sites import Site
from crawler.store.lock import run_lock
from crawler.store.store import Store

FACTS = (
    "kinds", "starts", "ends", "venue", "city", "region", "organisers", "online",
    "participants", "topics", "titles", "libraries",
)  # fmt: skip
LISTS = ("kinds", "organisers", "topics", "titles", "libraries")
TEXTS = ("starts", "ends", "venue", "city", "region", "online", "participants")


@click.command()
@click.argument("url")
@click.option("--kind", "kinds", multiple=True, help="Kind of event, in any language; repeatable.")
@click.option("--starts", help="First day: 2024-03-18, 2024-03 or 2024.")
@click.option("--ends", help="Last day, where it is not the first.")
@click.option("--venue", help="Where in the town.")
@click.option("--city", help="City or district.")
@click.option("--region", help="Region, in any language.")
@click.option("--organiser", "organisers", multiple=True, help="Who held it; repeatable.")
@click.option("--online/--in-person", "online", default=None, help="How people met.")
@click.option("--participants", type=click.IntRange(0), help="How many people took part.")
@click.option("--topic", "topics", multiple=True, help="Campaign or anniversary; repeatable.")
@click.option("--title", "titles", multiple=True, help="Title of a project or book; repeatable.")
@click.option("--library", "libraries", multiple=True, help="Site id of a library that took part.")
@click.option("--none", "none", multiple=True, type=click.Choice(TEXTS + LISTS), help="Clear it.")
@click.option("--note", help="Why; shown beside the corrected facts.")
@click.option("--clear", is_flag=True, help="Drop the correction: what is read holds again.")
@wait_option
@pass_session
def correct(
    session: Session, /, url: str, none: tuple[str, ...], clear: bool, wait: float, **told: Any
) -> None:
    """Put facts of the event that the article at URL tells of right.

    They are written to `corrections.toml` in the config folder and outlive re-crawls and
    `jarshy reprocess`. Without options: show what is known of the event and what is corrected.
    """
    facts = _facts(told, none)
    if clear and facts:
        raise click.UsageError("--clear stands alone: it drops the whole correction.")
    try:
        address_of(url)
    except ValueError:
        raise click.BadParameter(f"{url!r} is no web address", param_hint="URL") from None
    corrections = load_corrections(session.config)
    sites = session.sites()
    _known_libraries(facts.get("libraries", ()), sites)
    with run_lock(session.data), ExitStack() as stack:
        store = stack.enter_context(session.store())
        site = next((one for one in sites.values() if one.covers(url)), None)
        document = stored(store, url, site)
        if document is not None and (facts or clear):
            store = stack.enter_context(alone_at(session, store, _sites(document), wait))
            document = stored(store, url, site)  # it may have waited for who changed it
        address = url if document is None else document.article.url
        if clear:
            _clear(corrections, store, address, document, sites)
        elif facts:
            _in_order(facts, document)
            made = write_correction(corrections, address, facts)
            say(f"Written to {corrections.path}.")
            if document is None:
                say("No article of that address is stored yet; the correction waits for it.")
            elif reread(store, document, sites, made):
                say("Now run `jarshy index` to show it in the search.")
        elif document is None:
            say("No article of that address is stored.")
            raise SystemExit(1)
        else:
            _show(document, corrections)


def _facts(told: Mapping[str, Any], none: Sequence[str]) -> dict[str, Any]:
    """The facts that the options name; those to be cleared are empty."""
    facts = {key: list(v) if isinstance(v, tuple) else v for key, v in told.items() if _given(v)}
    for key in none:
        if key in facts:
            raise click.UsageError(f"--none {key} contradicts the {key} told beside it.")
        facts[key] = [] if key in LISTS else ""
    return facts


def _sites(document: Document) -> tuple[str]:
    return (document.article.site or "",)


def _given(value: object) -> bool:
    return value is not None and value != ()


def _in_order(facts: dict[str, Any], document: Document | None) -> None:
    """Refuse a last day before the first one that the stored event has."""
    first = document.event.starts if document is not None else None
    last = facts.get("ends")
    if last and first and "starts" not in facts and last[:1] != "-" and is_before(last, first):
        raise click.UsageError(
            f"--ends {last} is before the first day, {first}: tell --starts, too."
        )


def _known_libraries(ids: Any, sites: dict[str, Site]) -> None:
    from crawler.sites import find_site

    for one in ids:
        find_site(sites, one)


def _clear(
    corrections: Corrections,
    store: Store,
    url: str,
    document: Document | None,
    sites: dict[str, Site],
) -> None:
    if not drop_correction(corrections, url):
        say("There is no correction of that address.")
        raise SystemExit(1)
    if document is not None:
        reread(store, document, sites, None)
    say("Dropped. Now run `jarshy index`.")


def _show(document: Document, corrections: Corrections) -> None:
    """The facts on standard output, one a line, with where each comes from."""
    event = document.event
    proof = {e.fact: e for e in reversed(event.evidence)}
    for fact in FACTS:
        value = getattr(event, fact)
        told = json.dumps(value, ensure_ascii=False) if value not in (None, ()) else "-"
        source = proof.get(fact)
        if source is not None:
            words = f"{source.words[:60]!r}"
            told += f"   (corrected: {words})" if source.where == CORRECTION else f"   ({words})"
        click.echo(f"{fact:12} {told}")
    if corrections.of(document.article.url) is None:
        say("Nothing is corrected. See `jarshy correct --help`.")
