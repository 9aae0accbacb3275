"""Articles and events to JSON and back; every record says which form it has."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime
from typing import Any

from crawler.errors import StoreError
from crawler.model import (
    Article,
    Attachment,
    Block,
    BlockKind,
    Event,
    Evidence,
    Image,
    Removal,
    TextLink,
)

FORM = 1
_KINDS = {kind.value: kind for kind in BlockKind}  # calling the class takes longer than a block


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def to_json(record: Article | Event) -> str:
    """The record as one line of JSON; lone surrogates, which UTF-8 can't hold, become U+FFFD."""
    told = {"form": FORM, **dataclasses.asdict(record)}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return text.encode("utf-8", "replace").decode("utf-8")


def _read(text: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(text)
    form = told.pop("form", None)
    if form != FORM:
        remedy = "Use the version of Jarshy that wrote it, or a newer one."
        raise StoreError(f"A stored record has form {form}, this version reads {FORM}", remedy)
    return told


def _time(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def article_from_json(text: str) -> Article:
    """The article that `to_json` wrote."""
    told = _read(text)
    told["blocks"] = tuple(
        Block(block["text"], _KINDS[block["kind"]], block.get("language"))
        for block in told["blocks"]
    )
    told["images"] = tuple(Image(**image) for image in told["images"])
    told["attachments"] = tuple(Attachment(**one) for one in told["attachments"])
    told["removed"] = tuple(Removal(**one) for one in told["removed"])
    # Records written before links were kept have none.
    told["links"] = tuple(TextLink(**one) for one in told.get("links", ()))
    told["twins"] = tuple((language, url) for language, url in told["twins"])
    told["published"] = _time(told["published"])
    told["modified"] = _time(told["modified"])
    return Article(**told)


def event_from_json(text: str) -> Event:
    """The event that `to_json` wrote; older records know no titles and no libraries."""
    told = _read(text)
    for key in ("kinds", "organisers", "topics", "titles", "libraries"):
        told[key] = tuple(told.get(key, ()))
    told["evidence"] = tuple(Evidence(**one) for one in told["evidence"])
    return Event(**told)
