"""Pages that tell of several events, or of one in two languages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.model import Capture, TextLink
from crawler.reading import read, read_all
from crawler.sites import Layout, Names, Site

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
    assert [one.url.partition("#")[2] for one in found] == ["poems", "2"]
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
    assert (first.url, second.url) == tuple(f"http://library.example/news/7#{n}" for n in (1, 2))
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
