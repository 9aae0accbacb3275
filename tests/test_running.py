"""`jarshy run` as cron and systemd start it: notifications, signals, the lock, the log."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import shutil
import signal
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_string
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from webs import Asked, Web, article, listing, reply

from commands.notifying import notify
from crawler.errors import ConfigError
from crawler.health import Reason, SiteHealth
from crawler.options import NotifyOptions, load_notify, load_options
from crawler.store.store import Store

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 22, tzinfo=UTC)
JARSHY = Path(sys.executable).parent / "jarshy"
SITE = """
url = "{root}/"
name.kk = "Сынақ кітапханасы"
allow_private_addresses = true
delay_seconds = {delay}
[[sources]]
kind = "listing"
url = "{root}/"
links = "a.item"
"""


def jarshy(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [JARSHY, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **environment},
    )


class Home:
    """A data and a config folder with one site."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.config = folder / "config"
        (self.config / "sites").mkdir(parents=True)

    @property
    def options(self) -> tuple[object, ...]:
        return ("--data", self.data, "--config", self.config)

    def site(self, web: Web, delay: float = 0) -> None:
        told = SITE.format(root=web.root, delay=delay)
        (self.config / "sites" / "test.toml").write_text(told, "utf-8")

    def notify(self, **told: object) -> None:
        rows = [f"{key} = {json.dumps(value)}" for key, value in told.items()]
        (self.config / "jarshy.toml").write_text("\n".join(["[notify]", *rows]), "utf-8")

    def run(self, *more: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return jarshy(*self.options, "run", *more, **environment)

    def log(self) -> list[dict[str, object]]:
        text = (self.data / "log" / "runs.jsonl").read_text("utf-8")
        return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


class Mailbox(socketserver.ThreadingTCPServer):
    """An SMTP server of RFC 5321's smallest kind; `refusing` says no to every mail."""

    daemon_threads = True

    def __init__(self, refusing: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), Postman)
        self.mails: list[str] = []
        self.refusing = refusing
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class Postman(socketserver.StreamRequestHandler):
    """One connection to the mailbox."""

    server: Mailbox

    def handle(self) -> None:
        self.wfile.write(b"220 test\r\n")
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                rows = iter(self.rfile.readline, b".\r\n")
                self.server.mails.append(b"".join(rows).decode("utf-8"))
            if word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            refused = self.server.refusing and word == b"MAIL"
            self.wfile.write(b"550 no\r\n" if refused else b"250 ok\r\n")


@pytest.fixture
def hook() -> Iterator[list[dict[str, object]]]:
    """A webhook on loopback; the port is in the first entry."""
    told: list[dict[str, object]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told.append({"port": server.server_port})
    yield told
    server.shutdown()
    server.server_close()


def good() -> dict[str, object]:
    pages = {f"/{n}-kezdesu": reply(article(f"Кездесу {n}")) for n in range(3)}
    return {"/": reply(listing(pages)), **pages}


# Notifications


def test_a_site_that_turns_unhealthy_is_told_once_by_mail_and_webhook(
    home: Home, hook: list[dict[str, object]]
) -> None:
    with Web(good()) as web, Mailbox() as mailbox:  # type: ignore[arg-type]
        home.site(web)
        home.notify(
            email=["admin@example.kz"],
            sender="jarshy@example.kz",
            smtp=f"127.0.0.1:{mailbox.port}",
            webhook=f"http://127.0.0.1:{hook[0]['port']}/hook",
        )
        well = home.run("test")
        assert (well.returncode, mailbox.mails, len(hook)) == (0, [], 1), well.stderr
        web.answers = {"/": reply("<html><body>Жаңа сайт</body></html>")}
        codes = [home.run("test").returncode for _ in range(2)]
        assert codes == [1, 1]
    assert len(mailbox.mails) == 1
    mail = message_from_string(mailbox.mails[0])
    assert (mail["To"], mail["Subject"]) == ("admin@example.kz", "Jarshy: test needs a look")
    text = mail.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert "Сынақ кітапханасы" in text
    assert "redesigned" in text
    assert len(hook) == 2
    (site,) = hook[1]["sites"]  # type: ignore[misc]
    assert (site["id"], site["codes"], site["state"]) == ("test", ["empty"], "failing")
    assert [line["notified"] for line in home.log()] == [[], ["email", "webhook"], []]
    assert home.log()[1]["unhealthy"] == {"test": ["empty"]}


def ill(*codes: str) -> list[SiteHealth]:
    reasons = tuple(Reason(code) for code in codes)
    return [SiteHealth("test", "Сынақ", 3, NOW, "failing" if codes else "ok", reasons)]


def told_by_mail(store: Store, mailbox: Mailbox, health: list[SiteHealth]) -> int:
    """How many mails come of a run that found the sites like this."""
    before = len(mailbox.mails)
    options = NotifyOptions(email=("a@b.kz",), sender="j@b.kz", smtp=f"127.0.0.1:{mailbox.port}")
    notify(health, options, store, NOW)
    return len(mailbox.mails) - before


def test_each_trouble_is_told_when_it_comes_and_again_when_it_comes_back(tmp_path: Path) -> None:
    steps = [((), 0), (("empty",), 1), (("empty",), 0), (("empty", "silent"), 1), ((), 0)]
    with Store.open(tmp_path) as store, Mailbox() as mailbox:
        told = [told_by_mail(store, mailbox, ill(*codes)) for codes, _ in [*steps, *steps]]
    assert told == [number for _, number in [*steps, *steps]]


@pytest.mark.parametrize("refusing", [True, False], ids=["refused", "no-server"])
def test_a_mail_that_cannot_be_sent_is_told_and_sent_by_the_next_run(
    tmp_path: Path, refusing: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    with Store.open(tmp_path) as store:
        with Mailbox(refusing) as mailbox:
            mailbox.port = mailbox.port if refusing else 9
            assert told_by_mail(store, mailbox, ill("empty")) == 0
        assert "email about 1 unhealthy site was not sent" in capsys.readouterr().err
        with Mailbox() as mailbox:
            assert told_by_mail(store, mailbox, ill("empty")) == 1


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ('[notify]\nemail = ["boss"]\nsender = "a@b.kz"', ("notify.email", "'boss'")),
        ('[notify]\nemail = ["a@b.kz"]', ("notify", "sender")),
        ('[notify]\nwebhook = "chat.kz/x"', ("notify.webhook", "https://")),
        ('[notify]\nsmtp = "mail:99999"', ("notify.smtp", "mail.example.kz:587")),
        ('[notify]\nsecurity = "ssl"', ("notify.security", "starttls")),
        ('[notify]\nuser = "me"', ("notify", "security")),
        ('[notify]\nmail = "a@b.kz"', ("notify.mail", "Known keys", "email")),
        ("[notfy]\n", ("notfy", "[notify]")),
    ],
)
def test_a_mistake_in_the_notify_table_is_told_with_key_and_remedy(
    tmp_path: Path, told: str, words: tuple[str, ...]
) -> None:
    (tmp_path / "jarshy.toml").write_text(told, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_notify(tmp_path)
    for word in (str(tmp_path / "jarshy.toml"), *words):
        assert word in str(caught.value)


def test_the_shipped_config_is_valid() -> None:
    assert load_options(ROOT / "config").sites_at_once == 20
    assert load_notify(ROOT / "config").email == ()


# Signals


async def hanging(_: Asked, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\nx")
    await writer.drain()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.sleep(60)


def started(home: Home) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [JARSHY, *map(str, home.options), "run", "test"], stderr=subprocess.PIPE, text=True
    )


def wait_until(true: object, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


@pytest.mark.parametrize("hangs", [False, True], ids=["at-work", "hanging"])
def test_sigterm_ends_a_run_cleanly_in_time(home: Home, hangs: bool) -> None:
    answers: dict[str, object] = {
        f"/{n}-kezdesu": reply(article(f"Кездесу {n}")) for n in range(40)
    }
    if hangs:
        answers["/1-kezdesu"] = hanging
    with Web({"/": reply(listing(answers)), **answers}) as web:  # type: ignore[arg-type]
        home.site(web, delay=0.1)
        (home.config / "jarshy.toml").write_text("[crawl]\ntimeout_seconds = 6", "utf-8")
        with started(home) as running:
            wait_until(
                lambda: "/1-kezdesu" in web.targets and len(web.targets) > (2 if hangs else 5)
            )
            begun = time.monotonic()
            running.send_signal(signal.SIGTERM)
            _, told = running.communicate(timeout=30)
            assert time.monotonic() - begun < 25
    assert running.returncode == 143, told
    assert "Traceback" not in told
    (line,) = home.log()
    assert line["ended"] == "interrupted"
    with Store.open(home.data) as store:
        (run,) = store.runs.of_run(1)
        assert run.account.balanced
        assert store.articles.count() == run.account.stored == line["stored"] > 0
        assert store.damages() == []


def test_kill_9_frees_the_lock_at_once(home: Home) -> None:
    with Web({"/": hanging}) as web:
        home.site(web)
        with started(home) as running:
            wait_until(lambda: "/" in web.targets)
            begun = time.monotonic()
            second = home.run("test")
            took = time.monotonic() - begun
            assert second.returncode == 75
            assert f"process {running.pid}" in second.stderr
            running.kill()
        web.answers = good()  # type: ignore[assignment]
        assert home.run("test").returncode == 0
    assert took < 3


# The disk


@pytest.fixture
def small_disk(home: Home) -> Iterator[Path]:
    home.data.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=900k", "tmpfs", home.data]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a small disk can be mounted by root only")
    try:
        yield home.data
    finally:
        subprocess.run(["umount", home.data], check=True)


def test_a_disk_that_fills_up_is_told_and_the_next_run_goes_on(
    home: Home, small_disk: Path
) -> None:
    pages = {f"/{n}-kezdesu": reply(article(f"Кездесу {n}")) for n in range(60)}
    with Web({"/": reply(listing(pages)), **pages}) as web:
        home.site(web)
        full = home.run("test")
        assert full.returncode == 1
        assert "Free some" in full.stderr
        assert "Traceback" not in full.stderr
        subprocess.run(["mount", "-o", "remount,size=60m", small_disk], check=True)
        again = home.run("test")
    assert again.returncode == 0, again.stderr
    with Store.open(home.data) as store:
        assert store.captures.failures("test") == []
        assert store.articles.count() == 60
    files = sorted((home.data / "warc").glob("*.gz"))
    check = [Path(sys.executable).parent / "warcio", "check", *files]
    assert subprocess.run(check, capture_output=True).returncode == 0


# Starting it every night


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze (Debian: systemd) is missing"
)
def test_the_shipped_units_pass_systemd_analyze(tmp_path: Path) -> None:
    for unit in ("jarshy.service", "jarshy.timer"):
        text = (ROOT / "config" / "systemd" / unit).read_text("utf-8")
        # The program is looked for: let it be the one of this checkout.
        text = text.replace("/opt/jarshy/.venv/bin/jarshy", str(JARSHY))
        (tmp_path / unit).write_text(text.replace("/opt/jarshy", str(ROOT)), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / "jarshy.timer", tmp_path / "jarshy.service"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "jarshy" not in done.stderr


def test_the_crontab_line_of_the_readme_is_one_that_cron_reads() -> None:
    line = next(
        row.strip()
        for row in (ROOT / "README.md").read_text("utf-8").splitlines()
        if re.match(r"\s*\d+ \d+ \* \* \* ", row)
    )
    fields = line.split(maxsplit=6)
    assert fields[5] == "jarshy"  # /etc/cron.d has the user in the sixth column
    assert "%" not in line  # cron would read it as the end of the line
    assert "jarshy --data /var/lib/jarshy run" in line


# Looking at it


def test_status_of_a_mistyped_folder_makes_no_folder(home: Home) -> None:
    done = jarshy("--data", home.data / "typo", "status")
    assert done.returncode == 1
    assert str(home.data / "typo") in done.stderr
    assert "--data" in done.stderr
    assert not (home.data / "typo").exists()
    assert jarshy("--data", home.data / "typo", "doctor").returncode == 1
    assert not (home.data / "typo").exists()


def test_status_says_of_a_site_never_read_that_it_was_not(home: Home) -> None:
    with Web() as web:
        home.site(web)
    home.data.mkdir()
    line = jarshy(*home.options, "status").stdout.splitlines()[-1]
    assert line.split()[0] == "test"
    assert line.endswith("not read yet")
    told = json.loads(jarshy(*home.options, "status", "--json").stdout)
    assert told["sites"][0]["state"] == "waiting"


def test_a_mistyped_site_file_is_told_and_the_other_sites_are_crawled(home: Home) -> None:
    with Web(good()) as web:  # type: ignore[arg-type]
        home.site(web)
        bad = home.config / "sites" / "bad.toml"
        bad.write_text('url = "https://lib.example/"\nnam.kk = "Кітапхана"\n', "utf-8")
        done = home.run()
        assert done.returncode == 1
        assert "bad.toml: " in done.stderr
        assert "nam: no such key" in done.stderr
        assert "3 new, 0 changed" in done.stderr
        assert "Left out: 1 site" in done.stderr
        assert jarshy(*home.options, "status").returncode == 0
        bad.unlink()
        assert home.run("test").returncode == 0


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("jarshy.toml", "[crawl]\nhours = -1", ("jarshy.toml", "crawl.hours")),
        ("sites/bad.toml", 'url = "x"', ("bad.toml", "url")),
    ],
)
def test_doctor_checks_the_config(home: Home, file: str, text: str, words: tuple[str, ...]) -> None:
    (home.config / file).write_text(text, "utf-8")
    home.data.mkdir()
    done = jarshy(*home.options, "doctor")
    assert done.returncode in (1, 2)
    for word in words:
        assert word in done.stderr


def test_an_older_day_of_the_clock_makes_no_harm(home: Home) -> None:
    """The clock went back a year: the site is due, nothing is stored twice."""
    from crawler.crawling import crawl
    from crawler.scheduling import due_sites

    with Web(good()) as web:  # type: ignore[arg-type]
        site = web.site()
        crawl([site], home.data)
        past = datetime(2025, 1, 1, tzinfo=UTC)
        with Store.open(home.data) as store:
            assert due_sites([site], store, past) == [site]
        (run,) = crawl([site], home.data, now=past)
    assert (run.account.stored, run.account.updated) == (0, 0)
    with Store.open(home.data) as store:
        assert store.articles.count() == 3
