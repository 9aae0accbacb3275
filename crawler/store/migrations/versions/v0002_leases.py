"""Leases: several machines share the sites among them."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, DateTime, Integer, String, Text

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """One empty table."""
    op.create_table(
        "leases",
        Column("name", String(320), primary_key=True),
        Column("holder", Text, nullable=True),
        Column("token", BigInteger().with_variant(Integer(), "sqlite"), nullable=False),
        Column("taken_at", DateTime, nullable=True),
        Column("renewed_at", DateTime, nullable=True),
        Column("expires_at", DateTime, nullable=True),
        if_not_exists=True,
    )
