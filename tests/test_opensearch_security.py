"""Real nodes with the files of deploy/: TLS, one user, and what that user may do."""

from __future__ import annotations

import json
import os
import shutil
import urllib.request
from collections.abc import Iterator
from http.client import RemoteDisconnected
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.error import HTTPError

import pytest
from click.testing import CliRunner
from collection import article, demo_articles, fill

if "JARSHY_TEST_CLUSTER" not in os.environ:
    pytest.skip("needs an OpenSearch cluster: make test-scale", allow_module_level=True)

import secured
from nodes import Nodes
from with_cluster import PREFIX, fetch_plugin, started

from crawler.model import Event
from jarshy import main

FORBIDDEN = [
    ("GET", "/others/_search"),
    ("PUT", "/others/_doc/1"),
    ("GET", "/.opendistro_security/_search"),
    ("GET", "/_plugins/_security/api/internalusers"),
    ("PUT", "/_plugins/_security/api/internalusers/me"),
    ("POST", "/_cluster/reroute"),
    ("GET", "/_snapshot"),
    ("DELETE", "/*"),
]


@pytest.fixture(scope="module")
def nodes() -> Iterator[Nodes]:
    """Two nodes beside those of the other tests, with the plugin."""
    others = Path(os.environ["JARSHY_TEST_CLUSTER"])
    with TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        shutil.copy(others / "class-path", folder)
        fetch_plugin(folder)
        with started(folder, 2, tls=True) as nodes:
            yield nodes


@pytest.fixture
def data(tmp_path: Path, nodes: Nodes, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with articles; the environment is the user's."""
    monkeypatch.setenv("JARSHY_ENGINE", "opensearch")
    for name, value in (nodes.environment() | {"JARSHY_OPENSEARCH_URL": nodes.urls(1)}).items():
        monkeypatch.setenv(name, value)
    with fill(tmp_path / "data", demo_articles()):
        return tmp_path / "data"


def jarshy(data: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["--data", str(data), *words])
    return done.exit_code, done.output


def ask(nodes: Nodes, method: str, path: str, name: str = "") -> tuple[int, Any]:
    """Ask as the user, or with the certificate of that name."""
    url = nodes.urls(1) + path
    told = {} if name else secured.credentials(nodes.about.password)
    headers = {**told, "Content-Type": "application/json"}
    asked = urllib.request.Request(url, method=method, headers=headers)
    asked.data = b"{}" if method == "PUT" else None
    try:
        context = secured.trusting(nodes.folder, name)
        with urllib.request.urlopen(asked, timeout=60, context=context) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        with error:
            return error.code, json.loads(error.read() or b"{}")


def test_the_user_indexes_updates_rebuilds_and_searches(data: Path) -> None:
    code, told = jarshy(data, "index")
    assert code == 0, told
    with fill(data, [(article(1001, "Тұңғиық кездесу", "Кітап туралы."), Event())]):
        pass
    for words in (["index"], ["search", "тұңғиық"], ["index", "--rebuild"], ["search", "тұңғиық"]):
        code, told = jarshy(data, *words)
        assert code == 0, told
        assert words[0] == "index" or "Тұңғиық кездесу" in told
    assert jarshy(data, "index")[0] == 0, "drops the index that the rebuild has replaced"
    told = jarshy(data, "doctor")[1]
    assert "All is well" in told or "index " in told, "a node alone has no copies"
    assert "the user may not" not in told


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"USER": ""}, "the cluster refuses the user"),
        ({"PASSWORD": "guessed"}, "the cluster refuses the user"),
        ({"CA": "other"}, "certificate is not trusted"),
        ({"CA": ""}, "certificate is not trusted"),
        ({"URL": "http"}, "no OpenSearch node answers"),
    ],
)
def test_jarshy_says_why_it_is_refused(
    data: Path,
    nodes: Nodes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    changed: dict[str, str],
    words: str,
) -> None:
    secured.certify(tmp_path, ["search1"])
    told = {"other": str(tmp_path / secured.CA), "http": nodes.urls(1).replace("https", "http")}
    monkeypatch.setenv("JARSHY_OPENSEARCH_PATIENCE", "2")
    for name, value in changed.items():
        monkeypatch.setenv(f"JARSHY_OPENSEARCH_{name}", told.get(value, value))
    code, output = jarshy(data, "index")
    assert code != 0
    assert words in output
    assert "Traceback" not in output
    assert ("https://" in output.rpartition(")")[2]) == (changed == {"URL": "http"})


def test_the_user_may_do_nothing_else(nodes: Nodes) -> None:
    assert ask(nodes, "PUT", "/others/_doc/1", "admin")[0] == 201
    for method, path in FORBIDDEN:
        assert ask(nodes, method, path)[0] == 403, (method, path)
    assert ask(nodes, "GET", "/others/_doc/1", "admin")[0] == 200


def test_there_is_no_user_but_one_and_no_password_is_kept(nodes: Nodes) -> None:
    status, users = ask(nodes, "GET", "/_plugins/_security/api/internalusers", "admin")
    assert (status, list(users)) == (200, ["jarshy"])
    kept = [one for one in nodes.folder.rglob("*") if one.is_file() and one.name != "about.json"]
    assert len(kept) > 20
    assert not [one for one in kept if nodes.about.password.encode() in one.read_bytes()]


def test_a_certificate_is_no_user(nodes: Nodes) -> None:
    assert ask(nodes, "GET", "/", "admin")[0] == 200
    secured.certify(nodes.folder, ["postgres"])
    for name in ("postgres", "search1"):
        context = secured.trusting(nodes.folder, name)
        with pytest.raises(HTTPError) as caught:
            urllib.request.urlopen(nodes.urls(1), timeout=60, context=context)
        with caught.value as refused:
            assert refused.code == 401


def test_nothing_is_said_without_encryption(nodes: Nodes) -> None:
    with pytest.raises(RemoteDisconnected):
        urllib.request.urlopen(nodes.urls(1).replace("https", "http"), timeout=60)
