"""Reports of one event are found together; two events never are, however alike."""

from __future__ import annotations

import importlib.util
import itertools
import random
import re
import sys
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from crawler.enrich.events import event_of
from crawler.enrich.fingerprint import likeness, signature
from crawler.enrich.grouping import groups
from crawler.enrich.report import report_of
from crawler.model import Article, Block

ROOT = Path(__file__).resolve().parents[1]
ARTICLES = ROOT / "demoweb" / "articles"
YEAR = re.compile(r"(?<!\d)20[012]\d(?!\d)")
PUBLISHED = datetime(2024, 4, 17, tzinfo=UTC)
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[«–А-ЯӘҒҚҢӨҰҮҺІA-Z])")


def benchmark():
    spec = importlib.util.spec_from_file_location("events_benchmark", ROOT / "benchmarks/events.py")
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def cases():
    module = benchmark()
    return {case.name: case for case in module.demo_cases()}


@pytest.fixture(scope="module")
def reports(cases):
    return {name: report(name, case.article, case.site) for name, case in cases.items()}


def report(key, article, site):
    return report_of(key, article, event_of(article, site))


def told_pairs() -> set[tuple[str, str]]:
    """Pairs of demo articles that tell of one event, by the links in their files."""
    links: dict[str, set[str]] = {}
    for path in ARTICLES.glob("*/*.toml"):
        told = tomllib.loads(path.read_text("utf-8")).get("links", {})
        for other in {*told.get("same_event", ()), *([told["twin"]] if "twin" in told else ())}:
            links.setdefault(path.stem, set()).add(other)
            links.setdefault(other, set()).add(path.stem)
    return {
        pair
        for first in links
        for pair in itertools.combinations(sorted(_reached(first, links)), 2)
    }


def _reached(first, links):
    seen, ahead = set(), [first]
    while ahead:
        name = ahead.pop()
        if name not in seen:
            seen.add(name)
            ahead.extend(links.get(name, ()))
    return seen


def pairs_of(found) -> set[tuple[str, str]]:
    return {pair for group in found for pair in itertools.combinations(sorted(group), 2)}


def test_shared_events_and_twins_of_the_demo_are_grouped(reports):
    assert pairs_of(groups(list(reports.values()))) == told_pairs()


def test_yearly_series_stay_apart(reports):
    together = pairs_of(groups(list(reports.values())))
    assert ("zhazira-02", "zhazira-03") not in together
    assert ("saryarqa-02", "saryarqa-03") not in together


def rewritten(article: Article, site: str, change) -> Article:
    blocks = tuple(Block(text) for block in article.blocks if (text := change(block.text)))
    return replace(article, blocks=blocks, site=site, url=f"https://{site}.example/{hash(blocks)}")


def cut_copy(article, site, dice):
    """A reprint: the lead stays, a third of the other sentences is left out, another title."""
    first = article.blocks[0].text

    def change(text):
        if text == first:
            return text
        return " ".join(s for s in SENTENCE.split(text) if dice.random() > 0.33)

    return replace(rewritten(article, site, change), title="Әріптестер жаңалығы")


def other_words(article, site, dice):
    """Another telling: sentences in another order, every fourth common word changed."""

    def change(text):
        sentences = SENTENCE.split(text)
        dice.shuffle(sentences)
        return " ".join(_swapped(sentence, dice) for sentence in sentences)

    return replace(rewritten(article, site, change), title=None)


def _swapped(sentence, dice):
    words = sentence.split(" ")
    return " ".join(
        dice.choice(("бұл", "және", "сондай", "жалпы", "осы"))
        if word.islower() and word.isalpha() and number > 8 and dice.random() < 0.25
        else word
        for number, word in enumerate(words)
    )


def next_year(article, site, dice):
    """The same library's report of the next year's event, in the same words."""

    def change(text):
        return YEAR.sub(lambda m: str(int(m.group()) + 1), text)

    moved = rewritten(article, site, change)
    return replace(moved, published=article.published + timedelta(days=365))


def moved_on(report_, key, days):
    """The same seminar a week later in another town: the touring kind."""
    first = date.fromisoformat(report_.event.starts) + timedelta(days=days)
    last = date.fromisoformat(report_.event.ends) + timedelta(days=days)
    event = replace(
        report_.event, starts=first.isoformat(), ends=last.isoformat(), city="Шу", region="zhambyl"
    )
    return replace(report_, key=key, event=event, url=f"{report_.url}/{key}")


def same_day(one, two, key):
    """Another event of the same library put on the day of the first."""
    event = replace(two.event, starts=one.event.starts, ends=one.event.ends)
    event = replace(event, region=one.event.region, city=one.event.city)
    return replace(two, key=key, event=event, url=f"{two.url}/{key}")


@pytest.fixture(scope="module")
def near_misses(cases, reports):
    """240 made-up reports and the pairs among them that tell of one event."""
    dice = random.Random(7)
    full = [n for n, r in reports.items() if r.days and not any(n in p for p in told_pairs())][:40]
    made, same = [], set()
    for number, name in enumerate(full):
        case, base = cases[name], reports[name]
        site = cases[full[number - 1]].site
        for change in (cut_copy, other_words):
            key = f"{name}:{change.__name__}"
            made.append(report(key, change(case.article, "reprint", dice), case.site))
            same.add((name, key))
        same.add((f"{name}:cut_copy", f"{name}:other_words"))
        later = next_year(case.article, case.article.site, dice)
        made.append(report(f"{name}:next_year", later, case.site))
        made.append(moved_on(base, f"{name}:moved_on", 7))
        other = reports[full[(number + 1) % len(full)]]
        made.append(same_day(base, other, f"{name}:same_day"))
        twin = same_day(base, reports[full[(number + 5) % len(full)]], f"{name}:same_day_other")
        made.append(replace(twin, site="reprint"))
        assert site is not None
    return made, same


def test_near_misses_are_told_apart_and_other_tellings_found(reports, near_misses):
    made, same = near_misses
    assert len(made) >= 200
    found = pairs_of(groups([*reports.values(), *made]))
    right = {tuple(sorted(pair)) for pair in same} | told_pairs()
    wrong = found - right
    assert not wrong
    assert len(found & right) / len(right) >= 0.9


def test_a_group_never_holds_two_days_through_a_third_report(reports):
    base = reports["saryarqa-05"]
    vague = replace(base, key="vague", event=replace(base.event, starts=None, ends=None))
    later = moved_on(base, "later", 7)
    found = groups([base, vague, later])
    assert all(not {"saryarqa-05", "later"} <= group for group in found)


def test_fingerprints_tell_likeness():
    one = Article("https://a.example/", "Тақырып", (Block("Кітап көрмесі ашылды."),), "kk", "text")
    spaced = replace(one, blocks=(Block("Кітап  көрмесі — ашылды!"),))
    other = replace(one, blocks=(Block("Мүлде басқа мәтін осында тұр."),))
    assert likeness(signature(one), signature(spaced)) == 1.0
    assert likeness(signature(one), signature(other)) < 0.2
    assert likeness((), signature(one)) == 0.0


TRANSLATIONS = [
    ("https://a.kz/kz/news/12", "https://a.kz/ru/news/12", True),
    ("https://a.kz/news/12", "https://www.a.kz/ru/news/12/", True),
    ("https://kk.a.kz/news?id=7", "https://ru.a.kz/news?id=7", True),
    ("https://a.kz/?id=7&lang=kz", "https://a.kz/?lang=ru&id=7", True),
    ("https://a.kz/kz/news/412-kitap-kuni", "https://a.kz/ru/news/412-den-knigi", True),
    ("https://a.kz/kk/post/kitap-kuni-4120", "https://a.kz/ru/post/den-knigi-4120", True),
    ("https://a.kz/kz/news/412-kitap", "https://a.kz/ru/news/413-kniga", False),
    ("https://a.kz/kz/news/12", "https://b.kz/ru/news/12", False),
    ("https://a.kz/news/12", "https://a.kz/news/12", False),
    ("https://a.kz/2024/412-kitap", "https://a.kz/2024/412-kniga", False),
    ("https://a.kz/kz/kitap-kuni", "https://a.kz/ru/den-knigi", False),
    ("https://a.kz/kz/2024-zhyldyn-kitaby", "https://a.kz/ru/2024-god-detej", False),
    ("https://a.kz/kz/news/12?page=1", "https://a.kz/ru/news/12?page=2", False),
]


@pytest.mark.parametrize(("one", "two", "same"), TRANSLATIONS)
def test_addresses_that_differ_in_their_language_alone_are_of_one_story(one, two, same):
    first = Article(
        one, "Кітап", (Block("Бір мәтін."),), "kk", "text", site="a", published=PUBLISHED
    )
    second = Article(
        two, "Книга", (Block("Другой текст."),), "ru", "text", site="a", published=PUBLISHED
    )
    found = groups([report("1", first, None), report("2", second, None)])
    assert found == ((frozenset({"1", "2"}),) if same else ())


def test_a_language_switch_links_two_texts_however_the_link_is_written():
    first = Article(
        "https://a.kz/kz/kitap-kuni",
        "Кітап",
        (Block("Бір мәтін."),),
        "kk",
        "text",
        site="a",
        published=PUBLISHED,
        twins=(("ru", "http://www.a.kz/ru/den-knigi/"),),
    )
    second = Article(
        "https://a.kz/ru/den-knigi",
        "Книга",
        (Block("Другой."),),
        "ru",
        "text",
        site="a",
        published=PUBLISHED,
    )
    found = groups([report("1", first, None), report("2", second, None)])
    assert found == (frozenset({"1", "2"}),)


def test_addresses_alone_never_join_two_years():
    first = Article(
        "https://a.kz/kz/7",
        "Семинар",
        (Block("2023 жылғы 5 мамырда семинар өтті."),),
        "kk",
        "text",
        site="a",
        published=PUBLISHED,
    )
    second = Article(
        "https://a.kz/ru/7",
        "Семинар",
        (Block("5 мая 2024 года прошёл семинар."),),
        "ru",
        "text",
        site="a",
        published=PUBLISHED,
    )
    assert groups([report("1", first, None), report("2", second, None)]) == ()
