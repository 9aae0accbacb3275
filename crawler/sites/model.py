"""A site as records: who it is, where its pages are listed, how they are laid out."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from crawler.sites.checks import (
    Charset,
    Expression,
    Host,
    Region,
    Selector,
    Timezone,
    WebAddress,
    pages_trouble,
    web_place,
)

USUAL_PORTS = (80, 443)


class Record(BaseModel):
    """Frozen, and a key that nobody knows is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Names(Record):
    """A library's name in the three languages of the pages; Kazakh is required."""

    kk: str
    ru: str | None = None
    en: str | None = None

    def in_language(self, language: str) -> str:
        """The name in `language`, else in Kazakh."""
        return {"ru": self.ru, "en": self.en}.get(language) or self.kk


class Source(Record):
    """A place that lists links.

    `kind` says how to read it. For a listing, `links` is the CSS selector of article links (of
    the elements or of what holds them), `next` that of the link to the next page, and `pages`
    an address with `{n}` in it, counted from `first` in steps of `step`, for sites without
    such a link; with `{year}`, `{month}` (and `{day}`) instead it is a date archive, walked
    backwards. Without `next` and `pages` the usual links to a next page are tried.
    """

    kind: Literal["wordpress", "feed", "sitemap", "listing"]
    url: str
    links: Selector | None = None
    next: Selector | None = None
    pages: str | None = None
    first: int = 2
    step: Annotated[int, Field(ge=1)] = 1


def _reachable(source: Source) -> Source:
    if not source.url.startswith("{site}") and web_place(source.url) is None:
        raise ValueError(f"url {source.url!r} must be a full address or begin with {{site}}")
    trouble = pages_trouble(source.pages) if source.pages is not None else None
    if trouble:
        raise ValueError(f"pages {source.pages!r}: {trouble}")
    listing_only = source.links or source.next or source.pages
    if listing_only and source.kind != "listing":
        raise ValueError(f"links, next and pages are for listings; this is a {source.kind}")
    return source


class Layout(Record):
    """CSS selectors of an article page, valid for captures until (not on) the date `until`.

    The first match of each selector counts, but for `drop` (all are removed from the body
    before it is read), `gallery` (pictures outside the body) and `split` (the parts of a page
    that tells several events). `published` may point to an element with a `datetime` or
    `content` attribute, or with a date as text.
    """

    name: str = "site"
    until: date | None = None
    title: Selector
    body: Selector
    published: Selector | None = None
    author: Selector | None = None
    section: Selector | None = None
    gallery: Selector | None = None
    split: Selector | None = None
    drop: tuple[Selector, ...] = ()


class Site(Record):
    """One library's website: who it is, where its pages are listed, how they are laid out.

    `news` are the addresses of sections that list articles; the content system tells how they
    are read. `links` selects the article links of listings that name no selector themselves.
    `match` and `exclude` are regular expressions on an article's address. `keep_parameters`,
    when given, are the only query parameters that name an article. `identity` are regular
    expressions whose groups, joined, name an article however its address is written. Times:
    delay in seconds between requests to the host, interval in hours between runs.
    """

    id: str
    name: Names
    url: WebAddress
    region: Region | None = None
    kind: str = "library"
    cms: str = "unknown"
    languages: tuple[str, ...] = ("kk", "ru")
    hosts: tuple[Host, ...] = ()
    timezone: Timezone = "Asia/Almaty"
    sources: tuple[Annotated[Source, AfterValidator(_reachable)], ...] = ()
    news: tuple[str, ...] = ()
    links: Selector | None = None
    layouts: tuple[Layout, ...] = ()
    match: tuple[Expression, ...] = ()
    exclude: tuple[Expression, ...] = ()
    keep_parameters: tuple[str, ...] = ()
    identity: tuple[Expression, ...] = ()
    charset: Charset | None = None
    enabled: bool = True
    guessed: tuple[str, ...] = ()
    note: str = ""
    delay_seconds: Annotated[float, Field(ge=0)] = 1.0
    interval_hours: Annotated[float, Field(gt=0)] = 24.0
    page_budget: Annotated[int, Field(ge=1)] = 20_000
    allow_private_addresses: bool = False
    verify_certificate: bool = True

    @property
    def allowed_hosts(self) -> tuple[str, ...]:
        """Host names (without port; as in DNS, `xn--...`) that this site's crawl may ask."""
        own = (web_place(self.url) or ("", 0))[0]
        bare = own.removeprefix("www.")
        more = (host.partition(":")[0] for host in self.hosts)
        return tuple(dict.fromkeys((own, bare, f"www.{bare}", *more)))

    def covers(self, url: str) -> bool:
        """Whether an address is on this site: http(s), its hosts, its port or the usual ones."""
        place = web_place(url)
        if place is None:
            return False
        host, port = place
        if f"{host}:{port}" in self.hosts:
            return True
        own = web_place(self.url)
        assert own is not None
        usual = own[1] in USUAL_PORTS and port in USUAL_PORTS
        return host in self.allowed_hosts and (usual or port == own[1])

    def layouts_at(self, day: date) -> tuple[Layout, ...]:
        """The layouts that hold for a page captured on `day`, the soonest to end first."""
        valid = [layout for layout in self.layouts if layout.until is None or day < layout.until]
        return tuple(sorted(valid, key=lambda layout: layout.until or date.max))
