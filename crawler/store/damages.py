"""What is wrong with the database: what it finds itself, and what the tables say of each other."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from crawler.errors import StoreError
from crawler.store.schema import articles, changes, metadata, versions


def damages(engine: sa.Engine) -> Iterator[str]:
    """A sentence for each damage; the whole database is read."""
    told = list(_of_file(engine) if engine.dialect.name == "sqlite" else _of_rows(engine))
    yield from told
    if not told:
        yield from _of_articles(engine)


def _of_file(engine: sa.Engine) -> Iterator[str]:
    with engine.connect() as connection:
        told = connection.scalars(sa.text("PRAGMA integrity_check")).all()
    yield from (str(line) for line in told if line != "ok")


def _of_rows(engine: sa.Engine) -> Iterator[str]:
    """PostgreSQL has no check that needs no superuser: it is asked for all of every row."""
    for table in metadata.sorted_tables:
        name = engine.dialect.identifier_preparer.format_table(table)
        whole = sa.text(f"SELECT sum(length(one::text)) FROM {name} AS one")  # noqa: S608
        try:
            with engine.connect() as connection:
                connection.execute(whole)
        except StoreError as error:
            yield f"table {table.name}: {error}"


def _of_articles(engine: sa.Engine) -> Iterator[str]:
    """Every article has its current version, and no number that is still to be given."""
    here = (versions.c.article_id == articles.c.id) & (versions.c.version == articles.c.version)
    current = sa.select(articles.c.url).outerjoin(versions, here)
    latest = sa.select(sa.func.max(changes.c.sequence)).scalar_subquery()
    beyond = sa.select(articles.c.url).where(articles.c.sequence > latest)
    with engine.connect() as connection:
        for url in connection.scalars(current.where(versions.c.article_id.is_(None))):
            yield f"{url}: its current version is missing"
        for url in connection.scalars(beyond):
            yield f"{url}: its change has no number"
