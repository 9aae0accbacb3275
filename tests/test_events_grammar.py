"""The grammar of library news: every way of telling who, where, when and how many, with many names.

`tests/golden/enrich/grammar.toml` has the frames and the names; see its head.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from crawler.enrich.events import event_of
from crawler.enrich.name import name_stems
from crawler.model import Article, Block, Event
from crawler.sites import Names, Site
from crawler.vocabulary import kind_id, kinds

GRAMMAR = tomllib.loads(
    (Path(__file__).parent / "golden" / "enrich" / "grammar.toml").read_text("utf-8")
)
OWN = {"kk": "Алға аудандық кітапханасы", "ru": "Алгинская районная библиотека"}
SITE = Site(id="x", name=Names(**OWN), url="https://x.example/", region="aktobe")
# Words that a venue may be told with besides its name: its town.
MORE = 3


def event(text: str, language: str) -> Event:
    article = Article(
        url="https://x.example/1",
        title=None,
        blocks=tuple(Block(line) for line in text.split("\n")),
        language=language,
        layout="text",
        published=datetime.fromisoformat("2024-05-20T10:00:00+05:00"),
    )
    return event_of(article, SITE)


def sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def language_of(text: str) -> str:
    return "kk" if set("әғқңөұүһі") & set(text.lower()) else "ru"


def filled(language: str, frame: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The frame with every name, and with the third after it for its second place."""
    bodies = GRAMMAR[language]["body"]
    for number in range(len(bodies)):
        pair = (bodies[number], bodies[(number + 3) % len(bodies)])
        words = {f"{key}{place}": pair[place][key] for place in (0, 1) for key in pair[place]}
        yield sentence(frame.format(**words)), {**words, "nown": OWN[language]}


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_there_are_enough_frames(language):
    assert len(GRAMMAR[language]["frame"]) * len(GRAMMAR[language]["body"]) > 400


@pytest.mark.parametrize(
    ("language", "frame"), [(lang, row) for lang in ("kk", "ru") for row in GRAMMAR[lang]["frame"]]
)
def test_who_held_it_is_read_from_every_frame_with_every_name(language, frame):
    wrong = []
    for text, words in filled(language, frame["text"]):
        wanted = {name_stems(words[f"n{key}"]) for key in frame["held_by"]}
        given = event(text, language).organisers
        if {name_stems(one) for one in given} != wanted or len(given) != len(wanted):
            wrong.append((text, given))
    assert len(wrong) <= len(GRAMMAR[language]["body"]) // 6, wrong


@pytest.mark.parametrize(
    ("language", "frame"),
    [(lang, frame) for lang in ("kk", "ru") for frame in GRAMMAR[lang]["houses"]["frames"]],
)
def test_where_it_was_is_read_from_every_frame_with_every_house(language, frame):
    wrong = []
    for house in GRAMMAR[language]["house"]:
        text = sentence(frame.format(n=house["n"], l=house["at"], L=sentence(house["at"])))
        want, have = name_stems(house["n"]), name_stems(event(text, language).venue or "")
        if not want <= have or len(have - want) > MORE:
            wrong.append((text, have))
    assert len(wrong) <= 1, wrong


@pytest.mark.parametrize("row", GRAMMAR["place"], ids=lambda row: row["text"][:40])
def test_a_place_is_told_by_the_walls_the_doors_and_the_way_there(row):
    venue = event(row["text"], language_of(row["text"])).venue
    if row["venue"]:
        want, have = name_stems(row["venue"]), name_stems(venue or "")
        assert len(want & have) >= 0.6 * min(len(want), len(have)) > 0, venue
    else:
        assert venue is None or venue in OWN.values() or "облысы," in venue


@pytest.mark.parametrize("row", GRAMMAR["people"], ids=lambda row: row["text"][:40])
def test_people_are_counted_who_came_and_no_others(row):
    language = language_of(row["text"])
    lead = {"kk": "14 мамырда кітапханада шара өтті. ", "ru": "14 мая в библиотеке прошёл вечер. "}
    assert event(lead[language] + row["text"], language).participants == (row["number"] or None)


@pytest.mark.parametrize("row", GRAMMAR["day"], ids=lambda row: row["text"][:40])
def test_the_day_is_read_however_told(row):
    found = event(row["text"], language_of(row["text"]))
    assert (found.starts or "", found.ends or "") == (row["first"], row["last"])


@pytest.mark.parametrize("row", GRAMMAR["held_by"], ids=lambda row: row["text"][:40])
def test_who_did_something_else_or_another_time_did_not_hold_it(row):
    given = event(row["text"], language_of(row["text"])).organisers
    assert [name_stems(one) for one in given] == [name_stems(one) for one in row["organisers"]]


def with_wider(names):
    found = set()
    for name in names:
        key = kind_id(name) or name
        while key:
            found.add(key)
            key = kinds()[key].broader
    return found


@pytest.mark.parametrize("row", GRAMMAR["kind"], ids=lambda row: row["text"][:40])
def test_what_is_told_by_the_way_was_not_held(row):
    given = event(row["text"], language_of(row["text"])).kinds
    assert given
    assert set(given) <= with_wider(row["kinds"])


# Clubs and libraries on wheels are bodies, too, and told as such beside a name in quotation marks.
BODIES = {"discussion-club", "speaking-club", "mobile-library", "puppet-theatre"}
HELD = {
    "kk": ("14 мамырда кітапханада {} өтті.", "14 мамырда «Көктем» тақырыбында {} болды."),
    "ru": ("14 мая в библиотеке состоялось мероприятие: {}.", "В библиотеке прошёл {} «Весна»."),
}


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_kind_of_the_taxonomy_is_found_by_its_label(language):
    assert len(kinds()) >= 200
    wrong = []
    for kind in kinds().values():
        for frame in HELD[language]:
            text = frame.format(kind.kk if language == "kk" else kind.ru)
            if kind.id not in event(text, language).kinds and kind.id not in BODIES:
                wrong.append(text)
    assert wrong == []
