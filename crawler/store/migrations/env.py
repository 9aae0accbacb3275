"""What alembic runs: the steps, on the connection that the store hands over."""

from __future__ import annotations

from alembic import context

from crawler.store.migrating import VERSION_TABLE
from crawler.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    # SQLite changes a column by copying its table.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
