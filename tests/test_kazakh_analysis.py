"""What the index and the query get from a text."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.analysis import Analyzer, Token, default_analyzer
from indexer.kazakh.expansions import region_of_places
from indexer.kazakh.letters import fold
from indexer.kazakh.lexicon import Lexicon
from indexer.kazakh.scripts import latin_variant, readings, to_latin

GOLDEN = Path(__file__).parent / "golden" / "analyse"


def golden_scripts() -> list[list[str]]:
    lines = (GOLDEN / "scripts.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def shown(tokens: list[Token]) -> list[tuple[str, int]]:
    return [(token.stem, token.position) for token in tokens]


@pytest.mark.parametrize(("variant", "written", "cyrillic"), golden_scripts())
def test_other_scripts_are_read(variant: str, written: str, cyrillic: str) -> None:
    assert cyrillic in readings(written, variant)[:3]


@pytest.mark.parametrize(("variant", "written", "cyrillic"), golden_scripts())
def test_words_of_other_scripts_have_the_stem_of_the_cyrillic_word(
    variant: str, written: str, cyrillic: str
) -> None:
    betraying = {"2021": "jañalyq", "2018": "jańalyq", "2017": "g'ylym o'ner", "arabic": ""}
    read = default_analyzer().tokens(f"{written} {betraying[variant]}", "kk")[0]
    assert read.stem == default_analyzer().tokens(cyrillic, "kk")[0].stem


@pytest.mark.parametrize("variant", ["2021", "2018", "2017"])
@pytest.mark.parametrize("word", ["кітапхана", "оқырман", "жаңалық", "шара", "үй", "қоян", "ғылым"])
def test_latin_and_back_is_the_same_word(word: str, variant: str) -> None:
    assert word in readings(to_latin(word, variant), variant)


def test_variants_are_told_apart_and_english_is_left_alone() -> None:
    assert latin_variant("Qazaqstannyñ ūlttyq kıtaphanasy") == "2021"
    assert latin_variant("Jańa jyl úshin") == "2018"
    assert latin_variant("g'ylym men o'ner") == "2017"
    assert latin_variant("the national library's reader") is None


def test_a_hyphenated_word_stands_whole_and_in_parts() -> None:
    tokens = default_analyzer().tokens("семинар-кеңесінде өтті")
    assert shown(tokens) == [("семинар-кеңес", 0), ("семинар", 0), ("кеңес", 1), ("өт", 2)]
    assert [token.origin for token in tokens] == ["compound", "part", "part", "word"]


def test_a_suffix_after_a_hyphen_is_no_word() -> None:
    assert shown(default_analyzer().tokens("ОКЖ-сі DVD-лер 90-жылдық")) == [
        ("окж", 0),
        ("dvd", 1),
        ("90-жылдық", 2),
        ("90", 2),
        ("жылдық", 3),
    ]


def test_a_loan_meets_in_both_languages() -> None:
    kazakh = default_analyzer().tokens("семинарында конференциясына", "kk")
    russian = default_analyzer().tokens("на семинаре и на конференции", "ru")
    assert {token.stem for token in kazakh} <= {token.stem for token in russian}


def test_paragraphs_are_read_each_in_its_language() -> None:
    tokens = default_analyzer().tokens("Кітапханада көрме өтті.\nВ библиотеке прошли выставки.")
    stems = [token.stem for token in tokens]
    assert stems == ["кітапхана", "көрме", "өт", "в", "библиотек", "прошл", "выставк"]
    assert [token.position for token in tokens] == list(range(7))


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("кытапхана", "кітапхана"),
        ("китапхана", "кітапхана"),
        ("озенін", "өзен"),
        ("Казакстан", "қазақстан"),
        ("донгелек", "дөңгелек"),
        ("устел", "үстел"),
        ("Тажибаев", "тәжібаев"),
        ("kitapkhana", "кітапхана"),
        ("seminary", "семинар"),
    ],
)
def test_a_query_typed_without_kazakh_letters_finds_the_word_at_less_weight(
    typed: str, wanted: str
) -> None:
    guesses = [t for t in default_analyzer().query_tokens(typed) if t.weight < 1]
    assert [guess.stem for guess in guesses] == [wanted]
    assert guesses[0].folded == fold(wanted)


def test_latin_kazakh_text_has_cyrillic_terms_and_latin_offsets() -> None:
    text = "Qazaqstannyñ ūlttyq kıtaphanasynda"
    tokens = default_analyzer().tokens(text)
    assert [token.stem for token in tokens] == ["қазақстан", "ұлттық", "кітапхана"]
    assert [text[token.start : token.end] for token in tokens] == text.split()


def test_abbreviations_and_places_expand_and_synonyms_only_when_asked() -> None:
    analyzer = default_analyzer()
    tokens = analyzer.query_tokens("Гоголь атындағы ОӘҒК")
    phrases = [phrase for found in analyzer.expansions(tokens) for phrase in found.phrases]
    assert ("облыстық", "әмбебап", "ғылыми", "кітапхана") in phrases
    assert ("оунб",) in phrases
    place = analyzer.expansions(analyzer.query_tokens("Нұр-Сұлтан"))
    assert ("астана",) in place[0].phrases
    show = analyzer.query_tokens("көрме")
    assert analyzer.expansions(show) == []
    assert ("выставк",) in analyzer.expansions(show, ("synonym",))[0].phrases


def test_places_know_their_region() -> None:
    assert region_of_places()["Теміртау"] == "Қарағанды облысы"
    assert region_of_places()["Усть-Каменогорск"] == "Шығыс Қазақстан облысы"


def test_function_words_are_marked() -> None:
    tokens = default_analyzer().tokens("кітап және оқырман")
    assert [token.stop for token in tokens] == [False, True, False]


def test_the_fingerprint_changes_with_the_lexicon() -> None:
    assert default_analyzer().fingerprint == Analyzer().fingerprint
    assert Analyzer(Lexicon({"кітап": 3.0})).fingerprint != default_analyzer().fingerprint


@pytest.mark.parametrize("text", ["", "\n\n", "-", "а" * 5000, "-" * 300, "ب" * 400, "a'" * 400])
def test_rubbish_makes_no_trouble(text: str) -> None:
    default_analyzer().query_tokens(text)


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("qai' qalada? Balqas' ko'li", ["қай", "қала", "балқаш", "көл"]),
        ("sıyr atasyn kim?", ["сиыр", "ата", "кім"]),
        ("qandaı jyr", ["қандай", "жыр"]),
        ("kıtap oqu", ["кітап", "оқу"]),
        ("neni ai'tamyz?", ["не", "айт"]),
        ("the reader's library", ["the", "reader", "librari"]),
    ],
)
def test_an_alphabet_is_known_by_the_words_it_makes(text: str, stems: list[str]) -> None:
    assert [token.stem for token in default_analyzer().tokens(text)] == stems


def test_a_straight_quotation_mark_that_opens_cuts_off_no_suffix() -> None:
    tokens = default_analyzer().tokens('"Абай жолы"ның оқырманы "лар" деді', "kk")
    assert [token.text for token in tokens if token.stop] == ["ның", "деді"]


@pytest.mark.parametrize(
    ("written", "exact"),
    [
        ("ќоѓам", "қоғам"), ("јдебиет", "әдебиет"), ("КЇН", "күн"), ("ўл", "ұл"), ("їлкен", "үлкен"),
        ("бұтаѕ", "бұтаң"), ("е́л", "ел"), ("бо\u0301лім", "болім"), ("кѝно", "кино"),
    ],
)  # fmt: skip
def test_letters_of_old_fonts_and_stress_marks(written: str, exact: str) -> None:
    assert [token.exact for token in default_analyzer().tokens(written, "kk")] == [exact]
