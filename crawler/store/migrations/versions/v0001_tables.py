"""The first tables: made where they are missing; of older stores, what they lack is added.

Stores from before the steps were counted have some of these tables, columns and indexes. Nothing
that they keep is rewritten or dropped, so what is added may be empty.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    inspect,
)

revision = "0001"
down_revision = None

Number = BigInteger().with_variant(Integer(), "sqlite")
Url = Text().with_variant(Text(collation="C"), "postgresql")
metadata = MetaData()


Table(
    "meta",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)
Table(
    "captures",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("url", Url, nullable=False, index=True),
    Column("site", String(64), nullable=False, index=True),
    Column("fetched_at", DateTime, nullable=False),
    Column("status", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("warc_file", Text, nullable=False),
    Column("warc_offset", Number, nullable=False),
    Column("outcome", String(16), nullable=True, index=True),
    sqlite_autoincrement=True,
)
Table(
    "articles",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("url", Url, nullable=False, unique=True),
    Column("site", String(64), nullable=True, index=True),
    Column("version", Integer, nullable=False),
    Column("sequence", Number, nullable=False, index=True),
    Column("fingerprint", String(64), nullable=False, index=True),
    Column("first_seen", DateTime, nullable=False, index=True),
    Column("last_seen", DateTime, nullable=False),
    Column("published", DateTime, nullable=True),
    Column("missing_since", DateTime, nullable=True),
    Column("gone_since", DateTime, nullable=True),
    sqlite_autoincrement=True,
)
Table(
    "versions",
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("created_at", DateTime, nullable=False),
    Column("capture_id", ForeignKey("captures.id"), nullable=True),
    Column("article", Text, nullable=False),
    Column("event", Text, nullable=False),
)
Table(
    "changes",
    metadata,
    Column("sequence", Number, primary_key=True, autoincrement=True),
    Column("article_id", Number, nullable=False),
    Column("what", String(16), nullable=False),
    sqlite_autoincrement=True,
)
Table(
    "resources",
    metadata,
    Column("url", Url, primary_key=True),
    Column("site", String(64), nullable=False, index=True),
    Column("role", String(16), nullable=False),
    Column("etag", Text, nullable=True),
    Column("last_modified", Text, nullable=True),
    Column("digest", String(64), nullable=True),
    Column("status", Integer, nullable=False),
    Column("checked_at", DateTime, nullable=False, index=True),
    Column("state", Text, nullable=True),
)
Table(
    "failures",
    metadata,
    Column("url", Url, primary_key=True),
    Column("site", String(64), nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("first_failed", DateTime, nullable=False),
    Column("last_failed", DateTime, nullable=False),
    Column("capture_id", ForeignKey("captures.id"), nullable=True),
)
Table(
    "suppressed",
    metadata,
    Column("url", Url, primary_key=True),
    Column("removed_at", DateTime, nullable=False),
    Column("reason", Text, nullable=False),
)
Table(
    "runs",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("command", String(32), nullable=False),
    Column("started_at", DateTime, nullable=False),
    Column("finished_at", DateTime, nullable=True),
    sqlite_autoincrement=True,
)
Table(
    "site_runs",
    metadata,
    Column("run_id", ForeignKey("runs.id"), primary_key=True),
    Column("site", String(64), primary_key=True),
    Column("started_at", DateTime, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("seen", Integer, nullable=False),
    Column("stored", Integer, nullable=False),
    Column("updated", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("filtered", Integer, nullable=False),
    Column("robots_denied", Integer, nullable=False),
    Column("requests", Integer, nullable=False),
    Column("bytes", Number, nullable=False),
    Column("reachable", Boolean, nullable=False),
    Column("notes", Text, nullable=False),
    Index("site_runs_by_site", "site", "started_at"),
)
Table(
    "reports",
    metadata,
    Column("article_id", Number, primary_key=True, autoincrement=False),
    Column("site", String(64), nullable=True),
    Column("language", Text, nullable=False),
    Column("first_day", Date, nullable=True, index=True),
    Column("last_day", Date, nullable=True),
    Column("told", Text, nullable=False),
)
Table(
    "report_keys",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("article_id", Number, primary_key=True, autoincrement=False, index=True),
    sqlite_with_rowid=False,
)
Table(
    "report_pairs",
    metadata,
    Column("one", Number, primary_key=True, autoincrement=False),
    Column("two", Number, primary_key=True, autoincrement=False, index=True),
    Column("points", Float, nullable=False),
    sqlite_with_rowid=False,
)
Table(
    "event_groups",
    metadata,
    Column("article_id", Number, primary_key=True, autoincrement=False),
    Column("group_id", Number, nullable=False, index=True),
)


def upgrade() -> None:
    """Make what is missing."""
    connection = op.get_bind()
    metadata.create_all(connection)
    for table in metadata.sorted_tables:
        _complete(connection, table)


def _complete(connection: Connection, table: Table) -> None:
    seen = inspect(connection)
    there = {column["name"] for column in seen.get_columns(table.name)}
    for column in table.columns:
        if column.name not in there:
            op.add_column(table.name, Column(column.name, column.type, nullable=column.nullable))
    named = {index["name"] for index in seen.get_indexes(table.name)}
    for index in table.indexes:
        if index.name not in named:
            index.create(connection)
