"""The store keeps everything: versions, captures, failures, runs; and what is built on it."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from webs import article as article_page

from crawler.checking import check_store
from crawler.errors import StoreError
from crawler.health import Reason, SiteHealth, site_health
from crawler.importing import FailedLine, import_file
from crawler.model import Account, Article, Block, BlockKind, Capture, Event, Image, TextLink
from crawler.recall import recall, rechecks, resting
from crawler.reprocessing import reprocess
from crawler.scheduling import due_sites, is_due
from crawler.sites import Site
from crawler.store.articles import Known, Outcome
from crawler.store.captures import Failure, Resource
from crawler.store.codec import article_from_json, event_from_json, to_json
from crawler.store.place import database_url
from crawler.store.runs import SiteRun
from crawler.store.store import Store
from crawler.store.warc import WarcArchive

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
URL = "https://lib.example/1-korme"
ROOT = Path(__file__).parent.parent
ARTICLE = Article(
    url=URL,
    title="Көрме",
    blocks=(Block("Кітапханада көрме ашылды."), Block("Бірінші бөлім", BlockKind.HEADING)),
    language="kk",
    layout="joomla",
    site="lib",
    published=NOW - timedelta(days=3),
    images=(Image("https://lib.example/a.jpg", "", "Сурет"),),
    twins=(("ru", "https://lib.example/ru/1"),),
)
EVENT = Event(kinds=("exhibition",), starts="2026-11-19", organisers=("Кітапхана",))


def site_of(site_id: str = "lib", **told: object) -> Site:
    known = {"id": site_id, "name": {"kk": "Кітапхана"}, "url": "https://lib.example/"}
    return Site.model_validate({**known, **told})


def captured(body: str = "", url: str = URL, status: int = 200) -> Capture:
    headers = (("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip"))
    return Capture(url, NOW, status, headers, (body or article_page()).encode())


@pytest.fixture(params=["sqlite", "postgresql"])
def store(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    url = None
    if request.param == "postgresql":
        url = database_url(request.getfixturevalue("database"), "test")
    with Store.open(tmp_path / "data", url) as opened:
        yield opened


# Articles


def test_a_changed_story_becomes_a_version_and_nothing_is_lost(store: Store) -> None:
    assert store.articles.save(ARTICLE, EVENT, NOW) is Outcome.STORED
    later = NOW + timedelta(days=1)
    assert store.articles.save(replace(ARTICLE, layout="other"), EVENT, later) is Outcome.UNCHANGED
    changed = replace(ARTICLE, title="Жаңа көрме")
    moved = replace(EVENT, venue="жаңа зал")
    assert store.articles.save(changed, moved, later) is Outcome.UPDATED
    document = store.articles.document_at(URL)
    assert document is not None
    assert (document.version, document.article) == (2, changed)
    assert document.event == moved
    assert [
        (one.number, one.article.title, one.event) for one in store.articles.versions(document.id)
    ] == [
        (1, "Көрме", EVENT),
        (2, "Жаңа көрме", moved),
    ]


def test_links_beside_an_unchanged_text_make_no_version_but_are_kept(store: Store) -> None:
    first = replace(ARTICLE, links=(TextLink("https://lib.example/2", "бұрынғы"),))
    store.articles.save(first, EVENT, NOW)
    since = store.articles.last_sequence()
    now = replace(first, links=(TextLink("https://lib.example/3", "жаңа"),), layout="generic")
    capture_id = store.captures.add(captured(), "lib", ())
    assert store.articles.save(now, EVENT, NOW, capture_id) is Outcome.UNCHANGED
    document = store.articles.document_at(URL)
    assert document is not None
    assert (document.version, document.article) == (1, now)
    assert list(store.articles.changes_after(since)) == []


def test_changes_tell_the_index_what_happened_since(store: Store) -> None:
    store.articles.save(ARTICLE, EVENT, NOW)
    store.articles.save(replace(ARTICLE, url=URL + "2"), EVENT, NOW)
    since = store.articles.last_sequence()
    assert list(store.articles.changes_after(since)) == []
    store.articles.save(replace(ARTICLE, title="Басқа"), EVENT, NOW)
    assert store.articles.remove(URL + "2", NOW, "asked for")
    first, second = store.articles.changes_after(since)
    assert first.document is not None
    assert first.document.article.title == "Басқа"
    assert second.document is None


def test_an_article_taken_down_never_comes_back(store: Store) -> None:
    store.articles.save(ARTICLE, EVENT, NOW)
    assert store.articles.remove(URL, NOW, "asked for")
    assert store.articles.document_at(URL) is None
    assert store.articles.save(ARTICLE, EVENT, NOW) is Outcome.SUPPRESSED
    assert not store.articles.remove(URL, NOW, "again")
    assert recall(site_of(), store, NOW).removed == {URL}


def test_gone_only_after_two_looks_a_week_apart_and_back_when_it_returns(store: Store) -> None:
    store.articles.save(ARTICLE, EVENT, NOW)
    week = timedelta(days=7)
    assert not store.articles.mark_missing(URL, NOW + week)
    assert not store.articles.mark_missing(URL, NOW + 1.9 * week)
    assert store.articles.mark_missing(URL, NOW + 2 * week)
    assert not store.articles.mark_missing(URL, NOW + 3 * week)
    gone = store.articles.document_at(URL)
    assert gone is not None
    assert gone.gone_since == NOW + 2 * week
    since = store.articles.last_sequence()
    assert store.articles.save(ARTICLE, EVENT, NOW + 4 * week) is Outcome.UNCHANGED
    (change,) = store.articles.changes_after(since)
    assert change.document is not None
    assert change.document.gone_since is None


def test_a_page_found_again_between_two_looks_is_not_missing(store: Store) -> None:
    store.articles.save(ARTICLE, EVENT, NOW)
    store.articles.mark_missing(URL, NOW)
    store.articles.touch(URL, NOW + timedelta(days=1))
    assert not store.articles.mark_missing(URL, NOW + timedelta(days=8))


def test_a_better_reading_replaces_the_version_in_place(store: Store) -> None:
    store.articles.save(ARTICLE, EVENT, NOW)
    better = replace(ARTICLE, title="Көрме ашылды")
    assert store.articles.revise(better, EVENT)
    assert not store.articles.revise(better, EVENT)
    document = store.articles.document_at(URL)
    assert document is not None
    assert (document.version, document.article.title) == (1, "Көрме ашылды")
    assert not store.articles.revise(replace(better, url="https://lib.example/none"), EVENT)


TEXTS = st.text(max_size=30)


@settings(max_examples=50)
@given(TEXTS, st.lists(TEXTS, max_size=3), st.datetimes(), TEXTS)
def test_records_survive_their_json(
    title: str, blocks: list[str], when: datetime, name: str
) -> None:
    one = replace(
        ARTICLE,
        title=title,
        blocks=tuple(Block(text) for text in blocks),
        published=when.replace(tzinfo=UTC),
    )
    event = replace(EVENT, venue=name, organisers=(name, name))
    assert article_from_json(to_json(one)) == one
    assert event_from_json(to_json(event)) == event


def test_a_record_of_a_newer_form_is_told() -> None:
    told = json.dumps({**json.loads(to_json(EVENT)), "form": 99})
    with pytest.raises(StoreError, match="form 99"):
        event_from_json(told)


# Captures


def test_captures_come_back_as_they_were_and_the_file_is_a_sound_warc(store: Store) -> None:
    sent = (("User-Agent", "Jarshy"), ("X", "a\r\nb"))
    first = store.captures.add(captured(), "lib", sent)
    store.captures.add(captured("екінші", URL + "2"), "lib", ())
    found = store.captures.read(first)
    assert found is not None
    assert found[0] == "lib"
    assert found[1].body == captured().body
    assert (found[1].url, found[1].fetched_at, found[1].status) == (URL, NOW, 200)
    assert found[1].header("content-type") == "text/html; charset=utf-8"
    assert store.captures.read(999) is None
    store.close()
    (path,) = (store.data / "warc").glob("*.warc.gz")
    with path.open("rb") as stream:
        kinds = []
        for record in ArchiveIterator(stream, check_digests="raise"):
            record.content_stream().read()
            kinds.append(record.rec_type)
    assert kinds == ["warcinfo", "response", "request", "response", "request"]


def test_warc_files_are_rotated(tmp_path: Path) -> None:
    with WarcArchive(tmp_path / "warc", rotate_bytes=2_000) as archive:
        places = [archive.write(captured(f"бет {n}" * 200), ()) for n in range(6)]
        assert len({place.file for place in places}) > 1
        assert [archive.read(place).body for place in places] == [
            captured(f"бет {n}" * 200).body for n in range(6)
        ]


def test_damage_is_found(store: Store) -> None:
    for n in range(3):
        store.captures.add(captured(f"бет {n}" * 50, f"{URL}{n}"), "lib", ())
    assert list(check_store(store)) == []
    (path,) = (store.data / "warc").glob("*.warc.gz")
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 0xFF
    path.write_bytes(bytes(body))
    assert list(check_store(store))


def test_an_article_without_its_text_is_a_damage(store: Store) -> None:
    store.articles.save(ARTICLE, EVENT, NOW)
    assert store.damages() == []
    with store._engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM versions")
    assert store.damages() == [f"{URL}: its current version is missing"]


def test_a_failure_counts_its_attempts_and_is_forgotten_when_the_page_is_read(store: Store) -> None:
    for n in range(3):
        store.captures.fail(URL, "lib", f"reason {n}", NOW + timedelta(days=n))
    (failure,) = store.captures.failures("lib")
    assert (failure.attempts, failure.reason, failure.first_failed) == (3, "reason 2", NOW)
    store.articles.save(ARTICLE, EVENT, NOW)
    assert store.captures.failures() == []


def test_what_a_killed_run_kept_but_did_not_read_is_known(store: Store) -> None:
    done = store.captures.add(captured(), "lib", ())
    left = store.captures.add(captured(url=URL + "2"), "lib", ())
    store.articles.save(ARTICLE, EVENT, NOW, done)
    assert store.captures.unread_ids("lib") == [left]
    store.captures.fail(URL + "2", "lib", "no article", NOW, left)
    assert store.captures.unread_ids("lib") == []


def test_validators_are_kept(store: Store) -> None:
    told = Resource(URL, "lib", "source", 200, NOW, '"a"', "Mon", "f00", '{"a": 1}')
    store.captures.note(told)
    store.captures.note(replace(told, etag='"b"'))
    assert store.captures.resource(URL) == replace(told, etag='"b"')
    assert set(store.captures.resources("lib", "source")) == {URL}
    assert store.captures.resources("lib", "page") == {}


# Opening


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="cannot be used as data folder"):
        Store.open(tmp_path / "file")


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "store.sqlite").write_text("бұл дерекқор емес " * 1000)
    with pytest.raises(StoreError, match=r"store\.sqlite.*not a database"):
        Store.open(tmp_path)


FILL = """
import resource, sys
from pathlib import Path
sys.path.insert(0, "tests")
from test_store import ARTICLE, EVENT, NOW, URL, captured
from dataclasses import replace
from crawler.errors import StoreError
from crawler.store.store import Store
import signal, random
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
noise = random.Random(1)
try:
    with Store.open(Path(sys.argv[1])) as store:
        for n in range(10_000):
            text = "".join(chr(noise.randrange(0x430, 0x44F)) for _ in range(400))
            url = f"{URL}{n}"
            key = store.captures.add(captured(text, url), "lib", ())
            store.articles.save(replace(ARTICLE, url=url), EVENT, NOW, key)
            print(url, flush=True)
except StoreError as error:
    print(error, file=sys.stderr)
    sys.exit(1)
"""


@pytest.mark.parametrize("limit", [60_000, 150_000, 400_000])
def test_a_full_disk_is_told_and_what_was_acknowledged_is_there(tmp_path: Path, limit: int) -> None:
    Store.open(tmp_path).close()
    told = subprocess.run(
        [sys.executable, "-c", FILL, str(tmp_path), str(limit)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert told.returncode == 1, told.stderr
    assert "Free some disk space" in told.stderr or "disk" in told.stderr
    assert "Traceback" not in told.stderr
    with Store.open(tmp_path) as store:
        assert set(told.stdout.split()) <= set(store.articles.known_urls("lib"))
        assert list(check_store(store)) == []


# What is built on the store


def write_lines(path: Path, *lines: object) -> Path:
    told = [
        line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines
    ]
    path.write_text("\n".join(told) + "\n", encoding="utf-8")
    return path


GOOD = {"url": "https://lib.example/1", "title": "Көрме", "text": "Бірінші.\n\nЕкінші."}


def test_import_tells_bad_lines_by_number_and_keeps_the_rest(store: Store, tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "a.jsonl",
        GOOD,
        "{no json",
        {**GOOD, "url": "no address"},
        "[1]",
        {"url": "https://lib.example/2", "title": "Т"},
        {**GOOD, "url": "https://lib.example/3", "published": "14.06.2019"},
        {**GOOD, "url": "https://lib.example/4", "published": "2019-06-14", "site": "other"},
        {**GOOD, "url": "https://lib.example/5", "text": "  \n\n "},
        "",
        {**GOOD, "url": "https://lib.example/6", "title": 5},
    )
    report = import_file(path, store, "lib")
    assert (report.stored, report.updated, report.unchanged) == (2, 0, 0)
    assert [one.line for one in report.failures] == [2, 3, 4, 5, 6, 8, 10]
    assert report.failures[1] == FailedLine(3, "url: 'no address' is no web address")
    assert "text: is missing" in report.failures[3].reason
    assert "no date such as" in report.failures[4].reason
    first = store.articles.document_at("https://lib.example/1")
    assert first is not None
    assert first.article.paragraphs == ("Бірінші.", "Екінші.")
    assert (first.article.site, first.article.layout) == ("lib", "import")
    fourth = store.articles.document_at("https://lib.example/4")
    assert fourth is not None
    assert fourth.article.published is not None
    assert (fourth.article.site, fourth.article.published.date().isoformat()) == (
        "other",
        "2019-06-14",
    )


def test_import_again_changes_nothing_and_an_edit_is_a_version(
    store: Store, tmp_path: Path
) -> None:
    path = write_lines(tmp_path / "a.jsonl", GOOD)
    import_file(path, store)
    assert import_file(path, store).unchanged == 1
    write_lines(path, {**GOOD, "title": "Жаңа"})
    assert import_file(path, store).updated == 1


def test_reprocess_reads_stored_pages_again(store: Store) -> None:
    capture_id = store.captures.add(captured(), "lib", ())
    store.captures.fail(URL, "lib", "could not be read", NOW, capture_id)
    seen: list[tuple[int, int]] = []
    sites = {"lib": site_of()}
    report = reprocess(store, sites, None, lambda done, total: seen.append((done, total)))
    assert (report.read, report.changed, report.failed) == (1, 1, 0)
    assert seen == [(1, 1)]
    assert store.captures.failures() == []
    again = reprocess(store, sites, ["lib"], None)
    assert (again.read, again.changed) == (1, 0)
    assert reprocess(store, sites, ["other"], None).read == 0


def run_of(store: Store, when: datetime, reachable: bool = True, **counts: int) -> None:
    run_id = store.runs.begin("crawl", when)
    account = Account(seen=sum(counts.values()), **counts)
    store.runs.add_site(SiteRun(run_id, "lib", when, 1.0, account, reachable))
    store.runs.finish(run_id, when)


def test_runs_are_kept_with_their_accounts(store: Store) -> None:
    run_of(store, NOW, stored=3, failed=1)
    run_of(store, NOW + timedelta(days=1), unchanged=4)
    first, second = reversed(store.runs.of_site("lib"))
    assert first.account.balanced
    assert (first.account.stored, second.account.unchanged) == (3, 4)
    assert store.runs.latest()["lib"] == second
    assert store.runs.last_finished() == NOW + timedelta(days=1)


def test_the_latest_run_of_a_site_is_the_one_that_began_last(store: Store) -> None:
    """A machine's run goes on for hours: other machines begin runs with greater numbers meanwhile."""
    hours = [NOW - timedelta(hours=n) for n in range(4)]
    first, second, third = (store.runs.begin("crawl", hours[3]) for _ in range(3))
    moments = ((third, hours[2]), (second, hours[2]), (first, hours[1]))
    ahead = (store.runs.begin("crawl", hours[0]), hours[0] + timedelta(days=400))  # a wrong clock
    for run_id, began in (*moments, ahead):
        store.runs.add_site(SiteRun(run_id, "lib", began, 1.0, Account(), reachable=True))
    runs = store.runs.of_site("lib", now=hours[0])
    assert [one.run_id for one in runs] == [first, third, second, ahead[0]]
    assert store.runs.latest(hours[0])["lib"] == runs[0]
    assert store.runs.latest()["lib"] == runs[-1] == store.runs.of_site("lib", 1)[0]
    hourly = site_of("lib", interval_hours=1)
    assert is_due(hourly, store, hours[0])
    assert due_sites([hourly], store, hours[0] - timedelta(minutes=30)) == []
    # A machine whose clock is a little ahead was there just now.
    store.runs.add_site(SiteRun(second, "near", hours[0], 1.0, Account(), reachable=True))
    near = site_of("near", interval_hours=1)
    assert due_sites([near], store, hours[0] - timedelta(minutes=2)) == []
    assert not is_due(near, store, hours[0] - timedelta(minutes=2))
    store.runs.add_site(SiteRun(ahead[0], "new", ahead[1], 1.0, Account(), reachable=True))
    assert store.runs.latest(hours[0])["new"].started_at == ahead[1]


def test_sites_are_due_by_their_own_interval(store: Store) -> None:
    daily, weekly = site_of("lib"), site_of("new", interval_hours=168)
    assert due_sites([daily, weekly], store, NOW) == [daily, weekly]
    run_of(store, NOW, stored=1)
    assert due_sites([daily], store, NOW + timedelta(hours=20)) == []
    assert due_sites([daily], store, NOW + timedelta(hours=23)) == [daily]
    assert due_sites([daily], store, NOW - timedelta(days=400)) == [daily]


def test_failed_pages_rest_longer_each_time() -> None:
    def pause(attempts: int, capture_id: int | None = None) -> int:
        failure = Failure(URL, "lib", "500", attempts, NOW, NOW, capture_id)
        waits = (hours for hours in range(0, 2000, 6) if not rests(failure, hours))
        return next(waits)

    def rests(failure: Failure, hours: int) -> bool:
        return bool(resting([failure], NOW + timedelta(hours=hours), site_of()))

    assert [pause(n) for n in (1, 2, 3)] == [24, 48, 90]
    assert pause(20) == pause(1, 7) == 648


def test_every_article_is_seen_at_least_every_90_days() -> None:
    site = site_of()
    seen = {f"{URL}{n}": NOW for n in range(500)}
    busiest = 0
    for day in range(1, 400):
        now = NOW + timedelta(days=day)
        known = [Known(url, when, None, None) for url, when in seen.items()]
        turn = rechecks(sorted(known, key=lambda one: one.last_seen), now, site)
        busiest = max(busiest, len(turn))
        seen |= dict.fromkeys(turn, now)
        assert min(seen.values()) > now - timedelta(days=90)
        if day < 45:
            assert turn == []
    assert busiest <= 25


def test_health_tells_why(store: Store) -> None:
    site = site_of()
    (unread,) = site_health([site], store)
    assert (unread.state, unread.healthy) == ("waiting", True)
    run_of(store, NOW, failed=1)
    (health,) = site_health([site], store, NOW)
    assert not health.healthy
    assert "nothing" in codes(health)


def codes(health: SiteHealth) -> list[str]:
    return [reason.code for reason in health.reasons]


def kept(store: Store, numbers: range, **changes: object) -> None:
    for n in numbers:
        one = replace(ARTICLE, url=f"{URL}-{n}", **changes)  # type: ignore[arg-type]
        store.articles.save(one, EVENT, NOW)


LONG = (Block("Кітапханада көрме ашылды. " * 40),)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, ""),
        ({"layout": "generic"}, "layout"),
        ({"blocks": (Block("Көрме."),)}, "shrinks"),
        ({"published": None}, "undated"),
        ({"suspect": "little is left"}, "cut"),
    ],
)
def test_health_sees_what_changed_in_the_newest_articles(
    store: Store, changes: dict[str, object], code: str
) -> None:
    layout = {"title": "h1", "body": ".text"}
    kept(store, range(12), blocks=LONG)
    kept(store, range(12, 24), **{"blocks": LONG, **changes})
    run_of(store, NOW, stored=24)
    (health,) = site_health([site_of(layouts=[layout])], store, NOW)
    assert codes(health) == [code] * (code != "")
    assert health.healthy is (code == "")
    assert health.state == ("failing" if code else "ok")


def test_health_sees_silence_failures_and_servers_that_are_away(store: Store) -> None:
    site = site_of()
    kept(store, range(3))
    run_of(store, NOW, stored=3)
    assert site_health([site], store, NOW)[0].healthy
    (silent,) = site_health([site], store, NOW + timedelta(days=200))
    assert Reason("silent", {"when": ARTICLE.published or NOW}) in silent.grave
    assert "overdue" in codes(silent)
    run_of(store, NOW, unchanged=9, failed=1)
    (slip,) = site_health([site], store, NOW)
    assert (slip.state, slip.healthy) == ("failing", True)
    run_of(store, NOW, unchanged=1, failed=9)
    (failing,) = site_health([site], store, NOW)
    assert Reason("pages", {"n": 9, "seen": 10}) in failing.grave
    for day in (1, 2, 3):
        run_of(store, NOW + timedelta(days=day), reachable=False)
        (away,) = site_health([site], store, NOW + timedelta(days=day))
        assert (away.state, away.healthy) == ("down", day < 3)
        assert away.reasons[0].facts["n"] == day
    assert site_health([site_of(enabled=False)], store, NOW)[0].healthy


# An older store


def altered(data: Path, *statements: str) -> None:
    with closing(sqlite3.connect(data / "store.sqlite")) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def test_a_store_of_an_older_version_is_opened_and_keeps_everything(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.articles.save(ARTICLE, EVENT, NOW)
        store.captures.add(captured(), "lib", ())
    altered(
        tmp_path,
        "DROP INDEX ix_captures_outcome",
        "ALTER TABLE captures DROP COLUMN outcome",
        "DROP TABLE suppressed",
        "DROP TABLE schema_version",
    )
    with Store.open(tmp_path) as store:
        assert store.articles.document_at(URL) is not None
        (capture_id,) = store.captures.unread_ids("lib")
        store.captures.settle(capture_id, "stored")
        assert store.articles.remove(URL, NOW, "asked for")
        assert store.damages() == []


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    altered(tmp_path, "UPDATE schema_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="schema 9999") as caught:
        Store.open(tmp_path)
    assert "newer" in caught.value.remedy


# WARC files after a crash


@pytest.mark.parametrize("torn", [1, 40, 200])
def test_half_a_record_at_the_end_is_cut_off_and_nothing_else(tmp_path: Path, torn: int) -> None:
    with Store.open(tmp_path) as store:
        ids = [store.captures.add(captured(url=f"{URL}-{n}"), "lib", ()) for n in range(3)]
    (path,) = (tmp_path / "warc").iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:torn])
    (tmp_path / "warc" / "jarshy-1-1.warc.gz").write_bytes(whole[:30])
    with Store.open(tmp_path) as store:
        assert store.captures.mend_tail() == torn + 30
        assert store.captures.mend_tail() == 0
        assert all(store.captures.read(one) for one in ids)
        assert list(check_store(store)) == []
    assert list((tmp_path / "warc").glob("*.gz")) == [path]
    assert path.read_bytes() == whole


def test_a_damaged_record_that_the_store_names_is_left_alone(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.captures.add(captured(), "lib", ())
    (path,) = (tmp_path / "warc").iterdir()
    torn = path.read_bytes()[:-900]
    path.write_bytes(torn)
    with Store.open(tmp_path) as store:
        store.captures.mend_tail()
        assert path.read_bytes()[: len(torn) - 400] == torn[: len(torn) - 400]
        assert len(list(check_store(store))) <= 1
