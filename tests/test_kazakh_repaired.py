"""Broken words from the import to the page: found by what they mean and marked where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from collection import article, fill

from crawler.model import Event
from indexer.analysis import Analyzer, default_analyzer
from indexer.build import check_index, update_index
from indexer.kazakh.tokens import Token
from indexer.place import COUNTS, current_folder
from indexer.search import Searcher, SearchRequest
from indexer.terms import TextReader
from indexer.word_counts import counts_from_text, counts_of, counts_text

# Title of an article, its text, a question that must find it, what is marked then.
BROKEN = [
    ("Аудан", "Шара Бұқаржырауауданы тұрғындары үшін ашық.", "аудан", "ауданы"),
    ("Есеп", "Байқау қорытындысыжәне жоспар айтылды.", "қорытынды", "қорытындысы"),
    ("Ұран", "Біз оқимыз.Ойнаймыз да.", "ойнау", "Ойнаймыз"),
    ("Күшті", "Мен бiрiншi болдым.", "бірінші", "бiрiншi"),
    ("Шақыру", "Оpen day өтті.", "open", "Оpen"),
    ("Схема", "Ақын əдебиет туралы айтты.", "әдебиет", "əдебиет"),
    ("Жинақ", "Қор кітап\u00adханада тұр.", "кітапхана", "кітап\u00adханада"),
    ("Аралық", "Ұлттық\u00a0мұражай ашылды.", "мұражай", "мұражай"),
    ("Қала", "Жетісу қаласыАманжоловтың сөзі.", "Аманжолов", "Аманжоловтың"),
    ("Код", "Әр сөреде QR-код бар.", "QR-код", "QR-код"),
    ("Киіз", "Алаңда IT-киіз үй тігілді.", "IT-киіз", "IT-киіз"),
    ("Сайт", "Хабар web-сайтында жарияланды.", "web-сайт", "web-сайтында"),
]


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    data = tmp_path_factory.mktemp("broken")
    made = [
        (article(number, title, text), Event()) for number, (title, text, *_) in enumerate(BROKEN)
    ]
    with fill(data, made) as store:
        update_index(data, store)
    with Searcher.open(data) as searcher:
        yield searcher


@pytest.mark.parametrize(
    ("title", "text", "question", "marked"), BROKEN, ids=lambda told: told[:12]
)
def test_a_broken_word_is_found_and_marked(
    searcher: Searcher, title: str, text: str, question: str, marked: str
) -> None:
    hits = searcher.search(SearchRequest(q=question)).hits
    assert hits[0].document.article.title == title
    assert [unescape(one) for one in re.findall("<mark>(.*?)</mark>", hits[0].snippet)] == [marked]
    assert unescape(re.sub("</?mark>", "", hits[0].snippet)) == text


def test_a_question_is_mended_too(searcher: Searcher) -> None:
    hits = searcher.search(SearchRequest(q="Бұқаржырауауданы")).hits
    assert hits[0].document.article.title == "Аудан"
    assert len(re.findall("<mark>", hits[0].snippet)) == 2


def test_the_counts_of_words_are_part_of_the_index(tmp_path: Path) -> None:
    text = "Балдәурен сыйлығы. балдәурен жақсы. Балдәурен үшін."
    with fill(tmp_path, [(article(1, "Балдәурен", text), Event())]) as store:
        update_index(tmp_path, store)
    path = current_folder(tmp_path) / COUNTS
    assert counts_from_text(path.read_text("utf-8"))["балдәурен"] == 4
    path.write_text("балдәурен\t9\n", "utf-8")
    assert "damaged" in check_index(tmp_path)[0]


def _marked(text: str, tokens: list[Token]) -> list[tuple[str, str]]:
    return [(token.stem, text[token.start : token.end]) for token in tokens]


def test_tokens_of_mended_text_have_their_places_in_the_original() -> None:
    text = "Ол\u00a0келді.\nБұқаржырауауданы, бi\u00adрi!"
    tokens = default_analyzer().tokens(text, "kk")
    assert _marked(text, tokens) == [
        ("ол", "Ол"), ("кел", "келді"), ("бұқаржырау", "Бұқаржырау"), ("аудан", "ауданы"), ("бір", "бi\u00adрi"),
    ]  # fmt: skip
    assert all(token.text == text[token.start : token.end] for token in tokens)
    assert [token.position for token in tokens] == [0, 1, 2, 3, 4]


def test_the_reader_of_documents_agrees_with_the_analyzer() -> None:
    text = "Шара «Бұқаржырауауданы» мен қаласыАманжоловтың оқимыз.Ойнаймыз бірi қорытындысыжәне."
    tokens = default_analyzer().tokens(text, "kk")
    zone = TextReader(default_analyzer()).zone("body", text, "kk")
    assert zone.stems == [token.stem for token in tokens]
    assert zone.places == [token.position for token in tokens]


def test_counts_are_kept_as_readable_text() -> None:
    chunks = {"Кітап,": 2, "кітап": 1, "«Бiр": 3, "жалғыз": 1, "сөз\u00adдік.Күн": 2}
    assert counts_of(chunks) == {"кітап": 3, "бір": 3, "сөздік": 2, "күн": 2}
    assert counts_from_text(counts_text(counts_of(chunks))) == counts_of(chunks)


def test_a_broken_line_of_counts_is_named() -> None:
    with pytest.raises(ValueError, match=r"words, line 2: expected word and number"):
        counts_from_text("кітап\t3\nкітап үш\n", "words")


def test_other_counts_make_another_analysis() -> None:
    assert Analyzer(counts={"кітап": 3}).fingerprint != default_analyzer().fingerprint


def test_paragraphs_of_a_document_are_read_each_in_its_language() -> None:
    kazakh = "Кітапханада жаңа кітаптардың көрмесі өтті."
    russian = "В библиотеке прошли встречи с читателями и выставки новых книг."
    reader = TextReader(default_analyzer())
    for language in ("kk", "ru"):
        zone = reader.zone("body", f"{kazakh}\n{russian}", language)
        own = [
            t.stem
            for text, spoken in ((kazakh, "kk"), (russian, "ru"))
            for t in default_analyzer().tokens(text, spoken)
        ]
        assert zone.stems == own


def test_a_loan_is_found_and_marked_in_either_language(tmp_path: Path) -> None:
    text = "Семинарында айтылды.\n\nВ городе прошли семинары, о семинаре рассказали и читатели."
    with fill(tmp_path, [(article(1, "Хабар", text), Event())]) as store:
        update_index(tmp_path, store)
    with Searcher.open(tmp_path) as searcher:
        for question in ("семинаре", "семинарында", "семинары"):
            snippet = searcher.search(SearchRequest(q=question)).hits[0].snippet
            assert re.findall("<mark>(.*?)</mark>", snippet) == ["семинары", "семинаре"]
