"""Laying corrections over what is stored, and writing them down."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from crawler.corrections import Correction, Corrections, address_of, correction_from, parsed
from crawler.discover.urls import canonical_url
from crawler.enrich.events import event_of
from crawler.enrich.registry import Registry
from crawler.errors import ConfigError
from crawler.model import Document
from crawler.sites import Site
from crawler.store.store import Store

HEADER = re.compile(
    r"[ \t]{0,40}\[[ \t]{0,40}(?P<key>\"(?:[^\"\\]|\\.)*+\"|'[^']*+')[ \t]{0,40}\]"
    r"[ \t]{0,40}(?:#.*+)?\s{0,2}\Z"
)
NEXT_TABLE = re.compile(r"[ \t]{0,40}\[")
INTRODUCTION = """\
# Facts of events put right by hand, one table an article's address; `jarshy correct URL` writes
# here, and so may you. A key not named keeps what was read, an empty text or list clears a fact.
# Keys: kinds, starts, ends, venue, city, region, organisers, online, participants, topics, titles,
# libraries (ids of sites), note. Facts hold from the next `jarshy run`, `index` or `reprocess` on.
"""


def apply_corrections(store: Store, corrections: Corrections) -> int:
    """Lay every correction over its stored article; how many events that changed.

    An article that a worker changes at the same moment is left to the next time.
    """
    changed = 0
    for url, correction in corrections.by_url.items():
        document = stored(store, url)
        if document is not None:
            event = correction.applied(document.event)
            if event != document.event:
                changed += store.articles.revise(document.article, event, document.sequence)
    return changed


def reread(
    store: Store,
    document: Document,
    sites: Mapping[str, Site],
    found: Correction | None,
) -> bool:
    """Read a stored article's event anew and lay its correction over it; whether it changed."""
    site = sites.get(document.article.site or "")
    event = event_of(document.article, site, Registry.of(sites.values()))
    event = event if found is None else found.applied(event)
    return store.articles.revise(document.article, event)


def stored(store: Store, url: str, site: Site | None = None) -> Document | None:
    """The stored article of an address, however that is written."""
    try:
        forms = (url, address_of(url), canonical_url(url, site))
    except ValueError:
        forms = (url, url, url)
    rows = (store.articles.document_at(one) for one in forms)
    return next((row for row in rows if row is not None), None)


def write_correction(corrections: Corrections, url: str, facts: Mapping[str, object]) -> Correction:
    """Add facts to the correction of an article and write the file; the other lines stay.

    Raises ConfigError for a wrong fact, and when the file cannot be written.
    """
    path = corrections.path
    text = _text_of(path)
    told = {**_row_of(text, url), **facts}
    made = correction_from(told, f"{path}: {url}")
    _write(path, _spliced(text or INTRODUCTION, url, _table(url, told)))
    return made


def drop_correction(corrections: Corrections, url: str) -> bool:
    """Take the correction of an article out of the file; whether there was one."""
    text = _text_of(corrections.path)
    if not _row_of(text, url):
        return False
    _write(corrections.path, _spliced(text, url, ""))
    return True


def _text_of(path: Path) -> str:
    return path.read_text("utf-8") if path.is_file() else ""


def _row_of(text: str, url: str) -> dict[str, object]:
    for key, row in tomllib.loads(text).items():
        if address_of(key) == address_of(url):
            return dict(row)
    return {}


def _table(url: str, row: Mapping[str, object]) -> str:
    lines = [f"[{_quoted(url)}]"]
    lines += [f"{key} = {_value(value)}" for key, value in row.items()]
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_quoted(str(one)) for one in value)}]"
    return _quoted(str(value))


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes are among TOML's, but for the DEL character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _spliced(text: str, url: str, table: str) -> str:
    """The file's text with the table of an address in place of the one there, or at the end."""
    lines = text.splitlines(keepends=True)
    first = next((n for n, line in enumerate(lines) if _is_header(line, url)), None)
    if first is None:
        return f"{text.rstrip()}\n\n{table}"
    last = first + 1
    while last < len(lines) and not NEXT_TABLE.match(lines[last]):
        last += 1
    # What stands above the next table belongs to it: comments and empty lines.
    while last > first + 1 and last < len(lines) and lines[last - 1].lstrip()[:1] in ("#", ""):
        last -= 1
    return "".join((*lines[:first], table, *lines[last:]))


def _is_header(line: str, url: str) -> bool:
    match = HEADER.match(line)
    if match is None:
        return False
    key = next(iter(tomllib.loads(f"[{match['key']}]")))
    return address_of(key) == address_of(url)


def _write(path: Path, text: str) -> None:
    """Replace the file at once, so that a crash leaves the old one or the new one."""
    parsed(text, path)
    fresh = path.with_suffix(".toml.new")
    try:
        with fresh.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(path)
    except OSError as error:
        remedy = "Make the config folder writable for this user."
        raise ConfigError(f"{path}: cannot be written ({error.strerror})", remedy) from None
