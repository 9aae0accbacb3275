"""A site is data: `config/sites/<id>.toml` over the defaults of its content system.

A file needs a name, an address, a region and a content system; everything else has a default
(see docs/adding-a-site.md). Mistakes are reported with file, key and remedy.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from crawler.errors import ConfigError, UnknownSiteError
from crawler.sites.checks import SITE_ID
from crawler.sites.model import Site

PLAIN_LISTING = ({"kind": "listing", "url": "{news}"},)


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
    templates = merged.pop("news_sources", ())
    if "news" in told and "sources" not in told:
        merged["sources"] = tuple(_of_sections(told["news"], templates or PLAIN_LISTING))
    if "url" in told:
        merged["sources"] = tuple(_addressed(merged.get("sources", ()), told["url"]))
    try:
        return Site.model_validate(merged)
    except ValidationError as error:
        raise ConfigError(f"{path}: {_reasons(error)}", _remedy(error)) from None


def _of_sections(
    sections: object, templates: Iterable[Mapping[str, Any]]
) -> Iterable[Mapping[str, Any]]:
    """The sources of news sections: each of the system's templates for each section."""
    told = [one for one in sections if isinstance(one, str)] if isinstance(sections, list) else []
    for template in templates:
        for section in told:
            filled = {"news": section, "and": "&" if "?" in section else "?"}
            yield {**template, "url": _filled(str(template["url"]), filled)}


def _filled(template: str, told: Mapping[str, str]) -> str:
    for name, value in told.items():
        template = template.replace(f"{{{name}}}", value)
    return template


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
        strange = item["type"] == "extra_forbidden"
        rows.append(f"{key}: {'no such key' if strange else item['msg']}")
    return "; ".join(rows)


def _remedy(error: ValidationError) -> str:
    kinds = {item["type"] for item in error.errors()}
    if "extra_forbidden" in kinds:
        return f"Known keys: {', '.join(sorted(Site.model_fields))}."
    return "See docs/adding-a-site.md for the keys."


def load_sites(config: Path) -> dict[str, Site]:
    """Every site of `config`/sites by id; files whose name starts with `_` are left out.

    Raises ConfigError for the first file that is wrong.
    """
    sites, faults = read_sites(config)
    for fault in faults:
        raise fault
    return sites


def read_sites(config: Path) -> tuple[dict[str, Site], tuple[ConfigError, ...]]:
    """The sites whose files are right, by id, and what is wrong with each of the others."""
    folder = config / "sites"
    if not folder.is_dir():
        remedy = "Point --config (or JARSHY_CONFIG) at the folder that has `sites` in it."
        raise ConfigError(f"{folder}: no such folder", remedy)
    paths = sorted(p for p in folder.glob("*.toml") if not p.name.startswith("_"))
    sites, faults = {}, []
    for path in paths:
        try:
            sites[path.stem] = load_site(path)
        except ConfigError as error:
            faults.append(error)
    return sites, tuple(faults)


def find_site(sites: Mapping[str, Site], site_id: str) -> Site:
    """The site of that id; UnknownSiteError names the nearest ids."""
    if site_id in sites:
        return sites[site_id]
    near = [known for known in sites if site_id in known or known in site_id]
    remedy = f"Did you mean: {', '.join(near)}?" if near else "See `jarshy sites list`."
    raise UnknownSiteError(f"No site {site_id!r} in the config", remedy)
