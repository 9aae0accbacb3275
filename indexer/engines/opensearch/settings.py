"""Where the cluster is and how its indices are cut, from the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from crawler.errors import ConfigError

ENVIRONMENT = "JARSHY_OPENSEARCH_"
_PREFIX = re.compile(r"[a-z][a-z0-9-]{0,40}")
_URL = re.compile(r"https?://[^\s/@,]+(:\d+)?/?")


@dataclass(frozen=True, slots=True)
class ClusterSettings:
    """How to reach the cluster, and how a new index is made.

    `replicas` None means one copy more wherever there is a second node. `timeout` is seconds a
    request may take. `patience` is seconds until a request of a run (indexing, upkeep) that always
    fails is given up, `search_patience` the same for a page's, of a cluster that answers.
    """

    urls: tuple[str, ...] = ("http://127.0.0.1:9200",)
    user: str = ""
    password: str = field(default="", repr=False)
    ca: str = ""
    prefix: str = "jarshy"
    shards: int = 2
    replicas: int | None = None
    timeout: float = 10.0
    patience: float = 20.0
    search_patience: float = 3.0


def settings_from(environ: Mapping[str, str] = os.environ) -> ClusterSettings:
    """The settings of an environment; ConfigError names the variable that is wrong."""
    usual = ClusterSettings()
    told = {
        name.removeprefix(ENVIRONMENT): value.strip()
        for name, value in environ.items()
        if name.startswith(ENVIRONMENT) and value.strip()
    }
    return ClusterSettings(
        urls=_urls(told.get("URL", "")) or usual.urls,
        user=told.get("USER", ""),
        password=told.get("PASSWORD", ""),
        ca=_file(told.get("CA", "")),
        prefix=_prefix(told.get("PREFIX", usual.prefix)),
        shards=int(_number("SHARDS", told, usual.shards, 1, 64)),
        replicas=int(_number("REPLICAS", told, 0, 0, 8)) if "REPLICAS" in told else None,
        timeout=_number("TIMEOUT", told, usual.timeout, 1, 600),
        patience=_number("PATIENCE", told, usual.patience, 0, 600),
        search_patience=_number("SEARCH_PATIENCE", told, usual.search_patience, 0, 60),
    )


def _urls(told: str) -> tuple[str, ...]:
    if "@" in told:  # told without the value: logs and mails are read by many
        remedy = f"Set {ENVIRONMENT}USER and {ENVIRONMENT}PASSWORD, and leave the addresses bare."
        raise ConfigError(f"{ENVIRONMENT}URL: an address has a name or password in it", remedy)
    urls = tuple(one for one in re.split(r"[\s,]+", told) if one)
    for one in urls:
        if not _URL.fullmatch(one):
            remedy = "Write them as https://node1:9200,https://node2:9200."
            raise ConfigError(f"{ENVIRONMENT}URL: {one!r} is no address of a node", remedy)
    return urls


def _file(told: str) -> str:
    if told and not Path(told).is_file():
        remedy = "Name the PEM file of the authority that signed the cluster's certificates."
        raise ConfigError(f"{ENVIRONMENT}CA: there is no file {told}", remedy)
    return told


def _prefix(told: str) -> str:
    if not _PREFIX.fullmatch(told):
        remedy = "Use small letters, digits and hyphens, a letter first."
        raise ConfigError(f"{ENVIRONMENT}PREFIX: {told!r} cannot begin an index's name", remedy)
    return told


def _number(name: str, told: Mapping[str, str], usual: float, least: int, most: int) -> float:
    try:
        value = float(told.get(name, usual))
    except ValueError:
        value = least - 1.0
    if not least <= value <= most:
        message = f"{ENVIRONMENT}{name}: {told.get(name)!r} is no number from {least} to {most}"
        raise ConfigError(message, "Correct it, or leave it out.")
    return value
