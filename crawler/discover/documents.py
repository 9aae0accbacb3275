"""One reader for each kind of source."""

from __future__ import annotations

from crawler.discover.feed import links_in_feed
from crawler.discover.found import Found
from crawler.discover.listing import links_in_listing
from crawler.discover.sitemap import links_in_sitemap
from crawler.discover.wordpress import posts_in
from crawler.model import Capture
from crawler.sites import Site, Source


def read_source(source: Source, capture: Capture, site: Site, page: int = 1) -> Found:
    """What the `page`-th document of a source says; SourceError when it is no such document."""
    if source.kind == "listing":
        return links_in_listing(capture, site, source, page)
    readers = {"wordpress": posts_in, "feed": links_in_feed, "sitemap": links_in_sitemap}
    return readers[source.kind](capture, site)
