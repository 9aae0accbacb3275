"""The collection, stored and indexed for real, and the application over it: fixtures."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from shelves import GONE, NOW, SEMINAR, SEMINAR_EVENT, SITES, fill, shelves
from werkzeug.serving import make_server

from crawler.model import Account
from crawler.store.runs import SiteRun
from crawler.store.store import Store
from indexer.build import update_index
from searchui import create_app


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the collection, one changed article, one gone and four sites' runs."""
    folder = tmp_path_factory.mktemp("reading-room")
    rows = shelves()
    with Store.open(folder) as store:
        old = replace(SEMINAR, blocks=SEMINAR.blocks[:1])
        store.articles.save(old, SEMINAR_EVENT, NOW - timedelta(days=2))
    fill(folder, rows)
    with Store.open(folder) as store:
        store.articles.mark_missing(GONE, NOW - timedelta(days=20))
        store.articles.mark_missing(GONE, NOW - timedelta(days=10))
        run = store.runs.begin("run", NOW - timedelta(hours=5))
        told = {
            "saryarqa": (Account(seen=2, stored=2), True),
            "mura": (Account(seen=3, stored=2, failed=1), True),
            "zhazira": (Account(), False),
        }
        for site, (account, reachable) in told.items():
            store.runs.add_site(
                SiteRun(run, site, NOW - timedelta(hours=5), 9.0, account, reachable)
            )
        store.runs.finish(run, NOW - timedelta(hours=4))
        update_index(folder, store)
    return folder


@pytest.fixture(scope="session")
def app(data: Path) -> Flask:
    """The application over the collection, on 12 March 2026."""
    return create_app(data, SITES, now=lambda: NOW)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a memory of earlier tests."""
    return app.test_client()


@pytest.fixture(scope="session")
def address(app: Flask) -> Iterator[str]:
    """The application on a loopback port: its address without a slash at the end."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
