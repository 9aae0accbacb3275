"""Which part of a page is its story, what is refused, and what is told of the rest."""

from __future__ import annotations

import json
import random
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.errors import ExtractionError
from crawler.extract.page import extract
from crawler.extract.parts import extract_all
from crawler.model import Capture, Draft
from jarshy import main

URL = "http://library.example/kk/news/125-kezdesu"
STORY = (
    "Аудандық кітапханада 12 наурызда жазушымен кездесу өтіп, оған қырыққа жуық оқырман қатысты.",
    "Қонақ жаңа кітабын таныстырып, оқушылардың сұрақтарына бір сағаттай жауап берді.",
    "Кездесу соңында кітапхана қорына автордың отыз данадан астам кітабы тапсырылды.",
)
TOLD = "Кітап-ойыншық балаларға ерекше ұнады: оның әр беті алақанда тірілгендей болды."
MENU = "<div id=menu><a href='/'>Басты бет</a> <a href='/news'>Жаңалықтар</a></div>"


def capture(html: str) -> Capture:
    page = f"<html lang=kk><head><meta charset=utf-8>{html}</body></html>"
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return Capture(URL, datetime(2025, 3, 13, tzinfo=UTC), 200, headers, page.encode())


def read(body: str, head: str = "<title>Жазушымен кездесу</title>") -> Draft:
    return extract(capture(f"{head}</head><body>{body}"))


def texts(draft: Draft) -> list[str]:
    return [block.text for block in draft.blocks]


def in_story(box: str) -> str:
    first, *rest = (f"<p>{one}</p>" for one in STORY)
    return f"{MENU}<div class=c><h1>Жазушымен кездесу</h1>{first}{box}{''.join(rest)}</div>"


@pytest.mark.parametrize(
    "name", ["comment", "banner", "popup", "rating", "views", "related-x", "share-x", "sidebar-x"]
)
def test_a_box_of_sentences_between_parts_of_a_story_stays(name: str) -> None:
    assert TOLD in texts(read(in_story(f"<div class='{name}'><p>{TOLD}</p></div>")))


@pytest.mark.parametrize(
    "box",
    [
        f"<div class=banner><h4>Жазылыңыз</h4><p>{TOLD}</p></div>",
        f"<div class=comment><p>{TOLD}</p></div>" * 3,
        f"<div class=cookie-notice><p>{TOLD}</p></div>",
        f"<div class=popup style='display:none'><p>{TOLD}</p></div>",
        f"<div class=poll><form><p>{TOLD}</p></form></div>",
    ],
    ids=["heading", "several", "sure", "hidden", "form"],
)
def test_what_is_no_part_of_a_story_goes_and_is_told(box: str) -> None:
    draft = read(in_story(box))
    assert TOLD not in texts(draft)
    assert any(TOLD in one.text for one in draft.removed)


@pytest.mark.parametrize("name", ["banner", "x", "sidebar"])
def test_running_text_beside_a_story_is_told(name: str) -> None:
    draft = read(in_story("") + f"<div class={name}><h4>Басқа</h4><p>{TOLD}</p></div>")
    assert TOLD not in texts(draft)
    assert any(TOLD in one.text for one in draft.removed)


SHORT = ("Көшпелі кітапхана ауылға келді.", "Балаларға 100 кітап берілді.")
OTHERS = "".join(f"<p>{one}</p>" for one in (*STORY, TOLD))


@pytest.mark.parametrize(
    "others",
    [
        f"<div class=related-news><h3>Жаңа</h3>{OTHERS}</div>",
        f"<div class=z><h3>Соңғы жаңалықтар</h3>{OTHERS}</div>",
        "<div class=z>" + "".join(f"<div><h4>{n}-шара</h4>{OTHERS}</div>" for n in "12") + "</div>",
    ],
    ids=["named", "headed", "alike"],
)
@pytest.mark.parametrize("before", [False, True])
def test_a_short_story_is_not_replaced_by_longer_boxes(others: str, before: bool) -> None:
    own = "<div class=a><h1>Ауылда</h1>" + "".join(f"<p>{one}</p>" for one in SHORT) + "</div>"
    draft = read(others + own if before else own + others, "<title>Ауылда - Кітапхана</title>")
    assert [text for text in texts(draft) if text != "Ауылда"] == list(SHORT)
    assert draft.title == "Ауылда"


BOOKS = "<ul><li><a href=/1>Абай «Қара сөздер»</a></li><li><a href=/2>М. Әуезов «Абай жолы»</a></li></ul>"


def test_a_list_of_links_that_the_story_announces_stays() -> None:
    assert "М. Әуезов «Абай жолы»" in texts(read(in_story(f"<p>Көрмеде:</p>{BOOKS}")))
    assert "М. Әуезов «Абай жолы»" in texts(read(in_story(BOOKS)))
    table = (
        "<table><tr><td>10:00<td>Ашылу салтанаты</tr><tr><td>11:00<td>Шеберлік сағаты</tr></table>"
    )
    assert "М. Әуезов «Абай жолы»" in texts(read(in_story(table + BOOKS)))
    others = read(in_story(f"<p>Тағы оқыңыз:</p>{BOOKS}"))
    assert "М. Әуезов «Абай жолы»" not in texts(others)
    assert any("Абай жолы" in one.text for one in others.removed)


@pytest.mark.parametrize(
    "name", ["ЦБС", "Практикум | Библиотека", "ЦБС города Темиртау - Официальный сайт", "Новости"]
)
@pytest.mark.parametrize("level", ["h1", "h2"])
def test_a_sites_name_is_no_title(name: str, level: str) -> None:
    body = "".join(f"<p>{one}</p>" for one in STORY)
    draft = read(
        f"{MENU}<{level}>Мастер-класс по каллиграфии</{level}>{body}", f"<title>{name}</title>"
    )
    assert draft.title == "Мастер-класс по каллиграфии"


def test_a_sites_name_beside_a_section_is_no_title() -> None:
    line = "<font size=5><b>Дөңгелек үстел «Жастар және кітап»</b></font>"
    body = f"<div>{MENU}{line}<br><br>{'<br><br>'.join(STORY)}</div>"
    draft = read(body, "<title>Новости - ЦБС г. Темиртау</title>")
    assert draft.title == "Дөңгелек үстел «Жастар және кітап»"


@pytest.mark.parametrize(
    "head",
    ["<h1>404 Страница не найдена</h1>", "<h1>Бет табылмады!</h1>", "<h2>Page not found</h2>", ""],
)
def test_a_page_that_says_that_it_is_missing_is_refused(head: str) -> None:
    with pytest.raises(ExtractionError, match="no such page"):
        read(f"{MENU}{head}{OTHERS}", "<title>Ошибка 404</title>")


def test_a_story_about_pages_not_found_is_read() -> None:
    head = "<h1>Почему страница не найдена: мастер-класс</h1>"
    assert read(
        MENU + head + OTHERS, "<title>Почему страница не найдена: мастер-класс</title>"
    ).blocks


def test_bytes_that_are_no_text_are_refused() -> None:
    body = random.Random(5).randbytes(3_000)
    with pytest.raises(ExtractionError, match=r"no text|no charset"):
        extract(Capture(URL, datetime.now(UTC), 200, (("Content-Type", "text/html"),), body))


@pytest.mark.parametrize(
    ("href", "twin"),
    [
        ("/ru/news/125-vstrecha", "http://library.example/ru/news/125-vstrecha"),
        ("/ru/news/125-kezdesu", "http://library.example/ru/news/125-kezdesu"),
        ("?lang=ru", URL + "?lang=ru"),
        ("/ru/", None),
        ("/ru/news", None),
        ("http://other.example/ru/news/125-kezdesu", None),
    ],
)
@pytest.mark.parametrize("link", ["<a href='{}'>RU</a>", "<a href='{}'><img alt='Русский'></a>"])
def test_a_language_switcher_leads_to_the_twin(link: str, href: str, twin: str | None) -> None:
    draft = read(link.format(href) + " <a href='/kk/'>ҚАЗ</a>" + in_story(""))
    assert draft.twins == ((("ru", twin),) if twin else ())


@pytest.mark.parametrize("image", ["/a.jpg", ["/a.jpg", "/b.jpg"], {"url": "/a.jpg"}])
def test_a_picture_of_json_ld_is_read(image: object) -> None:
    told = json.dumps({"@type": "NewsArticle", "headline": "Кездесу", "image": image})
    script = f"<script type='application/ld+json'>{told}</script>"
    assert read(in_story(""), script).images[0].url == "http://library.example/a.jpg"


def test_an_empty_cell_keeps_its_place() -> None:
    rows = "<table><tr><td>10:00<td>Ашылу<td>Зал</tr><tr><td>11:00<td> <td>Дәліз</tr></table>"
    assert "11:00 |  | Дәліз" in texts(read(in_story(rows)))


def entry(number: int, words: int) -> str:
    told = " ".join(
        f"Кітапханада {number}-шара өтті, оған {n} оқырман қатысты." for n in range(words)
    )
    return f"<div class=i><h2><a href='/n/{number}'>{number}-көрме ашылды</a></h2><p>0{number}.04.2025</p><p>{told}</p></div>"


def test_whole_entries_with_linked_titles_are_the_pages_articles() -> None:
    page = "<title>Тоқсан</title></head><body><h1>Жаңалықтар</h1>"
    drafts = extract_all(capture(page + "".join(entry(one, 14) for one in (1, 2, 3))))
    assert [one.title for one in drafts] == ["1-көрме ашылды", "2-көрме ашылды", "3-көрме ашылды"]
    with pytest.raises(ExtractionError, match="list of other stories"):
        extract_all(
            capture(page + "".join(entry(one, 2) for one in (1, 2, 3)) + "<div>1 2 3 Келесі</div>")
        )


def test_clean_shows_the_parts_of_a_page(tmp_path: Path) -> None:
    path = tmp_path / "list.html"
    page = "<title>Тоқсан</title></head><body>" + "".join(entry(one, 14) for one in (1, 2, 3))
    path.write_bytes(capture(page).body)
    shown = CliRunner().invoke(main, ["clean", str(path)])
    assert shown.exit_code == 0, shown.stderr
    assert "article 3 of 3" in shown.stderr
    record = json.loads(CliRunner().invoke(main, ["clean", "--json", str(path)]).stdout)
    assert [one["title"] for one in record["parts"]][2] == "3-көрме ашылды"
    assert record["parts"][0]["published"] == "2025-04-01T00:00"


def test_clean_takes_nothing_but_an_address_for_one(tmp_path: Path) -> None:
    path = tmp_path / "story.html"
    path.write_bytes(capture(f"</head><body>{in_story('')}").body)
    done = CliRunner().invoke(main, ["clean", "--url", "not a url", str(path)])
    assert done.exit_code == 2
    assert "no web address" in done.stderr


def nested(deep: int) -> str:
    russian = "В библиотеке прошла встреча с писателем, на которую пришли сорок читателей города."
    return f"<div><p>{russian}</p>" * deep + f"<p>{STORY[0]}</p>" * 5_000 + "</div>" * deep


@pytest.mark.parametrize(
    "body",
    [
        nested(390),
        "".join(f"<div class=banner>{TOLD}</div><p>{n}</p>" for n in range(10_000)),
        "".join(f"<div class=c><p>{STORY[n % 3]}</p></div>" for n in range(20_000)),
        f"<p>{STORY[0]}</p>" + "<a class=ru href='/ru/n/2'>рус</a>" * 20_000,
    ],
    ids=["nested", "boxes", "alike", "switchers"],
)
def test_a_page_of_many_boxes_alike_is_read_in_time(body: str) -> None:
    begun = time.process_time()
    page = capture(f"<title>Жазушымен кездесу</title></head><body>{body}")
    with suppress(ExtractionError):
        extract_all(page)
    assert time.process_time() - begun < 2
