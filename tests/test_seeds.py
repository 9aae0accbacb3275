"""Five real articles: to the letter as text, and again after a crawl in five systems' markup."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from reference import ROOT, reference

from crawler.crawling import crawl
from crawler.model import Document
from crawler.store.store import Store
from demoweb.articles import SITES, DemoArticle
from demoweb.web import DemoWeb
from indexer.build import update_index
from indexer.search import Searcher, SearchRequest

NAMES = ("000", "001", "002", "003", "004")
JARSHY = Path(sys.executable).parent / "jarshy"
# The title's words in another inflection than the page has.
QUESTIONS = {
    "000": "аймақтардың мәдени кеңістіктеріндегі кітапханаларға практикумдар",
    "001": "кітапханалардың қызметтерін талдаудың семинар-кеңестері",
    "002": "еркін диалогтың аймақтарындағы OpenTalk",
    "003": "мектептердің кітапханаларындағы цифрлық коммуникацияның мәселесі",
    "004": "Елбасының кітапханасындағы ақпараттық ресурсқа сессиялар",
}
REGIONS = {"000": "karaganda", "002": "karaganda", "003": "mangystau", "004": "kyzylorda"}


def golden_of(number: str) -> dict[str, object]:
    path = next(reference("golden").glob(f"{number}_*.json"))
    return json.loads(path.read_text("utf-8"))


def seed_of(number: str) -> Path:
    return next(reference("seeds").glob(f"{number}_*.txt"))


@pytest.mark.parametrize("number", NAMES)
def test_a_seed_as_text_comes_out_to_the_letter(number: str, tmp_path: Path) -> None:
    golden = golden_of(number)
    done = subprocess.run(
        [JARSHY, "--data", tmp_path, "clean", "--json", seed_of(number)],
        capture_output=True,
        text=True,
        check=True,
    )
    record = json.loads(done.stdout)
    assert record["title"] == golden["title"]
    assert record["paragraphs"] == golden["paragraphs"]
    assert record["language"] == golden["language"]
    assert record["published"] == golden["published"]
    assert not any(tmp_path.iterdir()), "clean writes nothing"


@pytest.mark.parametrize("number", NAMES)
def test_the_event_of_a_seed_is_read(number: str) -> None:
    golden = golden_of(number)["event"]
    done = subprocess.run(
        [JARSHY, "clean", "--json", seed_of(number)], capture_output=True, text=True, check=True
    )
    event = json.loads(done.stdout)["event"]
    assert golden["type"] in event["kinds"]
    assert (event["starts"], event["ends"]) == (golden["day_start"], golden["day_end"])
    if number != "001":  # only the library's own site tells the region of this one
        assert event["region"] == golden["region"]
    head = re.findall(r"\w{5,}", golden["organiser"])[0]
    assert any(head in organiser for organiser in event["organisers"])


def as_demo_article(number: str, site: str) -> DemoArticle:
    golden = golden_of(number)
    told = golden["published"] or "2023-07-03T10:00"
    paragraphs = golden["paragraphs"]
    return DemoArticle(
        id=f"{site}-9{number}",
        site=site,
        language="kk",
        title=golden["title"] or "ҚР Ұлттық кітапханасының директоры OpenTalk шарасында",
        slug=f"seed-{number}",
        published=datetime.fromisoformat(told).replace(tzinfo=ZoneInfo("Asia/Almaty")),
        body="\n\n".join(paragraphs),
        section="Жаңалықтар",
    )


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Document]]:
    data = tmp_path_factory.mktemp("seeds")
    articles = [as_demo_article(number, site) for number, site in zip(NAMES, SITES, strict=True)]
    with DemoWeb(articles, first_port=0) as web:
        crawl(web.sites, data, None)
        urls = {number: web.address_of(a.id) for number, a in zip(NAMES, articles, strict=True)}
    with Store.open(data) as store:
        update_index(data, store)
        documents = {number: store.articles.document_at(url) for number, url in urls.items()}
    missing = [number for number, document in documents.items() if document is None]
    assert not missing, f"not stored: {missing}"
    return data, {number: found for number, found in documents.items() if found}


@pytest.mark.parametrize("number", NAMES)
def test_a_seed_in_a_systems_markup_comes_out_the_same(
    number: str, crawled: tuple[Path, dict[str, Document]]
) -> None:
    article = crawled[1][number].article
    golden = golden_of(number)
    assert list(article.paragraphs) == golden["paragraphs"]
    assert article.title == (golden["title"] or article.title)
    assert article.language == "kk"


@pytest.mark.parametrize("number", NAMES)
def test_a_seed_is_found_by_other_inflections(
    number: str, crawled: tuple[Path, dict[str, Document]]
) -> None:
    data, documents = crawled
    with Searcher.open(data) as searcher:
        page = searcher.search(SearchRequest(q=QUESTIONS[number]))
    assert page.hits[0].document.id == documents[number].id


@pytest.mark.parametrize("number", sorted(REGIONS))
def test_a_seed_is_found_by_region(number: str, crawled: tuple[Path, dict[str, Document]]) -> None:
    data, documents = crawled
    with Searcher.open(data) as searcher:
        page = searcher.search(SearchRequest(regions=(REGIONS[number],)))
    assert documents[number].id in {hit.document.id for hit in page.hits}


def test_a_seed_is_found_by_the_days_of_its_event(
    crawled: tuple[Path, dict[str, Document]],
) -> None:
    data, documents = crawled
    day = datetime(2019, 6, 15).date()
    with Searcher.open(data) as searcher:
        page = searcher.search(SearchRequest(date_from=day, date_to=day))
    assert {hit.document.id for hit in page.hits} == {documents["003"].id}


def test_the_scoring_script_is_content(tmp_path: Path) -> None:
    script = reference("eval/clean_eval.py")
    pairs: list[str] = []
    for number in NAMES:
        out = tmp_path / f"{number}.json"
        with out.open("w") as stream:
            subprocess.run([JARSHY, "clean", "--json", seed_of(number)], stdout=stream, check=True)
        pairs += [str(next(reference("golden").glob(f"{number}_*.json"))), str(out)]
    done = subprocess.run(
        [sys.executable, script, *pairs], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stdout
