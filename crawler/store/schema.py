"""The tables of the store, for SQLite and PostgreSQL alike."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

from crawler.store.moments import UtcDateTime

# The first and the newest step in `migrations/versions`: a change of these tables adds a step.
OLDEST, NEWEST = "0001", "0002"

metadata = MetaData()

# SQLite numbers rows by itself in a column of this very type only, which holds 64 bits anyway.
Number = BigInteger().with_variant(Integer(), "sqlite")
# Compared byte by byte, so that PostgreSQL's index serves for all addresses that begin alike.
Url = Text().with_variant(Text(collation="C"), "postgresql")


meta = Table(
    "meta",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

captures = Table(
    "captures",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("url", Url, nullable=False, index=True),
    Column("site", String(64), nullable=False, index=True),
    Column("fetched_at", UtcDateTime, nullable=False),
    Column("status", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("warc_file", Text, nullable=False),
    Column("warc_offset", Number, nullable=False),
    Column("outcome", String(16), nullable=True, index=True),
    sqlite_autoincrement=True,
)

articles = Table(
    "articles",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("url", Url, nullable=False, unique=True),
    Column("site", String(64), nullable=True, index=True),
    Column("version", Integer, nullable=False),
    Column("sequence", Number, nullable=False, index=True),
    Column("fingerprint", String(64), nullable=False, index=True),
    Column("first_seen", UtcDateTime, nullable=False, index=True),
    Column("last_seen", UtcDateTime, nullable=False),
    Column("published", UtcDateTime, nullable=True),
    Column("missing_since", UtcDateTime, nullable=True),
    Column("gone_since", UtcDateTime, nullable=True),
    sqlite_autoincrement=True,
)

versions = Table(
    "versions",
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("capture_id", ForeignKey("captures.id"), nullable=True),
    Column("article", Text, nullable=False),
    Column("event", Text, nullable=False),
)

changes = Table(
    "changes",
    metadata,
    Column("sequence", Number, primary_key=True, autoincrement=True),
    Column("article_id", Number, nullable=False),
    Column("what", String(16), nullable=False),
    sqlite_autoincrement=True,
)

resources = Table(
    "resources",
    metadata,
    Column("url", Url, primary_key=True),
    Column("site", String(64), nullable=False, index=True),
    Column("role", String(16), nullable=False),
    Column("etag", Text, nullable=True),
    Column("last_modified", Text, nullable=True),
    Column("digest", String(64), nullable=True),
    Column("status", Integer, nullable=False),
    Column("checked_at", UtcDateTime, nullable=False, index=True),
    Column("state", Text, nullable=True),
)

failures = Table(
    "failures",
    metadata,
    Column("url", Url, primary_key=True),
    Column("site", String(64), nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("first_failed", UtcDateTime, nullable=False),
    Column("last_failed", UtcDateTime, nullable=False),
    Column("capture_id", ForeignKey("captures.id"), nullable=True),
)

suppressed = Table(
    "suppressed",
    metadata,
    Column("url", Url, primary_key=True),
    Column("removed_at", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("command", String(32), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime, nullable=True),
    sqlite_autoincrement=True,
)

site_runs = Table(
    "site_runs",
    metadata,
    Column("run_id", ForeignKey("runs.id"), primary_key=True),
    Column("site", String(64), primary_key=True),
    Column("started_at", UtcDateTime, nullable=False),
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

# Who crawls what now, where several machines share the store: crawler.store.leases.
leases = Table(
    "leases",
    metadata,
    Column("name", String(320), primary_key=True),
    Column("holder", Text, nullable=True),
    Column("token", Number, nullable=False),
    Column("taken_at", UtcDateTime, nullable=True),
    Column("renewed_at", UtcDateTime, nullable=True),
    Column("expires_at", UtcDateTime, nullable=True),
)

# What follows is made from the articles by crawler.gathering and could be made again; a data
# folder from before it gets the empty tables when it is opened.

reports = Table(
    "reports",
    metadata,
    Column("article_id", Number, primary_key=True, autoincrement=False),
    Column("site", String(64), nullable=True),
    Column("language", Text, nullable=False),
    Column("first_day", Date, nullable=True, index=True),
    Column("last_day", Date, nullable=True),
    Column("told", Text, nullable=False),
)

report_keys = Table(
    "report_keys",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("article_id", Number, primary_key=True, autoincrement=False, index=True),
    sqlite_with_rowid=False,
)

report_pairs = Table(
    "report_pairs",
    metadata,
    Column("one", Number, primary_key=True, autoincrement=False),
    Column("two", Number, primary_key=True, autoincrement=False, index=True),
    Column("points", Float, nullable=False),
    sqlite_with_rowid=False,
)

event_groups = Table(
    "event_groups",
    metadata,
    Column("article_id", Number, primary_key=True, autoincrement=False),
    Column("group_id", Number, nullable=False, index=True),
)
