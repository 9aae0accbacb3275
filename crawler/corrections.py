"""What the administrator knows better: `config/corrections.toml`, one table an article's address.

    ["https://library.example/news/12"]
    kinds = ["семинар", "көрме"]
    starts = "2024-03-18"
    venue = ""                 # told nowhere: what was read is wrong
    note = "The library wrote to us."

A correction is laid over what is read from the article, so it outlives re-crawls, reprocessing
and imports. Keys that are not named keep what was read; an empty text or list clears a fact.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from crawler.discover.urls import canonical_url
from crawler.errors import ConfigError
from crawler.model import Event, Evidence
from crawler.vocabulary import kind_id, kinds, region_id, regions

FILE = "corrections.toml"
CORRECTION = "correction"
MARK = "түзетілді / исправлено"
DATE = re.compile(r"(?:\d{4}(?:-\d\d(?:-\d\d)?)?|--\d\d-\d\d)\Z")
MOST_PEOPLE = 10_000_000
# The checker's own words speak to programmers.
SAID = {
    "extra_forbidden": "no such key",
    "string_type": "must be a text in quotes",
    "tuple_type": 'must be a list of texts, ["...", "..."]',
}
Text = Annotated[str, Field(max_length=500)]
Texts = Annotated[tuple[Text, ...], Field(max_length=100)]


class Correction(BaseModel):
    """Facts of one article's event put right; None (a key not named) keeps what was read."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kinds: Texts | None = None
    starts: Text | None = None
    ends: Text | None = None
    venue: Text | None = None
    city: Text | None = None
    region: Text | None = None
    organisers: Texts | None = None
    online: bool | Literal[""] | None = None
    participants: int | Literal[""] | None = None
    topics: Texts | None = None
    titles: Texts | None = None
    libraries: Texts | None = None
    note: Text | None = None

    @field_validator("kinds", "organisers", "topics", "titles", "libraries", mode="before")
    @classmethod
    def _row(cls, value: object) -> object:
        if isinstance(value, str):
            return (value,) if value else ()
        return tuple(value) if isinstance(value, list) else value

    @field_validator("online", mode="before")
    @classmethod
    def _yes_or_no(cls, value: object) -> object:
        if value is not None and value != "" and not isinstance(value, bool):
            raise ValueError(f'{value!r} is neither true nor false, nor "" for unknown')
        return value

    @field_validator("participants", mode="before")
    @classmethod
    def _number(cls, value: object) -> object:
        fits = type(value) is int and 0 <= value <= MOST_PEOPLE
        if value is not None and value != "" and not fits:
            raise ValueError(f'{value!r} is no number from 0 to {MOST_PEOPLE}, nor "" for unknown')
        return value

    @field_validator("starts", "ends", mode="before")
    @classmethod
    def _iso(cls, value: object) -> object:
        told = value.isoformat() if type(value) is date else value
        if told is None or told == "" or (isinstance(told, str) and _is_date(told)):
            return told
        raise ValueError(f"{str(told)!r} is no date such as 2024-03-18, 2024-03 or 2024")

    @field_validator("kinds")
    @classmethod
    def _known_kinds(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return None if value is None else tuple(_kind(name) for name in value)

    @field_validator("region")
    @classmethod
    def _known_region(cls, value: str | None) -> str | None:
        if not value:
            return value
        found = region_id(value)
        if found is None:
            near = _near(value, [name for r in regions().values() for name in (r.kk, r.ru, r.en)])
            hint = near or f"; one of: {', '.join(regions())}"
            raise ValueError(f"{value!r} is no region{hint}")
        return found

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.starts == "" and self.ends:
            raise ValueError(f"ends: {self.ends} stands without a start")
        if self.starts and self.ends and is_before(self.ends, self.starts):
            raise ValueError(f"ends: {self.ends} is before the start, {self.starts}")
        return self

    def applied(self, event: Event) -> Event:
        """The event with these facts, each marked in its evidence; applying twice is once."""
        told = self.model_dump(exclude_none=True, exclude={"note"})
        last = told.get("ends")
        if last and "starts" not in told and event.starts and is_before(last, event.starts):
            # Who tells the last day alone is surer of it than of the first one that was read.
            told = {"starts": last, **told}
        if "starts" in told:
            told.setdefault("ends", told["starts"])
        if "starts" in told or "ends" in told:
            told["confidence"] = 1.0 if told.get("starts", event.starts) else 0.0
        if "kinds" in told:
            told["kinds"] = _with_broader(told["kinds"])
        facts: dict[str, Any] = {key: value if value != "" else None for key, value in told.items()}
        kept = [e for e in event.evidence if e.fact not in facts]
        mark = self.note or MARK
        kept += [Evidence(key, CORRECTION, 0, 0, mark) for key in facts if key != "confidence"]
        return replace(event, evidence=tuple(kept), **facts)


def is_before(day: str, other: str) -> bool:
    """Whether a day, month or year (`2024-03-18`, `2024-03`, `2024`) lies wholly before another."""
    return day < other[: len(day)]


def _is_date(told: str) -> bool:
    if not DATE.match(told):
        return False
    whole = told.replace("--", "2000-", 1) if told.startswith("--") else told
    try:
        date.fromisoformat(whole + "-01-01"[3 * whole.count("-") :])
    except ValueError:
        return False
    return True


def _kind(name: str) -> str:
    found = kind_id(name)
    if found is not None:
        return found
    labels = [label for kind in kinds().values() for label in (kind.kk, kind.ru, kind.id)]
    hint = _near(name, labels)
    raise ValueError(f"{name!r} is no kind of event in crawler/data/kinds.toml{hint}")


def _near(name: str, labels: Iterable[str]) -> str:
    """What may have been meant, as the end of a message; empty where nothing is near."""
    by_low = {label.lower(): label for label in labels}
    near = difflib.get_close_matches(name.lower(), by_low, 3, 0.5)
    return f"; near to it: {', '.join(by_low[low] for low in near)}" if near else ""


def _with_broader(ids: Iterable[str]) -> tuple[str, ...]:
    """The kinds, and after them the more general ones."""
    found = list(dict.fromkeys(ids))
    for one in found:
        wider = kinds()[one].broader
        if wider is not None and wider not in found:
            found.append(wider)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Corrections:
    """Corrections by canonical address."""

    path: Path
    by_url: Mapping[str, Correction]

    def of(self, url: str) -> Correction | None:
        """The correction of an article."""
        return self.by_url.get(url) or self.by_url.get(_canonical(url))

    def applied(self, url: str, event: Event) -> Event:
        """The event of an article as corrected; as it is where there is no correction."""
        found = self.of(url)
        return event if found is None else found.applied(event)


NONE = Corrections(Path(FILE), {})


def load_corrections(config: Path) -> Corrections:
    """The corrections of a config folder; none where there is no such file.

    Raises ConfigError, naming file, address and key.
    """
    path = config / FILE
    try:
        return Corrections(path, parsed(path.read_text("utf-8"), path))
    except FileNotFoundError:
        return Corrections(path, {})
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: not UTF-8", "Save it as UTF-8.") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from None


def parsed(text: str, path: Path) -> dict[str, Correction]:
    """The corrections that a file's text tells, by canonical address; raises ConfigError."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        remedy = 'Mend the line it names; an address stands in ["..."], a text in quotes.'
        raise ConfigError(f"{path}: not TOML: {error}", remedy) from None
    found: dict[str, Correction] = {}
    for url, row in told.items():
        try:
            address = address_of(url)
        except ValueError:
            remedy = 'Begin a correction with the article\'s address: ["https://..."].'
            raise ConfigError(f"{path}: {url!r} is no web address", remedy) from None
        if address in found:
            raise ConfigError(f"{path}: {url}: is corrected twice", "Make it one table.")
        found[address] = correction_from(row, f"{path}: {url}")
    return found


def correction_from(row: Any, where: str) -> Correction:
    """A correction from the keys of a table; ConfigError begins with `where` and names the key."""
    if not isinstance(row, dict):
        raise ConfigError(f"{where}: no table", 'Write ["https://..."] on a line of its own.')
    try:
        return Correction.model_validate(row)
    except ValidationError as error:
        rows = [
            ": ".join((*map(str, e["loc"]), _said(e["type"], e["msg"]))) for e in error.errors()
        ]
        known = ", ".join(Correction.model_fields)
        raise ConfigError(f"{where}: {'; '.join(rows)}", f"Known keys: {known}.") from None


def _said(fault: str, message: str) -> str:
    return SAID.get(fault) or message.removeprefix("Value error, ")


def address_of(url: str) -> str:
    """The one form of an article's address; ValueError when it is none.

    A page that tells of several events has one article a fragment, so that is kept.
    """
    page, mark, fragment = url.strip().partition("#")
    return f"{canonical_url(page)}{mark}{fragment}"


def _canonical(url: str) -> str:
    try:
        return address_of(url)
    except ValueError:
        return url
