"""Groups in the store: kept bit by bit, the same as if all were grouped at once."""

from __future__ import annotations

import random
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.enrich.events import event_of
from crawler.enrich.grouping import groups
from crawler.enrich.report import report_from_json, report_of, report_to_json
from crawler.gathering import gather
from crawler.model import Article, Block
from crawler.store.store import Store

NOW = datetime(2024, 5, 2, 9, 0, tzinfo=UTC)
NAMES = ("Асқар Сүлейменов", "Дина Нұрпейісова", "Ерлан Қасымов", "Жанар Әбілова", "Сара Оспанова")


def made(number: int, dice: random.Random) -> Article:
    """A report of one of a few events: its names and titles come again and again."""
    day = dice.randint(1, 4)
    who = dice.sample(NAMES, 2)
    title = dice.choice(("Алтын қыран", "Кітап әлемі", "Туған жер үні"))
    text = f"{day} мамырда кітапханада «{title} {dice.randint(1, 3)}» кездесуі өтті."
    guests = f"Кешке {who[0]} пен {who[1]} келді, олар оқырмандармен сөйлесті."
    return Article(
        url=f"https://{dice.choice('abc')}.example/news/{number}",
        title=None,
        blocks=(Block(text), Block(guests), Block(f"Жиында {dice.randint(1, 99)} сұрақ болды.")),
        language="kk",
        layout="text",
        site=dice.choice(("one", "two", "three")),
        published=NOW,
    )


def keep(store: Store, article: Article) -> None:
    store.articles.save(article, event_of(article), NOW)


def stored_groups(store: Store) -> set[frozenset[int]]:
    ids = [c.article_id for c in store.articles.changes_after(0) if c.document is not None]
    found = store.groups.told_by(ids)
    return {frozenset((one, *(t.article_id for t in rows))) for one, rows in found.items()}


def groups_at_once(store: Store) -> set[frozenset[int]]:
    documents = [c.document for c in store.articles.changes_after(0) if c.document is not None]
    reports = [report_of(str(one.id), one.article, one.event) for one in documents]
    return {frozenset(int(key) for key in group) for group in groups(reports)}


@pytest.mark.parametrize("seed", range(2))
def test_groups_kept_bit_by_bit_are_those_of_all_at_once(tmp_path, seed):
    dice = random.Random(seed)
    with Store.open(tmp_path) as store:
        urls: list[Article] = []
        for number in range(50):
            if urls and dice.random() < 0.2:
                told = dice.choice(urls)
                keep(store, replace(made(number, dice), url=told.url))
            elif urls and dice.random() < 0.1:
                store.articles.remove(urls.pop().url, NOW, "test")
            else:
                urls.append(made(number, dice))
                keep(store, urls[-1])
            if dice.random() < 0.3:
                gather(store)
                assert stored_groups(store) == groups_at_once(store)
        gather(store)
        assert stored_groups(store) == groups_at_once(store)
        assert stored_groups(store)
        assert gather(store) == 0


def test_a_report_comes_back_from_the_store_as_it_was():
    article = replace(made(1, random.Random(3)), twins=(("ru", "https://a.example/ru/1"),))
    report = report_of("1", article, event_of(article))
    assert report_from_json(report_to_json(report)) == report


PAIR = (
    ("https://a.example/kz/news/412-kesh", "kk", "12 наурызда «Көктем әуені» кеші өтті."),
    ("https://a.example/ru/news/412-vecher", "ru", "12 марта прошёл вечер «Мелодия весны»."),
)


def twins(store: Store) -> None:
    for url, language, text in PAIR:
        article = Article(
            url, None, (Block(text),), language, "text", site="a",
            published=datetime(2024, 3, 13, tzinfo=UTC),
        )  # fmt: skip
        keep(store, article)


def test_both_languages_of_a_story_are_one_event(tmp_path):
    with Store.open(tmp_path) as store:
        twins(store)
        gather(store)
        kazakh, russian = (store.articles.document_at(row[0]).id for row in PAIR)
        (other,) = store.groups.told_by([kazakh])[kazakh]
        assert (other.article_id, other.site, other.language) == (russian, "a", "ru")


def test_a_correction_of_the_day_parts_a_group(tmp_path):
    with Store.open(tmp_path) as store:
        twins(store)
        gather(store)
        document = store.articles.document_at(PAIR[1][0])
        moved = replace(document.event, starts="2024-03-19", ends="2024-03-19")
        store.articles.revise(document.article, moved)
        assert gather(store) == 1
        assert stored_groups(store) == set()


def test_a_removed_article_is_named_nowhere_at_once(tmp_path):
    with Store.open(tmp_path) as store:
        twins(store)
        gather(store)
        store.articles.remove(PAIR[0][0], NOW, "asked for")
        assert stored_groups(store) == set()


def test_a_data_folder_from_before_groups_opens_and_gets_them(tmp_path):
    with Store.open(tmp_path) as store:
        twins(store)
    with sqlite3.connect(tmp_path / "store.sqlite") as old:
        for table in ("reports", "report_keys", "report_pairs", "event_groups"):
            old.execute(f"DROP TABLE {table}")
        old.execute("DROP TABLE schema_version")
    with Store.open(tmp_path) as store:
        assert store.groups.told_by([1, 2]) == {}
        assert gather(store) == 2
        assert len(stored_groups(store)) == 1


def test_a_step_that_breaks_off_leaves_the_groups_as_they_were(tmp_path, monkeypatch):
    with Store.open(tmp_path) as store:
        twins(store)
        with monkeypatch.context() as patched:
            patched.setattr("crawler.gathering.joined", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                gather(store)
        assert store.groups.gathered() == 0
        gather(store)
        assert len(stored_groups(store)) == 1
