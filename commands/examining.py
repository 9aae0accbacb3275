"""`jarshy doctor`: is everything there and sound, or, on a new machine, ready to begin."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import click

from commands.session import Session, counted, pass_session, say
from crawler.checking import check_store
from crawler.correcting import stored
from crawler.corrections import Corrections, load_corrections
from crawler.errors import StoreError
from crawler.options import load_notify, load_options
from crawler.store.place import store_url
from crawler.store.store import Store
from indexer.ailing import ailments_of, behind, has_index, is_left_behind
from indexer.build import check_index
from indexer.leftovers import leftovers_of
from indexer.outgrown import outgrown_in


@click.command()
@pass_session
def doctor(session: Session) -> None:
    """Check config, store, WARC files and index; exit code 1 when something is wrong.

    What is not there yet on a new machine is named, and is nothing wrong.
    """
    corrections = _config(session)
    if session.data.exists() or store_url(session.data).drivername == "sqlite":
        with session.kept_store() as store:
            problems = _told("store", (*_closed(store), *check_store(store)))
            number = store.articles.count()
            say(f"store    {counted(number, 'article')} checked in {store.place}")
            for url in (url for url in corrections.by_url if stored(store, url) is None):
                say(f"config   a correction waits for an article not stored: {url}")
            problems += _index(session, store)
    else:
        problems = _of_new_machine(session)
    say("All is well." if not problems else f"{counted(problems, 'problem')}.")
    if problems:
        raise SystemExit(1)


def _config(session: Session) -> Corrections:
    load_options(session.config)
    load_notify(session.config)
    sites = session.sites()
    corrections = load_corrections(session.config)
    told = f"{counted(len(sites), 'site')}, {counted(len(corrections.by_url), 'correction')}"
    say(f"config   ok: {told} in {session.config}")
    if session.library_folder != session.config:
        say(f"config   the sites are those of {session.library_folder / 'sites'}")
    return corrections


def _of_new_machine(session: Session) -> int:
    """A machine that shares a store and has no data folder yet: what it will need is tried."""
    say(f"data     {session.data} is not there yet: the first command that writes makes it")
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder)) as store:
        problems = _told("store", (*_closed(store), *store.damages()))
        say(f"store    {counted(store.articles.count(), 'article')} in {store.place}")
        return problems + _index(session, store)


def _told(part: str, problems: Iterable[str]) -> int:
    """Tell problems as they are found; how many."""
    number = 0
    for problem in problems:
        number += 1
        say(f"{part:8} ! {problem}")
    return number


def _index(session: Session, store: Store) -> int:
    number = store.articles.count()
    ailments = ailments_of(session.data)
    if has_index(session.data) or (number and not store.is_shared):
        problems = [*check_index(session.data), *ailments]
    else:
        problems = ailments
        what = "workers need none" if store.is_shared else "nothing is stored"
        say(f"index    none here yet, {what}; `jarshy index` makes one")
    crawled = store.runs.last_finished()
    problems += _behind(session.data, store.articles.last_sequence(), crawled)
    if large := outgrown_in(session.data):
        say(f"index    {large}")
    for left in leftovers_of(session.data):
        say(f"cluster  {left}")
    return _told("index", dict.fromkeys(problems))


def _behind(data: Path, sequence: int, crawled: datetime | None) -> Iterator[str]:
    """A problem when nobody has indexed for a day; what is new since the last run is none."""
    if number := behind(data, sequence):
        told = f"{counted(number, 'change')} behind. Run `jarshy index`."
        if is_left_behind(data, crawled):
            yield told
        else:
            say(f"index    {told}")


def _closed(store: Store) -> Iterator[str]:
    """Why the next crawl could keep no page."""
    try:
        store.captures.try_out()
    except StoreError as error:
        yield str(error)
