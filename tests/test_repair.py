"""Text mended for the search: what is mended, what stays, and the way back."""

from __future__ import annotations

import importlib
import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer.look_alikes import unmixed
from indexer.repair import repair, undone, vocabulary_of

VOCABULARY = {
    "қорытындысы": 12, "қорытынды": 30, "және": 900, "баласы": 25, "бала": 90, "кітап": 80, "алып": 40,
    "парақшасында": 9, "мастер": 8, "сондықтан": 50, "болса": 60, "жаңа": 70, "келді": 90, "ағаш": 20, "ұста": 20,
    "күндері": 40, "күн": 90, "ндегі": 9, "мекен": 30, "дегені": 20,
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("оpen", "open"),
        ("бiрi", "бірі"),
        ("кəсіп", "кәсіп"),
        ("Kітапхана", "Кітапхана"),
        ("XІХ", "XIX"),
        ("кітап\u00adхана", "кітапхана"),
        ("Ұлттық\u00a0кітапхана", "Ұлттық кітапхана"),
        ("бi\u00adрi", "бірі"),
        ("Оқимыз.Ойнаймыз", "Оқимыз. Ойнаймыз"),
        ("қаласыАманжоловтың", "қаласы Аманжоловтың"),
        ("қаласыOрынбор", "қаласы Орынбор"),
        ("МукарамқызыЖексенбаева", "Мукарамқызы Жексенбаева"),
        ("қорытындысыжәне", "қорытындысы және"),
        ("Бұқаржырауауданы", "Бұқаржырау ауданы"),
        ("сондықтанболса", "сондықтан болса"),
        ("баласыкітап", "баласы кітап"),
        ("Facebookпарақшасында", "Facebook парақшасында"),
        ("25адам", "25 адам"),
        ("2023жылғы", "2023 жылғы"),
        ("қаңтар2023", "қаңтар 2023"),
        ("5ші", "5-ші"),
        ("100ге", "100-ге"),
    ],
)
def test_what_is_broken_is_mended(text: str, mended: str) -> None:
    repaired = repair(f"Сөз {text} сөз", VOCABULARY)
    assert repaired.text == f"Сөз {mended} сөз"
    assert undone(repaired) == repaired.original == f"Сөз {text} сөз"


@pytest.mark.parametrize(
    "text",
    [
        "QR-код", "IT-киіз үй", "web-сайтында", "DVD-лер", "Telegram-канал", "SMSке", "Zoomда", "iКітап", "еГов",
        "ҚазМұнайГаз", "КамАЗ", "кДж", "МастерКард", "Келдімұрат", "Жаңаберген", "ағашұста", "күндеріндегі",
        "мекендегені", "В.И. Ленин", "Ж.Аймауытов", "т.б.", "kitap.kz", "3.Көкірек", "pH", "FDҚ", "XXI ғасыр",
        "5G", "3D", "2А", "25км", "COVID19", "90-жылдық", "10АБВ", "Қазақстан Республикасы", "bibkr.ucoz.ru/news", "А.С.Пушкин",
    ],
)  # fmt: skip
def test_what_is_whole_stays(text: str) -> None:
    assert repair(text, VOCABULARY).text == text


def test_what_is_found_in_the_mended_text_is_shown_in_the_original() -> None:
    text = "Ол\u00a0бi\u00adрi, қорытындысыжәне оpen."
    repaired = repair(text, VOCABULARY)
    shown = {}
    for match in re.finditer(r"\w+", repaired.text):
        start, end = repaired.span(*match.span())
        shown[match[0]] = text[start:end]
    assert shown == {
        "Ол": "Ол", "бірі": "бi\u00adрi", "қорытындысы": "қорытындысы", "және": "және", "open": "оpen",
    }  # fmt: skip


def test_a_stretch_outside_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="no stretch 2:9"):
        repair("кітап").span(2, 9)


def test_the_vocabulary_is_counted_in_one_spelling() -> None:
    assert vocabulary_of(["Кітап бiрi", "кітап бірі"]) == {"кітап": 2, "бірі": 2}


LETTERS = st.sampled_from("аәбіiїopсceqАБЇXİıə\u00ad\u00a0\u200b .!-1ыЖ\ud800")
TEXTS = st.text(max_size=60) | st.text(LETTERS, max_size=60)


@given(text=TEXTS)
@settings(max_examples=300, deadline=None)
def test_every_text_has_a_way_back(text: str) -> None:
    repaired = repair(text, VOCABULARY)
    assert undone(repaired) == text
    assert len(repaired.places) == len(repaired.text)
    assert list(repaired.places) == sorted(repaired.places)


@given(text=TEXTS)
@settings(max_examples=200, deadline=None)
@example(text="qааіБaaa")
def test_what_is_mended_stays_as_it_is(text: str) -> None:
    once = repair(text).text
    assert repair(once).text == once


@given(word=st.text(LETTERS, min_size=1, max_size=12))
@settings(max_examples=200, deadline=None)
def test_a_word_keeps_its_length(word: str) -> None:
    assert len(unmixed(word)) == len(word)


MODULES = ("repair", "seams", "look_alikes", "figures")
PATTERNS = [p for m in MODULES for p in importlib.import_module(f"indexer.{m}").PATTERNS]
ATTACKS = ["а" * 50_000 + "!", "aа" * 25_000, "аА" * 25_000, "\u00ad" * 50_000, "Ма." * 16_000]


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: repr(pattern.pattern)[:30])
def test_no_expression_is_slow(pattern: re.Pattern[str]) -> None:
    for attack in ATTACKS:
        start = time.process_time()
        assert sum(1 for _ in pattern.finditer(attack)) <= len(attack)
        assert time.process_time() - start < 0.25


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: repr(attack[:4]))
def test_no_text_takes_long(attack: str) -> None:
    start = time.process_time()
    assert repair(attack, VOCABULARY).original == attack
    assert time.process_time() - start < 1
