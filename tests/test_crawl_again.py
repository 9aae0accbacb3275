"""Again and again: what moved, vanished, failed or came back between two runs of a served site."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from webs import Answer, Web, article, listing, reply

from crawler.crawling import crawl
from crawler.model import Account
from crawler.reprocessing import reprocess
from crawler.sites import Site
from crawler.store.store import Store

START = datetime(2026, 11, 22, 9, tzinfo=UTC)
PAGES = {f"/{n}-korme": reply(article(f"Көрме {n}")) for n in range(4)}


def run(site: Site, data: Path, days: float = 0) -> Account:
    (done,) = crawl([site], data, now=START + timedelta(days=days))
    assert done.account.balanced, done.account
    return done.account


def addresses(data: Path, site: Site) -> list[str]:
    with Store.open(data) as store:
        known = store.articles.known(site.id)
        return sorted(one.url.removeprefix(site.url) for one in known if one.gone_since is None)


def test_a_page_that_failed_is_tried_again_though_no_list_names_it_any_more(tmp_path: Path) -> None:
    broken = {**PAGES, "/3-korme": reply("later", 500)}
    with Web({"/": reply(listing(PAGES)), **broken}) as web:
        site = web.site()
        assert (first := run(site, tmp_path)).stored == 3, first
        web.answers |= {"/": reply(listing(list(PAGES)[:3])), "/3-korme": PAGES["/3-korme"]}
        assert run(site, tmp_path, days=0.1).stored == 0, "it rests first"
        assert run(site, tmp_path, days=1.1).stored == 1
        again = run(site, tmp_path, days=2.2)
        assert again.requests <= 2
        assert again.failed == 0


def test_a_gone_article_that_is_named_again_comes_back(tmp_path: Path) -> None:
    with Web({"/": reply(listing(PAGES)), **PAGES}) as web:
        site = web.site()
        run(site, tmp_path)
        web.answers["/1-korme"] = reply("gone", 410)
        for days in (89, 97):
            run(site, tmp_path, days)
        assert "1-korme" not in addresses(tmp_path, site)
        web.answers["/1-korme"] = PAGES["/1-korme"]
        run(site, tmp_path, days=98)
        assert "1-korme" in addresses(tmp_path, site)


def numbered(title: str, number: int, root: str) -> bytes:
    """A WordPress page: it names its address by number."""
    head = f"<link rel='shortlink' href='{root}/?p={number}' />"
    return reply(article(title, head=head))


def test_pages_that_moved_are_known_by_their_number(tmp_path: Path) -> None:
    with Web() as web:
        site = web.site()
        old = {f"/korme-{n}": numbered(f"Көрме {n}", n, web.root) for n in range(4)}
        new = {f"/2024/11{path}": page for path, page in old.items()}
        web.answers = {"/": reply(listing(old)), **old}
        assert run(site, tmp_path).stored == 4
        edited = numbered("Көрме 3, ұзартылды", 3, web.root)
        web.answers = {"/": reply(listing(new)), **new, "/2024/11/korme-3": edited}
        moved = run(site, tmp_path, days=1)
        assert (moved.stored, moved.updated, moved.unchanged) == (0, 1, 3)
        assert addresses(tmp_path, site) == [f"korme-{n}" for n in range(4)]
        # From now on the new addresses are known: nothing is asked, and the rota asks for them.
        assert run(site, tmp_path, days=2).requests <= 2
        late = run(site, tmp_path, days=89)
        assert (late.failed, late.unchanged) == (0, 4)
        with Store.open(tmp_path) as store:
            document = store.articles.document_at(f"{web.root}/korme-3")
        assert document is not None
        assert (document.version, document.article.title) == (2, "Көрме 3, ұзартылды")
        reprocess(store, [site])
    assert addresses(tmp_path, site) == [f"korme-{n}" for n in range(4)]


def test_a_stored_page_that_leads_to_another_address_stays_one_article(tmp_path: Path) -> None:
    with Web({"/": reply(listing(PAGES)), **PAGES}) as web:
        site = web.site()
        run(site, tmp_path)
        web.answers["/2-korme"] = reply(status=301, Location="/arhiv/2-korme")
        web.answers["/arhiv/2-korme"] = reply(article("Көрме 2, архив"))
        assert run(site, tmp_path, days=89).updated == 1
        assert addresses(tmp_path, site) == [f"{n}-korme" for n in range(4)]


@pytest.mark.parametrize("place", ["/", "/news"])
def test_an_article_that_leads_to_the_front_page_is_missing_not_overwritten(
    tmp_path: Path, place: str
) -> None:
    front = reply(listing(PAGES))
    with Web({"/": front, "/news": front, **PAGES}) as web:
        site = web.site(sources=[{"kind": "listing", "url": f"{web.root}/news", "links": "a.item"}])
        run(site, tmp_path)
        web.answers["/2-korme"] = reply(status=302, Location=place)
        accounts = [run(site, tmp_path, days) for days in (89, 97)]
        assert [one.failed for one in accounts] == [1, 0]
        assert addresses(tmp_path, site) == ["0-korme", "1-korme", "3-korme"]
        with Store.open(tmp_path) as store:
            document = store.articles.document_at(f"{web.root}/2-korme")
    assert document is not None
    assert document.article.title == "Көрме 2"


def test_a_list_that_is_not_there_does_not_make_every_run_the_first(tmp_path: Path) -> None:
    second = reply(listing(["/3-korme"]))
    first = reply(listing(list(PAGES)[:3], '<a rel="next" href="/?start=3">»</a>'))
    with Web({"/": first, "/?start=3": second, **PAGES}) as web:
        lists = [
            {"kind": "listing", "url": f"{web.root}{p}", "links": "a.item"} for p in ("/", "/x")
        ]
        site = web.site(sources=lists)
        assert run(site, tmp_path).stored == 4
        assert run(site, tmp_path, days=1).requests <= 3


POST = '{{"id": {n}, "link": "{root}/{n}-korme", "date_gmt": "2024-01-01T00:00:00"}}'


def test_a_closed_list_of_posts_is_left_alone_for_a_week(tmp_path: Path) -> None:
    """REST off: the feed serves; after a week REST is asked again and found open."""
    with Web() as web:
        kinds = {"wordpress": "/wp-json/wp/v2/posts", "feed": "/feed"}
        told = [{"kind": kind, "url": f"{web.root}{path}"} for kind, path in kinds.items()]
        site = web.site(sources=told)
        items = "".join(f"<item><link>{web.root}{path}</link></item>" for path in PAGES)
        feed = reply(f"<rss><channel>{items}</channel></rss>", kind="application/rss+xml")
        closed = reply('{"code": "rest_disabled"}', 401, "application/json")
        web.answers = {"/feed": feed, "/wp-json/wp/v2/posts": closed, **PAGES}
        assert run(site, tmp_path).stored == 4
        assert run(site, tmp_path, days=1).requests <= 2
        posts = ", ".join(POST.format(n=n, root=web.root) for n in range(6))
        more = {f"/{n}-korme": reply(article(f"Көрме {n}")) for n in (4, 5)}
        opened = reply(f"[{posts}]", kind="application/json", X_WP_Total="6", X_WP_TotalPages="1")
        web.answers |= {"/wp-json/wp/v2/posts": opened, **more}
        assert run(site, tmp_path, days=8).stored == 2
        assert run(site, tmp_path, days=9).requests <= 3


def test_a_layout_ends_when_the_site_is_redesigned(tmp_path: Path) -> None:
    """Pages from before the day stay read by the old layout, later ones by the new."""
    body = article("Көрме").partition('<div class="entry-content">')[2].partition("</div>")[0]
    frame = "<html><body><b class=o>Ескі тақырып</b><h3 class=n>Жаңа тақырып</h3>{}</body></html>"
    then = reply(frame.format(f"<div class=before>{body}</div><div class=menu>{body}</div>"))
    later = reply(frame.format(f"<div class=menu>{body}</div><div class=after>{body}</div>"))
    redesign = START + timedelta(days=10)
    layouts = [
        {"name": "before", "until": redesign.date(), "title": ".o", "body": ".before"},
        {"name": "after", "title": ".n", "body": ".after"},
    ]
    with Web({"/": reply(listing(["/1-a"])), "/1-a": then, "/2-a": later}) as web:
        site = web.site(layouts=layouts)
        run(site, tmp_path)
        web.answers["/"] = reply(listing(["/1-a", "/2-a"]))
        run(site, tmp_path, days=10)
    titles = {"1-a": ("Ескі тақырып", "before"), "2-a": ("Жаңа тақырып", "after")}
    with Store.open(tmp_path) as store:
        for _ in range(2):
            told = [store.articles.document_at(f"{site.url}{name}") for name in titles]
            read = [(one.article.title, one.article.layout) for one in told if one]
            assert read == list(titles.values())
            assert reprocess(store, [site]).failed == 0


TRAPS: Sequence[tuple[str, str]] = (
    ("calendar", "/news?date={n}"),
    ("catalogue", "/news?author={n}&year={n}&page={n}"),
    ("archive", "/news/page/{n}"),
    ("deeper", "/news" + "/a" * 3 + "/{n}"),
)


@pytest.mark.parametrize(("name", "address"), TRAPS)
def test_a_trap_without_end_is_left_and_told(tmp_path: Path, name: str, address: str) -> None:
    """Every page of it shows a new link and a further page, for ever."""
    with Web() as web:
        asked = iter(range(1, 10_000))

        async def endless(_asked: object, writer: object) -> None:
            n = next(asked)
            more = f'<a rel="next" href="{address.format(n=n)}">»</a>'
            writer.write(reply(listing([f"/korme-{n}"], more)))  # type: ignore[attr-defined]

        trap: Answer = endless
        web.answers = {"/": trap, "/news": trap, "/news/page": trap}
        web.answers |= {address.format(n=n).partition("?")[0]: trap for n in range(1, 60)}
        account = run(web.site(page_budget=40, match=["/korme-"]), tmp_path)
    assert account.requests <= 42
    assert any("budget_hit" in note for note in account.notes), account
