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
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

HERE = Path(__file__).parent
PROGRAM = Path("/usr/share/wordpress")
CONTENT = Path("/var/lib/wordpress/wp-content")
PATIENCE = 30.0  # seconds for a server to come up
# Where each of Debian's packages puts something that is needed, below /.
PACKAGES = {
    "wordpress": "usr/share/wordpress/wp-load.php",
    "wordpress-theme-twentytwentyone": "var/lib/wordpress/wp-content/themes/twentytwentyone",
    "wordpress-theme-twentytwentythree": "var/lib/wordpress/wp-content/themes/twentytwentythree",
    "wordpress-l10n": "var/lib/wordpress/wp-content/languages/ru_RU.mo",
    "mariadb-server": "usr/sbin/mariadbd",
    "php-cli": "usr/bin/php",
    "php-mysql": "usr/share/php*-mysql",
    "php-xml": "usr/share/php*-xml",
    "php-mbstring": "usr/share/php*-mbstring",
}


def missing_packages() -> list[str]:
    """The Debian packages that a WordPress needs and this machine lacks."""
    return [name for name, path in PACKAGES.items() if not any(Path("/").glob(path))]


@dataclass(frozen=True)
class WordPress:
    """A running site: its folder, its addresses (ending in a slash) by theme.

    All themes show the same posts; the site's own address is the first.
    """

    urls: Mapping[str, str]
    folder: Path
    environment: Mapping[str, str]

    @property
    def url(self) -> str:
        """The site's own address."""
        return next(iter(self.urls.values()))

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

    def requests(self, theme: str) -> list[str]:
        """The requests since the last call, as `METHOD /path?query`."""
        log = self.folder.parent / f"{theme}.requests"
        lines = log.read_text("utf-8").splitlines() if log.exists() else []
        log.write_text("")
        return lines


@contextmanager
def running_wordpress(themes: Mapping[str, Mapping[str, str]]) -> Iterator[WordPress]:
    """An installed WordPress without posts; processes and files are gone afterwards.

    `themes` are the options that each address of the site shows: `stylesheet`, `WPLANG`, ...
    """
    with ExitStack() as stack:
        # MariaDB's socket must have a path of less than 108 bytes, so no folder of pytest's.
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="jarshy-wp-")))
        environment = {**os.environ, "WORDPRESS_SOCKET": str(root / "socket")}
        stack.enter_context(_database(root, environment))
        urls = {theme: f"http://127.0.0.1:{_free_port()}/" for theme in themes}
        site = WordPress(urls, root / "site", environment)
        _unpack(site.folder)
        _run(["php", HERE / "install.php", site.folder, site.url.rstrip("/")], environment)
        site.act(
            {"do": "translate_site", "files": _translations()},
            {"do": "flush_rules"},
        )
        for theme, options in themes.items():
            stack.enter_context(_front(site, theme, options))
        yield site


@contextmanager
def _front(site: WordPress, theme: str, options: Mapping[str, str]) -> Iterator[None]:
    """One of the site's addresses."""
    root, url = site.folder.parent, site.urls[theme].rstrip("/")
    own = {
        **site.environment,
        "WORDPRESS_LOG": str(root / f"{theme}.requests"),
        "WORDPRESS_OPTIONS": json.dumps({**options, "home": url, "siteurl": url}),
    }
    host = url.removeprefix("http://")
    command = ["php", "-S", host, "-t", str(site.folder), str(HERE / "router.php")]
    log = root / f"{theme}.log"
    with _process(command, own, log):
        _wait_until(lambda: _answers(site.urls[theme]), log)
        site.requests(theme)
        yield


@contextmanager
def _database(root: Path, environment: Mapping[str, str]) -> Iterator[None]:
    data = root / "database"
    shared = ["--no-defaults", f"--datadir={data}", "--innodb-log-file-size=8M"]
    shared.append("--innodb-flush-method=nosync")  # nothing of it has to outlive the tests
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
def _process(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Iterator[None]:
    """A process of its own group; the kernel ends it as well should the tests be killed."""
    guarded = ["setpriv", "--pdeathsig", "KILL", *command]
    with log.open("wb") as output:
        process = subprocess.Popen(
            guarded, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # what they keep is thrown away anyhow
        process.wait()


def _unpack(folder: Path) -> None:
    """Debian's WordPress as a folder of its own; what is only read stays where it is."""
    content = folder / "wp-content"
    for name in ("languages", "mu-plugins", "uploads"):
        (content / name).mkdir(parents=True)
    for name in ("wp-admin", "wp-includes"):
        (folder / name).symlink_to(PROGRAM / name)
    (content / "themes").symlink_to(CONTENT / "themes")
    # WordPress finds its root by these, so they can't be links.
    for script in PROGRAM.glob("*.php"):
        shutil.copy(script, folder)
    for language in CONTENT.glob("languages/*ru_RU.mo"):
        shutil.copy(language, content / "languages")
    shutil.copy(HERE / "options.php", content / "mu-plugins")
    shutil.copy(HERE / "wp-config.php", folder)


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


def _wait_until(ready: Callable[[], bool], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < end, f"no answer within {PATIENCE} s: {log.read_text()}"
        time.sleep(0.05)
