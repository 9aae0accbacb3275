"""`jarshy sites`: the registry of library sites."""

from __future__ import annotations

import gzip
import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

import click

from commands.cleaning import as_record
from commands.session import Session, pass_session, say
from crawler.checking import check_site
from crawler.crawling import crawl
from crawler.errors import ExtractionError, JarshyError
from crawler.model import Capture
from crawler.options import load_options
from crawler.reading import Reading, read
from crawler.recognition import recognise
from crawler.sites import Site, find_site, web_place
from crawler.store.place import own_file
from crawler.store.store import Store
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
    if site.guessed:
        say(f"  guessed so far, look at it: {', '.join(site.guessed)}")
    report = check_site(site, load_options(session.config))
    for told in report.works:
        say(f"  ok  {told}")
    for link in report.links[:5]:
        say(f"      link  {link.url}  {link.title or ''}")
    for trouble in report.troubles:
        say(f"  !   {trouble}")
    if report.reading is not None:
        say("  Is this the whole article, and nothing but it?\n")
        _show(report.reading)
    if report.troubles:
        say("\n  Something is to be done: see the lines with ! above.")
        raise SystemExit(1)
    say("\n  ok: the site can be crawled.")


def _show(reading: Reading) -> None:
    record = as_record(reading.article, reading.event)
    click.echo(record["title"] or "(no title)")
    for paragraph in record["paragraphs"]:
        click.echo(f"\n{paragraph}")


@sites.command()
@click.argument("url")
@click.option("--allow-private", is_flag=True, help="The site is on this machine or network.")
@click.option("--write", is_flag=True, help="Write the file into the folder of the sites.")
@pass_session
def add(session: Session, url: str, allow_private: bool, write: bool) -> None:
    """Look at the site at URL and propose a file for it, to review."""
    found = recognise(url, load_options(session.config), allow_private)
    path = session.library_folder / "sites" / f"{found.id}.toml"
    say(f"{found.id}: {found.cms}, languages {', '.join(found.languages) or 'not told'}")
    for remark in found.remarks:
        say(f"  {remark}")
    click.echo(found.toml)
    if not write:
        say(f"To keep it: run again with --write, or save it as {path}. Fill in names and region.")
        return
    if path.exists():
        raise JarshyError(f"{path} is there already", "Compare the two by hand.")
    path.write_text(found.toml, "utf-8")
    say(f"Written: {path}. Fill in names and region, then `jarshy sites check {found.id}`.")


@sites.command()
@click.argument("site_id", metavar="ID")
@click.argument("url")
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("tests/golden/sites"),
    show_default=True,
    help="Folder of the golden pages.",
)
@pass_session
def capture(session: Session, site_id: str, url: str, folder: Path) -> None:
    """Save the page at URL with its golden answer for the tests; correct the answer by eye."""
    site = find_site(session.sites(), site_id)
    page = _fetched(session, site, url)
    try:
        reading = read(page, site)
    except ExtractionError as error:
        raise ExtractionError(f"{url}: {error.message}", error.remedy) from None
    for path in golden_pair(folder / site.id, page, reading):
        say(f"written: {path}")
    say("Read the .json by eye and put right what is wrong: it is what the page must give.")


def _fetched(session: Session, site: Site, url: str) -> Capture:
    """One page, as politely as any crawl fetches it, into a folder that is thrown away."""
    if (web_place(url) or ("",))[0] not in site.allowed_hosts:
        hosts = ", ".join(site.allowed_hosts)
        raise JarshyError(f"{url} is not on {site.id}", f"Its hosts are: {hosts}.")
    with tempfile.TemporaryDirectory(prefix="jarshy-capture-") as name, own_file():
        data = Path(name)
        crawl([site], data, None, load_options(session.config), look=[url])
        with Store.open(data) as store:
            ids = list(store.captures.latest_ids(site.id))
            found = store.captures.read(ids[-1]) if ids else None
    if found is None:
        raise JarshyError(f"{url} could not be fetched", f"Try `jarshy sites check {site.id}`.")
    return found[1]


def golden_pair(folder: Path, page: Capture, reading: Reading) -> tuple[Path, Path]:
    """Write the packed page and what it gives; returns both paths."""
    record = as_record(reading.article, reading.event)
    kept = ("title", "paragraphs", "published", "language", "author", "images")
    golden: dict[str, Any] = {
        "url": page.url,
        "fetched_at": page.fetched_at.isoformat(),
        "content_type": page.header("Content-Type") or "text/html",
        **{key: record[key] for key in kept},
    }
    folder.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(page.url.encode()).hexdigest()[:12]
    packed, answer = folder / f"{name}.html.gz", folder / f"{name}.json"
    # No time in the packed file: the same page gives the same bytes.
    packed.write_bytes(gzip.compress(page.body, mtime=0))
    answer.write_text(json.dumps(golden, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return packed, answer
