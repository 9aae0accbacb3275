"""Which engine the index is made with: `engine` in jarshy.toml, unless the environment says."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

from crawler.errors import ConfigError

ENGINE = "JARSHY_ENGINE"


def choose_engine(config: Path) -> None:
    """Tell this process, and those it starts, the engine that the config names.

    Raises ConfigError for a value that is no name. A file that cannot be read is left to the
    commands that need what is in it.
    """
    path = config / "jarshy.toml"
    try:
        name = tomllib.loads(path.read_text("utf-8")).get("engine", "")
    except (OSError, ValueError):
        return
    if not isinstance(name, str):
        remedy = 'Write engine = "whoosh" or engine = "opensearch".'
        raise ConfigError(f"{path}: engine: no name of an engine", remedy)
    if name:
        os.environ.setdefault(ENGINE, name)
