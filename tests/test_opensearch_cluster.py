"""What the OpenSearch engine makes of answers and of none: loopback servers, no cluster."""

from __future__ import annotations

import ipaddress
import json
import ssl
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

pytest.importorskip("opensearchpy", reason="needs requirements-opensearch.lock")

from crawler.errors import ConfigError
from indexer.engines.choice import engine_named
from indexer.engines.opensearch import nodes, uploading
from indexer.engines.opensearch.cluster import Cluster
from indexer.engines.opensearch.encoding import encoded, safe
from indexer.engines.opensearch.settings import ClusterSettings, settings_from
from indexer.errors import IndexOutdatedError, SearchError
from indexer.rows import Row, Zone
from jarshy import main

Answer = Callable[[str, str, bytes], tuple[int, Any]]
ABOUT = {"version": {"distribution": "opensearch", "number": "2.19.1"}}


@pytest.fixture
def credentials() -> list[str | None]:
    """What was sent with each request as Authorization."""
    return []


@pytest.fixture
def connections() -> list[Any]:
    """The address that each request came from."""
    return []


@pytest.fixture
def serve(
    credentials: list[str | None], connections: list[Any]
) -> Iterator[Callable[[Answer], str]]:
    """Starts servers that answer (method, path, body) with status and JSON; gives the address."""
    servers: list[ThreadingHTTPServer] = []

    def started(answer: Answer, certificate: Path | None = None) -> str:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"  # connections are used again

            def _told(self) -> None:
                size = int(self.headers.get("Content-Length") or 0)
                connections.append(self.client_address)
                credentials.append(self.headers.get("Authorization"))
                status, told = answer(self.command, self.path, self.rfile.read(size))
                plain = isinstance(told, str)
                body = (told if plain else json.dumps(told)).encode()
                self.send_response(status)
                self.send_header("Content-Type", "text/plain" if plain else "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _told

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(server)
        return f"http{'s' if certificate else ''}://127.0.0.1:{server.server_port}"

    yield started
    for server in servers:
        server.shutdown()
        server.server_close()


def asked(url: str, **told: Any) -> Any:
    return Cluster(ClusterSettings((url,), patience=0.3, **told)).ask("GET", "/some/_search")


def answering(status: int, told: Any) -> Answer:
    return lambda _method, path, _body: (200, ABOUT) if path == "/" else (status, told)


def fault(kind: str, reason: str) -> dict[str, Any]:
    return {"error": {"type": kind, "reason": reason, "root_cause": []}}


@pytest.mark.parametrize(
    ("status", "told", "words"),
    [
        (401, "Unauthorized", "refuses the user (Unauthorized). Set JARSHY_OPENSEARCH_USER"),
        (
            403,
            fault("security_exception", "no permissions for [indices:data/write/bulk]"),
            "the user may not do this (security_exception: no permissions",
        ),
        (503, fault("search_phase_execution_exception", "all shards failed"), "red or overloaded"),
        (500, fault("node_disconnected_exception", "[node-2] disconnected"), "red or overloaded"),
        (429, fault("opensearch_rejected_execution_exception", "queue"), "red or overloaded"),
        (
            429,
            fault("cluster_block_exception", "disk usage exceeded flood-stage watermark"),
            "the cluster is full",
        ),
        (
            403,
            fault(
                "index_create_block_exception",
                "blocked by: [FORBIDDEN/10/cluster create-index blocked (api)];",
            ),
            '{"persistent": {"cluster.blocks.create_index": null}}',
        ),
        (400, fault("parsing_exception", "unknown query"), "refuses (400: parsing_exception"),
    ],
)
def test_a_refusal_says_what_to_do(
    serve: Callable[[Answer], str], status: int, told: Any, words: str
) -> None:
    with pytest.raises(SearchError) as caught:
        asked(serve(answering(status, told)))
    assert words in str(caught.value)
    assert caught.value.remedy


def test_an_index_that_is_gone_is_to_be_rebuilt(serve: Callable[[Answer], str]) -> None:
    told = fault("index_not_found_exception", "no such index [x]")
    with pytest.raises(IndexOutdatedError, match="jarshy index --rebuild"):
        asked(serve(answering(404, told)))


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ({"distribution": "opensearch", "number": "2.9.0"}, "this is opensearch 2.9.0"),
        ({"number": "8.17.0"}, "this is another server 8.17.0"),
    ],
)
def test_old_and_other_servers_are_refused(
    serve: Callable[[Answer], str], version: dict[str, str], words: str
) -> None:
    url = serve(lambda *_: (200, {"version": version}))
    with pytest.raises(SearchError, match=r"needs OpenSearch 2\.10 or newer") as caught:
        asked(url)
    assert words in str(caught.value)


def test_no_node_is_told_with_the_address() -> None:
    with pytest.raises(SearchError) as caught:
        asked("http://127.0.0.1:9")
    assert "http://127.0.0.1:9: no OpenSearch node answers" in str(caught.value)
    assert "JARSHY_OPENSEARCH_URL" in caught.value.remedy


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A key and a certificate for 127.0.0.1 that nobody has signed but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "node")])
    now = datetime.now(UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "node.pem"
    plain = serialization.NoEncryption()
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    path.write_bytes(key.private_bytes(encoding, form, plain) + made.public_bytes(encoding))
    return path


def test_a_certificate_is_trusted_only_by_its_authority(
    serve: Callable[..., str], certificate: Path
) -> None:
    url = serve(answering(200, {"hits": []}), certificate)
    with pytest.raises(SearchError, match="certificate is not trusted") as caught:
        asked(url)
    assert "JARSHY_OPENSEARCH_CA" in caught.value.remedy
    assert asked(url, ca=str(certificate)) == {"hits": []}


def test_without_an_authority_of_ours_those_of_the_system_are_trusted(
    serve: Callable[..., str], certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import certifi

    url = serve(answering(200, {"hits": []}), certificate)
    monkeypatch.setattr(certifi, "where", lambda: str(certificate))  # what the client would take
    with pytest.raises(SearchError, match="certificate is not trusted"):
        asked(url)
    nodes._trusting.cache_clear()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))  # where OpenSSL looks
    assert asked(url) == {"hits": []}
    nodes._trusting.cache_clear()


def test_a_file_without_certificates_is_told(serve: Callable[..., str], tmp_path: Path) -> None:
    path = tmp_path / "empty.pem"
    path.write_text("nothing\n")
    with pytest.raises(ConfigError, match=r"JARSHY_OPENSEARCH_CA: .*empty\.pem has no certificate"):
        asked("https://127.0.0.1:9", ca=str(path))


def test_a_node_with_and_one_without_tls_are_told_apart(
    serve: Callable[..., str], certificate: Path
) -> None:
    plain = serve(answering(200, {"hits": []})).replace("http:", "https:")
    with pytest.raises(SearchError, match=r"does not speak TLS .* Write http://"):
        asked(plain, ca=str(certificate))


def test_name_and_password_are_sent(
    serve: Callable[[Answer], str], credentials: list[str | None]
) -> None:
    assert asked(serve(answering(200, {})), user="jarshy", password="s3cret") == {}
    assert set(credentials) == {"Basic " + b64encode(b"jarshy:s3cret").decode()}


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_processes_forked_from_one_share_no_connection(
    serve: Callable[[Answer], str], connections: list[Any]
) -> None:
    cluster = Cluster(ClusterSettings((serve(lambda *_: (200, ABOUT)),)))
    cluster.ask("GET", "/x")
    assert len(set(connections)) == 1
    for _ in range(2):
        forked = get_context("fork").Process(target=cluster.ask, args=("GET", "/x"))
        forked.start()
        forked.join(20)
        assert forked.exitcode == 0
    assert len(set(connections[-3:])) == 3
    cluster.ask("GET", "/x")
    assert connections[-1] == connections[0]


def test_a_busy_cluster_gets_time(serve: Callable[[Answer], str]) -> None:
    left = [503, 503, 200]
    url = serve(
        lambda _method, path, _body: (200, ABOUT) if path == "/" else (left.pop(0), {"done": True})
    )
    assert Cluster(ClusterSettings((url,), patience=10)).ask("GET", "/x") == {"done": True}
    assert left == []


def test_of_several_searches_one_that_met_a_dying_node_is_asked_again(
    serve: Callable[[Answer], str],
) -> None:
    lost = {"status": 500, **fault("node_disconnected_exception", "[node-2] disconnected")}
    whole = {"status": 200, "hits": {"hits": []}}
    told = iter([{"responses": [whole, lost]}, {"responses": [whole, whole]}])
    bodies: list[bytes] = []

    def answer(_method: str, path: str, body: bytes) -> tuple[int, Any]:
        if path == "/":
            return 200, ABOUT
        bodies.append(body)
        return 200, next(told)

    cluster = Cluster(ClusterSettings((serve(answer),), patience=2.0))
    assert cluster.many("some", [{"size": 0}, {"size": 1}]) == [whole, whole]
    assert len(bodies) == 2
    # Without this a search of a cluster that lost a node would answer with a part of the hits.
    assert json.loads(bodies[0].splitlines()[0]) == {"allow_partial_search_results": False}


def test_what_was_rejected_is_sent_again_and_nothing_twice(
    serve: Callable[[Answer], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploading, "CHUNK_DOCUMENTS", 7)
    stored: dict[str, int] = {}
    sent: list[str] = []

    def answer(_method: str, path: str, body: bytes) -> tuple[int, Any]:
        if path == "/":
            return 200, ABOUT
        items = []
        for line in body.decode().splitlines()[::2]:
            name = json.loads(line)["index"]["_id"]
            sent.append(name)
            full = len(sent) % 3 == 0
            if not full:
                stored[name] = stored.get(name, 0) + 1
            told = {"status": 429, "error": {"type": "rejected", "reason": "queue"}}
            items.append({"index": told if full else {"status": 201}})
        return 200, {"errors": any("error" in one["index"] for one in items), "items": items}

    cluster = Cluster(ClusterSettings((serve(answer),)))
    documents = [(f"{number}-1", 1, {"id": number}) for number in range(40)]
    assert uploading.upload(cluster, "x", documents) == 40
    assert stored == {name: 1 for name, _, _ in documents}
    assert len(sent) > 40


def test_a_document_refused_for_good_ends_the_upload(serve: Callable[[Answer], str]) -> None:
    told = {"status": 400, "error": {"type": "mapper_parsing_exception", "reason": "no"}}
    url = serve(answering(200, {"errors": True, "items": [{"index": told}]}))
    with pytest.raises(SearchError, match="mapper_parsing_exception"):
        uploading.upload(Cluster(ClusterSettings((url,))), "x", [("1-1", 1, {})])


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("URL", "node1:9200", "'node1:9200' is no address of a node"),
        ("URL", "https://me:secret@node1:9200", "JARSHY_OPENSEARCH_USER and JARSHY_OPENSEARCH_PA"),
        ("CA", "/no/such/file.pem", "there is no file /no/such/file.pem"),
        ("PREFIX", "Жаршы", "cannot begin an index's name"),
        ("SHARDS", "many", "'many' is no number from 1 to 64"),
        ("REPLICAS", "99", "'99' is no number from 0 to 8"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        settings_from({f"JARSHY_OPENSEARCH_{name}": value})
    assert f"JARSHY_OPENSEARCH_{name}" in str(caught.value)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "url", ["http://admin:geheim@a:9200", "https://a:9200,http://x:ge,heim@b", "admin:geheim@a"]
)
def test_no_part_of_a_password_is_told(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        settings_from({"JARSHY_OPENSEARCH_URL": url})
    assert "has a name or password in it" in str(caught.value)
    assert "ge" not in str(caught.value)


def test_settings_come_from_the_environment() -> None:
    told = {"URL": "https://a:9200, https://b:9200", "USER": "jarshy", "PASSWORD": "s3cret"}
    settings = settings_from({f"JARSHY_OPENSEARCH_{name}": one for name, one in told.items()})
    assert settings.urls == ("https://a:9200", "https://b:9200")
    assert settings.replicas is None
    assert "s3cret" not in repr(settings)


def test_an_unknown_engine_is_told_with_the_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JARSHY_ENGINE", "sphinx")
    with pytest.raises(ConfigError, match=r"no search engine 'sphinx'\. Known: whoosh, opensearch"):
        engine_named()
    monkeypatch.setenv("JARSHY_ENGINE", "opensearch")
    assert engine_named().capabilities.name == "opensearch"


@pytest.mark.parametrize("command", ["status", "doctor", "work", "index"])
@pytest.mark.parametrize("where", ["environment", "file"])
def test_every_command_refuses_an_engine_that_there_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, where: str
) -> None:
    (tmp_path / "jarshy.toml").write_text('engine = "sphinx"\n' if where == "file" else "")
    monkeypatch.delenv("JARSHY_ENGINE", raising=False)
    environment = {"JARSHY_ENGINE": "sphinx" if where == "environment" else None}
    args = ["--config", str(tmp_path), "--data", str(tmp_path / "data"), command]
    told = CliRunner().invoke(main, args, env=environment)
    monkeypatch.setenv("JARSHY_ENGINE", "")  # the program has set it, from its file
    assert told.exit_code == 2
    assert "no search engine 'sphinx'. Known: whoosh, opensearch" in told.output
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("term", "told"),
    [("кітап", "кітап"), ("екі сөз", "екі%20сөз"), ("a|b", "a%7Cb"), ("50%", "50%25")],
)
def test_terms_are_one_token_each(term: str, told: str) -> None:
    assert safe(term) == told


def test_a_row_is_kept_by_places_and_weights() -> None:
    title = Zone(
        "title", [0, 1, 1], ["a", "b", "c"], ["a", "b", ""], ["a", "b", ""], ["A", "B", ""]
    )
    body = Zone("body", [0, 2], ["a", "d"], ["a", "d"], ["a", "d"], ["a", "d"])
    row = Row(7, 9, (title, body), {"site": ("s", "s")}, 738000, 738000)
    made = encoded(row, {"title": 2.0, "body": 1.0})
    assert made.source["stem"].split() == ["a|12", "b|8", "c|8", "d|4"]
    tokens = made.source["places"].split()
    assert {place: one for place, one in enumerate(tokens) if one != "%"} == {
        0: "a",
        1: "b|c",
        51: "a",
        53: "d",
    }
    assert made.source["title"] == ["a", "b", "c"]
    assert made.source["site"] == ["s"]
    assert made.source["length"] == 2.0 * 3 + 1.0 * 2
    assert made.terms["word"] == {"A", "B", "a", "d"}
