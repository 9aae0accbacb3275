"""Text files whose lines were broken by hand: paragraphs are made whole, lists and poems stay."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.extract.wrapping import paragraphs_of
from crawler.reading import read_text
from jarshy import main

TITLE = "Ауыл кітапханасында қолөнер сағаты өтті"
PARAGRAPHS = (
    "Ауылдық кітапханада 14 наурызда қолөнер сағаты өтіп, оған жиырма шақты оқушы мен олардың "
    "ата-аналары қатысты. Шебер Нұргүл Әбдіқызы киіз басудың қыр-сырын көрсетіп, балалар өз "
    "қолымен шағын бұйым жасап шықты.",
    "Шараға қатысушылар: бесінші сынып оқушылары, ардагерлер және облыстық «Зерек» орталығының "
    "мамандары. Кездесуде 4.02 нұсқалы каталог – оқырманға ашық қор – таныстырылды.",
    "Соңында кітапхана меңгерушісі барлық қонаққа алғыс айтып, келесі айдағы көрмеге шақырды.",
)


def wrapped(width: int, indent: str = "", between: str = "\n\n") -> str:
    lines = (
        "\n".join(textwrap.wrap(one, width, initial_indent=indent, break_on_hyphens=False))
        for one in PARAGRAPHS
    )
    return f"{TITLE}\n\n{between.join(lines)}\n"


@pytest.mark.parametrize("width", [50, 60, 66, 72, 80, 100])
def test_paragraphs_broken_at_any_width_are_whole(width: int) -> None:
    article = read_text(wrapped(width)).article
    assert article.title == TITLE
    assert article.paragraphs == PARAGRAPHS
    assert not article.removed


@pytest.mark.parametrize("width", [60, 72])
def test_an_indent_begins_a_paragraph(width: int) -> None:
    assert read_text(wrapped(width, "    ", "\n")).article.paragraphs == PARAGRAPHS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Оған оқырмандар мен\nстуденттер\nжиналды.", ["Оған оқырмандар мен студенттер жиналды."]),
        ("Кездесу соңында\nавтор\nқолтаңба берді.", ["Кездесу соңында автор қолтаңба берді."]),
        ("Келгендер:\nоқушылар\nстуденттер", ["Келгендер:", "оқушылар", "студенттер"]),
        ("09:30 Тіркеу\n10:00 Ашылуы", ["09:30 Тіркеу", "10:00 Ашылуы"]),
        ("1 орын – Аружан\n2 орын – Тимур", ["1 орын – Аружан", "2 орын – Тимур"]),
        ("Ақ қайың\nКөк терек", ["Ақ қайың", "Көк терек"]),
        ("Бұл жаңа электрон-\nдық қор.", ["Бұл жаңа электрондық қор."]),
        ("а" * 300 + "\nсурет", ["а" * 300, "сурет"]),
    ],
)
def test_what_belongs_together_is_joined_and_no_more(text: str, expected: list[str]) -> None:
    assert list(paragraphs_of(text.split("\n"))) == expected


def test_clean_shows_a_wrapped_file_in_paragraphs(tmp_path: Path) -> None:
    path = tmp_path / "story.txt"
    path.write_text(wrapped(70), "utf-8")
    done = CliRunner().invoke(main, ["clean", "--json", str(path)])
    assert json.loads(done.stdout)["paragraphs"] == list(PARAGRAPHS)
