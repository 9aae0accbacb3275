"""The index as a cache of the store: kept up, checked, rebuilt, and never wrong."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from collection import SEEN, article, demo_articles, fill
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import LockedError
from crawler.model import Event
from crawler.store.store import Store
from indexer import build, crew, schema, workers
from indexer.analysis import Analyzer, default_analyzer
from indexer.build import check_index, update_index
from indexer.engines.remembering import Remembered
from indexer.engines.whoosh import WhooshEngine
from indexer.errors import IndexMissingError, IndexOutdatedError
from indexer.familiar import Familiar
from indexer.kazakh.russian import language_of_paragraph
from indexer.place import FAMILIAR, current_folder, writing
from indexer.ranking import ranking
from indexer.search import Searcher, SearchRequest
from indexer.terms import TextReader
from jarshy import main

LATER = datetime(2026, 11, 2, tzinfo=UTC)


def found(searcher: Searcher, q: str) -> list[str]:
    page = searcher.search(SearchRequest(q=q, size=100))
    return sorted(hit.document.article.title or "" for hit in page.hits)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    rows = [(article(number, f"Кітап {number}", "Кітап туралы."), Event()) for number in (1, 2, 3)]
    with fill(tmp_path, rows) as made:
        yield made


def test_an_update_indexes_what_changed_and_nothing_else(tmp_path: Path, store: Store) -> None:
    first = update_index(tmp_path, store)
    assert (first.added, first.deleted, first.documents, first.rebuilt) == (3, 0, 3, True)
    again = update_index(tmp_path, store)
    assert (again.added, again.deleted, again.documents, again.rebuilt) == (0, 0, 3, False)
    store.articles.save(article(4, "Кітап 4"), Event(), LATER)
    store.articles.save(article(1, "Дәптер 1"), Event(), LATER)
    store.articles.remove("https://mura.example/2", LATER, "asked")
    update = update_index(tmp_path, store)
    assert (update.added, update.deleted, update.documents, update.rebuilt) == (2, 1, 3, False)
    with Searcher.open(tmp_path) as searcher:
        assert found(searcher, "кітап") == ["Кітап 3", "Кітап 4"]
        assert found(searcher, "дәптер") == ["Дәптер 1"]
        assert searcher.status().behind == 0


def seconds_until_seen(tmp_path: Path, store: Store, number: int, rebuild: bool) -> float:
    """How long after an update an open searcher that is asked again and again finds what is new."""
    with Searcher.open(tmp_path) as searcher:
        store.articles.save(article(number, f"Жаңалық {number}"), Event(), LATER)
        assert f"Жаңалық {number}" not in found(searcher, "жаңалық")
        update_index(tmp_path, store, rebuild=rebuild)
        began = time.monotonic()
        while f"Жаңалық {number}" not in found(searcher, "жаңалық"):
            assert time.monotonic() < began + 120, "never seen"
            time.sleep(0.02)
        return time.monotonic() - began


@pytest.mark.parametrize("rebuild", [False, True], ids=["update", "rebuild"])
def test_an_open_searcher_sees_an_update_and_a_rebuild_within_a_second(
    tmp_path: Path, store: Store, rebuild: bool
) -> None:
    update_index(tmp_path, store)
    # A machine may be too busy to answer at all for a second, but not always.
    tries = (seconds_until_seen(tmp_path, store, n, rebuild) for n in range(5, 15))
    assert any(one < 1.0 for one in tries)


def test_progress_tells_documents_done_and_in_all(tmp_path: Path, store: Store) -> None:
    told: list[tuple[int, int]] = []
    update_index(tmp_path, store, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_many_documents_are_indexed_by_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "WORTH_IT", 10)
    with fill(tmp_path, demo_articles()) as store:
        report = update_index(tmp_path, store)
    assert report.documents == len(demo_articles())
    with Searcher.open(tmp_path) as searcher:
        assert searcher.search(SearchRequest()).total == report.documents


def test_an_index_keeps_the_analysis_of_its_words(tmp_path: Path) -> None:
    with fill(tmp_path, demo_articles()[:12]) as store:
        update_index(tmp_path, store)
    folder = current_folder(tmp_path)
    analyzer = workers.analyzer_in(folder)
    known, plain = workers.reader_in(folder, analyzer), TextReader(analyzer)
    texts = " ".join(text for one, _ in demo_articles()[:12] for text in one.paragraphs)
    words = sorted({word.strip('.,:;«»"()').lower() for word in texts.split()} - {""})
    kept = Familiar(folder / FAMILIAR)
    assert sum(kept.find(word, "kk") is not None for word in words) > len(words) / 2
    for language in ("kk", "ru", "en"):
        for word in (*words, "жоқсөзмұнда", "2024", "\ud800"):
            assert known.word(word, language) == plain.word(word, language)


def test_status_and_doctor_say_when_a_collection_has_outgrown_its_engine(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    update_index(tmp_path, store)
    folders = ["--data", str(tmp_path), "--config", str(tmp_path / "config")]
    (tmp_path / "config" / "sites").mkdir(parents=True)
    (tmp_path / "config" / "jarshy.toml").write_text("")
    said = "3 articles, more than the 2 that whoosh is made for"
    for most, outgrown in ((3, False), (2, True)):
        about = replace(WhooshEngine.capabilities, comfortable=most)
        monkeypatch.setattr(WhooshEngine, "capabilities", about)
        for command in ("status", "doctor"):
            told = CliRunner().invoke(main, [*folders, command])
            assert told.exit_code == 0, told.output
            assert (said in told.output) == outgrown, command


def test_an_empty_store_has_an_empty_index(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        assert update_index(tmp_path, store).documents == 0
    with Searcher.open(tmp_path) as searcher:
        assert found(searcher, "кітап") == []
        assert searcher.suggest("кітап") == []


def test_two_writers_at_once(tmp_path: Path, store: Store) -> None:
    with writing(tmp_path), pytest.raises(LockedError, match="another process"):
        update_index(tmp_path, store)


@pytest.mark.parametrize("version", ["schema", "zones", "analysis"])
def test_an_index_of_another_version_is_refused_and_rebuilt(
    tmp_path: Path, store: Store, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    update_index(tmp_path, store)
    if version == "schema":
        monkeypatch.setattr(schema, "VERSION", "another")
    elif version == "zones":
        told = ranking()
        heavier = replace(told, zones={**told.zones, "title": told.zones["title"] + 1})
        monkeypatch.setattr(build, "ranking", lambda: heavier)
    else:
        monkeypatch.setattr(Analyzer, "fingerprint", "another")
    told_as = "analysis" if version == "analysis" else "schema"
    with pytest.raises(IndexOutdatedError, match=f"another {told_as}.*--rebuild"):
        Searcher.open(tmp_path)
    assert check_index(tmp_path)
    assert update_index(tmp_path, store).rebuilt
    with Searcher.open(tmp_path) as searcher:
        assert len(found(searcher, "кітап")) == 3


def test_every_damage_is_told_and_mended(tmp_path: Path, store: Store) -> None:
    draw = random.Random(5)
    update_index(tmp_path, store)
    with Searcher.open(tmp_path) as searcher:
        right = found(searcher, "кітап")
    for _ in range(40):
        files = [path for path in current_folder(tmp_path).iterdir() if path.stat().st_size]
        damaged = draw.choice(files)
        _damage(damaged, draw)
        assert check_index(tmp_path), f"{damaged.name}: not told"
        with pytest.raises((IndexOutdatedError, IndexMissingError)):
            Searcher.open(tmp_path)
        assert update_index(tmp_path, store).rebuilt
        assert check_index(tmp_path) == []
    with Searcher.open(tmp_path) as searcher:
        assert found(searcher, "кітап") == right


def _damage(path: Path, draw: random.Random) -> None:
    """Cut a file off, flip a byte of it, or take it away."""
    body = bytearray(path.read_bytes())
    at = draw.randrange(len(body))
    match draw.choice(("cut", "flip", "gone")):
        case "cut":
            path.write_bytes(body[:at])
        case "flip":
            body[at] ^= draw.randrange(1, 256)
            path.write_bytes(body)
        case _:
            path.unlink()


KILLED = """
    import sys
    from pathlib import Path
    from crawler.store.store import Store
    from indexer.build import update_index
    with Store.open(Path(sys.argv[1])) as store:
        print("ready", flush=True)
        update_index(Path(sys.argv[1]), store, rebuild=sys.argv[2] == "rebuild")
"""


def test_kill_9_at_any_moment_loses_and_doubles_nothing(tmp_path: Path, store: Store) -> None:
    draw = random.Random(11)
    update_index(tmp_path, store)
    for number in range(10, 18):
        store.articles.save(article(number, f"Кітап {number}"), Event(), LATER)
        how = draw.choice(("update", "rebuild"))
        worker = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(KILLED), str(tmp_path), how],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parent.parent,
        )
        assert worker.stdout is not None
        worker.stdout.readline()
        time.sleep(draw.uniform(0, 0.6))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
        assert check_index(tmp_path) == []
        with Searcher.open(tmp_path) as searcher:
            titles = found(searcher, "кітап")
        assert len(titles) == len(set(titles))
        assert {"Кітап 1", "Кітап 2", "Кітап 3"} <= set(titles)
    update_index(tmp_path, store)
    with Searcher.open(tmp_path) as searcher:
        assert len(found(searcher, "кітап")) == 3 + 8
    assert len(list((tmp_path / "index").glob("built-*"))) == 1


FULL = """
    import resource, signal, sys
    from pathlib import Path
    from crawler.store.store import Store
    from indexer.build import update_index
    from indexer.errors import SearchError
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with Store.open(Path(sys.argv[1])) as store:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
        try:
            update_index(Path(sys.argv[1]), store)
        except SearchError as error:
            print(error)
            sys.exit(1)
"""


@pytest.mark.parametrize("limit", [50, 600, 3000])
def test_a_full_disk_is_told_and_the_old_index_answers(
    tmp_path: Path, store: Store, limit: int
) -> None:
    update_index(tmp_path, store)
    store.articles.save(article(9, "Кітап 9"), Event(), LATER)
    told = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(FULL), str(tmp_path), str(limit)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
    )
    assert told.returncode == 1, told.stderr
    assert "cannot be written" in told.stdout
    assert check_index(tmp_path) == []
    with Searcher.open(tmp_path) as searcher:
        assert found(searcher, "кітап") == ["Кітап 1", "Кітап 2", "Кітап 3"]
    update_index(tmp_path, store)
    with Searcher.open(tmp_path) as searcher:
        assert "Кітап 9" in found(searcher, "кітап")


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        ("2024-05-10", None, ("2024-05-10", "2024-05-10")),
        ("2024-05-10", "2024-05-12", ("2024-05-10", "2024-05-12")),
        ("2024-02", None, ("2024-02-01", "2024-02-29")),
        ("2024-12", None, ("2024-12-01", "2024-12-31")),
        ("2024", None, ("2024-01-01", "2024-12-31")),
        ("--06-29", None, ("2026-11-01", "2026-11-01")),
        ("2024-02-30", None, ("2026-11-01", "2026-11-01")),
        ("2024-05-10", "2024-05-01", ("2024-05-10", "2024-05-10")),
        (None, None, ("2026-11-01", "2026-11-01")),
    ],
)
def test_the_days_of_a_document(
    tmp_path: Path, starts: str | None, ends: str | None, expected: tuple[str, str]
) -> None:
    with fill(tmp_path, [(article(1, "Шара"), Event(starts=starts, ends=ends))]) as store:
        document = store.articles.document(1)
    assert document is not None
    assert document.first_seen == SEEN
    first, last = schema.days_of(document)
    assert (first.isoformat(), last.isoformat()) == expected


PIECES = [
    "Кітапханада",
    "оқырмандар",
    "ОӘҒК-ның",
    "ел-бір",
    "Ә.",
    "«Абай",
    "жолы»",
    "»-ның",
    "2024",
]
PIECES += ["жылы,", "kitap", "Sálem", "KitapTime!", "–", "...", "й", "А", "б)", "\n", "XIX", "iс"]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=25).map(" ".join)


@settings(max_examples=250, deadline=None)
@given(text=TEXTS, language=st.sampled_from(("kk", "ru", "en", None)))
def test_remembered_words_have_the_terms_of_the_analysis(text: str, language: str | None) -> None:
    # Paragraphs of either language are read each in its own: test_kazakh_repaired.py.
    if any(language_of_paragraph(line, language) != language for line in text.split("\n")):
        return
    zone = TextReader(default_analyzer()).zone("body", text, language)
    tokens = default_analyzer().tokens(text, language)
    assert zone.places == [token.position for token in tokens]
    assert zone.stems == [token.stem for token in tokens]
    assert zone.folded == ["" if token.stop else token.folded for token in tokens]
    assert zone.words == [token.exact for token in tokens]


DYING = """
    import os, sys
    from pathlib import Path
    from crawler.store.store import Store
    from indexer import crew
    from indexer.build import update_index
    from indexer.errors import SearchError
    from indexer.workers import Answer, Task

    def dies(folder, engine, part, whole, tasks, told):
        while sys.argv[2] == "at documents" and isinstance(task := tasks.get(), Task):
            told.put(Answer(task.answer(folder)))
        os._exit(1)

    if __name__ == "__main__":
        crew.WORTH_IT, crew.CHUNK, crew.work = 10, 1, dies
        with Store.open(Path(sys.argv[1])) as store:
            try:
                update_index(Path(sys.argv[1]), store, rebuild=True)
            except SearchError as error:
                print(error)
                sys.exit(1)
"""


@pytest.mark.parametrize("when", ["at once", "at documents"])
def test_processes_that_die_are_told_and_the_command_ends(tmp_path: Path, when: str) -> None:
    """Chunks that no process takes any more must not keep the command waiting for ever."""
    data, script = tmp_path / "data", tmp_path / "dying.py"
    long = "Кітап туралы мәтін. " * 2_000  # more than a pipe holds
    with fill(data, ((article(number, f"Кітап {number}", long), Event()) for number in range(12))):
        script.write_text(textwrap.dedent(DYING))
    told = subprocess.run(
        [sys.executable, script, data, when],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
        timeout=60,
        check=False,
    )
    assert told.returncode == 1, told.stderr
    assert "has died" in told.stdout


KILLED = """
    import sys, time
    from pathlib import Path
    from indexer.crew import crew_for

    if __name__ == "__main__":
        with crew_for(Path(sys.argv[1]), "whoosh", 2_000, whole=True) as crew:
            print(*(worker.pid for worker in crew._workers), flush=True)
            time.sleep(60)
"""


def works(pid: int) -> bool:
    """Whether a process is there and not merely waiting to be counted as ended."""
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text("ascii")
    except OSError:
        return False


def test_processes_end_with_the_one_that_was_killed(tmp_path: Path) -> None:
    script = tmp_path / "killed.py"
    script.write_text(textwrap.dedent(KILLED))
    path = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    with subprocess.Popen(
        [sys.executable, script, tmp_path], stdout=subprocess.PIPE, text=True, env=path
    ) as parent:
        assert parent.stdout is not None
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == crew.PROCESSES
        parent.kill()
    until = time.monotonic() + 30
    while any(map(works, pids)):
        assert time.monotonic() < until, "a process waits for work for ever"
        time.sleep(0.05)


def test_postings_are_remembered_up_to_a_limit() -> None:
    known = Remembered(100)
    for number in range(30):
        known.keep(("stem", str(number), False), np.arange(9), np.ones(9))
        known.get(("stem", "0", False))
    kept = [number for number in range(30) if known.get(("stem", str(number), False))]
    assert kept == [0, *range(21, 30)], "the ones asked for last"
    known.keep(("stem", "large", False), np.arange(101), np.ones(101))
    assert known.get(("stem", "large", False)) is None
