"""Articles from JSON Lines: one object a line, in batches, bad lines told by number."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from crawler.clean.characters import clean_text
from crawler.discover.urls import MAX_LENGTH, canonical_url
from crawler.enrich.registry import Registry
from crawler.errors import ExtractionError
from crawler.extract.foreign import kind_of
from crawler.model import Article, Block
from crawler.reading import Reading, enriched
from crawler.sites import SITE_ID, Site
from crawler.store.articles import Outcome
from crawler.store.store import Store

BATCH = 500
MAX_LINE = 10_000_000
ZONE = ZoneInfo("Asia/Almaty")
BEGINNING = 4_096  # bytes that tell what a file is
CUT = 4  # bytes of a character that is cut at the end of the beginning
EARLIEST = 1800  # year of publication; archives of newspapers may be imported
KEYS = ("url", "title", "text", "published", "language", "site")

_HALF = re.compile("[\ud800-\udfff]")  # half a character, which no file can hold
_PARTED = re.compile(r"\n[ \t]{0,40}\n")
PATTERNS = (_HALF, _PARTED)


@dataclass(frozen=True, slots=True)
class FailedLine:
    """A line that could not be imported; counted from 1."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import came to."""

    stored: int = 0
    updated: int = 0
    unchanged: int = 0
    failures: tuple[FailedLine, ...] = ()


def import_file(
    path: Path,
    store: Store,
    site_id: str | None = None,
    registry: Registry | None = None,
    sites: Mapping[str, Site] = MappingProxyType({}),
) -> ImportReport:
    """Store the articles of a file; `site_id` is the site of lines that name none.

    `registry` has the libraries whose ids the events name, `sites` the configured ones: facts
    that a text leaves out (its region, who `we` are) come from its site.

    Good lines are stored whatever the others are. Raises ExtractionError for a file that is no
    text in UTF-8, before any line is read; StoreError and OSError.
    """
    _refuse_other_kinds(path)
    now = datetime.now(UTC)
    counts: Counter[Outcome] = Counter()
    failures: list[FailedLine] = []
    batch: list[Reading] = []
    for number, line in _lines(path):
        try:
            batch.append(_reading(line, site_id, registry, sites))
        except ExtractionError as error:
            failures.append(FailedLine(number, error.message))
        if len(batch) >= BATCH:
            counts.update(_stored(store, batch, now))
            batch = []
    counts.update(_stored(store, batch, now))
    return ImportReport(
        counts[Outcome.STORED],
        counts[Outcome.UPDATED],
        counts[Outcome.UNCHANGED],
        tuple(failures),
    )


def sites_of(path: Path, site_id: str | None = None) -> set[str]:
    """The sites whose articles the lines of a file bring; an empty text for those of none.

    Raises ExtractionError as `import_file` does.
    """
    _refuse_other_kinds(path)
    found: set[str] = set()
    for _, line in _lines(path):
        with suppress(ExtractionError):
            found.add(_text(_object(line), "site", required=False) or site_id or "")
    return found


def _refuse_other_kinds(path: Path) -> None:
    """Raise ExtractionError for a document, a picture, a text in UTF-16: no line could be read."""
    with path.open("rb") as stream:
        beginning = stream.read(BEGINNING)
    kind = kind_of(beginning)
    if kind is None and (b"\0" in beginning or not _may_be_lines(beginning)):
        kind = "not in UTF-8, or no text at all"
    if kind is not None:
        remedy = f"Give JSON Lines in UTF-8: one object with {', '.join(KEYS[:3])} a line."
        raise ExtractionError(f"{path}: this file is {kind}", remedy)


def _may_be_lines(beginning: bytes) -> bool:
    """Whether a file begins as an object or at least as text in UTF-8, perhaps cut short."""
    if beginning.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return True
    rest = beginning.decode("utf-8", "ignore")
    return len(beginning) - len(rest.encode("utf-8")) < CUT


def _stored(store: Store, batch: list[Reading], now: datetime) -> list[Outcome]:
    return store.articles.save_all(((one.article, one.event) for one in batch), now)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            told = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            if told.strip():
                yield number, told


def _reading(
    line: bytes, site_id: str | None, registry: Registry | None, sites: Mapping[str, Site]
) -> Reading:
    told = _object(line)
    url = _text(told, "url")
    try:
        address = canonical_url(url)
    except ValueError:
        _bad(f"url: {url[:80]!r} is no web address")
    if len(address) > MAX_LENGTH:
        _bad(f"url: {address[:40]}... is longer than {MAX_LENGTH} characters")
    site = _text(told, "site", required=False) or site_id
    if site is not None and not SITE_ID.match(site):
        _bad(f"site: {site[:80]!r} cannot be a site's id")
    parts = (clean_text(part) for part in _PARTED.split(_text(told, "text")))
    blocks = tuple(Block(part) for part in parts if part)
    if not blocks:
        _bad("text: is empty")
    article = Article(
        url=address,
        title=clean_text(_text(told, "title")) or None,
        blocks=blocks,
        language=_text(told, "language", required=False) or "und",
        layout="import",
        site=site,
        published=_published(_text(told, "published", required=False)),
    )
    return enriched(article, sites.get(site or ""), registry)


def _object(line: bytes) -> dict[str, Any]:
    if len(line) > MAX_LINE:
        _bad(f"longer than {MAX_LINE // 10**6} MB")
    try:
        told = json.loads(line)
    except UnicodeDecodeError:
        _bad("not UTF-8")
    except (ValueError, RecursionError) as error:
        _bad(f"no JSON ({error})"[:200])
    if not isinstance(told, dict):
        _bad(f"no JSON object with {', '.join(KEYS[:3])}")
    return told


def _text(told: dict[str, Any], key: str, required: bool = True) -> str:
    value = told.get(key)
    if value is None and not required:
        return ""
    if not isinstance(value, str):
        _bad(f"{key}: is missing" if value is None else f"{key}: must be a text")
    return _HALF.sub("\ufffd", value).replace("\r\n", "\n")


def _published(told: str) -> datetime | None:
    if not told:
        return None
    try:
        when = datetime.fromisoformat(told)
    except ValueError:
        _bad(f"published: {told[:40]!r} is no date such as 2019-06-14 or 2019-06-14T10:30:00+06:00")
    when = when if when.tzinfo else when.replace(tzinfo=ZONE)
    if not EARLIEST <= when.year <= datetime.now(UTC).year + 1:
        _bad(f"published: {told[:40]!r} is no year of publication")
    return when


def _bad(reason: str) -> NoReturn:
    raise ExtractionError(reason)
