"""`jarshy sites`: the registry of library sites."""

from __future__ import annotations

import click

from commands.cleaning import as_record
from commands.session import Session, pass_session, say
from crawler.checking import check_site
from crawler.sites import find_site
from crawler.vocabulary import regions


@click.group()
def sites() -> None:
    """List the library sites, check one, propose a new one."""


@sites.command("list")
@pass_session
def list_sites(session: Session) -> None:
    """List every site of the config: id, content system, region, name."""
    for site in session.sites().values():
        known = regions().get(site.region or "")
        region = known.kk if known else "-"
        state = "" if site.enabled else "  (disabled)"
        click.echo(f"{site.id:24} {site.cms:16} {region:28} {site.name.kk}{state}")


@sites.command()
@click.argument("site_id", metavar="ID")
@pass_session
def check(session: Session, site_id: str) -> None:
    """Show the first links of a site and one cleaned article; writes nothing."""
    site = find_site(session.sites(), site_id)
    say(f"{site.id}: {site.name.kk} <{site.url}>, {site.cms}")
    report = check_site(site)
    for link in report.links[:5]:
        say(f"  link  {link.url}")
    for trouble in report.troubles:
        say(f"  !     {trouble}")
    if report.reading is not None:
        record = as_record(report.reading.article, report.reading.event)
        click.echo(record["title"] or "(no title)")
        for paragraph in record["paragraphs"]:
            click.echo(f"\n{paragraph}")
    if report.troubles:
        raise SystemExit(1)
    say("  ok")
