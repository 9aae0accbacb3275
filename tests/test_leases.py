"""Leases in a real PostgreSQL, without the processes that hold them."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from test_workers import wait_until

from crawler.errors import StoreError
from crawler.sharing import Share, Shared
from crawler.sites import Site
from crawler.store.heartbeat import Heartbeat
from crawler.store.leases import Lease
from crawler.store.place import database_url
from crawler.store.schema import leases
from crawler.store.store import Store

LONG = 3000.0  # seconds of a lease that does not end here
SHORT = 6.0


@pytest.fixture
def store(tmp_path: Path, database: str) -> Iterator[Store]:
    with Store.open(tmp_path, database_url(database, "test")) as store:
        yield store


def taken(store: Store, name: str, seconds: float) -> Lease:
    store.leases.name([name])
    lease = store.leases.take([name], "w", seconds)
    assert lease is not None
    return lease


def renewed_at(store: Store, name: str) -> datetime:
    return next(one.renewed_at for one in store.leases.held() if one.name == name)


def test_a_lease_that_cannot_be_renewed_keeps_no_other_from_it(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """Another transaction has the first one's row, for longer than the server lets it wait."""
    store.cut_off_after(0.1)
    first, second = taken(store, "site:a", SHORT), taken(store, "site:b", SHORT)
    lost: list[Lease] = []
    row = sa.select(leases.c.name).where(leases.c.name == "site:a").with_for_update()
    with Heartbeat(store.leases, SHORT, lost.append) as heartbeat, caplog.at_level(logging.WARNING):
        for lease in (first, second):
            heartbeat.keep(lease)
        with store._engine.connect() as connection:
            over = time.monotonic() + 1.5 * SHORT
            while time.monotonic() < over:
                connection.execute(row)  # at work, so that the server does not end it
                time.sleep(0.02)
        assert lost == [first]
        assert second.is_alive
    assert "The lease of site:a could not be renewed" in caplog.text
    assert "lock timeout" in caplog.text


def test_the_heart_beats_on_whatever_went_wrong_and_tries_again_soon(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """An error that is none of the database's, as of the pool of connections or of a driver."""
    lease = taken(store, "site:a", LONG)
    tokens, began = dict(lease.tokens), renewed_at(store, "site:a")
    lease.tokens = {"site:a": object()}  # type: ignore[dict-item]
    with Heartbeat(store.leases, SHORT) as heartbeat, caplog.at_level(logging.WARNING):
        heartbeat.keep(lease)
        wait_until(lambda: "The lease of site:a could not be renewed" in caplog.text)
        failed = time.monotonic()
        lease.tokens = tokens
        wait_until(lambda: renewed_at(store, "site:a") > began)
        assert time.monotonic() - failed < SHORT / 3 + 20  # of which a busy machine takes 20
    assert lease.is_alive


def test_a_site_is_free_again_when_the_store_fails_after_it_was_taken(store: Store) -> None:
    told = {"id": "a", "url": "https://a.kz/", "name": {"kk": "A кітапханасы"}, "cms": "wordpress"}
    site = Site.model_validate({**told, "region": "astana"})
    sites = Shared([site], store, 1, Share("w", LONG), lambda: datetime.now(UTC))
    with store._engine.begin() as connection:
        connection.execute(sa.text("REVOKE SELECT ON site_runs FROM CURRENT_USER"))
    with pytest.raises(StoreError, match="site_runs"):
        sites.next()
    assert store.leases.held() == []
    assert list((store.data / "leases").iterdir()) == []
    sites.close()
