"""What a crawl costs a library's server, and how fast twenty sites are crawled at once.

    python benchmarks/crawling.py [--rounds N]

Requests and bytes are counted by the servers: the five demo sites, unchanged between a first and
a second run. Beside Jarshy, in the same minute and on the same pages: plain Scrapy (its
SitemapSpider with the RFC 2616 cache) and trafilatura's own crawler, on the WordPress site.
Speed: four demo webs, so twenty sites, with no delay; pages a second and the memory of the crawl.
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from crawler.crawling import crawl  # noqa: E402
from crawler.options import CrawlOptions  # noqa: E402
from crawler.sites import Site  # noqa: E402
from demoweb.articles import load_articles  # noqa: E402
from demoweb.web import DemoWeb  # noqa: E402

SCRAPY = """
import sys
from scrapy.crawler import CrawlerProcess
from scrapy.spiders import SitemapSpider

class Plain(SitemapSpider):
    name = "plain"
    sitemap_urls = [sys.argv[1] + "/wp-sitemap.xml"]
    def parse(self, response):
        yield {"url": response.url, "length": len(response.text)}

process = CrawlerProcess({
    "HTTPCACHE_ENABLED": True, "HTTPCACHE_DIR": sys.argv[2], "LOG_LEVEL": "ERROR",
    "HTTPCACHE_POLICY": "scrapy.extensions.httpcache.RFC2616Policy",
    "TELNETCONSOLE_ENABLED": False, "ROBOTSTXT_OBEY": True,
})
process.crawl(Plain)
process.start()
"""
# Its guard against private addresses is taken off for this program: the demo is on loopback.
TRAFILATURA = """
import sys
from trafilatura import downloads, extract, fetch_url
from trafilatura.spider import focused_crawler
downloads._ssrf_active = lambda _config: False
todo, known = focused_crawler(sys.argv[1] + "/", max_seen_urls=60, max_known_urls=200)
for url in list(known):
    page = fetch_url(url)
    if page:
        extract(page)
"""


def cost(web: DemoWeb, site: str) -> str:
    served = web.request_log[site]
    told = f"{len(served)} requests, {sum(one.bytes for one in served) / 1024:.0f} KB"
    web.forget_requests()
    return told


def costs() -> None:
    print("| site | articles | first run | second run, unchanged |")
    print("|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, DemoWeb(load_articles(), first_port=0) as web:
        runs = [crawl(web.sites, Path(folder)), None]
        first = {site: list(log) for site, log in web.request_log.items()}
        web.forget_requests()
        runs[1] = crawl(web.sites, Path(folder))
        for one in runs[0] or ():
            rows = (first[one.site], web.request_log[one.site])
            told = [f"{len(r)} requests, {sum(s.bytes for s in r) / 1024:.0f} KB" for r in rows]
            print(f"| {one.site} | {one.account.stored} | {told[0]} | {told[1]} |")


def others() -> None:
    print("\nOn the WordPress site (16 articles), each with a cache of its own kind:\n")
    print("| tool | first run | second run, unchanged |")
    print("|---|---|---|")
    tools = {"Scrapy, SitemapSpider, RFC 2616 cache": SCRAPY, "trafilatura's crawler": TRAFILATURA}
    for name, program in tools.items():
        with tempfile.TemporaryDirectory() as cache, DemoWeb(load_articles(), first_port=0) as web:
            told = []
            for _ in range(2):
                call = [sys.executable, "-c", program, web.roots["zhazira"], cache]
                subprocess.run(call, check=False, capture_output=True, timeout=300, cwd=cache)
                told.append(cost(web, "zhazira"))
            print(f"| {name} | {told[0]} | {told[1]} |")


def speed(rounds: int) -> None:
    rates, peaks = [], []
    for _ in range(rounds):
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            sites: list[Site] = []
            for number in range(4):
                web = stack.enter_context(DemoWeb(load_articles(), first_port=0))
                changes = {"delay_seconds": 0.0}
                sites += [
                    site.model_copy(update={**changes, "id": f"{site.id}-{number}"})
                    for site in web.sites
                ]
            begun = time.perf_counter()
            runs = crawl(sites, folder, options=CrawlOptions(sites_at_once=20))
            seconds = time.perf_counter() - begun
            rates.append(sum(one.account.stored for one in runs) / seconds)
            log = (folder / "log" / "crawl.log").read_text()
            peaks.append(int(re.findall(r"run ended: (\d+) MB", log)[-1]))
    print(
        f"\nTwenty sites at once: {statistics.median(rates):.0f} pages a second "
        f"(fetched, kept, read, stored; median of {rounds}), {max(peaks)} MB at most."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    costs()
    others()
    speed(rounds)


if __name__ == "__main__":
    main()
