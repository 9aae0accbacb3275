"""robots.txt by RFC 9309: groups, longest match, octets compared, time linear in the rules."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

MAX_BYTES = 500 * 1024
MAX_LINE = 16_664
AGENT_TOKEN = re.compile(r"[a-zA-Z_-]+")
# Spellings seen in the wild that Google's parser accepts too.
KEYS = {
    "user-agent": "user-agent",
    "useragent": "user-agent",
    "user agent": "user-agent",
    "allow": "allow",
    "disallow": "disallow",
    "dissallow": "disallow",
    "dissalow": "disallow",
    "disalow": "disallow",
    "diasllow": "disallow",
    "disallaw": "disallow",
    "crawl-delay": "crawl-delay",
    "sitemap": "sitemap",
    "site-map": "sitemap",
}


@dataclass(slots=True)
class _Group:
    rules: list[tuple[bool, str]] = field(default_factory=list)
    delay: float | None = None


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules that hold for one agent: (allowed, pattern) pairs, a delay in seconds, sitemaps."""

    rules: tuple[tuple[bool, str], ...] = ()
    crawl_delay: float | None = None
    sitemaps: tuple[str, ...] = ()

    def allows(self, url: str) -> bool:
        """Whether the agent may fetch an address: the longest matching rule, allow on a tie."""
        parts = urlsplit(url)
        path = _escaped(parts.path or "/") + (f"?{_escaped(parts.query)}" if parts.query else "")
        if path == "/robots.txt":
            return True
        best, allowed = -1, True
        for allow, pattern in self.rules:
            if len(pattern) < best or (len(pattern) == best and (allowed or not allow)):
                continue
            if _match(pattern, path):
                best, allowed = len(pattern), allow
        return allowed


ALLOW_ALL = Robots()
DENY_ALL = Robots(((False, "/"),))


def parse_robots(body: bytes, agent: str) -> Robots:
    """The rules of a robots.txt for a product token such as `jarshy`.

    Groups that name the agent are merged; without one those for `*` hold.
    """
    wanted = agent.lower()
    mine, everyone = _Group(), _Group()
    named = open_ = False
    current: list[_Group] = []
    sitemaps = []
    for key, value in _lines(body):
        if key == "user-agent":
            if not open_:
                current, open_ = [], True
            if value == "*" or re.match(r"\*\s", value):
                current.append(everyone)
            token = AGENT_TOKEN.match(value)
            if token and token.group().lower() == wanted:
                named = True
                current.append(mine)
            continue
        if key == "sitemap":
            sitemaps.append(value)
            continue
        # Only rules end a list of agents; anything else may stand between its lines.
        open_ = open_ and key == "crawl-delay"
        for group in current:
            _add(group, key, value)
    chosen = mine if named else everyone
    return Robots(tuple(chosen.rules), chosen.delay, tuple(sitemaps))


def _add(group: _Group, key: str, value: str) -> None:
    if key == "crawl-delay":
        group.delay = _seconds(value)
    elif value:
        pattern = _escaped(value)
        group.rules.append((key == "allow", pattern))
        if key == "allow" and pattern.endswith("/index.html"):
            # Google's reading: who allows the file means the folder too.
            group.rules.append((True, pattern[: -len("index.html")] + "$"))


def _seconds(value: str) -> float | None:
    try:
        seconds = float(value)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _lines(body: bytes) -> list[tuple[str, str]]:
    text = body[:MAX_BYTES].removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    found = []
    for line in re.split(r"\r\n|\r|\n", text):
        told = line[:MAX_LINE].partition("#")[0].strip()
        key, colon, value = told.partition(":")
        if not colon:
            words = told.split()
            if len(words) != 2:
                continue
            key, value = words
        known = KEYS.get(key.strip().lower())
        if known:
            found.append((known, value.strip()))
    return found


def _escaped(text: str) -> str:
    """Octets beyond ASCII percent-encoded, the hex digits of what was encoded in upper case."""
    raw = text.encode("utf-8", "surrogateescape")
    told = "".join(chr(one) if one < 0x80 else f"%{one:02X}" for one in raw)
    return re.sub(r"%[0-9a-fA-F]{2}", lambda found: found.group().upper(), told)


def _match(pattern: str, path: str) -> bool:
    """Whether a pattern with `*` and a final `$` matches the beginning of a path."""
    anchored = pattern.endswith("$")
    pieces = (pattern[:-1] if anchored else pattern).split("*")
    if not path.startswith(pieces[0]):
        return False
    if len(pieces) == 1:
        return not anchored or len(path) == len(pieces[0])
    place = len(pieces[0])
    for piece in pieces[1:-1]:
        found = path.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    last = pieces[-1]
    if anchored:
        return len(path) - len(last) >= place and path.endswith(last)
    return path.find(last, place) >= 0
