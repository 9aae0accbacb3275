"""A record of an article in the words of bibliographies, and for citation managers.

The line follows GOST R 7.0.100-2018 for a part of a website (title, kind of content, site,
date, address, date of access); RIS the field list of the format's specification
(https://en.wikipedia.org/wiki/RIS_(file_format)); COinS the OpenURL KEV keys of
https://ocoins.info/.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from babel.dates import format_date

from crawler.model import Document
from searchui.dates import HOME_ZONE
from searchui.labels import Labels
from searchui.plain import plain_text
from searchui.rows import plain_title


def citation(document: Document, labels: Labels, now: datetime) -> str:
    """One line for a list of sources, in the language of the page."""
    say, article = labels.wording, document.article
    title = plain_title(document, labels).rstrip(". ")
    parts = [f"{title}. – {say('citation.medium')}"]
    if article.site:
        parts[0] += f" // {labels.library(article.site)} : {say('citation.site')}"
    if article.published:
        here = article.published.astimezone(HOME_ZONE)
        parts.append(f"{here.year}")
        parts.append(str(format_date(here, "d MMM", locale=say.locale)).rstrip("."))
    accessed = now.astimezone(HOME_ZONE)
    parts.append(f"URL: {article.url} ({say('citation.accessed')}: {accessed:%d.%m.%Y})")
    return ". – ".join(parts) + "."


def ris(document: Document, labels: Labels) -> str:
    """One RIS record (type ELEC, an electronic source), lines ended by CR LF."""
    article, event = document.article, document.event
    rows: list[tuple[str, str]] = [("TY", "ELEC"), ("TI", plain_title(document, labels))]
    if article.author:
        rows.append(("AU", article.author))
    if article.site:
        rows.append(("PB", labels.library(article.site)))
    if article.published:
        here = article.published.astimezone(HOME_ZONE)
        rows += [("PY", str(here.year)), ("DA", f"{here:%Y/%m/%d/}")]
    if event.venue or event.city:
        rows.append(("CY", labels.where(event)))
    rows += [("KW", labels.kind(kind)) for kind in event.kinds]
    if event.region:
        rows.append(("KW", labels.region(event.region)))
    if event.starts:
        dates = (
            event.starts if event.ends in (None, event.starts) else f"{event.starts}/{event.ends}"
        )
        rows.append(("N1", f"{labels.wording('event.when')}: {dates}"))
    rows += [("LA", article.language), ("UR", article.url), ("ER", "")]
    return "".join(f"{tag}  - {plain_text(value)}\r\n" for tag, value in rows)


def coins(document: Document, labels: Labels) -> str:
    """The `title` attribute of a COinS span, from which Zotero reads the record."""
    article = document.article
    keys = {
        "ctx_ver": "Z39.88-2004",
        "rft_val_fmt": "info:ofi/fmt:kev:mtx:dc",
        "rft.type": "webpage",
        "rft.title": plain_title(document, labels),
        "rft.publisher": labels.library(article.site),
        "rft.language": article.language,
        "rft.identifier": article.url,
        "rft.creator": article.author or "",
    }
    if article.published:
        keys["rft.date"] = f"{article.published.astimezone(HOME_ZONE):%Y-%m-%d}"
    return urlencode({key: value for key, value in keys.items() if value})
