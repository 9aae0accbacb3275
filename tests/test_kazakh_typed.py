"""Questions in Kazakh typed with Russian letters, beside Russian ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from collection import article, fill

from crawler.model import Event
from indexer.analysis import default_analyzer
from indexer.build import update_index
from indexer.kazakh.russian import guessed_language, language_of_paragraph
from indexer.search import Searcher, SearchRequest

KAZAKH = (
    "натижесинде кандай озгерис болды",
    "кытапханашылар куни",
    "Казак хандыгынын негизин ким салды",
)
RUSSIAN = (
    "семинары в Караганде",
    "встречи с писателями",
    "ночь в библиотеке",
    "выставка книг",
    "день открытых дверей",
)


def stops(question: str) -> list[str]:
    return [token.text for token in default_analyzer().query_tokens(question) if token.stop]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Амангелди пьесасын жазган ким?", {"ким"}),
        ("Акыннын акеси кандай болган?", {"кандай", "болган"}),
        ("Ен биик тау кай жерде", {"Ен", "кай"}),
    ],
)
def test_stop_words_in_russian_letters_are_stop_words(question: str, expected: set[str]) -> None:
    assert set(stops(question)) == expected


@pytest.mark.parametrize("question", RUSSIAN)
def test_russian_questions_are_read_as_before(question: str) -> None:
    plain = [token.stem for token in default_analyzer().tokens(question)]
    guessing = default_analyzer().query_tokens(question)
    assert [token.stem for token in guessing if token.origin != "keyboard"] == plain


@pytest.mark.parametrize("question", KAZAKH)
def test_guesses_weigh_less_than_the_word_as_typed(question: str) -> None:
    tokens = default_analyzer().query_tokens(question)
    guesses = [token.weight for token in tokens if token.origin == "keyboard"]
    assert set(guesses) == {0.9}
    assert all(token.weight == 1 for token in tokens if token.origin != "keyboard")


def test_a_name_alone_stays_a_word() -> None:
    assert stops("Аркадий Ким") == []


def test_suffixes_after_abbreviations_are_cut() -> None:
    stems = [t.stem for t in default_analyzer().query_tokens("КСРО-да жургизилген шаралар кандай")]
    assert "ксро" in stems
    assert "ксро-да" not in stems


def test_words_in_russian_letters_have_the_names_of_the_other_language() -> None:
    analyzer = default_analyzer()
    tokens = analyzer.query_tokens("кытапхана кормеси")
    found = analyzer.expansions(tokens, ("synonym",))
    assert [(one.start, one.phrases) for one in found] == [
        (0, (("библиотек",),)),
        (1, (("выставк",),)),
    ]


DOCUMENTS = (
    "Кытапханада жас акындардын кеши отти. Шарага мектеп окушылары катысты.",
    "Облыстык гылыми китапханада кітап апталыгы басталды".replace("і", "и"),
    "Бул кун улттык кийим кунине арналган, оган барлык кала тургындары келди.",
)


@pytest.mark.parametrize("text", DOCUMENTS)
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_a_paragraph_in_russian_letters_is_told_whatever_its_document(
    text: str, language: str
) -> None:
    assert language_of_paragraph(text, language) == guessed_language(text) == "kk-typed"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("В библиотеке прошли встречи с читателями и выставки новых книг.", "ru"),
        ("Библиотекари Караганды подвели итоги акции, ее участниками стали сто семей.", "ru"),
        ("Кітапханада жас ақындардың кеші өтті.", "kk"),
        ("Абай", "kk"),
        ("Мадина, Данияр, Гульнара Сатпаева", "kk"),
    ],
)
def test_other_paragraphs_are_not(text: str, language: str) -> None:
    assert guessed_language(text) == language_of_paragraph(text, language) == language


def test_a_document_in_russian_letters_is_found_below_one_with_the_word(tmp_path: Path) -> None:
    typed = "Облыстык китапханада жана кормелер отти. Балалар ушин сабак болды."
    plain = "Облыстық кітапханада жаңа көрмелер өтті. Балалар үшін сабақ болды."
    made = [(article(n, "Хабар", text), Event()) for n, text in enumerate((typed, plain))]
    with fill(tmp_path, made) as store:
        update_index(tmp_path, store)
    with Searcher.open(tmp_path) as searcher:
        for question in ("көрме", "кітапхананың көрмесі"):
            hits = searcher.search(SearchRequest(q=question)).hits
            assert [hit.document.article.text for hit in hits] == [plain, typed]
        hits = searcher.search(SearchRequest(q="корме")).hits
        assert {hit.document.article.text for hit in hits} == {plain, typed}
