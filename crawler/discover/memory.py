"""What earlier runs know of a site, as the plan of a run needs it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

# The mark of a page that changed but could not be fetched: it differs from every other.
UNSETTLED = "?"
NEVER = datetime.min.replace(tzinfo=UTC)
# Before a further address of a stored page, as the store keeps it: by number, or where it is now.
NUMBER = "number:"
MOVED = "moved:"


@dataclass(frozen=True, slots=True)
class SourceState:
    """What a source document said last time.

    `marks` are the articles it named with their marks; for WordPress `total` posts, `newest` the
    highest id and `since` when the run that saw them began. `bytes` is the document's size.
    """

    checked_at: datetime
    marks: Mapping[str, str] = field(default_factory=dict)
    total: int | None = None
    newest: int = 0
    since: datetime | None = None
    bytes: int = 0
    validated: bool = False

    def to_json(self) -> str:
        """One line of JSON, without the time of the check."""
        told = {"marks": dict(self.marks), "total": self.total, "newest": self.newest}
        since = self.since.isoformat() if self.since else None
        rest = {"since": since, "bytes": self.bytes, "validated": self.validated}
        return json.dumps({**told, **rest}, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str, checked_at: datetime) -> SourceState:
        """The state that `to_json` wrote."""
        told = json.loads(text)
        since = told.pop("since")
        return cls(checked_at, since=datetime.fromisoformat(since) if since else None, **told)


@dataclass(frozen=True, slots=True)
class Memory:
    """The site's pages by canonical address.

    `stored` with when each was last seen; `aside` those looked at that are no articles, and
    `resting` those that failed and are not tried yet again, each with the reason; `removed`
    were taken down, `gone` vanished, `due` are stored pages to be looked at again and `retry`
    those that failed and whose rest is over. `kept_as` leads from a further address of a stored
    page to the one it is stored under, `moved` from that to where the page stands now. `states`
    are by the address of the source document. `whole` says that the history was once gone
    through to its end, `silent` which kinds of source gave nothing, and when they were asked.
    """

    stored: Mapping[str, datetime] = field(default_factory=dict)
    aside: Mapping[str, str] = field(default_factory=dict)
    resting: Mapping[str, str] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    due: tuple[str, ...] = ()
    retry: tuple[str, ...] = ()
    kept_as: Mapping[str, str] = field(default_factory=dict)
    moved: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, SourceState] = field(default_factory=dict)
    whole: bool = False
    silent: Mapping[str, datetime] = field(default_factory=dict)

    def checked(self, url: str) -> datetime:
        """When a source document was last looked at; long ago for one that never was."""
        state = self.states.get(url)
        return state.checked_at if state else NEVER
