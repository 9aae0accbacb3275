"""The language of a text: golden texts, and that nothing makes it raise."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import FOLDER as REFERENCE

from crawler.enrich.language import language_of
from crawler.enrich.profiles import build_profile

GOLDEN = tomllib.loads(
    (Path(__file__).parent / "golden" / "enrich" / "languages.toml").read_text("utf-8")
)
PASSAGES = REFERENCE / "eval" / "passages.jsonl"


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language, texts in GOLDEN.items() for text in texts]
)
def test_the_language_of_a_text_is_told(language: str, text: str) -> None:
    assert language_of(text) == language


@pytest.mark.skipif(not PASSAGES.is_file(), reason="the Kazakh passages are not in the repository")
def test_kazakh_passages_are_kazakh() -> None:
    lines = PASSAGES.read_text("utf-8").splitlines()[::20]
    found = [language_of(json.loads(line)["text"]) for line in lines]
    assert found.count("kk") / len(found) >= 0.995


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_gets_a_code_and_always_the_same(text: str) -> None:
    found = language_of(text)
    assert found == language_of(text)
    assert found == "und" or (len(found) == 2 and found.isalpha())


@pytest.mark.parametrize("text", ["\ud800\udfff abc", "\0" * 50, "ا" * 3, "қ" * 100_000, "́́́"])
def test_odd_texts_do_not_raise(text: str) -> None:
    assert language_of(text)


@pytest.mark.parametrize(
    "text", ["", "   ", "🙂🎉👍", "❤️" * 500, "12.03.2024 – 10:15", "…!?", "№ 1"]
)
def test_a_text_without_letters_has_no_language(text: str) -> None:
    assert language_of(text) == "und"


def test_a_profile_counts_runs_of_letters() -> None:
    told = json.loads(build_profile("xx", ["кітап кітап"]))
    assert told["name"] == "xx"
    assert told["freq"]["кіт"] == 2
    assert told["n_words"][0] == 10
