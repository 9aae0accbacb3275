"""What tests share: a PostgreSQL server, started where the first test asks for it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from database_server import PostgresServer, programs, running_postgres

# No test may touch the store of whoever runs it.
for name in ("JARSHY_STORE", "JARSHY_DATA", "JARSHY_CONFIG"):
    os.environ.pop(name, None)

# Files that wait for processes of their own; last, they would keep one core waiting for another.
LONG = (
    "test_workers",
    "test_shutdown",
    "test_postgres",
    "test_opensearch_hurry",
    "test_opensearch_patience",
    "test_browser",
    "test_wordpress",
    "test_hostile_server",
    "test_titles",
    "test_running",
    "test_crawl",
    "test_serving",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long."""
    items.sort(key=lambda item: not item.path.name.startswith(LONG))


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server that is fast and forgets what it held when it is killed."""
    needs_postgres()
    with running_postgres() as server:
        yield server


@pytest.fixture
def database(postgres: PostgresServer) -> str:
    """The address of an empty database."""
    return postgres.url(postgres.fresh())


def needs_postgres() -> None:
    """Skip without PostgreSQL, but for CI, where that is a failure."""
    if programs() is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is not installed: see `make test`")
        pytest.skip("PostgreSQL is not installed: see `make test`")
