"""Scrapy's settings: what is the same for all sites; a site's own facts are in its file.

Many of Scrapy's defaults are meant for scraping, not for safety ("Security" in its manual);
the comments say what each change is for.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from crawler.fetch.resolver import PRIVATE_HOSTS
from crawler.options import CrawlOptions
from crawler.sites import Site

MIB = 1024 * 1024

SETTINGS: dict[str, Any] = {
    "BOT_NAME": "jarshy",
    "SPIDER_MODULES": ["crawler.spiders"],
    "DOWNLOADER_MIDDLEWARES": {
        "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
        "crawler.fetch.robots.RobotsMiddleware": 100,
        "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
        "crawler.fetch.compression.CompressionMiddleware": 590,
        "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
        "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
        "crawler.fetch.redirects.RedirectMiddleware": 600,
    },
    "EXTENSIONS": {
        "crawler.fetch.politeness.Politeness": 10,
        "crawler.fetch.meter.Meter": 20,
    },
    "ITEM_PIPELINES": {
        "crawler.pipelines.CapturePipeline": 100,
        "crawler.pipelines.ReadPipeline": 200,
        "crawler.pipelines.StorePipeline": 300,
    },
    # The plan meets every page once a run; Scrapy's filter would drop redirects unheard.
    "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
    "HTTPERROR_ALLOW_ALL": True,
    # Limits: one hostile page must not cost more than this.
    "DOWNLOAD_MAXSIZE": 10 * MIB,
    "DOWNLOAD_WARNSIZE": 0,
    "DNS_TIMEOUT": 10,
    "DNSCACHE_ENABLED": True,
    # What answered too late is asked again by the next run, not at once.
    "RETRY_TIMES": 1,
    "RETRY_EXCEPTIONS": [
        "scrapy.exceptions.DownloadConnectionRefusedError",
        "scrapy.exceptions.DownloadFailedError",
        "scrapy.exceptions.ResponseDataLossError",
    ],
    # One connection a site; what waits does so in the plan, where an end of the run leaves it.
    "CONCURRENT_REQUESTS": 1,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "DOWNLOAD_DELAY_JITTER": 0,
    "MEMUSAGE_LIMIT_MB": 1024,
    "DEPTH_LIMIT": 0,
    # Nothing but http and https, with certificates, without cookies, proxies or referers.
    "DOWNLOAD_HANDLERS": {
        "http": "crawler.fetch.leased.LeasedHandler",
        "https": "crawler.fetch.leased.LeasedHandler",
        "data": None,
        "file": None,
        "ftp": None,
        "s3": None,
    },
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "COOKIES_ENABLED": False,
    "HTTPPROXY_ENABLED": False,
    "REFERER_ENABLED": False,
    "TWISTED_DNS_RESOLVER": "crawler.fetch.resolver.GuardResolver",
    # No doors into this process.
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "LOG_LEVEL": "WARNING",
    "LOGSTATS_INTERVAL": 0,
}


def process_settings(sites: Iterable[Site], options: CrawlOptions) -> dict[str, Any]:
    """The settings of the process that crawls these sites."""
    private = {
        host for site in sites if site.allow_private_addresses for host in site.allowed_hosts
    }
    agent = f"Jarshy/{_version()}" + (f" (+{options.contact})" if options.contact else "")
    told = {"USER_AGENT": agent, "DOWNLOAD_TIMEOUT": options.timeout_seconds}
    return {**SETTINGS, **told, PRIVATE_HOSTS: sorted(private)}


def _version() -> str:
    try:
        return version("jarshy")
    except PackageNotFoundError:
        return "dev"


def site_settings(site: Site) -> dict[str, Any]:
    """What of a site's file Scrapy has to know."""
    return {
        "DOWNLOAD_DELAY": site.delay_seconds,
        "DOWNLOAD_VERIFY_CERTIFICATES": site.verify_certificate,
    }
