"""Language and view of the reader hold on every page, refusals too; wrong ones are refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from shelves import NOW, SITES
from test_pages import one, page, words

from searchui import create_app

pytest_plugins = ("reading_room",)


@pytest.fixture
def hurried(data: Path) -> FlaskClient:
    """A reader of Russian, with poor sight, who has asked as often as he may."""
    app = create_app(data, SITES, now=lambda: NOW, requests_per_minute=1)
    client = app.test_client()
    page(client, "/help?lang=ru&view=large")
    return client


def test_too_many_requests_are_told_in_the_language_and_view_of_the_reader(
    hurried: FlaskClient,
) -> None:
    refused = page(hurried, "/help", 429)
    assert words(refused, "h1") == ["Слишком много запросов"]
    assert (one(refused, "html")["lang"], one(refused, "html")["data-view"]) == ("ru", "large")
    chosen = page(hurried, "/help?lang=en&view=normal", 429)
    assert words(chosen, "h1") == ["Too many requests"]
    assert one(chosen, "html")["data-view"] == "normal"


def test_wrong_choices_are_no_way_round_the_limit(hurried: FlaskClient) -> None:
    assert hurried.get("/help?lang=xx").status_code == 429


def test_the_limit_leaves_alone_who_watches_the_server(hurried: FlaskClient) -> None:
    assert [hurried.get("/healthz").status_code for _ in range(5)] == [200] * 5


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("lang=xx", "lang: нужно kk, ru или en"),
        ("view=foo", "view: нужно normal или large"),
        ("q=көрме&lang=RU", "lang: нужно kk, ru или en"),
    ],
)
def test_a_language_or_view_that_there_is_not_is_refused_and_the_cookie_kept(
    client: FlaskClient, query: str, told: str
) -> None:
    page(client, "/help?lang=ru&view=large")
    refused = client.get(f"/?{query}")
    assert refused.status_code == 400
    assert "Set-Cookie" not in refused.headers
    soup = page(client, f"/?{query}", 400)
    assert words(soup, ".lead") == [told]
    assert one(soup, "html")["data-view"] == "large"
    for link in soup.select(".languages a, a.sight"):
        assert client.get(f"/{link['href']}").status_code == 200, "a way out of the error"


def test_an_old_cookie_with_an_unknown_language_does_no_harm(client: FlaskClient) -> None:
    client.set_cookie("lang", "xx")
    client.set_cookie("view", "foo")
    assert one(page(client, "/help"), "html")["lang"] == "kk"
