"""An event is one answer, whoever told of it and in whichever language; corrections are told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from shelves import MAIN, NOW, SITES, TWIN, fill, shelves

from crawler.correcting import apply_corrections
from crawler.corrections import load_corrections
from crawler.gathering import gather
from crawler.store.store import Store
from indexer.build import update_index
from searchui import create_app

CORRECTION = f'["{MAIN}"]\nvenue = "Ұлттық кітапхана"\nnote = "Хат келді"\n'


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = tmp_path_factory.mktemp("groups")
    first, *rest = shelves()
    told = replace(first.event, titles=("Цифрлық сауат",), libraries=("mura",))
    fill(folder, [replace(first, event=told), *rest])
    Path(folder / "corrections.toml").write_text(CORRECTION, "utf-8")
    with Store.open(folder) as store:
        assert apply_corrections(store, load_corrections(folder)) == 1
        gather(store)
        update_index(folder, store)
    return create_app(folder, SITES, now=lambda: NOW).test_client()


def answers(client: FlaskClient, query: str) -> list[dict]:
    return client.get(f"/api/v1/search?{query}").get_json()["hits"]


@pytest.mark.parametrize(
    ("question", "own", "other"),
    [("цифрлық+сауаттылық", MAIN, "ru"), ("цифровой+грамотности", TWIN, "kk")],
)
def test_a_search_in_either_language_leads_to_both_texts(client, question, own, other):
    hit = next(hit for hit in answers(client, f"q={question}&lang=en") if hit["url"] == own)
    assert other in {also["language"] for also in hit["also"]}
    ids = {also["id"] for also in hit["also"]}
    article = client.get(f"/api/v1/articles/{hit['id']}").get_json()
    assert {also["id"] for also in article["also"]} == ids


def test_a_list_shows_an_event_once(client):
    soup = BeautifulSoup(client.get("/?q=цифрлық+сауаттылық").text, "lxml")
    links = [str(a["href"]) for row in soup.select(".row") for a in row.select("h2 a")]
    shown = {int(link.rsplit("/", 1)[1].partition("?")[0]) for link in links}
    assert len(shown & {1, 2, 3}) == 1
    assert len(soup.select(".also a")) == 2
    assert "бір іс-шара туралы жарияланымдар бірге тұр" in soup.select_one(".shown").text


def test_the_first_page_tells_a_new_event_once(tmp_path: Path) -> None:
    fill(tmp_path, shelves()[:4])
    with Store.open(tmp_path) as store:
        gather(store)
        update_index(tmp_path, store)
    client = create_app(tmp_path, SITES, now=lambda: NOW).test_client()
    soup = BeautifulSoup(client.get("/").text, "lxml")
    newest = {int(str(a["href"]).rsplit("/", 1)[1]) for a in soup.select(".row-title a")}
    assert len(newest & {1, 2, 3}) == 1
    assert len(soup.select(".row .also a")) == 2


def test_an_event_is_told_once_among_the_similar_ones(tmp_path: Path) -> None:
    *reports, fourth = shelves()[:4]
    alike = replace(
        fourth.article, title=reports[0].article.title, blocks=reports[0].article.blocks
    )
    fill(tmp_path, [*reports, replace(fourth, article=alike)])
    with Store.open(tmp_path) as store:
        gather(store)
        update_index(tmp_path, store)
        assert not store.groups.told_by([4])
    client = create_app(tmp_path, SITES, now=lambda: NOW).test_client()
    soup = BeautifulSoup(client.get("/articles/4").text, "lxml")
    links = {str(a["href"]).rsplit("/", 1)[1] for a in soup.select(".briefs-wide a")}
    assert len(links & {"1", "2", "3"}) == 1


def test_an_event_told_on_a_page_before_is_not_told_again(client):
    rows = []
    for number in range(1, 9):
        told = client.get(f"/?q=цифрлық+сауаттылық&size=1&page={number}").text
        rows += BeautifulSoup(told, "lxml").select(".row h2 a")
    shown = {int(str(a["href"]).rsplit("/", 1)[1].partition("?")[0]) for a in rows}
    assert len(shown & {1, 2, 3}) == 1
    assert len(shown) == len(rows)


def test_titles_libraries_and_the_note_of_a_correction_are_told(client):
    article = client.get("/api/v1/articles/1?lang=kk").get_json()
    assert article["event"]["titles"] == ["Цифрлық сауат"]
    assert article["event"]["libraries"] == [{"site": "mura", "library": "«Мұра» орталығы"}]
    notes = [e for e in article["evidence"] if e["where"] == "correction"]
    assert [(e["fact"], e["words"]) for e in notes] == [("venue", "Хат келді")]
    for language, words in (("kk", "Түзетілді"), ("ru", "Исправлено"), ("en", "Corrected")):
        text = BeautifulSoup(client.get(f"/articles/1?lang={language}").text, "lxml").get_text(" ")
        assert f"{words}: Хат келді" in text
        assert "Цифрлық сауат" in text


KINDS = {
    "kk": ("Түрі", "көрме", "кітап көрмесі"),
    "ru": ("Тип", "выставка", "книжная выставка"),
    "en": ("Type", "exhibition", "book exhibition"),
}


def lines_of_facts(client: FlaskClient, path: str) -> dict[str, list[str]]:
    """The lines below "About the event": values and the sentence below them, by name."""
    soup = BeautifulSoup(client.get(path).text, "lxml")
    return {
        line.dt.get_text(): [" ".join(dd.get_text(" ").split()) for dd in line.select("dd")]
        for line in soup.select(".facts dl > div")
    }


@pytest.fixture(scope="module")
def mended(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """The first seminar with other kinds, and without its place, people, way of meeting, dates."""
    folder = tmp_path_factory.mktemp("mended")
    fill(folder, shelves()[:3])
    row = f'["{MAIN}"]\nkinds = ["кітап көрмесі"]\nvenue = ""\nparticipants = ""\nonline = ""\n'
    Path(folder / "corrections.toml").write_text(row + f'\n["{TWIN}"]\nstarts = ""\n', "utf-8")
    with Store.open(folder) as store:
        assert apply_corrections(store, load_corrections(folder)) == 2
        update_index(folder, store)
    return create_app(folder, SITES, now=lambda: NOW).test_client()


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_corrected_kinds_are_marked(mended, lang):
    name, broad, narrow = KINDS[lang]
    *kinds, sentence = lines_of_facts(mended, f"/articles/1?lang={lang}")[name]
    assert sorted(kinds) == sorted([narrow, broad])
    assert sentence in ("Әкімші түзеткен.", "Исправлено администратором.",
                        "Corrected by the administrator.")  # fmt: skip
    assert name not in lines_of_facts(mended, f"/articles/3?lang={lang}"), "said over the title"


@pytest.mark.parametrize(
    ("lang", "names", "told"),
    [
        ("kk", ["Өткен жері", "Қатысушылар", "Өту түрі"], "алып тасталды"),
        ("ru", ["Место", "Участники", "Формат"], "снято"),
        ("en", ["Venue", "Participants", "Format"], "taken back"),
    ],
)
def test_a_fact_that_was_taken_back_is_told_as_such(mended, lang, names, told):
    lines = lines_of_facts(mended, f"/articles/1?lang={lang}")
    for name in names:
        value, sentence = lines[name]
        assert told in value
        assert "Сарыарқа" not in value + sentence
    when = {"kk": "Өткен күні", "ru": "Дата проведения", "en": "Event date"}[lang]
    assert told in lines_of_facts(mended, f"/articles/2?lang={lang}")[when][0]
    untouched = lines_of_facts(mended, f"/articles/3?lang={lang}")
    assert not any(told in value for values in untouched.values() for value in values)
