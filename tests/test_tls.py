"""Encrypted sites whose encryption is at fault: refused, accounted for, told in plain words."""

from __future__ import annotations

import asyncio
import ssl
import warnings
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from webs import Asked, Web, article, listing, reply

from crawler.crawling import crawl
from crawler.health import site_health
from crawler.options import CrawlOptions
from crawler.store.runs import SiteRun
from crawler.store.store import Store

NOW = datetime.now(UTC)
PAGES = {"/": reply(listing(["/1-kezdesu"])), "/1-kezdesu": reply(article())}
# name -> (words of the account's note, code of the health rule)
INVALID = "the certificate of the site is not valid: it has expired, or nobody known issued it"
OTHER = "the certificate of the site belongs to another site"
NO_CONNECTION = "the encrypted connection could not be made"
FAULTS = {
    "expired": (INVALID, "certificate"),
    "not-yet": (INVALID, "certificate"),
    "self-signed": (INVALID, "certificate"),
    "unknown-issuer": (INVALID, "certificate"),
    "other-name": (OTHER, "certificate"),
    "tls-1.0": (NO_CONNECTION, "unreachable"),
    "cut": (NO_CONNECTION, "unreachable"),
    "no-tls": (NO_CONNECTION, "unreachable"),
}


class Authority:
    """Issues certificates; `trusted` is its own, to be put among the system's."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.trusted = self._signed(self._key, self._name, ca=True)

    def _signed(
        self,
        key: ec.EllipticCurvePrivateKey,
        subject: x509.Name,
        host: str = "localhost",
        begins: int = -10,
        ends: int = 10,
        ca: bool = False,
    ) -> x509.Certificate:
        made = x509.CertificateBuilder().subject_name(subject).issuer_name(self._name)
        made = made.public_key(key.public_key()).serial_number(x509.random_serial_number())
        made = made.not_valid_before(NOW + timedelta(days=begins))
        made = made.not_valid_after(NOW + timedelta(days=ends))
        names = x509.SubjectAlternativeName([x509.DNSName(host)])
        made = made.add_extension(names, critical=False)
        made = made.add_extension(x509.BasicConstraints(ca, None), critical=True)
        return made.sign(self._key, hashes.SHA256())

    def context(self, name: str, self_signed: bool = False, **told: object) -> ssl.SSLContext:
        """A server's context with a certificate of its own."""
        key = self._key if self_signed else ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
        signed = (
            self.trusted if self_signed else self._signed(key, subject, **told)  # type: ignore[arg-type]
        )
        path = self._folder / f"{name}.pem"
        secret = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        path.write_bytes(secret + pem(signed))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def old_tls(context: ssl.SSLContext) -> ssl.SSLContext:
    """The context limited to TLS 1.0, which browsers gave up in 2020 (RFC 8996)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1
    return context


class Cutting(Web):
    """Closes every connection when the client has said hello."""

    @property
    def root(self) -> str:
        return f"https://localhost:{self.port}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(64)
        self.log.append(Asked("hello", {}))
        writer.close()


class Plain(Cutting):
    """Speaks plain http where https is expected."""

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(64)
        self.log.append(Asked("hello", {}))
        writer.write(reply("no", 400))
        await writer.drain()
        writer.close()


@dataclass(frozen=True)
class Crawled:
    data: Path
    runs: dict[str, SiteRun]
    webs: dict[str, Web]
    codes: dict[str, list[str]]


def served(folder: Path) -> tuple[dict[str, Web], x509.Certificate]:
    """A web for each fault and two without; the certificate that is trusted."""
    known, stranger = Authority(folder, "Jarshy tests"), Authority(folder, "Nobody")
    contexts = {
        "control": known.context("control"),
        "expired": known.context("expired", begins=-100, ends=-1),
        "not-yet": known.context("not-yet", begins=5, ends=50),
        "self-signed": Authority(folder, "localhost").context("self-signed", self_signed=True),
        "unknown-issuer": stranger.context("stranger"),
        "other-name": known.context("other", host="other.example.kz"),
        "tls-1.0": old_tls(known.context("old")),
        "unverified": stranger.context("unverified"),
    }
    webs = {name: Web(PAGES, tls) for name, tls in contexts.items()}
    return {**webs, "cut": Cutting(), "no-tls": Plain()}, known.trusted


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("tls")
    webs, trusted = served(folder)
    (folder / "trusted.pem").write_bytes(pem(trusted))
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("SSL_CERT_FILE", str(folder / "trusted.pem"))
        for web in webs.values():
            stack.enter_context(web)
        sites = [
            web.site(name, verify_certificate=name != "unverified") for name, web in webs.items()
        ]
        data = folder / "data"
        runs = {
            run.site: run for run in crawl(sites, data, options=CrawlOptions(timeout_seconds=5))
        }
        with Store.open(data) as store:
            told = {h.site: [r.code for r in h.reasons] for h in site_health(sites, store)}
        yield Crawled(data, runs, webs, told)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_the_encryption_is_told_in_plain_words(crawled: Crawled, name: str) -> None:
    words, code = FAULTS[name]
    run = crawled.runs[name]
    assert words in " ".join(run.account.notes), run.account.notes
    assert not run.reachable
    assert run.account.balanced
    assert run.account.stored == 0
    assert run.seconds < 30
    assert crawled.codes[name] == [code]


@pytest.mark.parametrize("name", sorted(set(FAULTS) - {"cut", "no-tls"}))
def test_nothing_is_asked_of_a_server_that_cannot_prove_who_it_is(
    crawled: Crawled, name: str
) -> None:
    assert crawled.webs[name].log == []


@pytest.mark.parametrize("name", ["control", "unverified"])
def test_a_good_certificate_and_one_that_its_file_excuses_are_read(
    crawled: Crawled, name: str
) -> None:
    assert crawled.runs[name].account.stored == 1
