"""Words that belong together, words of another language, suffixes that stand apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.analysis import default_analyzer
from indexer.kazakh.letters import normalise
from indexer.kazakh.phrases import Name, names, quoted_titles

GOLDEN = Path(__file__).parent / "golden" / "analyse" / "suffixed.tsv"


def golden() -> list[list[str]]:
    lines = GOLDEN.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize(("written", "stems"), golden())
def test_suffixes_after_figures_capitals_and_hyphens(written: str, stems: str) -> None:
    assert [token.stem for token in default_analyzer().tokens(written, "kk")] == stems.split()


@pytest.mark.parametrize(
    ("text", "surname", "initials"),
    [
        ("Н.В. Гоголь", "Гоголь", "нв"),
        ("Н. В. Гоголь", "Гоголь", "нв"),
        ("Н.В.Гоголь", "Гоголь", "нв"),
        ("Тәжібаев Ә.", "Тәжібаев", "ә"),
        ("Тәжібаев Ә.Т.", "Тәжібаев", "әт"),
        ("А. Сент-Экзюпери", "Сент-Экзюпери", "а"),
    ],
)
def test_names_with_initials(text: str, surname: str, initials: str) -> None:
    assert names(f"кеше {text} туралы") == [Name(5, 5 + len(text), surname, initials)]


@pytest.mark.parametrize("text", ["Кітапхана ашылды. Ол", "2024 ж. Қазан", "XX ғ. Абай", "ҚР ҰК"])
def test_other_full_stops_make_no_name(text: str) -> None:
    assert names(text) == []


def test_an_initial_is_no_word_to_search_for() -> None:
    tokens = default_analyzer().tokens("Қ. Сәтбаев", "kk")
    assert [(token.exact, token.stop) for token in tokens] == [("қ", True), ("сәтбаев", False)]


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("«Абай жолы» романы", ["Абай жолы"]),
        ("“Қан мен тер” және „Мәңгілік“", ["Қан мен тер", "Мәңгілік"]),
        ('"Бір ел – бір кітап" акциясы', ["Бір ел – бір кітап"]),
        ("«Оқы «Абай» кітабын» дейді", ["Оқы «Абай» кітабын"]),
        ("«жабылмаған\nжол, «келесі»", ["келесі"]),
        ("«»", []),
        ("«" + "а" * 201 + "»", []),
    ],
)
def test_quoted_titles(text: str, titles: list[str]) -> None:
    found = quoted_titles(text)
    assert [title.text for title in found] == titles
    assert [text[title.start : title.end] for title in found] == titles


def test_a_suffix_behind_a_quotation_mark_is_no_word_to_search_for() -> None:
    tokens = default_analyzer().tokens("«Егемен Қазақстан»-ның тілшісі", "kk")
    assert [token.text for token in tokens if not token.stop] == ["Егемен", "Қазақстан", "тілшісі"]


def test_loans_meet_whatever_the_language_of_their_paragraph() -> None:
    written = [
        "семинар",
        "семинары",
        "семинарында",
        "семинаре",
        "семинаров",
        "конференциясы",
        "конференции",
    ]
    kazakh = [default_analyzer().tokens(word, "kk")[0].stem for word in written]
    russian = [default_analyzer().tokens(word, "ru")[0].stem for word in written]
    assert set(russian) == {"семинар", "конференция"}
    assert set(kazakh) - {"семинаров"} == {"семинар", "конференция"}


@pytest.mark.parametrize("word", ["семинаре", "городская", "увеличить", "которого"])
def test_a_russian_word_in_a_kazakh_paragraph_is_read_as_russian(word: str) -> None:
    analyzer = default_analyzer()
    among_kazakh = analyzer.tokens(f"Кітапханада {word} дейді", "kk")[1]
    assert among_kazakh.stem == analyzer.tokens(word, "ru")[0].stem


@pytest.mark.parametrize(
    ("word", "stem"),
    [("кітапханасы", "кітапхана"), ("Балалар", "бала"), ("наурыздың", "наурыз")],
)
def test_a_kazakh_word_in_a_russian_paragraph_is_read_as_kazakh(word: str, stem: str) -> None:
    assert default_analyzer().tokens(f"В библиотеке прошёл {word} и выставка", "ru")[3].stem == stem


@settings(deadline=None)
@given(st.text(alphabet='«»“”"аА.Ә \n-', max_size=60))
def test_names_and_titles_lie_in_the_text(text: str) -> None:
    for name in names(text):
        assert name.surname in text[name.start : name.end]
    for title in quoted_titles(text):
        assert text[title.start : title.end] == title.text


@pytest.mark.parametrize("text", ["А. " * 4000, "«" * 9000, "Аа-" * 3000, '"' * 9001, "А." * 4000])
def test_hostile_punctuation_takes_no_time(text: str) -> None:
    names(text)
    quoted_titles(text)


@pytest.mark.parametrize("word", ["ХХІ", "ІХ-шы", "xvi", "ІІ", "PDF-ке"])
def test_normalising_numerals_and_mixed_parts_twice_changes_nothing(word: str) -> None:
    assert normalise(normalise(word)) == normalise(word)
