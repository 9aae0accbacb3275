"""Pages once more: long lists of filters, the API's description, archived texts, bots."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from shelves import NOW, Stored, fill
from test_pages import one, page, words

from crawler.health import Reason, SiteHealth
from crawler.model import Article, Block, Event
from crawler.sites import Names, Site
from crawler.vocabulary import kinds, regions
from searchui import create_app
from searchui.health_words import health_words, reason_words
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
    assert len(libraries(soup)) == 24
    assert "36" in " ".join(words(soup, "fieldset .note"))
    field = one(soup, 'input[name="find-site"]')
    form = field.find_parent("form")
    assert form is not None
    assert form["method"] == "get"
    assert not soup.select('input[name="find-language"]'), "short lists need no field"


@pytest.fixture(scope="module")
def heavy(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Every region, two hundred kinds, sixty libraries, fourteen years, long titles and texts."""
    data = tmp_path_factory.mktemp("heavy")
    all_kinds, all_regions = sorted(kinds()), sorted(regions())
    sites = {f"site{n}": site_named(f"site{n}", f"{n}-облыстық кітапхана") for n in range(60)}
    rows = [
        Stored(
            Article(
                url=f"https://site{n}.example.kz/kk/news/oqyrmandarmen-kezdesu-{n}",
                title=f"«Туған өлке тарихы – ұрпаққа аманат» атты оқырмандармен кездесу, {n}-бөлім",
                blocks=(Block("Облыстық кітапханада оқырмандармен кездесу мен көрме өтті. " * 8),),
                language=("kk", "ru", "en")[n % 3],
                layout="demo",
                site=f"site{n}",
            ),
            Event(
                tuple(all_kinds[3 * n : 3 * n + 3]),
                f"{2010 + n % 14}-05-{1 + n % 28:02}",
                region=all_regions[n % len(all_regions)],
                online=True,
            ),
            NOW,
        )
        for n in range(60)
    ]
    fill(data, rows)
    return create_app(data, sites, now=lambda: NOW).test_client()


@pytest.mark.parametrize("filters", ["", "&region=abai&region=akmola", "&from=2015&to=2015"])
def test_the_heaviest_page_of_results_stays_under_60_kb(heavy: FlaskClient, filters: str) -> None:
    question = "облыстық кітапханадағы оқырмандармен кездесулер"
    for lang in ("kk", "ru", "en"):
        path = f"/?q={question}{filters}&lang={lang}"
        size = len(heavy.get(path).data)
        assert size <= 60 * 1024, f"{path}: {size} bytes"
    assert page(heavy, f"/?q={question}").select(".map a, .timeline a, .row")


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
        "Мұрағаттағы мәтін (сақталған күні: 2026 ж. 12 наурыз, 06:00)"
    ]
    assert "Бұрынғы мекенжайы" in words(gone, ".button")[-1]
    earlier = page(client, "/articles/1?version=1")
    assert words(earlier, ".archived-head")[0].startswith(
        "Мұрағаттағы мәтін (сақталған күні: 2026 ж. 10 наурыз"
    )
    assert not page(client, "/articles/1").select(".archived")


# --- reasons of the status page -----------------------------------------------------------


REASONS = (
    Reason("unreachable", {"n": 1, "detail": "x"}),
    Reason("unreachable", {"n": 4}),
    Reason("certificate", {"n": 1}),
    Reason("robots", {"n": 1}),
    Reason("robots_unreadable", {"n": 2}),
    Reason("empty"),
    Reason("nothing"),
    Reason("pages", {"n": 1, "seen": 1234}),
    Reason("layout", {"n": 3, "of": 3}),
    Reason("shrinks", {"new": 90, "old": 900}),
    Reason("undated", {"n": 6}),
    Reason("silent", {"when": NOW}),
    Reason("cut", {"n": 7, "of": 12, "detail": "x"}),
    Reason("overdue", {"when": NOW}),
)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("reason", REASONS, ids=lambda one: one.code)
def test_every_reason_has_its_words_in_every_language(reason: Reason, language: str) -> None:
    told = reason_words(reason, wording(language))
    assert len(told) > 20
    assert "{" not in told
    for name, value in reason.facts.items():
        if name == "detail":
            assert "x" not in told.split()
        elif isinstance(value, int) and value not in (1, 1234, 2):
            assert str(value) in told


@pytest.mark.parametrize("state", ["ok", "waiting", "off"])
def test_a_state_without_reasons_has_words(state: str) -> None:
    health = SiteHealth("mura", "Мұра", 0, None, state)
    assert len(health_words(health, wording("en"))) > 10
