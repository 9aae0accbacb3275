"""`config/jarshy.toml`: what holds for all sites; every key has a default."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from crawler.errors import ConfigError

FILE = "jarshy.toml"
TABLE = "crawl"


class CrawlOptions(BaseModel):
    """How to crawl: `contact` (an address for the owners of sites, sent with every request),
    how many sites side by side, after how many hours a site's run ends by itself, and after how
    many seconds an answer that is not complete counts as none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    contact: str = ""
    sites_at_once: Annotated[int, Field(ge=1, le=100)] = 20
    hours: Annotated[float, Field(gt=0)] = 6.0
    timeout_seconds: Annotated[float, Field(gt=0, le=120)] = 20.0


KNOWN = ", ".join(CrawlOptions.model_fields)


def load_options(config: Path) -> CrawlOptions:
    """The `[crawl]` table of the config folder's jarshy.toml; defaults where there is none.

    Raises ConfigError, naming file and key; also for a table or key that nobody knows.
    """
    path = config / FILE
    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return CrawlOptions()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not TOML: {error}", "Mend the line it names.") from None
    unknown = [key for key in told if key != TABLE]
    if unknown:
        remedy = f"Known at the top level: [{TABLE}]; keys in it: {KNOWN}."
        raise ConfigError(f"{path}: {', '.join(unknown)}: not known", remedy)
    try:
        return CrawlOptions.model_validate(told.get(TABLE, {}))
    except ValidationError as error:
        rows = [f"{'.'.join(map(str, (TABLE, *e['loc'])))}: {e['msg']}" for e in error.errors()]
        raise ConfigError(f"{path}: {'; '.join(rows)}", f"Known keys: {KNOWN}.") from None
