"""Stems a linguist has signed, and what must hold for any word."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.kazakh.candidates import candidates
from indexer.kazakh.choice import Judge
from indexer.kazakh.endings import endings
from indexer.kazakh.function_words import function_forms
from indexer.kazakh.induction import induce
from indexer.kazakh.lexicon import Lexicon, lexicon_from_text, load_lexicon
from indexer.kazakh.quick import QuickJudge
from indexer.kazakh.stemmer import Stemmer

GOLDEN = Path(__file__).parent / "golden" / "analyse"
LETTERS = "аәбвгғдежзийкқлмнңоөпрстуұүфхһцчшыіюя"


def golden_stems() -> list[list[str]]:
    lines = (GOLDEN / "stems.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


@cache
def stemmer() -> Stemmer:
    return Stemmer()


def test_the_table_has_three_hundred_forms() -> None:
    assert len(golden_stems()) >= 300


def test_every_form_of_the_linguists_table_has_its_stem() -> None:
    found = [(form, stemmer().stem(form)) for form, _ in golden_stems()]
    assert found == [(form, stem) for form, stem in golden_stems()]


@settings(deadline=None)
@given(st.text(alphabet=LETTERS + "-1a", min_size=1, max_size=60))
def test_any_word_has_a_stem(word: str) -> None:
    assert stemmer().stem(word)


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet=LETTERS, min_size=2, max_size=14))
def test_the_fast_choice_is_the_readable_one(word: str) -> None:
    judge = Judge(stemmer().lexicon)
    least = min(candidates(word), key=judge.cost)
    assert QuickJudge(judge).best(word) is not None
    kind, stem = QuickJudge(judge).best(word) or ("", "")
    same = min(judge.cost(c) for c in candidates(word) if (c.chain.kind, c.stem) == (kind, stem))
    assert same == pytest.approx(judge.cost(least))


def test_an_explanation_names_suffixes_support_and_reason() -> None:
    told = stemmer().explain("кітапханасындағы")
    assert (told.stem, told.reason) == ("кітапхана", "lexicon")
    best = told.readings[0]
    assert [name for name, _ in best.suffixes] == ["px3", "loc", "attr"]
    assert best.support > 1
    assert told.readings == tuple(sorted(told.readings, key=lambda reading: reading.cost))
    assert stemmer().explain("маған").reason == "closed class"


def test_words_of_a_corpus_teach_a_new_stem(tmp_path: Path) -> None:
    words = dict.fromkeys(("жарқылбекар", "жарқылбекарды", "жарқылбекарға", "жарқылбекарлар"), 1)
    empty, taught = Lexicon(), induce(words)
    assert taught.support("N", "жарқылбекар") > empty.support("N", "жарқылбекар")
    assert {Stemmer(taught).stem(word) for word in words} == {"жарқылбекар"}
    taught.save(tmp_path / "lexicon.tsv")
    assert load_lexicon(tmp_path / "lexicon.tsv").nouns.keys() == taught.nouns.keys()


def test_induction_does_not_depend_on_order() -> None:
    words = [("кітап", 2), ("кітаптар", 1), ("кітабы", 5), ("өзенде", 1)]
    assert induce(words).fingerprint == induce(reversed(words)).fingerprint


def test_a_broken_lexicon_is_refused_with_its_line() -> None:
    with pytest.raises(ValueError, match=r"stored lexicon, line 2: expected stem, number, number"):
        lexicon_from_text("# head\nкітап\tмного\n", "stored lexicon")


def test_a_closed_class_form_belongs_to_one_word() -> None:
    assert function_forms()["оған"] == "ол"
    assert function_forms()["пен"] == "мен"


@pytest.mark.parametrize("letters", ["лар", "лер", "дарымыздағы", "терінен", "йтіндер"])
def test_chains_of_suffixes_are_known(letters: str) -> None:
    assert endings().of(letters)


@pytest.mark.parametrize("letters", ["ларымізден", "лардің", "ққққ", "птар"])
def test_chains_against_harmony_are_not(letters: str) -> None:
    assert endings().of(letters) == ()


def test_what_is_remembered_of_words_is_bounded_and_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("indexer.kazakh.choice.MOST_PRIORS", 50)
    words = [
        f"{head}{tail}" for head in ("кітап", "жарқыр", "мектеп") for tail in ("ты", "лар", "дан")
    ]
    judge = Judge(stemmer().lexicon)
    quick = QuickJudge(judge)
    odd = [f"{one}{other}ыл{word}" for one in "бвгд" for other in "аоу" for word in words]
    assert [quick.best(word) for word in odd] == [
        QuickJudge(Judge(stemmer().lexicon)).best(word) for word in odd
    ]
    assert 0 < len(judge._priors) <= 50
