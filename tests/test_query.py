"""The query language: what a question is read as, and that nothing typed breaks it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer.caps import MAX_CHARACTERS
from indexer.errors import QueryLimitError
from indexer.filters import filters_of
from indexer.model import Hint, SearchRequest
from indexer.query import (
    Begins,
    Either,
    Excluded,
    Filter,
    Group,
    Node,
    Phrase,
    Required,
    Word,
    parse_query,
)


def tree(*parts: Node) -> Group:
    return Group(parts)


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("", tree()),
        ("кітап көрмесі", tree(Word("кітап"), Word("көрмесі"))),
        ('"кітап көрмесі"', tree(Phrase("кітап көрмесі"))),
        ("“кітап көрмесі”", tree(Phrase("кітап көрмесі"))),
        ("«Абай жолы» кеші", tree(Phrase("Абай жолы", strict=False), Word("кеші"))),
        ("кітап -балалар", tree(Word("кітап"), Excluded(Word("балалар")))),
        ("ел-бір – бір", tree(Word("ел-бір"), Word("бір"))),
        ("+кітап шара", tree(Required(Word("кітап")), Word("шара"))),
        ("кітап AND шара", tree(Required(Word("кітап")), Required(Word("шара")))),
        ("кітап ЖӘНЕ шара", tree(Required(Word("кітап")), Required(Word("шара")))),
        ("кітап OR шара кеш", tree(Either((Word("кітап"), Word("шара"))), Word("кеш"))),
        ("кітап НЕМЕСЕ шара", tree(Either((Word("кітап"), Word("шара"))))),
        ("книга ИЛИ вечер", tree(Either((Word("книга"), Word("вечер"))))),
        ("книга НЕ вечер", tree(Word("книга"), Excluded(Word("вечер")))),
        ("қала және кітап", tree(Word("қала"), Word("және"), Word("кітап"))),
        ("МЕН ЖӘНЕ ОЛ", tree(Word("МЕН"), Word("ЖӘНЕ"), Word("ОЛ"))),
        ("кітапх*", tree(Begins("кітапх"))),
        ("кітапхна~", tree(Word("кітапхна", near=True))),
        ("(кітап шара) кеш", tree(Group((Word("кітап"), Word("шара"))), Word("кеш"))),
        ("? ! … *", tree()),
        ("болған жыл:", tree(Word("болған"), Word("жыл:"))),
        ("http://kitap.kz", tree(Word("http://kitap.kz"))),
    ],
)
def test_a_question_is_read_as_meant(q: str, expected: Group) -> None:
    assert parse_query(q).tree == expected


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("сайт:nlrk", Filter("site", "nlrk", False, "сайт")),
        ('өңір:"Қарағанды облысы"', Filter("region", "Қарағанды облысы", False, "өңір")),
        ("Түрі:семинар", Filter("kind", "семинар", False, "Түрі")),
        ("год:2023", Filter("year", "2023", False, "год")),
        ("-language:ru", Filter("language", "ru", True, "language")),
    ],
)
def test_operators_have_names_in_three_languages(q: str, expected: Filter) -> None:
    assert parse_query(f"кітап {q}").filters == (expected,)
    assert parse_query(f"кітап {q}").tree == tree(Word("кітап"))


@pytest.mark.parametrize(
    ("typed", "facet", "values"),
    [
        ("жыл:2023", "year", ("2023",)),
        ("жыл:2021-2023", "year", ("2021", "2022", "2023")),
        ("өңір:Қарағанды", "region", ("karaganda",)),
        ("регион:Карагандинская", "region", ("karaganda",)),
        ("kind:seminar", "kind", ("seminar",)),
        ("түрі:семинар", "kind", ("seminar",)),
        ("тіл:қазақша", "language", ("kk",)),
        ("сайт:MURA", "site", ("mura",)),
    ],
)
def test_typed_values_become_ids(typed: str, facet: str, values: tuple[str, ...]) -> None:
    found = filters_of(SearchRequest(), parse_query(typed).filters, ["mura", "zhazira"])
    assert [(one.facet, one.values) for one in found.values] == [(facet, values)]


@pytest.mark.parametrize("typed", ["жыл:абв", "өңір:жоқжер", "сайт:жоқ", "түрі:жоқтүр"])
def test_an_unknown_value_is_told_and_narrows_nothing(typed: str) -> None:
    found = filters_of(SearchRequest(), parse_query(typed).filters, ["mura"])
    assert found.values == ()
    assert found.hints == (Hint("unknown_value", tuple(typed.split(":"))),)


def test_dates_of_the_request_are_days() -> None:
    days = filters_of(SearchRequest(date_from=date(2024, 1, 1)), (), ()).days
    assert days is not None
    assert (days.first, days.last) == (date(2024, 1, 1).toordinal(), date.max.toordinal())


@pytest.mark.parametrize(
    ("q", "hint"),
    [
        ('"кітап', "unclosed_quote"),
        ("«кітап", "unclosed_quote"),
        ("(кітап", "unclosed_bracket"),
        ("кітап)", "unclosed_bracket"),
        ("болған жыл:", "empty_operator"),
    ],
)
def test_what_is_half_written_is_searched_with_a_hint(q: str, hint: str) -> None:
    parsed = parse_query(q)
    assert [one.code for one in parsed.hints] == [hint]
    assert parsed.tree.parts


TYPED = st.lists(
    st.sampled_from(
        (
            *("кітап", "қала", " ", '"', "«", "»", "(", ")", "-", "+", "*", "~", ":", "жыл:2023"),
            *(
                " OR ",
                " AND ",
                " NOT ",
                "сайт:",
                "2024",
                "\0",
                "\ud800",
                "\u202e",
                "🙂",
                "а*",
                "~2",
            ),
        )
    )
).map("".join) | st.text(max_size=80)


@settings(max_examples=400)
@given(TYPED)
@example("-" * 200)
@example("(" * 100)
@example('"' * 99)
@example("a OR " * 30)
def test_whatever_is_typed_is_read_or_refused_by_a_cap(q: str) -> None:
    try:
        parsed = parse_query(q)
    except QueryLimitError:
        return
    assert len(q) <= MAX_CHARACTERS
    assert all(letters(text) in letters(q) for text in texts(parsed.tree))


def letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


def texts(node: Node) -> list[str]:
    match node:
        case Group() | Either():
            return [text for part in node.parts for text in texts(part)]
        case Required() | Excluded():
            return texts(node.part)
        case Word() | Phrase() | Begins():
            return [node.text]
