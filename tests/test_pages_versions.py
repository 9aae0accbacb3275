"""An earlier version of an article is shown with what was read from it, not with today's facts."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from shelves import LEAD, NOW, SEMINAR, SITES, fill, shelves
from test_pages import one, page, words

from crawler.model import Block, Event, Evidence
from crawler.store.store import Store
from searchui import create_app

pytest_plugins = ("reading_room",)

THEN = "2024 жылғы 9 қазанда Астанада көрме өтеді."


@pytest.fixture
def retold(tmp_path: Path) -> FlaskClient:
    """Pages over a story that first announced an exhibition and later told of a seminar."""
    first = replace(SEMINAR, title="Көрме болады", blocks=(Block(THEN),), language="kk")
    announced = Event(
        kinds=("exhibition",),
        starts="2024-10-09",
        confidence=0.9,
        region="astana",
        evidence=(Evidence("starts", "text", 0, 20, THEN[:20]),),
    )
    with Store.open(tmp_path) as store:
        store.articles.save(first, announced, NOW - timedelta(days=3))
    fill(tmp_path, shelves()[:1])
    return create_app(tmp_path, SITES, now=lambda: NOW).test_client()


def test_an_earlier_version_tells_its_own_facts_and_evidence(retold: FlaskClient) -> None:
    soup = page(retold, "/articles/1?version=1")
    assert words(soup, "h1") == ["Көрме болады"]
    assert words(soup, ".story-head .tag") == ["көрме"]
    assert words(soup, ".byline strong") == ["2024 ж. 9 қазан"]
    told = " ".join(words(soup, ".facts dl"))
    assert "Астана" in told
    assert THEN[:20] in told
    for todays in ("85", "Қарағанды", "16–17", LEAD[:24]):
        assert todays not in told
    now = " ".join(words(page(retold, "/articles/1"), ".facts dl"))
    assert "85" in now
    assert THEN[:20] not in now


def test_what_machines_read_of_an_earlier_version_is_of_it_too(retold: FlaskClient) -> None:
    soup = page(retold, "/articles/1?version=1")
    told = json.loads(one(soup, 'script[type="application/ld+json"]').get_text())
    assert (told["@type"], told["name"]) == ("ExhibitionEvent", "Көрме болады")
    assert (told["startDate"], told["keywords"]) == ("2024-10-09", ["көрме"])
    files = [str(link["href"]) for link in soup.select(".cite .actions a")]
    assert files == [f"/articles/1.{form}?version=1" for form in ("ris", "ics", "jsonld")]
    assert retold.get(files[2]).get_json(force=True) == told
    assert "DTSTART;VALUE=DATE:20241009" in retold.get(files[1]).text
    assert "Көрме болады" in retold.get(files[0]).text
    assert "Көрме болады" in words(soup, "#citation")[0]


def test_todays_version_links_to_its_files_without_a_number(retold: FlaskClient) -> None:
    soup = page(retold, "/articles/1")
    files = [str(link["href"]) for link in soup.select(".cite .actions a")]
    assert files == [f"/articles/1.{form}" for form in ("ris", "ics", "jsonld")]
    assert "DTSTART;VALUE=DATE:20241016" in retold.get(f"{files[1]}?version=2").text
    assert retold.get(f"{files[1]}?version=3").status_code == 404
