"""`jarshy store move`: from the file in the data folder into a database."""

from __future__ import annotations

import click

from commands.progress import progress
from commands.running import ending_cleanly
from commands.session import Session, counted, pass_session, say
from crawler.errors import StoreError
from crawler.store.lock import run_lock

INTERRUPTED = 130  # as a shell tells of Ctrl-C
BROKEN_OFF = (
    "Broken off; the file is as it was. The same command goes on from here; until it is through, "
    "keep `store` as it is."
)


@click.group()
def store() -> None:
    """Move the store into a database of its own."""


@store.command()
@click.option(
    "--to",
    "address",
    required=True,
    metavar="URL",
    help="An empty database: postgresql+psycopg://user@host/database. Its password is best left to "
    "PGPASSWORD or PGPASSFILE.",
)
@click.option(
    "--afresh", is_flag=True, help="Empty a target that is half full, and begin from the start."
)
@pass_session
def move(session: Session, address: str, afresh: bool) -> None:
    """Copy the store from its file in the data folder into a PostgreSQL database.

    Started again after it was broken off, it goes on where it was. At the end both sides are
    counted and compared. The file is left as it is, and the WARC files stay where they are.
    """
    from crawler.store import moving
    from crawler.store.database import open_engine
    from crawler.store.place import DATABASE, database_url, file_url
    from crawler.store.postgres import postgres_engine

    url = database_url(address, "--to")
    if not (session.data / DATABASE).is_file():
        raise StoreError(f"{session.data}: has no {DATABASE}", "Name its folder with --data.")
    with run_lock(session.data):
        source, target = open_engine(session.data, file_url(session.data)), postgres_engine(url)
        try:
            with ending_cleanly(), progress("Moving") as report:
                moved = moving.move(source, target, report, afresh)
            done = "Moved"
        except moving.MovedError:
            moved, done = [], "Moved already"
        except (KeyboardInterrupt, SystemExit) as signal:
            say(BROKEN_OFF)
            raise SystemExit(getattr(signal, "code", INTERRUPTED)) from None
    for rows in moved:
        say(f"  {rows.table:14} {counted(rows.count, 'row'):>12}  same sum {rows.digest[:12]}")
    say(f"{done}. Now name it in config/jarshy.toml (docs/scale.md):")
    click.echo(f'store = "{url.set(password=None).render_as_string()}"')
