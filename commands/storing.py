"""`jarshy import`: articles from JSON Lines."""

from __future__ import annotations

from pathlib import Path

import click

from commands.holding import alone_at, wait_option
from commands.indexing import group
from commands.session import Session, counted, pass_session, say
from crawler.enrich.registry import Registry
from crawler.importing import import_file, sites_of
from crawler.sites import find_site
from crawler.store.lock import run_lock

MOST_TOLD = 10  # failed lines that are told one by one


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--site", "site_id", help="Site of the articles whose line names none.")
@wait_option
@pass_session
def import_(session: Session, file: Path, site_id: str | None, wait: float) -> None:
    """Store the articles of FILE, one JSON object a line.

    Keys: url, title, text (paragraphs parted by blank lines); optional published, language,
    site. A line that can't be read is told with its number (the first ten); the others are stored.
    """
    sites = session.sites()
    if site_id is not None:
        find_site(sites, site_id)
    registry = Registry.of(sites.values())
    with run_lock(session.data), session.store() as store:
        named = sites_of(file, site_id) if store.is_shared else ()
        with alone_at(session, store, named, wait) as mine:
            report = import_file(file, mine, site_id, registry, sites)
        group(store)
    for failed in report.failures[:MOST_TOLD]:
        say(f"{file}:{failed.line}: {failed.reason}")
    if len(report.failures) > MOST_TOLD:
        say(f"and {len(report.failures) - MOST_TOLD} more")
    told = f"{report.stored} stored, {report.updated} updated, {report.unchanged} unchanged"
    say(f"{told}, {counted(len(report.failures), 'line')} failed. Now run `jarshy index`.")
    if report.failures:
        raise SystemExit(1)
