"""Cleaning: golden cases, each cleaner alone, and what must hold for any text."""

from __future__ import annotations

import json
import re
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import FOLDER as REFERENCE

from crawler.clean import (
    buttons,
    captions,
    characters,
    contacts,
    rules,
    signatures,
    spam,
    story,
    titles,
    wording,
    wordlists,
)
from crawler.clean.pipeline import CLEANERS, clean
from crawler.extract.plain import extract_text
from crawler.model import Block, BlockKind, Draft, Image

GOLDEN = Path(__file__).parent / "golden" / "clean"
SHARED = REFERENCE
CASES = sorted(GOLDEN.glob("*.toml"))


def draft(*texts: str, title: str | None = "Тақырып", **told: object) -> Draft:
    blocks = tuple(Block(text) for text in texts)
    return Draft(url="http://x.example/1", title=title, blocks=blocks, layout="site", **told)  # type: ignore[arg-type]


STORY = (
    "Аудандық кітапханада оқырмандармен кездесу өтіп, оған жүзден астам адам қатысты деп хабарлады."
)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_text_is_cleaned_as_its_golden_case_says(path: Path) -> None:
    case = tomllib.loads(path.read_text("utf-8"))
    article = clean(extract_text(case["text"]))
    assert list(article.paragraphs) == case["paragraphs"]
    assert article.title == case.get("title")
    assert sorted({removal.reason for removal in article.removed}) == case["reasons"]
    if "published" in case:
        assert article.published is not None
        assert article.published.isoformat() == case["published"]
    if "author" in case:
        assert article.author == case["author"]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the five real articles are not in the repository")
@pytest.mark.parametrize("number", range(5))
def test_a_real_article_comes_out_to_the_letter(number: int) -> None:
    (golden_path,) = (SHARED / "golden").glob(f"{number:03}_*.json")
    golden = json.loads(golden_path.read_text("utf-8"))
    text = (SHARED / "seeds" / golden["source"]).read_text("utf-8")
    article = clean(extract_text(text))
    assert list(article.paragraphs) == [" ".join(p.split()) for p in golden["paragraphs"]]
    assert article.title == golden["title"]
    published = article.published.strftime("%Y-%m-%dT%H:%M") if article.published else None
    assert published == golden["published"]


def test_what_stands_on_most_pages_of_a_site_is_dropped() -> None:
    banner = "Оқырман билетін онлайн рәсімдеңіз, бұл тегін және бес минут алады."
    article = clean(draft(STORY, banner), frozenset({banner.upper()}))
    assert article.paragraphs == (STORY,)
    assert [(r.text, r.reason) for r in article.removed] == [
        (banner, "stands on most pages of the site")
    ]


def test_a_line_that_names_the_pictures_of_the_story_is_a_caption() -> None:
    images = (
        Image("http://x.example/1.jpg", "Кездесу сәті"),
        Image("http://x.example/2.jpg", "Оқу залы"),
    )
    article = clean(draft("Кездесу сәті", STORY, "Кездесу сәті Оқу залы", images=images))
    assert article.paragraphs == (STORY,)


def test_an_alternative_text_equal_to_the_heading_does_not_eat_the_heading() -> None:
    given_draft = draft(STORY, images=(Image("http://x.example/1.jpg", "Бағдарлама"),))
    blocks = (*given_draft.blocks, Block("Бағдарлама", BlockKind.HEADING), Block(STORY + " Соңы."))
    article = clean(Draft(**{**_fields(given_draft), "blocks": blocks}))
    assert "Бағдарлама" in article.paragraphs


def _fields(record: Draft) -> dict[str, object]:
    return {name: getattr(record, name) for name in Draft.__dataclass_fields__}


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        ("Пікір қосу", False),
        ("0 қарау", False),
        ("Просмотров: 12", False),
        ("[smartslider3 slider=18]", False),
        ("Бөлісу", False),
        ("IMG_20210304_101500.jpg", False),
        ("WhatsApp Image 2021-01-28 at 16.00.32 (3)", False),
        ("Изображение №7", False),
        ("Жаңалықтар бізге де жетті.", True),
        ("Пікір алмасу барысында жаңа идеялар айтылды.", True),
        ("Telegram-канал ашылды.", True),
        ("Сауалнама жүргізілді, нәтижесі жарияланды.", True),
    ],
)
def test_only_boilerplate_lines_go(line: str, stays: bool) -> None:
    assert (line in clean(draft(STORY, line, STORY + " Тағы.")).paragraphs) is stays


@pytest.mark.parametrize(
    ("line", "stays_inside"),
    [("Новости", True), ("Толығырақ", True), ("RSS", False), ("27.05.2021", True), ("3", True)],
)
def test_weak_wording_counts_only_outside_the_story(line: str, stays_inside: bool) -> None:
    inside = clean(draft(STORY, line, STORY + " Тағы.")).paragraphs
    assert (line in inside) is stays_inside
    assert line not in clean(draft(STORY, line)).paragraphs


def test_the_title_standing_again_above_the_text_is_dropped() -> None:
    assert clean(draft("ТАҚЫРЫП.", STORY)).paragraphs == (STORY,)


def test_little_left_of_much_is_suspect() -> None:
    lines = tuple(f"сурет {n}" for n in range(400))
    assert clean(draft(*lines)).suspect is not None
    assert clean(draft(STORY)).suspect is None


def test_removals_and_paragraphs_together_hold_every_word() -> None:
    text = tomllib.loads((GOLDEN / "form-after-the-story.toml").read_text("utf-8"))["text"]
    article = clean(extract_text(text))
    told = " ".join([article.title or "", *article.paragraphs, *(r.text for r in article.removed)])
    assert sorted(re.findall(r"\w+", told)) == sorted(re.findall(r"\w+", text))


LINES = st.sampled_from(
    [
        "Пікір қосу",
        "E-mail: *",
        "қарағанды 1",
        "0 қарау",
        "[x y=1]",
        "БАСТЫ БЕТ",
        "12.03.2020",
        STORY,
    ]
)
ANY_LINES = st.lists(st.one_of(LINES, st.text(max_size=120)), max_size=12)


@given(lines=ANY_LINES)
@settings(max_examples=200, deadline=None)
def test_cleaning_never_raises_nor_invents_words(lines: list[str]) -> None:
    source = "\n".join(lines)
    article = clean(extract_text(source))
    known = set(re.findall(r"\w", characters.clean_text(source)))
    assert all(set(re.findall(r"\w", text)) <= known for text in article.paragraphs)


@given(lines=ANY_LINES)
@settings(max_examples=100, deadline=None)
def test_a_story_paragraph_is_never_eaten(lines: list[str]) -> None:
    article = clean(draft(STORY, *[line for line in lines if line.strip()], STORY))
    assert article.paragraphs[0] == STORY


@given(lines=ANY_LINES)
@settings(max_examples=100, deadline=None)
def test_cleaning_a_clean_article_changes_nothing(lines: list[str]) -> None:
    once = clean(draft(*[line for line in lines if line.strip()]))
    again = clean(draft(*once.paragraphs, title=once.title))
    assert clean(draft(*again.paragraphs, title=again.title)).paragraphs == again.paragraphs


MODULES = (buttons, captions, characters, contacts, rules, signatures, spam, story, titles, wording)
PATTERNS = [
    *(pattern.search for module in MODULES for pattern in module.PATTERNS),
    *(rule.pattern.fullmatch for rule in rules.rules()),
    wordlists.picture_marks().fullmatch,
    wordlists.comment_signs().fullmatch,
    wordlists.related_headings().fullmatch,
]
ATTACKS = [
    "а" * 50_000 + "!",
    " " * 50_000,
    "1 " * 25_000,
    "(" * 50_000,
    "[a " * 16_000,
    "а. " * 16_000,
    "- -" * 16_000,
]


@pytest.mark.parametrize("look", PATTERNS, ids=lambda look: look.__self__.pattern[:30])
def test_no_expression_is_slow_on_any_text(look: Callable[[str], object]) -> None:
    for attack in ATTACKS:
        start = time.process_time()
        look(attack)
        assert time.process_time() - start < 0.25


def test_every_cleaner_says_what_it_does() -> None:
    assert all(cleaner.__doc__ for cleaner in CLEANERS)
