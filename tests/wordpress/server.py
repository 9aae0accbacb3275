"""A real WordPress on loopback: Debian's packages, MariaDB behind a socket, PHP's own server."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

HERE = Path(__file__).parent
PROGRAM = Path("/usr/share/wordpress")
CONTENT = Path("/var/lib/wordpress/wp-content")
PATIENCE = 30.0  # seconds for a server to come up
# What each of Debian's packages puts where.
PACKAGES = {
    "wordpress": PROGRAM / "wp-load.php",
    "wordpress-theme-twentytwentyone": CONTENT / "themes/twentytwentyone/style.css",
    "wordpress-theme-twentytwentythree": CONTENT / "themes/twentytwentythree/style.css",
    "wordpress-l10n": CONTENT / "languages/ru_RU.mo",
    "mariadb-server": Path("/usr/sbin/mariadbd"),
    "php-cli": Path("/usr/bin/php"),
    "php-mysql": Path("/usr/share/php8.2-mysql"),
    "php-xml": Path("/usr/share/php8.2-xml"),
    "php-mbstring": Path("/usr/share/php8.2-mbstring"),
}


def missing_packages() -> list[str]:
    """The Debian packages that a WordPress needs and this machine lacks."""
    return [name for name, path in PACKAGES.items() if not _there(path)]


def _there(path: Path) -> bool:
    if path.exists():
        return True
    name, _, rest = path.name.partition("-")
    return bool(rest) and name.startswith("php") and any(path.parent.glob(f"php*-{rest}"))


@dataclass(frozen=True)
class WordPress:
    """A running site: its address (ending in a slash), its folder."""

    url: str
    folder: Path
    environment: Mapping[str, str]

    def act(self, *actions: Mapping[str, Any]) -> list[Any]:
        """Do to the site what its editors do: see `act.php`."""
        command = ["php", str(HERE / "act.php"), str(self.folder)]
        done = subprocess.run(
            command,
            input=json.dumps(actions),
            env=self.environment,
            text=True,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, f"act.php: {done.stdout}{done.stderr}"
        answers: list[Any] = json.loads(done.stdout)
        return answers

    def requests(self) -> list[str]:
        """The requests since the last call, as `METHOD /path?query`."""
        log = Path(self.environment["WORDPRESS_LOG"])
        lines = log.read_text("utf-8").splitlines() if log.exists() else []
        log.write_text("")
        return lines


@contextmanager
def running_wordpress() -> Iterator[WordPress]:
    """An installed WordPress without posts; processes and files are gone afterwards."""
    with ExitStack() as stack:
        # MariaDB's socket must have a path of less than 108 bytes, so no folder of pytest's.
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="jarshy-wp-")))
        environment = {
            **os.environ,
            "WORDPRESS_SOCKET": str(root / "socket"),
            "WORDPRESS_LOG": str(root / "requests.log"),
        }
        stack.enter_context(_database(root, environment))
        site = WordPress(f"http://127.0.0.1:{_free_port()}/", root / "site", environment)
        _unpack(site.folder)
        address = site.url.rstrip("/")
        _run(["php", HERE / "install.php", site.folder, address], environment)
        site.act({"do": "translate_site", "files": _translations()})
        site.act({"do": "flush_rules"})
        host = site.url.removeprefix("http://").rstrip("/")
        command = ["php", "-S", host, "-t", site.folder, HERE / "router.php"]
        stack.enter_context(_process(command, environment, root / "php.log"))
        _wait_until(lambda: _answers(site.url), root / "php.log")
        site.requests()
        yield site


@contextmanager
def _database(root: Path, environment: Mapping[str, str]) -> Iterator[None]:
    data = root / "database"
    shared = ["--no-defaults", f"--datadir={data}", "--innodb-log-file-size=8M"]
    if os.geteuid() == 0:
        shared.append("--user=root")
    normal = ["--auth-root-authentication-method=normal", "--skip-test-db"]
    _run(["mariadb-install-db", *shared, *normal], environment)
    link = f"--socket={environment['WORDPRESS_SOCKET']}"
    quick = ["--skip-networking", "--innodb-flush-log-at-trx-commit=0", "--skip-log-bin"]
    log = root / "mariadb.log"
    pid = f"--pid-file={root / 'mariadb.pid'}"
    with _process(["/usr/sbin/mariadbd", *shared, link, pid, *quick], environment, log):
        _wait_until(lambda: _pings(link), log)
        _run(["mariadb", "--no-defaults", link, "-uroot", "-e", "CREATE DATABASE wordpress"])
        yield


def _pings(link: str) -> bool:
    command = ["mariadb-admin", "--no-defaults", link, "-uroot", "ping"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=PATIENCE) as answer:
            return bool(answer.status == 200)
    except ConnectionError:
        return False
    except OSError as error:
        if isinstance(getattr(error, "reason", None), ConnectionError):
            return False
        raise


@contextmanager
def _process(
    command: Sequence[str | Path], environment: Mapping[str, str], log: Path
) -> Iterator[None]:
    """A process of its own group; the kernel ends it as well should the tests be killed."""
    guarded = ["setpriv", "--pdeathsig", "KILL", *map(str, command)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            guarded, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _unpack(folder: Path) -> None:
    """Debian's WordPress as one folder that can be written to, with one foreign language."""
    _run(["cp", "-rL", PROGRAM, folder])
    shutil.rmtree(folder / "wp-content")
    (folder / "wp-content" / "languages").mkdir(parents=True)
    _run(["cp", "-rL", CONTENT / "themes", folder / "wp-content" / "themes"])
    for name in CONTENT.glob("languages/*ru_RU.mo"):
        shutil.copy(name, folder / "wp-content" / "languages")
    shutil.copy(HERE / "wp-config.php", folder / "wp-config.php")


def _translations() -> dict[str, list[dict[str, Any]]]:
    """The rows of `kk.tsv` by file, as WordPress's own writer takes them."""
    files: dict[str, list[dict[str, Any]]] = {}
    with (HERE / "kk.tsv").open(encoding="utf-8", newline="") as stream:
        lines = (line for line in stream if not line.startswith("#"))
        for file, context, english, kazakh in csv.reader(lines, delimiter="\t"):
            entry = {"singular": english, "translations": [kazakh]}
            files.setdefault(file, []).append(
                {**entry, **({"context": context} if context else {})}
            )
    return files


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _run(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> None:
    done = subprocess.run(
        [str(part) for part in command],
        env=environment,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, f"{command[0]}: {done.stdout}{done.stderr}"


def _wait_until(ready: Any, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < end, f"no answer within {PATIENCE} s: {log.read_text()}"
        time.sleep(0.05)
