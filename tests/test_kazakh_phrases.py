"""Words that belong together, words of another language, suffixes that stand apart."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from collection import article, fill

from crawler.model import Event
from indexer.analysis import default_analyzer
from indexer.build import update_index
from indexer.kazakh.letters import normalise
from indexer.search import Searcher, SearchRequest

GOLDEN = Path(__file__).parent / "golden" / "analyse" / "suffixed.tsv"


def golden() -> list[list[str]]:
    lines = GOLDEN.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize(("written", "stems"), golden())
def test_suffixes_after_figures_capitals_and_hyphens(written: str, stems: str) -> None:
    assert [token.stem for token in default_analyzer().tokens(written, "kk")] == stems.split()


def test_a_suffix_after_a_sign_of_per_cent_is_no_word_but_a_short_name_is() -> None:
    tokens = default_analyzer().tokens("50%-ға IT мамандары", "kk")
    assert [(one.text, one.stop) for one in tokens] == [
        ("50", False),
        ("ға", True),
        ("IT", False),
        ("мамандары", False),
    ]


def test_an_initial_is_no_word_to_search_for() -> None:
    tokens = default_analyzer().tokens("Қ. Сәтбаев", "kk")
    assert [(token.exact, token.stop) for token in tokens] == [("қ", True), ("сәтбаев", False)]


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


@pytest.mark.parametrize("text", ["А. " * 4000, "«" * 9000, "Аа-" * 3000, '"' * 9001, "А." * 4000])
def test_hostile_punctuation_takes_no_time(text: str) -> None:
    started = time.process_time()
    default_analyzer().tokens(text, "kk")
    assert time.process_time() - started < 2


NAMED = {
    "Бір": "Кешті Н.В. Гоголь туралы сөз ашты.", "Екі": "Кешті Н. В. Гоголь туралы сөз ашты.",
    "Үш": "Кешті Н.В.Гоголь туралы сөз ашты.", "Төрт": "Кешті Ә. Гоголь туралы сөз ашты.",
    "Бес": "«Абай жолы»-ның оқылуы өтті.", "Алты": "«Абай», ұзақ жолы.",
}  # fmt: skip


@pytest.mark.parametrize(
    ("question", "titles"),
    [
        ('"Н.В. Гоголь"', {"Бір", "Екі", "Үш"}),
        ('"Н. В. Гоголь"', {"Бір", "Екі", "Үш"}),
        ('"Гоголь туралы"', {"Бір", "Екі", "Үш", "Төрт"}),
        ('"Абай жолы"', {"Бес"}),
    ],
)
def test_names_and_titles_are_found_as_phrases(
    tmp_path: Path, question: str, titles: set[str]
) -> None:
    made = [(article(n, title, text), Event()) for n, (title, text) in enumerate(NAMED.items())]
    with fill(tmp_path, made) as store:
        update_index(tmp_path, store)
    with Searcher.open(tmp_path) as searcher:
        hits = searcher.search(SearchRequest(q=question)).hits
    assert {hit.document.article.title for hit in hits} == titles


@pytest.mark.parametrize("word", ["ХХІ", "ІХ-шы", "xvi", "ІІ", "PDF-ке", "ıі", "хı"])
def test_normalising_numerals_and_mixed_parts_twice_changes_nothing(word: str) -> None:
    assert normalise(normalise(word)) == normalise(word)
