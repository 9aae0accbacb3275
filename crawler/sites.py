"""A site is data: `config/sites/<id>.toml` over the defaults of its content system.

A file needs a name, an address, a region and a content system; everything else has a default
(see docs/adding-a-site.md). Mistakes are reported with file, key and remedy.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.etree import XPathError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from crawler.errors import ConfigError, UnknownSiteError
from crawler.vocabulary import regions

USUAL_PORTS = (80, 443)
SITE_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}\Z")
HOST = re.compile(r"[a-z0-9_][a-z0-9_.-]*(?<![.-])(?::[0-9]{1,5})?\Z")


def _web_address(value: str) -> str:
    if web_place(value) is None:
        raise ValueError(f"{value!r} must be a full address such as https://library.kz/")
    return value


def _host(value: str) -> str:
    if not HOST.match(value) or web_place(f"http://{value}/") is None:
        form = "kk.library.kz or library.kz:8080, in small letters (Cyrillic ones as xn--...)"
        raise ValueError(f"{value!r} is not a host; write it without https:// and path, as {form}")
    return value


def _region(value: str) -> str:
    if value not in regions():
        raise ValueError(f"{value!r} is not known; use one of: {', '.join(regions())}")
    return value


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{value!r} is not a time zone such as Asia/Almaty") from None
    return value


def _charset(value: str) -> str:
    try:
        "a".encode(value)
    except (LookupError, ValueError):
        raise ValueError(f"{value!r} is not a charset such as utf-8 or windows-1251") from None
    return value


def _expression(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"{value!r} is not a regular expression: {error}") from None
    return value


@lru_cache(maxsize=1024)
def _selector(value: str) -> str:
    try:
        CSSSelector(value, translator="html")
    except (SelectorError, XPathError, AssertionError, ValueError) as error:
        form = "such as .entry-content or article h1"
        raise ValueError(f"{value!r} is not a CSS selector {form}: {error}") from None
    return value


Expression = Annotated[str, AfterValidator(_expression)]
Selector = Annotated[str, AfterValidator(_selector)]


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

    `match` and `exclude` are regular expressions on an article's address. `keep_parameters`,
    when given, are the only query parameters that name an article. `identity` are regular
    expressions whose groups, joined, name an article however its address is written. Times:
    delay in seconds between requests to the host, interval in hours between runs.
    """

    id: str
    name: Names
    url: Annotated[str, AfterValidator(_web_address)]
    region: Annotated[str, AfterValidator(_region)] | None = None
    kind: str = "library"
    cms: str = "unknown"
    languages: tuple[str, ...] = ("kk", "ru")
    hosts: tuple[Annotated[str, AfterValidator(_host)], ...] = ()
    timezone: Annotated[str, AfterValidator(_timezone)] = "Asia/Almaty"
    sources: tuple[Annotated[Source, AfterValidator(_reachable)], ...] = ()
    layouts: tuple[Layout, ...] = ()
    match: tuple[Expression, ...] = ()
    exclude: tuple[Expression, ...] = ()
    keep_parameters: tuple[str, ...] = ()
    identity: tuple[Expression, ...] = ()
    charset: Annotated[str, AfterValidator(_charset)] | None = None
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
        """Host names (without port) that the crawl of this site may ask."""
        own = urlsplit(self.url).hostname or ""
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


def web_place(url: str) -> tuple[str, int] | None:
    """Host (lower case, as in DNS) and port of a web address; None for anything else.

    An address with a user name in it is refused: it only ever hides where it leads.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return None
    return host, port or (443 if parts.scheme == "https" else 80)


def cms_names() -> tuple[str, ...]:
    """The content systems that have defaults."""
    folder = files("crawler") / "cms"
    return tuple(sorted(p.name[:-5] for p in folder.iterdir() if p.name.endswith(".toml")))


def cms_defaults(cms: str) -> Mapping[str, Any]:
    """The keys that every site of a content system starts from; empty for `unknown`."""
    if cms == "unknown":
        return {}
    path = files("crawler") / "cms" / f"{cms}.toml"
    if not path.is_file():
        raise KeyError(cms)
    return dict(tomllib.loads(path.read_text("utf-8")).get("site", {}))


def load_site(path: Path) -> Site:
    """Read one site file over its content system's defaults.

    Raises ConfigError, naming file and key, for anything wrong with it.
    """
    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        remedy = "Mend the line it names; every text stands in double quotes."
        raise ConfigError(f"{path}: not TOML: {error}", remedy) from None
    if not SITE_ID.match(path.stem):
        remedy = "Name the file with small Latin letters, digits and hyphens."
        raise ConfigError(f"{path}: {path.stem!r} cannot be a site's id", remedy)
    return site_from(told, path)


def site_from(told: Mapping[str, Any], path: Path) -> Site:
    """A Site from the keys told in `path`, over its content system's defaults."""
    cms = told.get("cms", "unknown")
    try:
        defaults = cms_defaults(cms)
    except KeyError:
        known = ", ".join((*cms_names(), "unknown"))
        raise ConfigError(f"{path}: cms: {cms!r} is not known", f"Use one of: {known}.") from None
    own_layouts = tuple(told.get("layouts", ()))
    merged = {**defaults, **told, "id": path.stem}
    merged["layouts"] = (*own_layouts, *defaults.get("layouts", ()))
    if "url" in told:
        merged["sources"] = tuple(_addressed(merged.get("sources", ()), told["url"]))
    try:
        return Site.model_validate(merged)
    except ValidationError as error:
        raise ConfigError(f"{path}: {_reasons(error)}", _remedy(error)) from None


def _addressed(sources: Iterable[Mapping[str, Any]], base: object) -> Iterable[Mapping[str, Any]]:
    """Sources with `{site}` in their addresses replaced by the site's own, without a slash."""
    for source in sources:
        if not isinstance(source, Mapping):
            yield source
            continue
        root = str(base).rstrip("/")
        told = {k: source[k] for k in ("url", "pages") if isinstance(source.get(k), str)}
        yield {**source, **{k: v.replace("{site}", root) for k, v in told.items()}}


def _reasons(error: ValidationError) -> str:
    rows = []
    for item in error.errors():
        key = ".".join(str(part) for part in item["loc"])
        rows.append(f"{key}: {item['msg']}")
    return "; ".join(rows)


def _remedy(error: ValidationError) -> str:
    kinds = {item["type"] for item in error.errors()}
    if "extra_forbidden" in kinds:
        return f"Known keys: {', '.join(sorted(Site.model_fields))}."
    return "See docs/adding-a-site.md for the keys."


def load_sites(config: Path) -> dict[str, Site]:
    """Every site of `config`/sites by id; files whose name starts with `_` are left out."""
    folder = config / "sites"
    if not folder.is_dir():
        remedy = "Point --config (or JARSHY_CONFIG) at the folder that has `sites` in it."
        raise ConfigError(f"{folder}: no such folder", remedy)
    paths = sorted(p for p in folder.glob("*.toml") if not p.name.startswith("_"))
    return {path.stem: load_site(path) for path in paths}


def find_site(sites: Mapping[str, Site], site_id: str) -> Site:
    """The site of that id; UnknownSiteError names the nearest ids."""
    if site_id in sites:
        return sites[site_id]
    near = [known for known in sites if site_id in known or known in site_id]
    remedy = f"Did you mean: {', '.join(near)}?" if near else "See `jarshy sites list`."
    raise UnknownSiteError(f"No site {site_id!r} in the config", remedy)
