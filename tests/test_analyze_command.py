"""`jarshy analyze`: what a linguist or a script gets from it, odd input among it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.analysing import analyze


def told(*arguments: str, text: str | bytes) -> str:
    done = CliRunner().invoke(analyze, list(arguments), input=text)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize(
    ("line", "stem"),
    [
        ("кітаптарымыздағы", "кітап"), ("КІТАПТАР\r", "кітап"), ("бiздiң", "біз"), ("", ""), ("   ", ""), ("…", "…"),
        ("кіт\x0bап", "кіт ап"), ("кітап\u2028хана", "кітап хана"), ("😀", "😀"), ("كىتاپحاناسى", "кітапхана"),
        ("kıtaphanasynda", "кітапхана"), ("libraries", "librari"), ("ОКЖ-сі", "окж"), ("2024", "2024"), ("ж", "ж"),
    ],
)  # fmt: skip
def test_a_line_has_its_stem(line: str, stem: str) -> None:
    assert told("--stems", text=f"{line}\n") == f"{stem}\n"


def test_a_file_is_read_as_standard_input_is(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_text("кітаптарда\nбалалар\n", encoding="utf-8")
    assert told("--stems", str(file), text="") == "кітап\nбала\n"
    missing = CliRunner().invoke(analyze, [str(tmp_path / "none.txt")])
    assert missing.exit_code == 2
    assert "does not exist" in missing.output


@given(
    text=st.binary(max_size=200) | st.text(max_size=80).map(lambda t: t.encode("utf-8", "replace"))
)
@settings(max_examples=150, deadline=None)
def test_as_many_stems_as_lines(text: bytes) -> None:
    lines = text.count(b"\n") + (bool(text) and not text.endswith(b"\n"))
    out = told("--stems", text=text)
    assert len(out.splitlines()) == out.count("\n") == lines


@given(
    text=st.binary(max_size=60) | st.text(max_size=60).map(lambda t: t.encode("utf-8", "replace"))
)
@settings(max_examples=60, deadline=None)
def test_tokens_and_explanations_of_anything(text: bytes) -> None:
    tokens = json.loads(told(text=text))
    whole = text.decode("utf-8", "replace")
    assert all(whole[token["start"] : token["end"]] == token["text"] for token in tokens)
    assert (not tokens) == (told("--explain", text=text) == "")


def test_an_explanation_can_be_read_by_a_linguist() -> None:
    lines = told("--explain", text="халқының семинаре өткізілді libraries").splitlines()
    assert lines[0].startswith("халқының  (0-8)  stem халық, folded халик: lexicon")
    assert lines[1].startswith(
        "    * халық (noun, vowel) + px3 (his, her, their) + gen (genitive); lexicon "
    )
    assert "семинаре  (9-17)  stem семинар, folded семинар: read as Russian, or as a loan" in lines
    passive = lines.index("өткізілді  (18-27)  stem өткіз, folded откиз: passive undone")
    assert lines[passive + 1].startswith("    * өткізіл (verb) + past (past); lexicon ")
    assert sum(line.startswith("    *") for line in lines) == 2
    assert lines[-1] == "libraries  (28-37)  stem librari, folded librari: read as English"


def test_a_word_beyond_measure_is_shown_short() -> None:
    lines = told("--explain", text="ә" * 100_000).splitlines()
    assert lines[1] == "    longer than 48 letters: left whole"
    assert len(lines[0]) < 300


def test_a_question_is_shown_as_it_is_asked() -> None:
    lines = told("--question", text="r3nfg[fyf\n\nкытапхана кормеси\n").splitlines()
    assert lines[:3] == [
        "question: r3nfg[fyf",
        "  the keyboard was on another layout; searched as: кітапхана",
        "  кітапхана  stem кітапхана, folded китапхана",
    ]
    assert "  Kazakh in Russian letters, by most of its words" in lines
    assert "      or stem көрме, folded корме: typed with Russian letters, weight 0.9" in lines
    assert "  words 1-1, synonym: библиотек" in lines


@given(
    text=st.binary(max_size=60) | st.text(max_size=60).map(lambda t: t.encode("utf-8", "replace"))
)
@settings(max_examples=60, deadline=None)
def test_questions_of_anything(text: bytes) -> None:
    whole = text.decode("utf-8", "replace").split("\n")
    asked = sum(bool(line.strip()) for line in whole)
    assert told("--question", text=text).count("question: ") >= asked
