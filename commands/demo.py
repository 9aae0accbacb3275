"""`jarshy demo`: the whole way of the data over five bundled library sites."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import click

from commands.crawling import crawl_and_tell
from commands.indexing import update
from commands.run_log import total_of
from commands.session import Session, pass_session, say
from crawler.errors import JarshyError
from crawler.sites import Site
from crawler.store.folder import usable_folder
from crawler.store.lock import run_lock
from crawler.store.place import own_file
from demoweb.articles import SITES, load_articles
from demoweb.web import DemoWeb
from indexer.search import Searcher, SearchRequest
from searchui import create_app
from searchui.serving import open_port
from searchui.serving import serve as serve_app

QUESTIONS = (
    ("Kazakh, inflected", "цифрлық кітапханалардың мүмкіндіктеріне арналған семинарлар"),
    ("Kazakh typed with Russian letters", "кытапханашылар куни мерекеси"),
    ("Russian", "круглый стол о сельских библиотеках"),
)


@click.command()
@click.option("--serve/--no-serve", default=True, help="Serve the search page at the end.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--sites-port",
    default=8101,
    show_default=True,
    type=click.IntRange(0, 65500),
    help="First of five ports for the sites.",
)
@pass_session
def demo(session: Session, serve: bool, host: str, port: int, sites_port: int) -> None:
    """Show Jarshy at work, offline: crawl, clean, index and search five library sites.

    The sites are served on loopback; what is kept goes to `demo` in the data folder, the files of
    the sites too, so that `jarshy --data DIR/demo serve` knows what they are called.
    """
    known = session.sound_sites()[0]
    session = replace(session, data=session.data / "demo")
    if serve and sites_port <= port < sites_port + len(SITES):
        remedy = f"Choose --port {sites_port + len(SITES)} or another --sites-port."
        raise JarshyError(f"The sites take ports {sites_port} to {sites_port + 4}", remedy)
    usable_folder(session.data)
    if serve:
        open_port(host, port).close()  # a taken port is told before any work is done
    articles = load_articles()
    with DemoWeb(articles, first_port=sites_port) as web, own_file():
        with run_lock(session.data):
            web.keep_sites(session.data / "sites")
            _bring(session, web, known)
        if serve:
            app = create_app(session.data, {site.id: site for site in web.sites})
            serve_app(app, host, port, ready=_ready)


def _bring(session: Session, web: DemoWeb, known: Mapping[str, Site]) -> None:
    """Crawl, index and search the sites of the demo, telling how it goes.

    `known` are the libraries that articles may name besides their own.
    """
    articles = web.articles()
    say(f"{len(articles)} articles on five library sites, each on a content system of its own:")
    for site in web.sites:
        say(f"  {site.url:24} {site.cms:10} {site.name.kk}")
    say("\nCrawling")
    total = total_of(crawl_and_tell(session, web.sites, known))
    if total.stored + total.updated == 0:
        say("Nothing changed since the last crawl.")
    report = update(session)
    say(f"Indexed: {report.added} added or changed, {report.documents} in the index.")
    _search(session.data)


def _ready(address: str) -> None:
    say(f"\nSearch page: {address}  (Ctrl-C ends)")


def _search(data: Path) -> None:
    with Searcher.open(data) as searcher:
        for what, question in QUESTIONS:
            page = searcher.search(SearchRequest(q=question, size=3))
            say(f"\n{what}: {question}  ({page.total} found)")
            for number, hit in enumerate(page.hits, 1):
                article, event = hit.document.article, hit.document.event
                when = event.starts or (article.published or hit.document.first_seen).date()
                click.echo(f"  {number}. {article.title}  [{article.site}, {when}]")
