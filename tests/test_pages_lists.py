"""Pages once more: long lists of filters, the API's description, archived texts, bots."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from shelves import NOW, SITES, Stored, fill
from test_pages import one, page, words

from crawler.model import Account, Article, Block, Event
from crawler.sites import Names, Site
from crawler.store.runs import SiteRun
from searchui import create_app
from searchui.labels import Labels
from searchui.status_page import health_of
from searchui.wording import wording

pytest_plugins = ("reading_room",)


# --- long lists of filter values ----------------------------------------------------------


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Sixty libraries with one exhibition each."""
    data = tmp_path_factory.mktemp("crowded")
    numbers = range(60)
    sites = {f"site{n}": site_named(f"site{n}", f"{n}-кітапхана") for n in numbers}
    rows = [
        Stored(
            Article(
                url=f"https://site{n}.example.kz/1",
                title="Көрме",
                blocks=(Block("Көрме ашылды."),),
                language="kk",
                layout="demo",
                site=f"site{n}",
            ),
            Event(("exhibition",), "2025-03-01", "2025-03-01", 0.9),
            NOW,
        )
        for n in numbers
    ]
    fill(data, rows)
    return create_app(data, sites, now=lambda: NOW).test_client()


def site_named(key: str, name: str) -> Site:
    return Site(id=key, name=Names(kk=name), url=f"https://{key}.example.kz/")


def libraries(soup: BeautifulSoup) -> list[str]:
    return [box.parent.select_one("span").get_text() for box in soup.select('input[name="site"]')]


def test_a_long_list_says_what_it_leaves_out_and_offers_to_find_it(crowded: FlaskClient) -> None:
    soup = page(crowded, "/?q=көрме")
    assert len(libraries(soup)) == 40
    assert "20" in " ".join(words(soup, "fieldset .note"))
    field = one(soup, 'input[name="find-site"]')
    form = field.find_parent("form")
    assert form is not None
    assert form["method"] == "get"
    assert not soup.select('input[name="find-language"]'), "short lists need no field"


def test_every_value_of_a_long_list_is_found_without_a_script(crowded: FlaskClient) -> None:
    unlisted = {f"{n}-кітапхана" for n in range(60)} - set(libraries(page(crowded, "/?q=көрме")))
    for name in unlisted:
        assert name in libraries(page(crowded, f"/?q=көрме&find-site={name.upper()}"))


def test_finding_in_a_list_keeps_what_is_chosen(crowded: FlaskClient) -> None:
    soup = page(crowded, "/?q=көрме&site=site3&find-site=59")
    assert libraries(soup) == ["3-кітапхана", "59-кітапхана"]
    assert one(soup, 'input[name="find-site"]')["value"] == "59"


def test_a_name_that_is_not_in_the_list_is_told(crowded: FlaskClient) -> None:
    soup = page(crowded, "/?q=көрме&find-site=<b>")
    assert libraries(soup) == []
    assert "Тізімде «<b>» жоқ." in words(soup, "fieldset .note")


# --- the description of the API -----------------------------------------------------------


def test_the_page_of_the_api_describes_every_address(client: FlaskClient) -> None:
    described = client.get("/api/v1/openapi.json").get_json()
    soup = page(client, "/api")
    assert words(soup, ".panel h2 code") == [f"/api/v1{path}" for path in described["paths"]]
    assert {"q", "region", "snippet", "took_ms"} <= set(words(soup, ".fields code"))
    ids = {str(tag["id"]) for tag in soup.select("[id]")}
    inside = [str(link["href"])[1:] for link in soup.select('main a[href^="#"]')]
    assert set(inside) <= ids
    for link in soup.select("main a.try, .foot a"):
        assert client.get(str(link["href"])).status_code == 200


# --- texts that the site no longer shows --------------------------------------------------


def test_an_archived_text_stands_out_with_its_date(client: FlaskClient) -> None:
    gone = page(client, "/articles/4")
    assert words(gone, ".archived-head") == [
        "Мұрағаттағы мәтін, 2026 ж. 12 наурыз, 06:00 сақталған"
    ]
    assert "Бұрынғы мекенжайы" in words(gone, ".button")[-1]
    earlier = page(client, "/articles/1?version=1")
    assert words(earlier, ".archived-head")[0].startswith("Мұрағаттағы мәтін, 2026 ж. 10 наурыз")
    assert not page(client, "/articles/1").select(".archived")


# --- reasons of the status page -----------------------------------------------------------


@pytest.mark.parametrize(
    ("account", "reachable", "health", "reason"),
    [
        (Account(seen=4, unchanged=4), True, "ok", "Everything was read."),
        (Account(seen=4, robots_denied=4), True, "down", "robots.txt"),
        (Account(), True, "failing", "redesigned"),
        (Account(), False, "down", "did not answer"),
        (Account(seen=9, stored=8, failed=1), True, "failing", "Of 9 pages seen, 1"),
    ],
)
def test_every_state_of_a_site_has_its_reason_in_words(
    account: Account, reachable: bool, health: str, reason: str
) -> None:
    run = SiteRun(1, "mura", NOW, 9.0, account, reachable)
    found, words_of_it = health_of(SITES["mura"], run, NOW, Labels(wording("en"), SITES))
    assert found == health
    assert reason in words_of_it
