"""What is counted is named for what it is: articles; events only where their number is known."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from searchui.same_event import counted
from searchui.wording import LANGUAGES, wording

pytest_plugins = ("reading_room",)

# The noun of what is counted, and of an event, in any form.
ARTICLE = {"kk": "жарияланым", "ru": "публикаци", "en": "article"}
EVENT = {"kk": "іс-шара", "ru": "мероприяти", "en": "event"}


def soup_of(client: FlaskClient, path: str) -> BeautifulSoup:
    response = client.get(path)
    assert response.status_code == 200
    return BeautifulSoup(response.text, "lxml")


def text(soup: BeautifulSoup, selector: str) -> str:
    return " ".join(soup.select_one(selector).get_text(" ").split())


@pytest.mark.parametrize(
    ("articles", "events", "kk", "ru", "en"),
    [
        (1, 1, "1 жарияланым", "1 публикация", "1 article"),
        (3, None, "3 жарияланым", "3 публикации", "3 articles"),
        (5, 5, "5 жарияланым", "5 публикаций", "5 articles"),
        (2, 1, "1 іс-шара туралы 2 жарияланым", "2 публикации, мероприятий: 1",
         "2 articles on 1 event"),
        (12, 11, "11 іс-шара туралы 12 жарияланым", "12 публикаций, мероприятий: 11",
         "12 articles on 11 events"),
        (25, 21, "21 іс-шара туралы 25 жарияланым", "25 публикаций, мероприятий: 21",
         "25 articles on 21 events"),
        (34, 22, "22 іс-шара туралы 34 жарияланым", "34 публикации, мероприятий: 22",
         "34 articles on 22 events"),
    ],
)  # fmt: skip
def test_articles_and_events_are_counted_in_well_formed_words(
    articles: int, events: int | None, kk: str, ru: str, en: str
) -> None:
    assert [counted(articles, events, wording(code)) for code in LANGUAGES] == [kk, ru, en]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_heading_counts_events_where_all_answers_stand_on_the_page(
    client: FlaskClient, lang: str
) -> None:
    """Two libraries and two languages told of the seminar: three articles, one event, one row."""
    soup = soup_of(client, f"/?kind=seminar&lang={lang}")
    assert len(soup.select(".row")) == 1
    heading = text(soup, "h1")
    assert re.search(rf"\b3 {ARTICLE[lang]}", heading)
    assert counted(3, 1, wording(lang)) in heading
    many = text(soup_of(client, f"/?kind=exhibition&lang={lang}"), "h1")
    assert re.search(rf"\b45 {ARTICLE[lang]}", many)
    assert EVENT[lang] not in many


@pytest.mark.parametrize("lang", LANGUAGES)
def test_bars_exports_hints_and_status_count_articles(client: FlaskClient, lang: str) -> None:
    soup = soup_of(client, f"/?kind=exhibition&lang={lang}")
    bars = [bar.title.get_text() for bar in soup.select(".timeline a")]
    takes = [str(link["title"]) for link in soup.select(".take a[title]")]
    nothing = soup_of(client, f"/?q=цифрлық+семинар&region=abai&lang={lang}")
    hints = [hint.get_text() for hint in nothing.select(".ways small")]
    status = text(soup_of(client, f"/status?lang={lang}"), ".figures li:nth-child(2)")
    assert bars
    assert takes
    assert hints
    for told in (*bars, *takes, *hints, status.lower()):
        assert ARTICLE[lang] in told
        assert EVENT[lang] not in told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_lists_with_numbers_say_in_their_heading_what_is_counted(
    client: FlaskClient, lang: str
) -> None:
    home = soup_of(client, f"/?lang={lang}")
    filters = soup_of(client, f"/?kind=exhibition&lang={lang}")
    for soup, heading in ((home, "#kinds"), (home, "#years"), (home, "#regions"),
                          (filters, ".filters-head")):  # fmt: skip
        assert ARTICLE[lang] in text(soup, f"{heading} small")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_list_for_the_report_says_how_many_events_its_articles_tell_of(
    client: FlaskClient, lang: str
) -> None:
    lead = text(soup_of(client, f"/report?kind=seminar&lang={lang}"), ".lead")
    assert counted(3, 1, wording(lang)) in lead
    assert counted(45, None, wording(lang)) in text(
        soup_of(client, f"/report?kind=exhibition&lang={lang}"), ".lead"
    )


@pytest.mark.parametrize("group", ["kind", "month"])
def test_the_list_for_the_report_has_an_event_once(client: FlaskClient, group: str) -> None:
    soup = soup_of(client, f"/report?kind=seminar&group={group}&lang=ru")
    items = [" ".join(item.get_text(" ").split()) for item in soup.select(".report-group li")]
    assert len(items) == 1
    assert "Об этом же: " in items[0]
    assert items[0].count("«Мура»") == 1
    assert text(soup, ".report-group h2").endswith(" 1")


def test_a_list_by_libraries_has_an_event_once_for_each_that_told(client: FlaskClient) -> None:
    soup = soup_of(client, "/report?kind=seminar&group=library&lang=ru")
    told = {
        group.h2.get_text(" ").split(" ")[1]: len(group.select("li"))
        for group in soup.select(".report-group")
    }
    assert told == {"«Мура»": 1, "«Сарыарка»": 1}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_phrase_counts_events_but_where_the_groups_are_known(lang: str) -> None:
    """`{n} events` stands nowhere in the file of phrases but where events themselves are counted.

    In Russian it stands the other way round: `о {n}` would need `об` before 1, 11 and 11 000.
    """
    told = (files("searchui") / "translations" / f"{lang}.toml").read_text("utf-8")
    events = rf"\{{\w+\}} {EVENT[lang]}|{EVENT[lang]}\w*: \{{"
    lines = [line for line in told.splitlines() if re.search(events, line)]
    assert lines
    assert {line.split(".")[0] for line in lines} == {"about"}
