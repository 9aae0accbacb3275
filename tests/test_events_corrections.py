"""Corrections by the administrator: written down, laid over what is read, never lost."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from webs import Web, listing, reply
from webs import article as page

from crawler.correcting import apply_corrections, drop_correction, write_correction
from crawler.corrections import CORRECTION, Corrections, load_corrections
from crawler.crawling import crawl
from crawler.enrich.events import event_of
from crawler.errors import ConfigError
from crawler.importing import import_file
from crawler.model import Capture, Event
from crawler.reprocessing import reprocess
from crawler.sites import Names, Site
from crawler.store.store import Store
from jarshy import main

URL = "https://a.kz/1"
TEXT = "2024 жылғы 12 сәуірде Костанай қаласында семинар өтті."


@pytest.fixture
def folders(tmp_path: Path) -> tuple[str, ...]:
    (tmp_path / "config" / "sites").mkdir(parents=True)
    return ("--data", str(tmp_path / "data"), "--config", str(tmp_path / "config"))


def run(folders: tuple[str, ...], *arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(main, [*folders, *arguments])
    assert done.exit_code == code, done.output
    return done.output


def file_of(folders: tuple[str, ...]) -> Path:
    return Path(folders[3]) / "corrections.toml"


def bring(folders: tuple[str, ...], text: str = TEXT) -> None:
    path = Path(folders[3]) / "articles.jsonl"
    row = {"url": URL, "title": "Семинар", "text": text, "published": "2024-04-15"}
    path.write_text(json.dumps(row), "utf-8")
    run(folders, "import", str(path))


def event_in(folders: tuple[str, ...]) -> Event:
    with Store.open(Path(folders[1])) as store:
        document = store.articles.document_at(URL)
    assert document is not None
    return document.event


def test_a_correction_shows_at_once_and_says_that_it_is_one(folders):
    bring(folders)
    assert event_in(folders).starts == "2024-04-12"
    run(folders, "correct", URL, "--starts", "2024-04-11", "--kind", "вебинар", "--note", "хат")
    event = event_in(folders)
    assert (event.starts, event.ends, event.confidence) == ("2024-04-11", "2024-04-11", 1.0)
    assert event.kinds == ("webinar",)
    assert event.region == "kostanay", "what is not corrected stays as read"
    marked = {e.fact: e.words for e in event.evidence if e.where == CORRECTION}
    assert marked == {"starts": "хат", "ends": "хат", "kinds": "хат"}
    assert "corrected" in run(folders, "correct", URL)


def test_a_correction_survives_a_changed_article_at_the_next_index(folders):
    bring(folders)
    run(folders, "correct", URL, "--venue", "Орталық алаң")
    bring(folders, TEXT + " Семинарға 40 маман қатысты.")
    run(folders, "index")
    event = event_in(folders)
    assert (event.venue, event.participants) == ("Орталық алаң", 40)


def test_a_correction_survives_a_page_that_changes_and_is_crawled_again(folders):
    data, start = Path(folders[1]), datetime(2024, 4, 15, 9, tzinfo=UTC)
    told = "2024 жылғы 12 сәуірде Костанай қаласында семинар өтті. Оған {} маман қатысты."

    def event() -> Event:
        with Store.open(data) as store:
            (known,) = store.articles.known("test")
            document = store.articles.document_at(known.url)
        assert document is not None
        return document.event

    with Web({"/": reply(listing(["/1-seminar"]))}) as web:
        web.answers["/1-seminar"] = reply(page("Семинар", told.format(40)))
        crawl([web.site()], data, now=start)
        run(folders, "index")
        assert (event().starts, event().participants) == ("2024-04-12", 40)
        address = f"{web.root}/1-seminar"
        run(folders, "correct", address, "--starts", "2024-04-11", "--kind", "вебинар")
        assert (event().starts, event().kinds) == ("2024-04-11", ("webinar",))

        web.answers["/1-seminar"] = reply(page("Семинар туралы", told.format(55)))
        (done,) = crawl([web.site()], data, now=start + timedelta(days=100))
        assert done.account.updated == 1, "the page was asked again, and had changed"
        run(folders, "index")
        assert (event().starts, event().kinds) == ("2024-04-11", ("webinar",)), "corrected"
        assert event().participants == 55, "the rest is as the page tells it now"

        run(folders, "correct", address, "--clear")
        assert (event().starts, event().participants) == ("2024-04-12", 55)


def test_corrections_grow_and_are_dropped(folders):
    bring(folders)
    read = event_in(folders)
    run(folders, "correct", URL, "--participants", "12", "--online")
    run(folders, "correct", URL, "--none", "region", "--organiser", "А", "--organiser", "Б")
    event = event_in(folders)
    assert (event.participants, event.online, event.region) == (12, True, None)
    assert event.organisers == ("А", "Б")
    run(folders, "correct", URL, "--clear")
    assert event_in(folders) == read
    run(folders, "correct", URL, "--clear", code=1)


def test_a_correction_waits_for_its_article(folders):
    run(folders, "correct", URL, "--region", "Алматинская область")
    bring(folders)
    run(folders, "index")
    assert event_in(folders).region == "almaty-region"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f'["{URL}"]\nkinds = ["семинарр"]', (URL, "kinds", "семинарр", "near to it: семинар")),
        (f'["{URL}"]\nstarts = "12.04.2024"', (URL, "starts", "no date such as")),
        (f'["{URL}"]\nstarts = "2024-02-30"', (URL, "starts", "no date such as")),
        (f'["{URL}"]\nstarts = "2024-04-12"\nends = "2024-04-11"', (URL, "before the start")),
        (f'["{URL}"]\nregion = "Narnia"', (URL, "region", "kostanay")),
        (f'["{URL}"]\nregion = "Жамбыл"', (URL, "region", "near to it: Жамбыл облысы")),
        (f'["{URL}"]\nvenu = "x"', (URL, "venu: no such key", "Known keys", "venue")),
        (f'["{URL}"]\nvenue = 3', (URL, "venue: must be a text in quotes")),
        (f'["{URL}"]\nkinds = 3', (URL, "kinds: must be a list of texts")),
        (f'["{URL}"]\nstarts = 2024-04-12T10:00:00', (URL, "starts", "no date such as")),
        (f'["{URL}"]\nstarts = ""\nends = "2024-04-12"', (URL, "ends", "without a start")),
        (f'["{URL}"]\nparticipants = "many"', (URL, "participants", "no number from 0")),
        (f'["{URL}"]\nparticipants = true', (URL, "participants", "no number from 0")),
        (f'["{URL}"]\nonline = "yes"', (URL, "online", "neither true nor false")),
        ('["a.kz"]\nvenue = "x"', ("a.kz", "no web address")),
        (f'["{URL}"]\n["https://a.kz/1/../1"]\n', (URL, "twice")),
        ("venue = x", ("not TOML", "line 1")),
        (f'"{URL}" = 3', (URL, "no table")),
    ],
)
def test_mistakes_are_told_with_file_key_and_remedy(tmp_path, text, words):
    (tmp_path / "corrections.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_corrections(tmp_path)
    for word in (str(tmp_path / "corrections.toml"), *words):
        assert word in str(caught.value)


def test_a_wrong_option_writes_nothing(folders):
    assert "семинар" in run(folders, "correct", URL, "--kind", "семинарр", code=2)
    assert not file_of(folders).exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--ends", "2020-01-01"), "before the first day, 2024-04-12"),
        (("--none", "venue", "--venue", "Х"), "--none venue contradicts"),
        (("--none", "online", "--online"), "--none online contradicts"),
    ],
)
def test_facts_that_contradict_each_other_are_refused(folders, options, words):
    bring(folders)
    assert words in run(folders, "correct", URL, *options, code=2)
    assert not file_of(folders).exists()


def test_a_last_day_alone_before_the_first_one_read_is_the_only_day(tmp_path):
    (tmp_path / "corrections.toml").write_text(f'["{URL}"]\nends = "2024-03-18"\n', "utf-8")
    corrections = load_corrections(tmp_path)
    event = corrections.applied(URL, Event(starts="2024-04-12", ends="2024-04-12"))
    assert (event.starts, event.ends) == ("2024-03-18", "2024-03-18")
    assert corrections.applied(URL, event) == event
    event = corrections.applied(URL, Event(starts="2024-03-16", ends="2024-03-16"))
    assert (event.starts, event.ends) == ("2024-03-16", "2024-03-18")


def test_a_wrong_number_of_people_and_way_of_meeting_are_cleared(folders):
    bring(folders, "Zoom арқылы онлайн семинар өтті. Оған 40 маман қатысты.")
    assert (event_in(folders).participants, event_in(folders).online) == (40, True)
    run(folders, "correct", URL, "--none", "participants", "--none", "online")
    assert (event_in(folders).participants, event_in(folders).online) == (None, None)
    bring(folders, "Zoom арқылы онлайн семинар өтті. Оған 41 маман қатысты.")
    run(folders, "index")
    assert (event_in(folders).participants, event_in(folders).online) == (None, None)


def test_a_list_of_one_may_be_a_bare_text(tmp_path):
    text = f'["{URL}"]\nkinds = "семинар"\ntopics = ""\n'
    (tmp_path / "corrections.toml").write_text(text, "utf-8")
    event = load_corrections(tmp_path).applied(URL, Event(topics=("Наурыз",)))
    assert (event.kinds, event.topics) == (("seminar",), ())


def test_what_people_wrote_into_the_file_stays(tmp_path):
    path = tmp_path / "corrections.toml"
    path.write_text(
        f'# ours\n["https://b.kz/2"] # second\nvenue = "Б"\n\n# about a\n["{URL}"]\n'
        'venue = "А"\n\n# about c\n["https://c.kz/3"]\nkinds = [\n  "көрме",\n]\n',
        "utf-8",
    )
    known = load_corrections(tmp_path)
    write_correction(known, "https://a.kz/1/../1", {"starts": "2024-01-02"})
    text = path.read_text("utf-8")
    for comment in ("# ours", "# second", "# about a", "# about c"):
        assert comment in text
    again = load_corrections(tmp_path)
    corrected = again.of(URL)
    assert corrected is not None
    assert (corrected.venue, corrected.starts) == ("А", "2024-01-02")
    assert drop_correction(again, "https://b.kz/2")
    left = load_corrections(tmp_path)
    assert set(left.by_url) == {URL, "https://c.kz/3"}
    assert left.by_url["https://c.kz/3"].kinds == ("exhibition",)


def test_a_date_of_the_file_s_own_kind_is_read_too(tmp_path):
    (tmp_path / "corrections.toml").write_text(f'["{URL}"]\nstarts = 2024-03-18\n', "utf-8")
    assert load_corrections(tmp_path).applied(URL, Event()).starts == "2024-03-18"


def test_reprocessing_keeps_corrections_and_changes_nothing_twice(tmp_path):
    filler = "Кітапхана оқырмандары мен қонақтары жаңа басылымдармен танысты. " * 8
    body = f"<html><body><article><h1>Семинар</h1><p>{TEXT}</p><p>{filler}</p></article></body>"
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    capture = Capture(URL, datetime(2024, 4, 15, tzinfo=UTC), 200, headers, body.encode())
    (tmp_path / "corrections.toml").write_text(f'["{URL}"]\nstarts = "2024-04-13"\n', "utf-8")
    corrections = load_corrections(tmp_path)
    with Store.open(tmp_path / "data") as store:
        store.captures.add(capture, "a", ())
        sites = {"a": Site(id="a", name=Names(kk="А"), url=URL)}
        assert reprocess(store, {}, corrections=corrections).failed == 1, "no file, no reading"
        assert reprocess(store, sites, corrections=corrections).changed == 1
        assert reprocess(store, sites, corrections=corrections).changed == 0
        assert apply_corrections(store, corrections) == 0
        document = store.articles.document_at(URL)
        assert document is not None
        assert document.event.starts == "2024-04-13"
        assert reprocess(store, sites, corrections=Corrections(Path(), {})).changed == 1


def test_an_imported_article_s_facts_are_read_again_and_its_correction_holds(tmp_path):
    lines = tmp_path / "a.jsonl"
    told = {"url": URL, "title": "Семинар", "text": TEXT, "published": "2024-04-15"}
    lines.write_text(json.dumps(told), "utf-8")
    (tmp_path / "corrections.toml").write_text(f'["{URL}"]\nvenue = "Акт залы"\n', "utf-8")
    corrections = load_corrections(tmp_path)
    sites = {"a": Site(id="a", name=Names(kk="А"), url=URL, region="akmola")}
    with Store.open(tmp_path / "data") as store:
        assert import_file(lines, store, "a").stored == 1
        document = store.articles.document_at(URL)
        store.articles.revise(document.article, Event(kinds=("tour",)))
        assert reprocess(store, sites, ["b"], corrections=corrections).read == 0
        assert reprocess(store, sites, ["a"], corrections=corrections).changed == 1
        event = store.articles.document_at(URL).event
        assert event.kinds == event_of(document.article, sites["a"]).kinds
        assert event.venue == "Акт залы"
        assert reprocess(store, sites, corrections=corrections).changed == 0
        assert import_file(lines, store, "a").unchanged == 1
        assert store.articles.document_at(URL).event.venue == "Акт залы"
