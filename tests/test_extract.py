"""What a page says: charsets, layouts, blocks, dates, titles, and pages that mean harm."""

from __future__ import annotations

import codecs
import importlib
import re
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from crawler.errors import ExtractionError
from crawler.extract import layouts
from crawler.extract.dates import date_in_url, read_date, read_date_line
from crawler.extract.page import decode, extract
from crawler.extract.plain import extract_text
from crawler.model import BlockKind, Capture, Draft
from crawler.sites import Layout, Names, Site

ALMATY = ZoneInfo("Asia/Almaty")
NOW = datetime(2024, 10, 10, 12, 0, tzinfo=UTC)
STORY = "Аудандық кітапханада оқырмандармен кездесу өтіп, оған жүзден астам адам қатысты. "
LONG = STORY * 5


def capture(
    body: str | bytes, content_type: str = "text/html; charset=utf-8", **told: str
) -> Capture:
    data = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    url = told.get("url", "http://library.example/kk/news/12")
    return Capture(url, NOW, 200, (("Content-Type", content_type),), data)


def site(*told: Layout, **more: object) -> Site:
    names = Names(kk="Кітапхана")
    return Site(id="x", name=names, url="http://library.example/", layouts=told, **more)  # type: ignore[arg-type]


OWN = Layout(title="h1", body=".text", published=".when")


def read(inside: str, *, before: str = "", head: str = "") -> Draft:
    page = (
        f"<html><head>{head}</head><body>{before}<h1>Тақырып</h1><div class='text'>{inside}</div>"
    )
    return extract(capture(page), site(OWN))


def texts(draft: Draft) -> list[str]:
    return [block.text for block in draft.blocks]


# Charsets: header, meta and bytes in all the ways that they contradict each other.
KAZAKH = "Қазақ үні, ғұлама, Әжем, өңір, һәм. Кітапхана жаңалықтары."
RUSSIAN = "Новости областной библиотеки: открылась выставка книг о родном крае."


@pytest.mark.parametrize(
    ("text", "bytes_in", "header", "meta"),
    [
        (KAZAKH, "utf-8", "utf-8", "utf-8"),
        (KAZAKH, "utf-8", "windows-1251", None),
        (KAZAKH, "utf-8", None, "windows-1251"),
        (KAZAKH, "utf-8", "iso-8859-1", None),
        (KAZAKH, "utf-8", "utf-16", None),
        (KAZAKH, "utf-8", None, None),
        (KAZAKH, "utf-8", "no-such-charset", None),
        (KAZAKH, "kz1048", "kz-1048", None),
        (KAZAKH, "kz1048", None, "windows-1251"),
        (KAZAKH, "kz1048", "utf-8", None),
        (KAZAKH, "kz1048", None, "utf-8"),
        (KAZAKH, "kz1048", None, None),
        (RUSSIAN, "windows-1251", "windows-1251", None),
        (RUSSIAN, "windows-1251", "utf-8", "utf-8"),
        (RUSSIAN, "windows-1251", None, None),
        (RUSSIAN, "windows-1251", "zip", None),
        (RUSSIAN, "koi8-r", "koi8-r", None),
        ("Café für élève", "windows-1252", None, None),
    ],
)
def test_the_text_is_read_whatever_charset_is_declared(
    text: str, bytes_in: str, header: str | None, meta: str | None
) -> None:
    told = f'<meta charset="{meta}">' if meta else ""
    body = f"<html><head>{told}</head><body>{text * 3}</body></html>".encode(bytes_in)
    content_type = f"text/html; charset={header}" if header else "text/html"
    assert text in decode(capture(body, content_type))


@pytest.mark.parametrize("mark", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_byte_order_mark_wins(mark: str) -> None:
    boms = {
        "utf-8": codecs.BOM_UTF8,
        "utf-16-le": codecs.BOM_UTF16_LE,
        "utf-16-be": codecs.BOM_UTF16_BE,
    }
    assert decode(capture(boms[mark] + KAZAKH.encode(mark), "text/html; charset=koi8-r")) == KAZAKH


def test_a_character_cut_at_the_end_spoils_nothing() -> None:
    assert decode(capture(KAZAKH.encode()[:-1] + "ы".encode()[:1])).startswith(KAZAKH[:-1])


def test_what_no_charset_explains_is_refused() -> None:
    with pytest.raises(ExtractionError, match="charset"):
        decode(capture(b"\x98\x81" * 500, "text/html; charset=utf-8"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019-04-08T16:32:00+06:00", "2019-04-08T16:32:00+06:00"),
        ("2019-04-08T10:32:00Z", "2019-04-08T10:32:00+00:00"),
        ("2024-02-29 10:00", "2024-02-29T10:00:00+06:00"),
        ("2024-03-01T10:00:00", "2024-03-01T10:00:00+05:00"),
        ("08 сәуір 2019 ж. 16:32", "2019-04-08T16:32:00+06:00"),
        ("2019 жылдың 19 ақпан күні", "2019-02-19T00:00:00+06:00"),
        ("2024 жылғы 18 қыркүйек", "2024-09-18T00:00:00+05:00"),
        ("Жарияланған күні: 12.06.2023", "2023-06-12T00:00:00+06:00"),
        ("Опубликовано: 12 июня 2023 г., 16:32", "2023-06-12T16:32:00+06:00"),
        ("Февраль 19, 2019", "2019-02-19T00:00:00+06:00"),
        ("Sunday, 05 September 2010 20:52", "2010-09-05T20:52:00+07:00"),
        ("05.11.2008 г.", "2008-11-05T00:00:00+06:00"),
        ("01 шіл 2022", "2022-07-01T00:00:00+06:00"),
        ("кеше, 10:15", "2024-10-09T10:15:00+05:00"),
        ("вчера", "2024-10-09T00:00:00+05:00"),
        ("Елена Ш. пт, 11/10/2023 - 14:20", "2023-11-10T14:20:00+06:00"),
        ("ср, 11/10/2023 - 14:20", "2023-10-11T14:20:00+06:00"),
        ("11/10/2023", "2023-10-11T00:00:00+06:00"),
        ("31.02.2020", None),
        ("19.02.1745", None),
        ("Тел.: 8 (7212) 56-24-18", None),
        ("без даты", None),
        ("9" * 119, None),
    ],
)
def test_dates_are_read_as_pages_write_them(text: str, expected: str | None) -> None:
    found = read_date(text, ALMATY, NOW)
    zone_kept = found.isoformat() if found else None
    if expected and "2010" in expected:  # the zone was +06:00 in winter, +07:00 in summer till 2004
        assert zone_kept is not None
        assert zone_kept.startswith("2010-09-05T20:52")
    else:
        assert zone_kept == expected


@pytest.mark.parametrize(
    ("line", "is_date"),
    [
        ("08 сәуір 2019 ж. 16:32", True),
        ("27.05.2021", True),
        ("Дата: 23.04.2024", True),
        ("Сейсенбі, 19 ақпан 2019", True),
        ("Жарияланған күні 06 ақпан 2025", True),
        ("admin | 20-03-2022, 10:11 | Қаралды: 77", True),
        ("24.11.2023 15:40 👁 233", True),
        ("Тел.: 5-12-2022-10", False),
        ("19 ақпан 2019 жылы семинар өтті", False),
        ("Бейсенбі, 26.06.25", False),
        ("2019 жылдың 14-15 маусымында", False),
    ],
)
def test_a_date_line_is_a_date_and_nothing_else(line: str, is_date: bool) -> None:
    assert (read_date_line(line, ALMATY) is not None) is is_date


@pytest.mark.parametrize(
    ("above", "between", "below"),
    [
        ("", "<div class=x2>6 ақпан 2025, 18:42</div>", ""),
        ("<div>06.02.2025</div>", "", ""),
        ("", "<div><span>6 февраля 2025</span> / <span>Мероприятия</span></div>", ""),
        ("", "", "<div>Просмотров: 9 | Добавил: <a>cbs</a> | Дата: 06.02.2025</div>"),
        ("", "", "<div class=meta>Дата публикации: 6 февраля 2025 года</div>"),
    ],
)
def test_the_day_may_stand_in_a_box_of_any_name(above: str, between: str, below: str) -> None:
    last = "<h3>Басқа жаңалықтар</h3><p>01.01.2020</p><p><a href=/2>Көрме</a></p>"
    draft = extract(
        capture(
            f"<html><body>{above}<h1>Кітап күні өтті</h1>{between}"
            f"<div><p>{LONG}</p><p>{LONG}</p></div>{below}{last}</body></html>"
        )
    )
    assert draft.published is not None
    assert draft.published.date() == date(2025, 2, 6)


def test_the_day_of_another_story_is_not_this_ones() -> None:
    last = "<div><a href=/2>Көрме ашылды</a></div><div>01.01.2020</div>"
    story = f"<div><h1>Кітап күні өтті</h1><p>{LONG}</p><p>{LONG}</p></div>"
    page = f"<html><body>{story}{last}</body></html>"
    assert extract(capture(page)).published is None


def test_a_short_story_keeps_its_documents_and_none_of_the_sites_lines() -> None:
    draft = extract(
        capture(
            "<html><body><div><a href=/>Ауыл кітапханасы</a></div><div><h2>Сайыс қорытындысы</h2>"
            "<p>Кітапханада «Үздік оқырман» сайысының қорытындысы шығарылды. Оған 86 бала келді.</p>"
            "<table><tr><td>1</td><td>Айша</td></tr><tr><td>2</td><td>Тимур</td></tr></table>"
            "<p>Марапаттау 30 қаңтарда өтеді.</p>"
            "<p>Жүктеу: <a href=/d/erezhe.docx>Сайыс ережесі</a></p></div>"
            "<div><p>Жамбыл облысы, Мерке ауданы, Ойтал ауылы, Абай көшесі 3</p></div></body></html>"
        )
    )
    assert [one.url for one in draft.attachments] == ["http://library.example/d/erezhe.docx"]
    assert not any("Мерке" in block.text for block in draft.blocks)


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("http://x.kz/2024/10/22/slug/", date(2024, 10, 22)),
        ("http://x.ucoz.ru/news/slug/2022-04-29-2008", date(2022, 4, 29)),
        ("http://x.kz/2015-02-19-07-41-59/12-slug", date(2015, 2, 19)),
        ("http://x.kz/news/12", None),
        ("http://x.kz/2024/13/45/", None),
    ],
)
def test_an_address_may_hold_the_day(url: str, day: date | None) -> None:
    found = date_in_url(url, ALMATY)
    assert (found.date() if found else None) == day


def test_paragraphs_come_from_any_block_and_from_breaks() -> None:
    draft = read("<p>Бір</p>екі<div><div>үш <b>төрт</b>бес</div></div>алты<br><br>жеті<br>Сегіз")
    assert texts(draft) == ["Бір", "екі", "үш төртбес", "алты", "жеті", "Сегіз"]


def test_a_line_broken_for_want_of_room_is_one_paragraph() -> None:
    draft = read(
        "Семинарға облыстың барлық аудандарынан келген кітапханашылар<br>мен әдіскерлер қатысты."
    )
    assert len(draft.blocks) == 1


def test_lists_headings_and_quotes_keep_their_kind() -> None:
    draft = read(
        "<h2>Бағдарлама</h2><ol start=2><li>Ашылу<li><p>Баяндама</p><p>Талқылау</p></ol>"
        "<ul><li>көрме</ul><blockquote><p>Кітап – бұлақ</p></blockquote>"
    )
    assert [(b.text, b.kind) for b in draft.blocks] == [
        ("Бағдарлама", BlockKind.HEADING),
        ("2. Ашылу", BlockKind.ITEM),
        ("3. Баяндама", BlockKind.ITEM),
        ("Талқылау", BlockKind.ITEM),
        ("көрме", BlockKind.ITEM),
        ("Кітап – бұлақ", BlockKind.QUOTE),
    ]


def test_a_table_of_data_becomes_rows_and_one_for_layout_paragraphs() -> None:
    data = (
        "<table><tr><th>Аты</th><th>Орны</th></tr><tr><td><p>Алия</p></td><td>1</td></tr></table>"
    )
    layout = (
        f"<table><tr><td><img src='/a.jpg'></td><td><p>{STORY}</p><p>{STORY}</p></td></tr></table>"
    )
    draft = read(data + layout)
    assert texts(draft) == ["Аты | Орны", "Алия | 1", STORY.strip(), STORY.strip()]
    assert draft.blocks[0].kind is BlockKind.ROW


def test_pictures_documents_and_captions_stand_beside_the_text() -> None:
    draft = read(
        f"<p>{STORY}</p><figure><img src='/i/1.jpg' alt='Кездесу'><figcaption>Сурет: залда</figcaption></figure>"
        "<div class='wp-caption'><img data-src='/i/2.jpg' src='data:image/gif;base64,x'>"
        "<p class='wp-caption-text'>Екінші сурет</p></div><img src='/icon.png' width=16 height=16>"
        "<p><a href='/f/bagdarlama.pdf'>Бағдарлама</a> (PDF, 2 МБ)</p><a href='javascript:x.pdf'>y</a>"
    )
    assert texts(draft) == [STORY.strip(), "y"]
    assert [(i.url, i.alt, i.caption) for i in draft.images] == [
        ("http://library.example/i/1.jpg", "Кездесу", "Сурет: залда"),
        ("http://library.example/i/2.jpg", "", "Екінші сурет"),
    ]
    assert [(a.url, a.title) for a in draft.attachments] == [
        ("http://library.example/f/bagdarlama.pdf", "Бағдарлама")
    ]


def test_a_picture_with_its_caption_in_an_element_called_caption_is_kept() -> None:
    pictures = "".join(
        f"<{tag} class='wp-caption'><img src='/{tag}.jpg'><p class='wp-caption-text'>{tag} суреті</p></{tag}>"
        for tag in ("div", "figure")
    )
    draft = read(f"<p>{LONG}</p>{pictures}<p>{LONG}</p>")
    assert [image.caption for image in draft.images] == ["div суреті", "figure суреті"]
    assert len(draft.blocks) == 2


def test_a_line_in_one_frame_with_a_picture_is_its_caption_even_without_a_class() -> None:
    frame = (
        "<div style='width: 650px'><a href='/a.jpg'><img src='/a.jpg'></a><p>Кездесу сәті</p></div>"
    )
    draft = read(
        f"<p>{LONG}</p>{frame}<div><img src='/b.jpg'><p>Кеш басталды.</p></div><p>{LONG}</p>"
    )
    assert [image.caption for image in draft.images] == ["Кездесу сәті", ""]
    assert texts(draft)[1:-1] == ["Кеш басталды."]


def test_forms_menus_hidden_text_and_share_buttons_are_no_story() -> None:
    draft = read(
        f"<p>{LONG}</p><nav>Мәзір</nav><form>Аты <input></form><div class='ya-share2'>Бөлісу</div>"
        "<div style='display:none'>арзан плитка</div><p hidden>жасырын</p><script>x()</script>"
        "<div id='comments'>Өте жақсы</div><div class='text-justify content-body'>Соңы</div>"
    )
    assert texts(draft) == [LONG.strip(), "Соңы"]
    assert {r.reason for r in draft.removed} == {
        "menu",
        "form",
        "share buttons",
        "hidden",
        "comments",
    }


def test_what_a_reader_opens_by_a_tab_is_read_and_what_is_hidden_is_not() -> None:
    draft = read(
        f'<p>{LONG}</p><div role="tabpanel" style="display:none"><p>Оқырман пікірі: керемет.</p></div>'
        '<div class="tab-pane" hidden><p>Үшінші бет.</p></div><div style="display:none">Жасырын</div>'
    )
    texts = [block.text for block in draft.blocks]
    assert texts[-2:] == ["Оқырман пікірі: керемет.", "Үшінші бет."]


def test_a_story_in_an_element_of_a_suspicious_name_is_kept() -> None:
    draft = read(f"<div class='share'><p>{LONG}</p></div>")
    assert texts(draft) == [LONG.strip()]


def test_second_opinions_come_from_the_head() -> None:
    head = (
        '<script type="application/ld+json">{"@graph": [{"@type": "Organization", "name": "Кітапхана"},'
        '{"@type": "NewsArticle", "headline": "Тақырып", "datePublished": "2023-05-06T07:08:00+06:00",'
        '"author": [{"@type": "Person", "name": "Алия"}], "articleSection": "Іс-шаралар"}]}</script>'
        '<link rel="canonical" href="/kk/news/12?x=1"><link rel="alternate" hreflang="ru-RU" href="/ru/news/13">'
        '<link rel="alternate" hreflang="x-default" href="/"><meta property="og:image" content="/og.jpg">'
    )
    draft = read(f"<p>{LONG}</p>", head=head)
    assert draft.published == datetime.fromisoformat("2023-05-06T07:08:00+06:00")
    assert (draft.author, draft.section) == ("Алия", "Іс-шаралар")
    assert draft.canonical_url == "http://library.example/kk/news/12?x=1"
    assert draft.twins == (("ru", "http://library.example/ru/news/13"),)
    assert draft.images[0].url == "http://library.example/og.jpg"


def test_broken_json_ld_is_passed_over() -> None:
    draft = read(f"<p>{LONG}</p>", head='<script type="application/ld+json">{"@type": [</script>')
    assert draft.title == "Тақырып"


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Кітап күні - Қалалық кітапхана</title>", "<h1>Жаңалықтар</h1><h2>Кітап күні</h2>", "Кітап күні"),
        ("<title>Қалалық кітапхана | Кітап – білім бұлағы</title>", "<h1>Қалалық кітапхана</h1><b>Кітап – білім бұлағы</b>", "Кітап – білім бұлағы"),
        ("<title>x</title><meta property='og:title' content='Кітап күні өтті'>", "<div>Қалалық кітапхана</div>", "Кітап күні өтті"),
        ("<title>Облыстық кітапхана</title><meta property='og:site_name' content='Облыстық кітапхана'>", "<h1>Өлең кеші</h1>", "Өлең кеші"),
        ("<title>Өлең кеші — «Жазира» кітапханасы</title>", "", "Өлең кеші"),
        ("<title>Өлең кеші — «Жазира» кітапханасы</title>", "<div>«Жазира» кітапханасы</div>", "Өлең кеші"),
        ("<title>Өлең кеші — «Жазира» кітапханасы</title>", "<h1>«Жазира» кітапханасы</h1>", "Өлең кеші"),
        ("<title>«Жазира» мәдениет үйі | Өлең кеші</title>", "<a href='/'>«Жазира» мәдениет үйі</a>", "Өлең кеші"),
        ("<title>«Жазира» мәдениет үйі</title>", "<h1><a href='/kk/'>«Жазира» мәдениет үйі</a></h1><h2>Өлең кеші</h2>", "Өлең кеші"),
        ("<title>Үздік ауыл кітапханасы</title>", "<h1>Үздік ауыл кітапханасы</h1>", "Үздік ауыл кітапханасы"),
        ("<title>Кітап – білім бұлағы</title>", "<h2>Кітап – білім бұлағы</h2>", "Кітап – білім бұлағы"),
    ],
)  # fmt: skip
def test_the_title_is_neither_the_sites_name_nor_the_sections(
    head: str, body: str, title: str
) -> None:
    page = f"<html><head>{head}</head><body>{body}<div><p>{LONG}</p></div></body></html>"
    assert extract(capture(page)).title == title


def test_the_layout_that_held_on_the_day_of_the_capture_is_used() -> None:
    old = Layout(name="old", title="h1", body=".old", until=date(2024, 1, 1))
    new = Layout(name="new", title="h1", body=".text")
    page = capture(f"<h1>Т</h1><div class='old'>{LONG}</div><div class='text'>{LONG}</div>")
    assert extract(page, site(old, new)).layout == "new"
    earlier = Capture(page.url, datetime(2023, 5, 5, tzinfo=UTC), 200, page.headers, page.body)
    assert extract(earlier, site(old, new)).layout == "old"


def test_a_layout_that_gives_much_less_than_the_page_has_is_passed_over() -> None:
    page = capture(
        f"<h1>Т</h1><div class='text'>Толығырақ</div><div class='b'><p>{LONG}</p><p>{LONG}</p></div>"
    )
    draft = extract(page, site(OWN))
    assert draft.layout == "generic"
    assert texts(draft) == [LONG.strip(), LONG.strip()]


def test_a_wrong_selector_names_itself() -> None:
    with pytest.raises(ValueError, match="h1 >>"):
        Layout(title="h1 >>", body=".text")


def test_every_layout_of_a_system_has_selectors_that_compile() -> None:
    page = etree.fromstring("<html><body/></html>", etree.HTMLParser())
    for layout in layouts.known_layouts():
        told = (layout.title, layout.body, layout.published, layout.author, layout.section)
        for selector in (*told, layout.gallery, *layout.drop):
            assert layouts.select(page, selector) == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"<html><body></body></html>", "no article"),
        (b"<p>x" * 200_000, "more markup"),
    ],
)
def test_a_page_without_an_article_says_why(body: bytes, reason: str) -> None:
    with pytest.raises(ExtractionError, match=reason):
        extract(capture(body))


def test_much_text_without_a_story_is_never_passed_over_in_silence() -> None:
    menu = "".join(f"<li><a href='/{n}'>Бөлім {n}</a></li>" for n in range(600))
    with pytest.raises(ExtractionError, match="characters of text"):
        extract(capture(f"<body><ul>{menu}</ul></body>"))


def test_a_text_file_is_read_by_lines_and_wrapped_ones_are_joined() -> None:
    wrapped = (
        "Аудандық кітапханада оқырмандармен кездесу өтіп, оған\n"
        "аудан мектептерінің оқушылары мен мұғалімдері қатысты, ал\nсоңында сыйлық берілді."
    )
    draft = extract_text(f"Тақырып\n\n{wrapped}\n\n1. Бір\n2. Екі")
    assert len(draft.blocks) == 4
    assert [block.kind for block in draft.blocks[2:]] == [BlockKind.ITEM, BlockKind.ITEM]


HOSTILE: dict[str, bytes] = {
    "deep": b"<div>" * 49_000 + LONG.encode(),
    "unclosed inline": b"<p>" + b"<b><i>" * 15_000 + LONG.encode(),
    "attributes": b"<div " + b" ".join(b"a%d=1" % n for n in range(40_000)) + b">" + LONG.encode(),
    "open comment": b"<p>" + LONG.encode() + b"<!-- " + LONG.encode(),
    "NUL": LONG.replace(" ", "\0").encode(),
    "nested tables": b"<table><tr><td>" * 9_000 + LONG.encode(),
    "nested lists": b"<ul><li>" * 9_000 + LONG.encode(),
    "class names": b"<div class='" + b"a " * 15_000 + b"'>" + LONG.encode(),
    "deep JSON": b"<script type='application/ld+json'>" + b"[" * 90_000 + b"</script>" + LONG.encode(),
    "long title": b"<title>" + b" - ".join([b"a"] * 90_000) + b"</title><p>" + LONG.encode(),
    "no end": b"<p>" + LONG.encode() + b"<div class='",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_no_markup_makes_the_text_vanish_or_takes_long(name: str) -> None:
    start = time.process_time()
    draft = extract(capture(HOSTILE[name]))
    assert time.process_time() - start < 2
    assert "оқырмандармен" in " ".join(texts(draft)).replace("\0", "")


@pytest.mark.parametrize(
    "body",
    [
        b"<div><h3><a href=/x>A long enough title of a card</a></h3><p>teaser words</p></div>" * 9_000,
        b"".join(b"<div class=share-%d>x</div>" % n for n in range(20_000)),
        b"<" * 99_000,
        b"<p>" + b" " * 3_000_000,
        bytes(range(256)) * 2_000,
        b"<p><a href=/a.pdf>doc</a>" * 20_000,
    ],
    ids=["cards", "names", "brackets", "blanks", "bytes", "documents"],
)  # fmt: skip
def test_pages_of_nothing_are_refused_or_read_in_time(body: bytes) -> None:
    start = time.process_time()
    with suppress(ExtractionError):
        assert extract(capture(body)).blocks
    assert time.process_time() - start < 2


TEMPLATES = [
    path.read_bytes()
    for path in (Path(__file__).parent / "golden" / "extract" / "templates").glob("*.html")
]
PIECES = [b"<div>" * 300, b"</div>" * 9, b"<!--", b"<script>", b"&#x;", b"<p ", b"'\"", b"\xed\xa0\x80", b"<table><td>" * 99, LONG.encode()]  # fmt: skip


@given(
    page=st.sampled_from(TEMPLATES),
    cuts=st.lists(st.tuples(st.integers(0, 9_000), st.sampled_from(PIECES) | st.binary(max_size=30)), max_size=6),
    end=st.integers(0, 9_000),
)  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_a_mangled_page_gives_a_draft_or_a_reason(
    page: bytes, cuts: list[tuple[int, bytes]], end: int
) -> None:
    body = page[:end] if end % 3 == 0 else page
    for place, piece in cuts:
        body = body[:place] + piece + body[place:]
    try:
        draft = extract(capture(body))
    except ExtractionError:
        return
    assert all(block.text and "\n" not in block.text for block in draft.blocks)
    assert all(image.url.startswith(("http://", "https://")) for image in draft.images)


@given(st.text(max_size=400))
@settings(max_examples=100, deadline=None)
def test_any_text_file_gives_a_draft(text: str) -> None:
    assert all(block.text.strip() for block in extract_text(text).blocks)


MODULES = ("charset", "dates", "layouts", "markup", "metadata", "titles", "tree", "wrapping")
PATTERNS = [p for m in MODULES for p in importlib.import_module(f"crawler.extract.{m}").PATTERNS]
ATTACKS = ["а" * 50_000 + "!", " " * 50_000, "1 " * 25_000, "<a " * 16_000, "1.1." * 12_000, "<meta " * 8_000]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: repr(pattern.pattern)[:30])
def test_no_expression_is_slow_on_any_text(pattern: re.Pattern[str] | re.Pattern[bytes]) -> None:
    look: Callable[..., object] = pattern.search
    for attack in ATTACKS:
        start = time.process_time()
        look(attack.encode() if isinstance(pattern.pattern, bytes) else attack)
        assert time.process_time() - start < 0.25


def test_a_list_of_documents_is_no_list_of_other_stories() -> None:
    story = "Облыстық кітапханада байқаудың қорытындысы шығарылып, жеңімпаздар марапатталды. " * 3
    links = "".join(f'<li><a href="/files/{n}.docx">Ереже {n}</a></li>' for n in range(3))
    html = (
        f"<html><body><div class='entry-content'><h1>Байқау</h1><p>{story}</p>"
        f"<ul>{links}</ul></div></body></html>"
    )
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    now = datetime(2026, 11, 22, tzinfo=UTC)
    draft = extract(Capture("https://lib.example/1", now, 200, headers, html.encode()))
    assert [one.title for one in draft.attachments] == ["Ереже 0", "Ереже 1", "Ереже 2"]
