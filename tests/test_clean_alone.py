"""Each cleaner by itself: what it takes, why, and what it leaves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crawler.clean.pipeline import CLEANERS
from crawler.model import Block, BlockKind, Draft, Image, TextLink

ROOT = Path(__file__).parents[1]
STORY = "Аудандық кітапханада оқырмандармен кездесу өтіп, оған жүзден астам адам қатысты."
AGAIN = "Кеш соңында белсенді оқырмандарға кітапхана атынан алғыс хаттар табысталды."
TITLE = "Оқырмандар кеші"
BY_NAME = {cleaner.__name__: cleaner for cleaner in CLEANERS}
H = BlockKind.HEADING


LONG_SERIES = " ".join(f"утренник {number}" for number in range(100, 130))
CONSENT = "Отправляя форму, вы принимаете условия обработки персональных данных."

# cleaner: blocks (text, or text and kind), what it takes with which reason, what else it is given.
CASES = [
    ("tidy_characters", ["Кі\u00adтап\u200b  күні", "\ufeff"], {}, {}),
    ("drop_repeated", [STORY, "Біздің баннер"], {"Біздің баннер": "stands on most pages"}, {}),
    ("drop_repeated", [STORY, "Басқа жол"], {}, {}),
    (
        "strip_shortcodes",
        [STORY, "[smartslider3 slider=18]"],
        {"[smartslider3 slider=18]": "sh"},
        {},
    ),
    ("strip_shortcodes", ["Ол [sic] солай жазды."], {}, {}),
    (
        "strip_shortcodes",
        [STORY, "{gallery}2023/holms{/gallery}"],
        {"{gallery}2023/holms{/gallery}": "sh"},
        {},
    ),
    ("drop_captions", [STORY, LONG_SERIES], {LONG_SERIES: "cap"}, {}),
    ("drop_worded", [STORY, CONSENT, STORY], {CONSENT: "consent"}, {}),
    ("drop_worded", [STORY, "Ол келісім беріп, форманы толтырды."], {}, {}),
    ("drop_worded", [STORY, "Суретте: сайыс сәті", STORY], {"Суретте: сайыс сәті": "cap"}, {}),
    ("drop_worded", [STORY, "Суретте бала мен кітап бейнеленген.", STORY], {}, {}),
    ("drop_captions", [STORY, "IMG_20210304_101500.jpg"], {"IMG_20210304_101500.jpg": "cap"}, {}),
    ("drop_captions", ["Кездесу сәті", STORY], {"Кездесу сәті": "cap"}, {"alt": "Кездесу сәті"}),
    ("drop_captions", ["Кездесу сәті", STORY], {}, {}),
    ("strip_glued_captions", ["kniga 1To this day the book is read."], {"kniga 1": "cap"}, {}),
    ("strip_glued_captions", [STORY], {}, {}),
    ("drop_above_title", ["Мәзір", (TITLE, H), STORY], {"Мәзір": "above"}, {}),
    ("drop_above_title", ["Мәзір", STORY], {}, {}),
    (
        "drop_title_again",
        ["12:05 Оқырмандар кеші | |", STORY],
        {"12:05 Оқырмандар кеші | |": "ti"},
        {},
    ),
    ("drop_title_again", [STORY, AGAIN, STORY, TITLE], {}, {}),
    (
        "drop_comments",
        [STORY, ("Пікірлер", H), "Айгүл: Өте жақсы!"],
        {"Пікірлер": "comments", "Айгүл: Өте жақсы!": "comments"},
        {},
    ),
    ("drop_comments", [STORY, ("Пікірлер", H), "Қатысушылар өз пікірін айтты."], {}, {}),
    (
        "drop_related",
        [STORY, "Читайте также", "Открылась выставка"],
        {"Читайте также": "related", "Открылась выставка": "related"},
        {},
    ),
    (
        "drop_related",
        [STORY, "Читайте также: Көрме", AGAIN],
        {"Читайте также: Көрме": "related"},
        {"link": "Көрме"},
    ),
    ("drop_related", [STORY, "Похожие книги", AGAIN], {}, {}),
    ("drop_related", [STORY, "Read more", AGAIN, STORY], {}, {}),
    ("drop_spam", [STORY, "buy viagra cheap", AGAIN], {"buy viagra cheap": "spam"}, {}),
    ("drop_spam", [STORY, "Казино мен букмекердің зияны айтылды."], {}, {}),
    (
        "drop_footer",
        [STORY, "Мекенжайы: Абай 12", "+7 (727) 267-28-83"],
        {"Мекенжайы: Абай 12": "contacts", "+7 (727) 267-28-83": "contacts"},
        {},
    ),
    ("drop_footer", [STORY + " Көрмеге шақырамыз!", "Мекенжайы: Абай 12"], {}, {}),
    ("drop_worded", [STORY, "Басып шығару"], {"Басып шығару": "print"}, {}),
    ("drop_worded", [STORY, "Новости", AGAIN], {}, {}),
    ("drop_buttons", [STORY, "Прокрутить вверх"], {"Прокрутить вверх": "button"}, {}),
    ("drop_buttons", [STORY, "Прокрутить вверх", AGAIN], {}, {}),
    ("drop_masthead", ["Мәдениет министрлігі", STORY], {"Мәдениет министрлігі": "mast"}, {}),
    ("drop_masthead", [STORY, "Мәдениет министрлігі"], {}, {}),
    ("take_signature", [STORY, "Балалар бөлімі"], {"Балалар бөлімі": "author"}, {}),
    ("take_signature", ["Жеңімпаздар:", "Балалар бөлімі"], {}, {}),
    ("drop_edge_fragments", [STORY, "кітап сыйлау сәті"], {"кітап сыйлау сәті": "caption"}, {}),
    ("drop_edge_fragments", [STORY, "кітап сыйлау сәті", AGAIN], {}, {}),
    ("find_title", [TITLE, STORY], {}, {"title": None}),
    ("drop_dangling", [STORY, ("Апта кітабы", H)], {"Апта кітабы": "heading"}, {}),
    ("drop_dangling", [STORY, "Модератор: Г. Сәрсенова"], {}, {}),
    ("drop_dangling", [STORY, "Сіздерді күтеміз"], {}, {}),
    ("drop_accounts", [STORY], {}, {"author": "admin"}),
    ("drop_accounts", [STORY], {}, {"author": "Айгүл Сейітова"}),
]


@pytest.mark.parametrize(("name", "lines", "takes", "given"), CASES)
def test_a_cleaner_takes_and_leaves(
    name: str, lines: list[object], takes: dict[str, str], given: dict[str, str | None]
) -> None:
    blocks = tuple(Block(x) if isinstance(x, str) else Block(*x) for x in lines)  # type: ignore[misc]
    draft = Draft(
        url="http://x.example/1",
        title=given.get("title", TITLE),
        blocks=blocks,
        layout="site",
        author=given.get("author"),
        images=tuple(
            Image("http://x.example/1.jpg", alt) for alt in filter(None, [given.get("alt")])
        ),
        links=tuple(TextLink("http://x.example/2", t) for t in filter(None, [given.get("link")])),
    )
    result = BY_NAME[name](draft, frozenset({"Біздің баннер"}))
    assert {
        removal.text: removal.reason[: len(takes.get(removal.text, ""))]
        for removal in result.removed
    } == takes
    if name not in ("tidy_characters", "strip_glued_captions", "find_title"):
        assert [b for b in blocks if b.text not in takes] == list(result.blocks)


def test_cleaners_that_only_change_do_so() -> None:
    draft = Draft("http://x.example/1", None, (Block("Кі\u00adтап  күні"), Block(STORY)), "text")
    tidy = BY_NAME["tidy_characters"](draft, frozenset())
    assert tidy.blocks[0].text == "Кітап күні"
    titled = BY_NAME["find_title"](tidy, frozenset())
    assert (titled.title, titled.blocks) == ("Кітап күні", (Block(STORY),))
    glued = Draft("http://x.example/1", None, (Block("kniga 1To this day it is read."),), "text")
    assert BY_NAME["strip_glued_captions"](glued, frozenset()).blocks[0].text[:2] == "To"


@pytest.mark.parametrize(
    ("author", "kept"),
    [
        ("admin", None),
        ("Super User", None),
        ("Редактор", None),
        ("redactor redactor", None),
        ("Администратор сайта", None),
        ("Айгүл Сейітова", "Айгүл Сейітова"),
        ("Редактор Гүлнар Оспанова", "Редактор Гүлнар Оспанова"),
        ("Балалар бөлімі", "Балалар бөлімі"),
    ],
)
def test_an_account_is_no_author(author: str, kept: str | None) -> None:
    draft = Draft("http://x.example/1", TITLE, (Block(STORY),), "site", author=author)
    assert BY_NAME["drop_accounts"](draft, frozenset()).author == kept


def test_every_cleaner_is_tried_alone() -> None:
    assert {case[0] for case in CASES} == set(BY_NAME)


def test_the_docs_list_the_cleaners_in_their_order() -> None:
    text = (ROOT / "docs" / "cleaning.md").read_text("utf-8")
    table = text.partition("## The cleaners")[2].partition("## ")[0]
    assert re.findall(r"^\| `(\w+)`", table, re.M) == [cleaner.__name__ for cleaner in CLEANERS]
