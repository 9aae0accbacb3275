"""Insert or update in one statement, which two writers at once can't come between."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite


def put(
    connection: sa.Connection,
    table: sa.Table,
    row: Mapping[str, Any],
    again: Mapping[str, Any] | None = None,
) -> None:
    """Insert a row, or change the one of its primary key to `again` (to the row itself)."""
    made = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    keys = [column.name for column in table.primary_key]
    changed = again or {name: value for name, value in row.items() if name not in keys}
    command = made(table).values(**row).on_conflict_do_update(index_elements=keys, set_=changed)
    connection.execute(command)
