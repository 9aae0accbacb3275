"""Pages that tell of several events, or of one in two languages."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from crawler.model import Capture, TextLink
from crawler.reading import read, read_all
from crawler.sites import Layout, Names, Site

GOLDEN = sorted((Path(__file__).parent / "golden" / "parts").glob("*.html"))
KAZAKH = (
    "Аудандық кітапханада оқырмандармен кездесу өтіп, оған жүзден астам адам қатысты. "
    "Кездесу соңында қонақтарға кітаптар мен естелік сыйлықтар табысталды."
)
RUSSIAN = (
    "В районной библиотеке состоялась встреча с читателями, в которой приняли участие более "
    "ста человек. Гостям вручили книги и памятные подарки."
)


def capture(inside: str) -> Capture:
    page = f"<html><head><title>Тақырып</title></head><body>{inside}</body></html>"
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    now = datetime(2024, 10, 10, tzinfo=UTC)
    return Capture("http://library.example/news/7", now, 200, headers, page.encode())


def site(**told: str) -> Site:
    layout = Layout(title="h3", body=".list", **told)  # type: ignore[arg-type]
    return Site(
        id="x", name=Names(kk="Кітапхана"), url="http://library.example/", layouts=(layout,)
    )


def test_a_layouts_split_gives_an_article_for_every_part() -> None:
    parts = "".join(
        f"<div class='one' {told}><h3>{title}</h3><span class='when'>{day}</span>"
        f"<p>{KAZAKH}</p><img src='/{title}.jpg'></div>"
        for told, title, day in (
            ("id='poems'", "Өлең кеші", "12.05.2024"),
            ("", "Кітап көрмесі", "13.05.2024"),
        )
    )
    page = capture(f"<div class='list'><div class='one'></div>{parts}</div>")
    found = [one.article for one in read_all(page, site(split=".one", published=".when"))]
    by_title = ":~:text=" + quote("Кітап көрмесі")
    assert [one.url.partition("#")[2] for one in found] == ["poems", by_title]
    assert [one.title for one in found] == ["Өлең кеші", "Кітап көрмесі"]
    assert [one.published.day for one in found if one.published] == [12, 13]
    assert [one.paragraphs for one in found] == [(KAZAKH,), (KAZAKH,)]
    assert all(len(one.images) == 1 for one in found)


def test_headings_with_dates_part_a_page() -> None:
    page = capture(
        f"<div><h3>Өлең кеші</h3><p>12.05.2024</p><p>{KAZAKH}</p><p>{KAZAKH}</p><img src='/1.jpg'>"
        f"<h3>Кітап көрмесі</h3><p>13.05.2024</p><p>{KAZAKH} <a href='/x'>Сілтеме</a></p>"
        f"<p>{KAZAKH}</p><img src='/2.jpg'></div>"
    )
    first, second = (one.article for one in read_all(page))
    assert (first.title, second.title) == ("Өлең кеші", "Кітап көрмесі")
    assert [one.url.partition("#:~:text=")[2] for one in (first, second)] == [
        quote("Өлең кеші"),
        quote("Кітап көрмесі"),
    ]
    assert first.paragraphs == (KAZAKH, KAZAKH)
    assert [image.url[-5:] for image in first.images] == ["1.jpg"]
    assert [image.url[-5:] for image in second.images] == ["2.jpg"]
    assert second.links == (TextLink("http://library.example/x", "Сілтеме"),)
    assert first.links == ()


@pytest.mark.parametrize(
    "inside",
    [
        f"<h3>Кіріспе</h3><p>{KAZAKH}</p><h3>Қорытынды</h3><p>{KAZAKH}</p>",
        f"<p>{KAZAKH}</p><h3>Бірінші күн</h3><p>12.05.2024</p><p>Ашылу</p>"
        "<h3>Екінші күн</h3><p>13.05.2024</p><p>Жабылу</p>",
    ],
    ids=["headings", "programme"],
)
def test_one_story_is_never_parted(inside: str) -> None:
    assert len(read_all(capture(f"<div>{inside}</div>"))) == 1


def test_a_story_told_in_two_languages_keeps_both() -> None:
    texts = (KAZAKH, KAZAKH, RUSSIAN, RUSSIAN)
    article = read(capture("".join(f"<p>{text}</p>" for text in texts))).article
    assert article.paragraphs == texts
    assert (article.language, article.languages) == ("kk", ("kk", "ru"))
    assert [block.language for block in article.blocks] == ["kk", "kk", "ru", "ru"]


@pytest.mark.parametrize("other", ["", f"<p>{RUSSIAN[:60]}</p>", "<p>«Евгений Онегин», «Русь»</p>"])
def test_a_story_of_one_language_tells_none_of_its_blocks(other: str) -> None:
    article = read(capture(f"<p>{KAZAKH * 3}</p>{other}<p>{KAZAKH * 3}</p>")).article
    assert article.languages == ("kk",)
    assert {block.language for block in article.blocks} == {None}


def test_a_page_that_breaks_off_is_suspect() -> None:
    whole = capture(f"<div><p>{KAZAKH}</p><p>{KAZAKH}</p></div>")
    assert read(whole).article.suspect is None
    cut = whole.body[: whole.body.rfind(b"<p>") + 60]
    broken = Capture(whole.url, whole.fetched_at, 200, whole.headers, cut)
    assert read(broken).article.suspect == "the page breaks off before its end"


def test_a_layout_that_gives_much_less_than_the_page_has_is_suspect() -> None:
    page = capture(
        f"<div class='list'><h3>Тақырып</h3><p>{KAZAKH * 2}</p></div><div>"
        + "".join(f"<p>{KAZAKH * 2}</p>" for _ in range(12))
        + "</div>"
    )
    suspect = read(page, site()).article.suspect
    assert suspect is not None
    assert suspect.startswith("the layout gives 3")


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_list_of_whole_entries_gives_an_article_for_each(path: Path) -> None:
    truth = json.loads(path.with_suffix(".json").read_text("utf-8"))
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    now = datetime(2024, 11, 1, tzinfo=UTC)
    page = Capture("http://lib.example/news/", now, 200, headers, path.read_bytes())
    found = [one.article for one in read_all(page)]
    assert [one.title for one in found] == [one["title"] for one in truth]
    assert [one.url for one in found] == [one["url"] for one in truth]
    assert [list(one.paragraphs) for one in found] == [one["paragraphs"] for one in truth]
    days = [one.published.date().isoformat() for one in found if one.published]
    assert days == [one["published"] for one in truth]


LONG = f"<p>{KAZAKH} {KAZAKH}</p><p>{KAZAKH} {KAZAKH}</p>"
TEASED = f"<p>{KAZAKH} {KAZAKH}</p><p>{KAZAKH} {KAZAKH.rstrip('.')}…</p>"


def boxes(*insides: str) -> str:
    return "".join(f"<div class='box'>{inside}</div>" for inside in insides)


@pytest.mark.parametrize(
    "inside",
    [
        boxes(f"<h3>Кіріспе сөз</h3>{LONG}", f"<h3>Негізгі бөлім</h3>{LONG}"),
        boxes(
            f"<h3><a href='/1'>Өлең кеші</a></h3><p>12.05.2024</p>{TEASED}",
            f"<h3><a href='/2'>Кітап көрмесі</a></h3><p>13.05.2024</p>{TEASED}",
        ),
        boxes(
            f"<h3><a href='/1'>Өлең кеші</a></h3>{LONG}<a href='/1'>Толығырақ</a>",
            f"<h3><a href='/2'>Кітап көрмесі</a></h3>{LONG}<a href='/2'>Толығырақ</a>",
        ),
        f"<h1>Кітап көрмесі ашылды</h1>{LONG * 4}<div class='comments'>"
        + boxes(
            f"<h4>Гүлнар Сапарова</h4><time>12.05.2024</time>{LONG}",
            f"<h4>Ерлан Сапаров</h4><time>13.05.2024</time>{LONG}",
        )
        + "</div>",
        f"<h1>Кітап көрмесі ашылды</h1>{LONG * 4}"
        + boxes(
            f"<h3><a href='/1'>Өлең кеші</a></h3>{LONG}",
            f"<h3><a href='/2'>Жазушымен кездесу</a></h3>{LONG}",
        ),
    ],
    ids=["sections", "broken off", "more", "comments", "others below a story"],
)
def test_what_is_no_list_of_whole_entries_stays_one(inside: str) -> None:
    assert len(read_all(capture(f"<div class='content'>{inside}</div>"))) == 1


def test_an_entry_put_above_leaves_the_others_their_addresses() -> None:
    one, two, three = (
        f"<div class='one'><h3>{title}</h3><p>1{n}.05.2024</p>{LONG}</div>"
        for n, title in enumerate(("Өлең кеші", "Кітап көрмесі", "Жазушымен кездесу"))
    )
    before = {part.article.url for part in read_all(capture(f"<div>{two}{three}</div>"))}
    after = {part.article.url for part in read_all(capture(f"<div>{one}{two}{three}</div>"))}
    assert len(before) == 2
    assert len(after) == 3
    assert before < after
