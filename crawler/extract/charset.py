"""From bytes to text: what a server declares is often wrong, what the bytes say seldom is.

Order of trust: a byte order mark; valid UTF-8; the site's own setting; header, then `meta`;
and for one-byte Cyrillic a look at the letters, because pages in KZ-1048 (the Kazakh standard
СТ РК 1048-2002) are often declared windows-1251, which turns қ into ќ and ү into ї.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from itertools import pairwise

from crawler.errors import ExtractionError
from crawler.model import Capture
from crawler.sites import Site

_META = re.compile(rb"<meta[^<>]{0,400}?charset\s{0,4}=\s{0,4}[\"']?([A-Za-z0-9_:.-]{2,40})", re.I)
_HEADER = re.compile(r"charset\s{0,4}=\s{0,4}[\"']?([\w.:-]{2,40})", re.I)
# What stands in no text, but for a zero byte here and there: controls of both kinds.
_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x19\x1b-\x1f\x7f-\x84\x86-\x9f]")
PATTERNS = (_META, _HEADER, _CONTROLS)

WIDE = 0.8  # part of the high bytes of UTF-16 here
FEWEST_WIDE = 16  # characters that are needed to tell
LOOKED_AT = 20_000  # characters
FEWEST_SIGNS = 8
FAULTS = 50  # one unreadable character in so many is too much

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Text encodings that a page may name; anything else Python knows (zip, idna, ...) is no charset.
_NAMED = re.compile(
    r"(?:utf-?(?:8|16|16le|16be|16-le|16-be)|(?:windows|cp)-?125\d|cp866|ibm866|koi8-?[rut]|"
    r"iso-?8859-?\d{1,2}|latin-?1|kz-?1048|strk1048|rk1048|ptcp154|pt154|mac-?cyrillic|"
    r"gb18030|gb2312|gbk|big5|shift-jis|euc-(?:jp|kr))\Z",
    re.I,
)
_ALIASES = {"strk1048": "kz1048", "rk1048": "kz1048", "pt154": "ptcp154", "gb2312": "gbk"}
# What қ, ғ, ә, ң, ү, ұ and Қ become when KZ-1048 is read as windows-1251.
_MISREAD = frozenset("ќЌјЈѕЅўЎ")
_KAZAKH = frozenset("әғқңөұүһӘҒҚҢӨҰҮҺ")


def decode(capture: Capture, site: Site | None = None) -> str:
    """The text of a capture's body.

    Raises ExtractionError when more than one character in fifty cannot be read in any way, or
    is one that no text has.
    """
    text = _decoded(capture, site)
    sample = text[:LOOKED_AT]
    signs = len(_CONTROLS.findall(sample))
    if signs >= FEWEST_SIGNS and len(sample) / FAULTS < signs < len(sample) / 2:
        told = f"{capture.url}: this is no text, too much of it is neither letter nor sign"
        raise ExtractionError(told, "Save the story as a web page (.html) or as text (.txt).")
    return text


def _decoded(capture: Capture, site: Site | None) -> str:
    body = capture.body
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    text = _as_utf8(body)
    if text is not None:
        return text
    declared = _declared(capture, site)
    if declared in ("utf-8", "utf8"):
        text = body.decode("utf-8", "replace")
        if text.count("\ufffd") * FAULTS < len(text):
            return text
    return _checked(_one_byte(body, declared), capture.url)


def _as_utf8(body: bytes) -> str | None:
    """The text when the bytes are UTF-8, but for a character cut at the very end."""
    wide = _wide(body[:512])
    if wide:
        return body.decode(wide, "replace")
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    try:
        return decoder.decode(body, final=False)
    except UnicodeDecodeError:
        return None


def _wide(sample: bytes) -> str:
    """The UTF-16 of bytes without a mark: nearly every other one is that of ASCII or Cyrillic."""
    for name, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if len(high) >= FEWEST_WIDE and high.count(0) + high.count(4) >= WIDE * len(high):
            return name
    return ""


def _declared(capture: Capture, site: Site | None) -> str:
    """The first charset told that is one, in lower case; else ''."""
    header = _HEADER.search(capture.header("content-type") or "")
    meta = _META.search(capture.body[:8192])
    told = (
        site.charset if site else None,
        header[1] if header else None,
        meta[1].decode("ascii") if meta else None,
    )
    names = (name.lower().replace("_", "-") for name in told if name)
    return next((name for name in names if _NAMED.match(name)), "")


def _one_byte(body: bytes, declared: str) -> str:
    name = declared if declared not in ("", "utf-8", "utf8", "iso-8859-1", "latin-1") else ""
    if not name:
        name = "windows-1251" if _dense(body) else "windows-1252"
    plain = name.replace("-", "")
    try:
        text = body.decode(
            _ALIASES.get(plain, plain if plain.startswith("kz") else name), "replace"
        )
    except LookupError:
        text = body.decode("windows-1251", "replace")
    return _mended(body, text) if "1251" in name else text


def _dense(body: bytes) -> bool:
    """Whether bytes above 127 follow each other, as Cyrillic letters do and é, ü do not."""
    sample = body[:200_000]
    pairs = sum(a >= 0x80 and b >= 0x80 for a, b in pairwise(sample))
    return 2 * pairs > sum(byte >= 0x80 for byte in sample)


def _mended(body: bytes, text: str) -> str:
    """The text as KZ-1048 when windows-1251 gives letters that no word here has."""
    counts = Counter(char for char in text if char in _MISREAD)
    if sum(counts.values()) < 3 or counts["ќ"] + counts["Ќ"] == 0:
        return text
    other = body.decode("kz1048", "replace")
    return other if sum(char in _KAZAKH for char in other) >= 3 else text


def _checked(text: str, url: str) -> str:
    if text.count("\ufffd") * FAULTS > len(text):
        raise ExtractionError(
            f"{url}: the page is in no charset that can be read",
            "Set `charset` in the site's file.",
        )
    return text
