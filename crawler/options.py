"""`config/jarshy.toml`: what holds for all sites; every key has a default."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from crawler.errors import ConfigError

FILE = "jarshy.toml"
ADDRESS = re.compile(r"[^@\s<>,;]{1,64}@[^@\s<>,;]{1,255}")
Table = TypeVar("Table", bound=BaseModel)


class CrawlOptions(BaseModel):
    """How to crawl: `contact` (an address for the owners of sites, sent with every request),
    how many sites side by side, after how many hours a site's run ends by itself, after how
    many seconds an answer that is not complete counts as none, and for how many a site stays
    with a machine that is not heard of, where several share the store.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    contact: str = ""
    sites_at_once: Annotated[int, Field(ge=1, le=100)] = 20
    hours: Annotated[float, Field(gt=0)] = 6.0
    timeout_seconds: Annotated[float, Field(gt=0, le=120)] = 20.0
    lease_seconds: Annotated[float, Field(ge=1, le=86_400)] = 300.0


class NotifyOptions(BaseModel):
    """Whom to tell when a site turns unhealthy: by mail, by a POST to `webhook`, or not at all.

    `smtp` is `host` or `host:port`; `security` how the connection is encrypted. A password
    comes from the environment (JARSHY_SMTP_PASSWORD), never from this file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    email: tuple[str, ...] = ()
    sender: str = ""
    smtp: str = "localhost"
    security: Literal["none", "starttls", "tls"] = "none"
    user: str = ""
    webhook: str = ""

    @field_validator("email", "sender")
    @classmethod
    def _addresses(cls, told: Any) -> Any:
        for one in (told,) if isinstance(told, str) else told:
            if one and not ADDRESS.fullmatch(one):
                raise ValueError(f"{one!r} is no e-mail address; write it as name@example.kz")
        return told

    @field_validator("webhook")
    @classmethod
    def _web_address(cls, told: str) -> str:
        if told and not re.fullmatch(r"https?://[^\s/]+(/\S*)?", told):
            raise ValueError(f"{told!r} is no web address; it begins with https:// or http://")
        return told

    @field_validator("smtp")
    @classmethod
    def _server(cls, told: str) -> str:
        found = re.fullmatch(r"[\w.-]{1,255}(?::(\d{1,5}))?", told, re.ASCII)
        if not found or int(found[1] or 25) > 65535:
            raise ValueError(f"{told!r} is no server; write it as mail.example.kz:587")
        return told

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.email and not self.sender:
            raise ValueError("email needs `sender`, the address that the mail comes from")
        if self.user and self.security == "none":
            raise ValueError("user needs `security`: a password is not sent over an open line")
        return self

    @property
    def server(self) -> tuple[str, int]:
        """Host and port of the mail server."""
        host, _, port = self.smtp.partition(":")
        usual = {"none": 25, "starttls": 587, "tls": 465}
        return host, int(port) if port else usual[self.security]


# Keys of their own, above the tables: read by `commands/choosing.py`, before anything is loaded.
CHOICES = ("engine", "store", "warc")
TABLES: dict[str, type[BaseModel]] = {"crawl": CrawlOptions, "notify": NotifyOptions}


def load_options(config: Path) -> CrawlOptions:
    """The `[crawl]` table of the config folder's jarshy.toml; defaults where there is none.

    Raises ConfigError, naming file and key; also for a table or key that nobody knows.
    """
    return _table(config, "crawl", CrawlOptions)


def load_notify(config: Path) -> NotifyOptions:
    """The `[notify]` table of the same file; raises ConfigError as `load_options` does."""
    return _table(config, "notify", NotifyOptions)


def _table(config: Path, name: str, kind: type[Table]) -> Table:
    path = config / FILE
    known = ", ".join(kind.model_fields)
    try:
        return kind.model_validate(_read(path).get(name, {}))
    except ValidationError as error:
        rows = [
            f"{'.'.join(map(str, (name, *e['loc'])))}: {_plain(e['msg'])}" for e in error.errors()
        ]
        raise ConfigError(f"{path}: {'; '.join(rows)}", f"Known keys: {known}.") from None


def _known() -> str:
    """What the file may hold, for whom a word was mistyped."""
    tables = "; ".join(f"in [{name}] {', '.join(TABLES[name].model_fields)}" for name in TABLES)
    return (
        f"Known at the top: {', '.join((*CHOICES, *(f'[{name}]' for name in TABLES)))}; {tables}."
    )


def _plain(message: str) -> str:
    told = message.removeprefix("Value error, ")
    return "no such key" if told == "Extra inputs are not permitted" else told


def _read(path: Path) -> dict[str, Any]:
    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not TOML: {error}", "Mend the line it names.") from None
    unknown = [key for key in told if key not in TABLES and key not in CHOICES]
    if unknown:
        raise ConfigError(f"{path}: {', '.join(unknown)}: not known", _known())
    return told
