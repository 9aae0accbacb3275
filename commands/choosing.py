"""Engine of the index, place of the store and of WARC files: `engine`, `store`, `warc`.

They stand at the top of jarshy.toml; the environment goes first.
"""

from __future__ import annotations

import os
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

from crawler.errors import ConfigError
from indexer.engines.names import ENGINES, KNOWN
from indexer.engines.names import VARIABLE as ENGINE

STORE = "JARSHY_STORE"
WARC = "JARSHY_WARC"
ENGINE_FORM = 'Write engine = "whoosh" or engine = "opensearch".'
STORE_FORM = 'Write store = "postgresql+psycopg://user@host/database", or leave it out.'
WARC_FORM = 'Write warc = "s3://bucket/prefix" or warc = "file:///folder", or leave it out.'
KEEP_APART = "Take it out: PGPASSWORD, or a file that PGPASSFILE names, tells it in secret."


def choose(config: Path) -> None:
    """Tell this process, and those it starts, the engine and the store that the config names.

    Raises ConfigError for a value that is no name, and for an engine that there is not. A file
    that cannot be read is left to the commands that need what is in it.
    """
    path = config / "jarshy.toml"
    with suppress(OSError, ValueError):
        _from_file(path, tomllib.loads(path.read_text("utf-8")))
    engine = os.environ.get(ENGINE, "").strip()
    if engine and engine not in ENGINES:
        raise ConfigError(f"there is no search engine {engine!r}", KNOWN)


def _from_file(path: Path, told: dict[str, Any]) -> None:
    _choose(told.get("engine", ""), ENGINE, f"{path}: engine: no name of an engine", ENGINE_FORM)
    _choose(told.get("store", ""), STORE, f"{path}: store: no address of a database", STORE_FORM)
    _choose(told.get("warc", ""), WARC, f"{path}: warc: no address of a folder", WARC_FORM)
    if told.get("store"):
        _without_password(path, told["store"])


def _choose(name: Any, variable: str, trouble: str, remedy: str) -> None:
    if not isinstance(name, str):
        raise ConfigError(trouble, remedy)
    if name:
        os.environ.setdefault(variable, name)


def _without_password(path: Path, address: str) -> None:
    """The config is read by many, and copied into back-ups and tickets."""
    if _names_password(address):
        raise ConfigError(f"{path}: store: has a password in it", KEEP_APART)


def _names_password(address: str) -> bool:
    user = address.partition("//")[2].rpartition("@")[0]
    return ":" in user or "password=" in address
