"""A small collection of articles for the tests of pages and API, and how it is stored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.gathering import gather
from crawler.model import Article, Attachment, Block, BlockKind, Event, Evidence, Image
from crawler.sites import Names, Site
from crawler.store.store import Store
from indexer.build import update_index

NOW = datetime(2026, 3, 12, 6, 0, tzinfo=UTC)
MAIN, TWIN, REPORT, GONE, BARE = (
    "https://saryarqa.example.kz/kk/tsifrlyq",
    "https://saryarqa.example.kz/ru/tsifrovaya",
    "https://mura.example.kz/kk/koshpeli-seminar",
    "https://zhazira.example.kz/kk/kitap-merekesi",
    "https://mura.example.kz/kk/ataudyz",
)
EXHIBITIONS = 45


def _site(site: str, region: str, enabled: bool = True, **names: str) -> Site:
    """A site that is asked once a month: that its articles are two years old is no trouble."""
    url = f"https://{site}.example.kz/"
    told = {"id": site, "url": url, "region": region, "enabled": enabled, "interval_hours": 720}
    return Site.model_validate({**told, "name": Names(**names)})


SITES = {
    site.id: site
    for site in (
        _site("saryarqa", "karaganda", kk="«Сарыарқа» кітапханасы", ru="Библиотека «Сарыарка»"),
        _site("mura", "astana", kk="«Мұра» орталығы", ru="Центр «Мура»", en="Mura Centre"),
        _site("zhazira", "kostanay", kk="«Жазира» кітапханасы"),
        _site("qobda", "aktobe", enabled=False, kk="Қобда кітапханасы"),
    )
}

LEAD = "2024 жылғы 16-17 қазанда Қарағанды қаласында цифрлық сауаттылық семинары өтті."
SEMINAR = Article(
    url=MAIN,
    title="Цифрлық сауаттылық семинары өтті",
    blocks=(
        Block(LEAD),
        Block("Кітапханашыларға арналған жиынға 85 адам қатысты."),
        Block("Бағдарлама", BlockKind.HEADING),
        Block("электрондық каталог", BlockKind.ITEM),
        Block("деректер қоры", BlockKind.ITEM),
        Block("Кітап – білім бұлағы.", BlockKind.QUOTE),
    ),
    language="kk",
    layout="demo",
    site="saryarqa",
    published=datetime(2024, 10, 18, 5, 0, tzinfo=UTC),
    author="Әдістеме бөлімі",
    images=(Image("https://saryarqa.example.kz/1.jpg", "IMG_1", "Семинарға қатысушылар"),),
    attachments=(Attachment("https://saryarqa.example.kz/bagdarlama.pdf", "Бағдарлама"),),
    twins=(("ru", TWIN),),
)
SEMINAR_EVENT = Event(
    kinds=("seminar",),
    starts="2024-10-16",
    ends="2024-10-17",
    confidence=0.9,
    venue="Сарыарқа кітапханасы",
    city="Қарағанды",
    region="karaganda",
    organisers=("«Мұра» орталығы",),
    online=False,
    participants=85,
    evidence=(Evidence("starts", "text", 0, 24, LEAD[:24]),),
)


@dataclass(frozen=True)
class Stored:
    """An article with its event and when it was first seen."""

    article: Article
    event: Event
    seen: datetime


def shelves() -> list[Stored]:
    """Every document, in the order of storing: the seminar has id 1, the next id 2, ..."""
    seen = NOW - timedelta(hours=5)
    russian = replace(
        SEMINAR,
        url=TWIN,
        title="Семинар по цифровой грамотности прошёл",
        blocks=(
            Block("16-17 октября 2024 года в Караганде прошёл семинар по цифровой грамотности."),
        ),
        language="ru",
        twins=(("kk", MAIN),),
    )
    report = replace(
        SEMINAR,
        url=REPORT,
        title="Цифрлық сауаттылық: көшпелі семинар Қарағандыда",
        blocks=(Block("«Мұра» орталығы Қарағандыда цифрлық сауаттылық семинарын өткізді."),),
        site="mura",
        images=(),
        attachments=(),
        twins=(),
    )
    gone = replace(
        report,
        url=GONE,
        site="zhazira",
        title="Кітап мерекесі",
        blocks=(Block("Қостанайда 2025 жылғы 12 наурызда кітап мерекесі өтті."),),
    )
    festival = Event(("book-festival",), "2025-03-12", "2025-03-12", 0.9, region="kostanay")
    undated = replace(
        report,
        url=BARE,
        title=None,
        blocks=(Block("Хабарлама мәтіні."),),
        published=None,
        author=None,
    )
    rows = [
        Stored(SEMINAR, SEMINAR_EVENT, seen),
        Stored(russian, SEMINAR_EVENT, seen),
        Stored(report, SEMINAR_EVENT, seen),
        Stored(gone, festival, seen),
        Stored(undated, Event(), seen),
    ]
    return rows + [_exhibition(number, seen) for number in range(EXHIBITIONS)]


def _exhibition(number: int, seen: datetime) -> Stored:
    day = f"{2018 + number % 8}-{1 + number % 12:02}-{1 + number % 27:02}"
    article = Article(
        url=f"https://zhazira.example.kz/kk/korme-{number}",
        title=f"«Туған өлке» көрмесі, {number + 1}-бөлім",
        blocks=(Block(f"Оқырмандарға өлкетану көрмесі таныстырылды. Бөлім {number + 1}."),),
        language="kk",
        layout="demo",
        site="zhazira",
        published=datetime.fromisoformat(f"{day}T09:00:00+05:00"),
    )
    region = ("kostanay", "akmola", "pavlodar", "abai")[number % 4]
    kinds = ("exhibition",) if number % 2 else ("exhibition", "book-exhibition")
    event = Event(kinds, day, day, 0.8, region=region)
    return Stored(article, event, seen + timedelta(minutes=number))


def fill(data: Path, rows: list[Stored]) -> None:
    """Store and index documents the way a run does."""
    with Store.open(data) as store:
        run = store.runs.begin("run", NOW - timedelta(hours=6))
        for row in rows:
            store.articles.save(row.article, row.event, row.seen)
        store.runs.finish(run, NOW - timedelta(hours=5))
        gather(store)
        update_index(data, store)
