"""The sites: their records, and how their files are read."""

from crawler.sites.checks import SITE_ID, web_place
from crawler.sites.loading import (
    cms_defaults,
    cms_names,
    find_site,
    load_site,
    load_sites,
    read_sites,
    site_from,
)
from crawler.sites.model import USUAL_PORTS, Layout, Names, Record, Site, Source

__all__ = [
    "SITE_ID",
    "USUAL_PORTS",
    "Layout",
    "Names",
    "Record",
    "Site",
    "Source",
    "cms_defaults",
    "cms_names",
    "find_site",
    "load_site",
    "load_sites",
    "read_sites",
    "site_from",
    "web_place",
]
