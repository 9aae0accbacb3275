"""`jarshy status`: health of sites, runs and index."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import click

from commands.session import Session, counted, pass_session
from crawler.health import SiteHealth, site_health
from crawler.store.leases import HeldLease
from indexer.ailing import ailments_of
from indexer.errors import SearchError
from indexer.outgrown import outgrown
from indexer.search import Searcher
from searchui.health_words import health_words, reason_words
from searchui.wording import wording


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_session
def status(session: Session, as_json: bool) -> None:
    """Show what is stored, how the sites are and what the index holds."""
    with session.kept_store() as store:
        healths = site_health(session.sound_sites()[0].values(), store)
        told = {
            "articles": store.articles.count(),
            "last_run": _iso(store.runs.last_finished()),
            "index": _index(session),
            "workers": _workers(store.leases.held()),
            "sites": [_site(one) for one in healths],
        }
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    _tell(told)


def _iso(when: Any) -> str | None:
    return None if when is None else when.isoformat(timespec="seconds")


def _workers(held: Sequence[HeldLease]) -> list[dict[str, Any]]:
    """Who is at work on which sites, or on the index, where several machines share the store."""
    found: dict[str, list[HeldLease]] = {}
    for lease in held:
        if not lease.name.startswith("host:"):
            found.setdefault(lease.holder, []).append(lease)
    return [
        {
            "worker": worker,
            "sites": [one.name.removeprefix("site:") for one in mine if one.name != "index"],
            "indexing": any(one.name == "index" for one in mine),
            "since": _iso(min(one.taken_at for one in mine)),
            "heard_of": _iso(max(one.renewed_at for one in mine)),
            "until": _iso(min(one.expires_at for one in mine)),
        }
        for worker, mine in found.items()
    ]


def _index(session: Session) -> dict[str, Any] | None:
    ailing = ailments_of(session.data)
    try:
        with Searcher.open(session.data) as searcher:
            state = searcher.status()
    except SearchError as error:
        problem = str(error)
        return {"problem": problem, "ailments": [one for one in ailing if one != problem]}
    return {
        "engine": state.engine,
        "version": state.version,
        "documents": state.documents,
        "bytes": state.bytes,
        "built_at": _iso(state.built_at),
        "behind": state.behind,
        "outgrown": outgrown(state.engine, state.documents),
        "ailments": ailing,
    }


def _site(health: SiteHealth) -> dict[str, Any]:
    say = wording("en")
    return {
        "id": health.site,
        "name": health.name,
        "articles": health.articles,
        "last_run": _iso(health.last_run),
        "state": health.state,
        "healthy": health.healthy,
        "words": health_words(health, say),
        "reasons": [reason_words(reason, say) for reason in health.reasons],
        "codes": [reason.code for reason in health.reasons],
        "details": [str(one.facts["detail"]) for one in health.reasons if one.facts.get("detail")],
    }


def _tell(told: dict[str, Any]) -> None:
    index = told["index"]
    click.echo(
        f"{counted(told['articles'], 'article')} stored; last run: {told['last_run'] or 'never'}"
    )
    if "problem" in index:
        click.echo(f"index: {index['problem']}")
    else:
        behind = f", {counted(index['behind'], 'change')} behind" if index["behind"] else ""
        size = index["bytes"] / 1e6
        held = counted(index["documents"], "article")
        click.echo(f"index: {held}, {size:.1f} MB, {index['engine']}{behind}")
        if index["outgrown"]:
            click.echo(f"index: {index['outgrown']}")
    for ailment in index["ailments"]:
        click.echo(f"index: ! {ailment}")
    for worker in told["workers"]:
        work = [*worker["sites"], *(["the index"] if worker["indexing"] else [])]
        since = f"since {worker['since']}, last heard of {worker['heard_of']}"
        click.echo(f"worker {worker['worker']}: {', '.join(work)} ({since})")
    for site in told["sites"]:
        last = site["last_run"] or "never"
        click.echo(f"  {site['id']:24} {site['articles']:6}  {last:26} {_state(site)}")
    ill = sum(not site["healthy"] for site in told["sites"])
    if ill:
        click.echo(f"Sites that need a look: {ill} of {len(told['sites'])}, marked with !.")


def _state(site: dict[str, Any]) -> str:
    short: dict[str, str] = {"ok": "ok", "waiting": "not read yet", "off": "switched off"}
    state = str(site["state"])
    if state in short:
        return short[state]
    details = f" ({'; '.join(site['details'])})" if site["details"] else ""
    return f"{'  ' if site['healthy'] else '! '}{site['words']}{details}"
