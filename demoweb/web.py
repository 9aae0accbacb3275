"""The demo web: five sites on five ports, changeable while they are served."""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import Self

from crawler.errors import ConfigError
from crawler.sites import Site, site_from
from demoweb.articles import SITES, DemoArticle
from demoweb.profiles import profile_of
from demoweb.server import PortTakenError, Served, SiteServer
from demoweb.shelf import Shelf
from demoweb.systems.base import ContentSystem
from demoweb.systems.bitrix import Bitrix
from demoweb.systems.dle import DataLifeEngine
from demoweb.systems.joomla import Joomla
from demoweb.systems.ucoz import UCoz
from demoweb.systems.wordpress import WordPress

__all__ = ["DemoWeb", "PortTakenError", "Served"]

SITE_FILES = Path(str(files("demoweb"))) / "config" / "sites"
SYSTEMS: Mapping[str, type[ContentSystem]] = {
    "saryarqa": Joomla,
    "zhazira": WordPress,
    "syrdariya": DataLifeEngine,
    "mura": Bitrix,
    "priirtyshye": UCoz,
}


class DemoWeb:
    """Serves `articles` on the five sites while the `with` block runs.

    The ports are `first_port` .. `first_port` + 4 in the order of `SITES`, or free ones when it
    is 0. Raises PortTakenError when one is taken, ConfigError for an article of an unknown site.
    """

    def __init__(
        self, articles: Iterable[DemoArticle], first_port: int = 8101, host: str = "127.0.0.1"
    ) -> None:
        self._first_port = first_port
        self._host = host
        self._shelves = {site: Shelf(told) for site, told in _by_site(articles).items()}
        self._servers: dict[str, SiteServer] = {}
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        """Open all ports, or none."""
        try:
            for place, site in enumerate(SITES):
                self._open(site, self._first_port + place if self._first_port else 0)
        except BaseException:
            self._close()
            raise
        for server in self._servers.values():
            serve = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
            serve.start()
            self._threads.append(serve)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop serving and free the ports."""
        for server in self._servers.values():
            server.shutdown()
        for thread in self._threads:
            thread.join()
        self._close()

    @property
    def roots(self) -> dict[str, str]:
        """Each site's address, without a slash at its end."""
        return {site: server.root for site, server in self._servers.items()}

    @property
    def sites(self) -> list[Site]:
        """The five sites as the crawler knows them, at the addresses they are served at."""
        return [_site(site, root) for site, root in self.roots.items()]

    def keep_sites(self, folder: Path) -> None:
        """Write the five sites' files, with the addresses they are served at, into a folder."""
        folder.mkdir(mode=0o700, exist_ok=True)
        for site, root in self.roots.items():
            told = (SITE_FILES / f"{site}.toml").read_text("utf-8")
            (folder / f"{site}.toml").write_text(f'url = "{root}/"\n{told}', "utf-8")

    @property
    def request_log(self) -> dict[str, tuple[Served, ...]]:
        """What each site was asked so far, in the order it was answered."""
        return {site: tuple(server.log) for site, server in self._servers.items()}

    def forget_requests(self) -> None:
        """Empty the request logs."""
        for server in self._servers.values():
            server.log.clear()

    def address_of(self, article_id: str) -> str:
        """The full address of a published article's page; KeyError if there is none."""
        site, shelf = self._shelf_with(article_id)
        entry = shelf.edition.by_id(article_id)
        if entry is None:
            raise KeyError(article_id)
        return self.roots[site] + self._system(site).url(entry)

    def articles(self) -> tuple[DemoArticle, ...]:
        """What is published now, by site, newest first."""
        shelves = (self._shelves[site] for site in SITES)
        return tuple(entry.article for shelf in shelves for entry in shelf.edition.entries)

    def edit(
        self, article_id: str, *, modified: datetime | None = None, **changes: object
    ) -> DemoArticle:
        """Change fields of a published article (`title`, `body`, ...); it is modified now.

        Raises KeyError when no such article is published.
        """
        _, shelf = self._shelf_with(article_id)
        return shelf.change(article_id, modified or _now(), **changes)

    def withdraw(self, article_id: str) -> None:
        """Take an article off its site: its page is a 404 and no list has it."""
        _, shelf = self._shelf_with(article_id)
        shelf.remove(article_id, _now())

    def publish(self, article: DemoArticle) -> None:
        """Put a new article on its site, at the place its date gives it."""
        self._shelves[_known(article)].put(article, _now())

    def _open(self, site: str, port: int) -> None:
        server = SiteServer(self._host, port)
        self._servers[site] = server
        shelf = self._shelves[site]
        server.edition = lambda: shelf.edition
        server.answer = self._system(site).answer

    def _system(self, site: str) -> ContentSystem:
        return SYSTEMS[site](profile_of(site), self._servers[site].root)

    def _close(self) -> None:
        for server in self._servers.values():
            server.server_close()
        self._servers.clear()
        self._threads.clear()

    def _shelf_with(self, article_id: str) -> tuple[str, Shelf]:
        for site, shelf in self._shelves.items():
            if shelf.edition.by_id(article_id):
                return site, shelf
        raise KeyError(article_id)


def _by_site(articles: Iterable[DemoArticle]) -> dict[str, list[DemoArticle]]:
    sorted_out: dict[str, list[DemoArticle]] = {site: [] for site in SITES}
    for article in articles:
        sorted_out[_known(article)].append(article)
    return sorted_out


def _known(article: DemoArticle) -> str:
    if article.site not in SITES:
        raise ConfigError(f"{article.id}: site: {article.site!r} is none of {', '.join(SITES)}")
    return article.site


def _site(site: str, root: str) -> Site:
    path = SITE_FILES / f"{site}.toml"
    told = tomllib.loads(path.read_text("utf-8"))
    return site_from({**told, "url": f"{root}/"}, path)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
