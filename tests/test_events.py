"""Reading an event out of an article: what, when, where, by whom, and why we think so."""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import FOLDER as REFERENCE

from crawler.enrich.events import event_of
from crawler.enrich.name import name_stems
from crawler.enrich.proposals import proposals
from crawler.enrich.registry import Registry
from crawler.model import Article, Block, Event
from crawler.sites import Names, Site
from crawler.vocabulary import kind_id, kinds, region_id, regions

GOLDEN = REFERENCE / "golden"
ALMATY = ZoneInfo("Asia/Almaty")
PUBLISHED = datetime(2024, 4, 17, 11, 0, tzinfo=ALMATY)  # a Wednesday


def article(*paragraphs: str, title: str | None = None, published=PUBLISHED, language="kk"):
    return Article(
        url="https://library.example/1",
        title=title,
        blocks=tuple(Block(text) for text in paragraphs),
        language=language,
        layout="text",
        published=published,
    )


def site(region: str | None = "kostanay") -> Site:
    name = Names(kk="«Тоғай» қалалық кітапханасы")
    return Site(id="lib", name=name, url="https://lib.example/", region=region)


DATES = [
    ("2019 жылдың 19 ақпан күні семинар өтті.", "2019-02-19", "2019-02-19"),
    ("29-30 наурыз күндері семинар өтті.", "2024-03-29", "2024-03-30"),
    ("2019 жылдың 14-15 маусымында семинар өткізді.", "2019-06-14", "2019-06-15"),
    ("18 қаңтарда кездесу болды.", "2024-01-18", "2024-01-18"),
    ("24 желтоқсан күні семинар өтті.", "2023-12-24", "2023-12-24"),
    ("2022 жылы 5-ші сәуір күні көрме ашылды.", "2022-04-05", "2022-04-05"),
    ("2024 жылғы 12 сәуірде көрме ашылды.", "2024-04-12", "2024-04-12"),
    ("Ағымдағы жылдың 18 наурызында көрме ашылды.", "2024-03-18", "2024-03-18"),
    ("Ағымдағы жылдың наурыз айының 18-ші жұлдызында көрме ашылды.", "2024-03-18", "2024-03-18"),
    ("Наурыздың 31-інде көрме ашылды.", "2024-03-31", "2024-03-31"),
    ("14.03.2022 ж. көрме ашылды.", "2022-03-14", "2022-03-14"),
    ("13.09.17 г. прошёл семинар.", "2017-09-13", "2017-09-13"),
    ("10.02.202210 ақпан күні семинар өтті.", "2022-02-10", "2022-02-10"),
    ("21 ноября 2023 года состоялась конференция.", "2023-11-21", "2023-11-21"),
    ("12 марта 2024г. прошёл семинар.", "2024-03-12", "2024-03-12"),
    ("12 марта с.г. прошёл семинар.", "2024-03-12", "2024-03-12"),
    ("12 марта текущего года прошёл семинар.", "2024-03-12", "2024-03-12"),
    ("С 1 по 4 апреля прошла неделя книги.", "2024-04-01", "2024-04-04"),
    ("С 29 марта по 2 апреля прошла неделя книги.", "2024-03-29", "2024-04-02"),
    ("29 наурыз бен 2 сәуір аралығында апталық өтті.", "2024-03-29", "2024-04-02"),
    ("14, 15 және 16 наурызда семинар өтті.", "2024-03-14", "2024-03-16"),
    ("14-16.03.2024 ж. семинар өтті.", "2024-03-14", "2024-03-16"),
    ("Бүгін кітапханада көрме ашылды.", "2024-04-17", "2024-04-17"),
    ("Кеше кітапханада көрме ашылды.", "2024-04-16", "2024-04-16"),
    ("Вчера состоялась встреча с поэтом.", "2024-04-16", "2024-04-16"),
    ("В минувшую пятницу состоялась встреча с поэтом.", "2024-04-12", "2024-04-12"),
    ("Өткен аптаның бейсенбісінде көрме ашылды.", "2024-04-11", "2024-04-11"),
    ("Сәуір айында кітапханада көрме ашылды.", "2024-04", "2024-04"),
    ("On May 30, 2019 a seminar was held.", "2019-05-30", "2019-05-30"),
    ("Екі күнге созылған семинар 10 сәуірде басталды.", "2024-04-10", "2024-04-11"),
    ("10 сәуірде басталған көрме 14 сәуірге дейін жалғасты.", "2024-04-10", "2024-04-14"),
    ("20 мамырда семинар өтеді, баршаңызды шақырамыз.", "2024-05-20", "2024-05-20"),
]


@pytest.mark.parametrize(("text", "starts", "ends"), DATES)
def test_dates_are_read_in_the_forms_of_reports(text, starts, ends):
    event = event_of(article(text))
    assert (event.starts, event.ends) == (starts, ends)


OTHER_DATES = [
    "1909 жылы туған ақынның 110 жылдығына арналған әдеби кеш 11 сәуірде өтті.",
    "11 сәуірде әдеби кеш өтті. Өтінімдер 1 мамырға дейін қабылданады.",
    "11 сәуірде әдеби кеш өтті. Бүгінде кітапханада 40 мың кітап бар.",
    "11 апреля прошёл вечер поэзии. Поэт родился 5 января 1910 года в Зайсане.",
    "11 апреля прошёл вечер поэзии. Заявки принимаются до 15 мая.",
    "11 апреля прошёл вечер поэзии. Следующая встреча состоится 20 мая.",
    "11 сәуірде сағат 15.30-да әдеби кеш өтті. 8 (7172) 00-14-27.",
]


@pytest.mark.parametrize("text", OTHER_DATES)
def test_other_dates_are_told_apart(text):
    assert event_of(article(text)).starts == "2024-04-11"


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("29 маусым күні семинар өтті.", "--06-29"),
        ("Ағымдағы жылдың 18 наурызында көрме ашылды.", "--03-18"),
        ("Бүгін көрме ашылды.", None),
    ],
)
def test_without_publication_the_year_stays_open(text, starts):
    assert event_of(article(text, published=None)).starts == starts


def test_today_is_the_day_in_the_sites_zone():
    late = datetime.fromisoformat("2024-04-16T20:30:00+00:00")
    assert event_of(article("Бүгін көрме ашылды.", published=late), site()).starts == "2024-04-17"


KINDS = [
    ("«Кітап» атты дөңгелек үстел өтті.", ["дөңгелек үстел"]),
    ("Дөңгелек үстелге 20 адам жиналды.", ["дөңгелек үстел"]),
    ("Состоялся круглый стол на тему «Книга».", ["дөңгелек үстел"]),
    ("Облыстық семинар-практикум өтті.", ["семинар-практикум", "семинар"]),
    ("Проведён мастер-класс по лепке.", ["шеберлік сағаты"]),
    ("«Қарлығаш» клубының кезекті отырысы өтті.", ["клуб отырысы"]),
    ("Кітап көрмесі ұйымдастырылды.", ["кітап көрмесі", "көрме"]),
    ("«Библионочь» прошла в библиотеке.", ["Түнгі кітапхана"]),
    ("Прошла неделя детской книги.", ["балалар кітап апталығы", "кітап апталығы"]),
    ("«Семинар туралы» деген кітап шықты.", []),
    ("Кітапханада кеш өтті. Қонақтар келді.", ["тақырыптық кеш"]),
    ("14 мая прошёл вечер, посвящённый роману.", ["тақырыптық кеш"]),
    ("В этот вечер прошёл дождь.", []),
    ("14 мая состоялся районный слёт юных читателей.", ["слет"]),
    ("14 мамырда облыстық оқырмандар слеті өтті.", ["слет"]),
    ("«Абай жолы» кітап кеші өтті.", ["әдеби кеш"]),
    (
        "Дети пришли в филиал. Для них провели литературный час, викторину и мастер-класс.",
        ["әдеби сағат", "викторина", "шеберлік сағаты"],
    ),
    (
        "Балалар келді. Оларға әдеби сағат, викторина және шеберлік сағаты өткізілді.",
        ["викторина", "шеберлік сағаты", "әдеби сағат"],
    ),
    ("14 мая прошла Неделя книги. Прошли викторины, беседы, обзоры.", ["кітап апталығы"]),
]


@pytest.mark.parametrize(("text", "labels"), KINDS)
def test_kinds_are_told_the_most_specific_first(text, labels):
    assert [kinds()[key].kk for key in event_of(article(text)).kinds] == labels


REGIONS = [
    ("Қарағанды қаласында семинар өтті.", "karaganda", "Қарағанды"),
    ("Қармақшы ауданында семинар өтті.", "kyzylorda", "Қармақшы ауданы"),
    ("Нұр-Сұлтан қаласында семинар өтті.", "astana", "Астана"),
    ("Оңтүстік Қазақстан облысында семинар өтті.", "turkistan", None),
    ("В Петропавловске прошёл семинар.", "north-kazakhstan", "Петропавл"),
    ("В Железинском районе прошёл семинар.", "pavlodar", "Железин ауданы"),
    ("БҚО кітапханашылары үшін Орал қаласында семинар өтті.", "west-kazakhstan", "Орал"),
    ("Кітапханада семинар өтті.", "kostanay", None),
    ("Ташкент қаласында конференция өтті.", None, None),
]


@pytest.mark.parametrize(("text", "region", "city"), REGIONS)
def test_region_is_the_texts_before_the_sites(text, region, city):
    event = event_of(article(text), site())
    assert (event.region, event.city) == (region, city)


VENUES = [
    (
        "12 сәуірде І. Жансүгіров атындағы мәдениет сарайында конференция өтті.",
        "І. Жансүгіров атындағы мәдениет сарайы",
    ),
    ("12 сәуірде «Достар» мәдениет үйінде концерт болды.", "«Достар» мәдениет үйі"),
    ("12 сәуірде Орталық саябақта акция өтті.", "Орталық саябақ"),
    (
        "12 апреля в читальном зале Центральной городской библиотеки прошёл семинар.",
        "читальный зал Центральной городской библиотеки",
    ),
    ("12 апреля в районном Доме культуры прошёл концерт.", "районный Дом культуры"),
]


@pytest.mark.parametrize(("text", "venue"), VENUES)
def test_venue_is_told_in_base_form(text, venue):
    assert event_of(article(text)).venue == venue


ORGANISERS = [
    (
        "12 сәуірде «Самал» облыстық кітапханасының ұйымдастыруымен семинар өтті.",
        ["«Самал» облыстық кітапханасы"],
    ),
    (
        "Семинарды «Самал» орталығы облыстық мәдениет басқармасымен бірлесіп ұйымдастырды.",
        ["«Самал» орталығы", "облыстық мәдениет басқармасы"],
    ),
    (
        "Семинар ұйымдастырушылары: «Самал» орталығы; облыстық мәдениет басқармасы.",
        ["«Самал» орталығы", "облыстық мәдениет басқармасы"],
    ),
    (
        "Семинар облыстық мәдениет басқармасының қолдауымен «Самал» орталығының "
        "ұйымдастыруымен өтті.",
        ["«Самал» орталығы"],
    ),
    (
        "Семинар организован областной библиотекой при поддержке управления культуры.",
        ["областная библиотека"],
    ),
    ("12 сәуірде вебинар өткіздік.", ["«Тоғай» қалалық кітапханасы"]),
    (
        "Семинарды облыстық мәдениет, тілдерді дамыту және архив ісі басқармасы өткізді.",
        ["облыстық мәдениет, тілдерді дамыту және архив ісі басқармасы"],
    ),
]


@pytest.mark.parametrize(("text", "organisers"), ORGANISERS)
def test_organisers_are_those_who_held_it(text, organisers):
    assert list(event_of(article(text), site()).organisers) == organisers


@pytest.mark.parametrize(
    ("text", "online", "people"),
    [
        ("Семинарға 85 маман қатысты.", None, 85),
        ("Количество участников: 28.", None, 28),
        ("«Zoom» платформасы арқылы онлайн кездесу өтті.", True, None),
        ("Қатысқандар - 26 адам.", None, 26),
        ("Оған еліміздің 17 өңірінен жүзден астам адам қатысты.", None, 100),
        ("Оған 17 өңірден қонақтар келді.", None, None),
    ],
)
def test_attendance(text, online, people):
    event = event_of(article(text))
    assert (event.online, event.participants) == (online, people)


def test_campaigns_are_topics():
    text = "«Бір ел – бір кітап» акциясы аясында оқырмандар конференциясы өтті."
    assert event_of(article(text)).topics == ("Бір ел – бір кітап",)


def facts_of(event: Event) -> set[str]:
    return {name for name in ("kinds", "starts", "venue", "region") if getattr(event, name)}


@given(st.lists(st.sampled_from([row[0] for row in (*DATES, *KINDS, *REGIONS, *VENUES)])))
def test_every_fact_stands_on_the_words_it_names(sentences):
    made = article(*sentences, title="Семинар өтті")
    event = event_of(made)
    told = {evidence.fact for evidence in event.evidence}
    assert facts_of(event) <= told
    for evidence in event.evidence:
        source = made.title if evidence.where == "title" else made.text
        assert source[evidence.start : evidence.end] == evidence.words


@given(st.text(max_size=300))
def test_any_text_gives_an_event(text):
    event = event_of(article(text, title=text))
    assert 0 <= event.confidence <= 1


def golden_cases() -> list[Path]:
    return sorted(GOLDEN.glob("*.json"))


def shared_words(one: str, two: str) -> bool:
    a, b = name_stems(one), name_stems(two)
    return len(a & b) / min(len(a), len(b)) >= 0.6


@pytest.mark.skipif(not GOLDEN.is_dir(), reason="the five real articles are not beside the project")
@pytest.mark.parametrize("path", golden_cases(), ids=lambda path: path.stem[:3])
def test_the_five_real_articles(path):
    gold = json.loads(path.read_text("utf-8"))
    published = gold["published"]
    when = datetime.fromisoformat(published).replace(tzinfo=ALMATY) if published else None
    event = event_of(article(*gold["paragraphs"], title=gold["title"], published=when))
    want = gold["event"]
    assert event.kinds[0] == kind_id(want["type"])
    assert (event.starts, event.ends) == (want["day_start"], want["day_end"])
    assert event.region == region_id(want["region"])
    assert len(event.organisers) == len(want["organiser"].split(";"))
    for name, told in zip(want["organiser"].split(";"), event.organisers, strict=True):
        assert shared_words(name, told)
    assert shared_words(want["venue"], event.venue or "")


FLOORS = {  # precision, recall
    "date": (0.95, 0.95),
    "kind": (0.95, 0.90),
    "region": (0.95, 0.90),
    "venue": (0.95, 0.80),
    "organiser": (0.95, 0.80),
}
HARD = (0.85, 0.85)  # of every fact in the texts with facts told late or by the way


def benchmark():
    path = Path(__file__).resolve().parents[1] / "benchmarks" / "events.py"
    spec = importlib.util.spec_from_file_location("events_benchmark", path)
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("which", ["training", "held-out", "other voices", "other hands"])
def test_figures_stay_above_their_floors(which):
    module = benchmark()
    cases = {
        "training": lambda: module.passage_cases(False) + module.demo_cases(),
        "held-out": lambda: module.passage_cases(True),
        "other voices": lambda: [
            *module.cases_in("passages_third.toml"),
            *module.cases_in("passages_fourth.toml"),
        ],
        "other hands": lambda: [
            case
            for path in sorted(module.GOLDEN.glob("passages_*.jsonl"))
            for case in module.cases_of(path)
        ],
    }[which]()
    assert len(cases) >= 30
    for fact, tally in module.measure(cases).items():
        precision, recall = HARD if "other" in which else FLOORS[fact]
        assert tally.precision >= precision, tally.errors
        assert tally.recall >= recall, tally.errors


@pytest.mark.parametrize(
    "unit",
    [
        "семинар ",
        "«А» кітапханасы ұйымдастырды ",
        "12 маусым - ",
        "Орал ",
        "12 адам ",
        "1-",
        "«",
        "А. ",
        "«А» атты семинар ",
        "Абайдың 175 жылдығы ",
        "к 150-летию Абая ",
        "Нұра ауданы ОКЖ-нің ",
        "1 2 ",
        "a@",
        "прошёл большой ",
        "екі жүз ",
        "тысяча ",
        "горно-",
        "отдел ",
        "на площади у ",
        "с мая по ",
    ],
)
def test_a_hostile_text_is_read_in_bounded_time(unit):
    began = time.process_time()
    hostile = article(unit * (100_000 // len(unit)), title=unit * 20)
    event_of(hostile, None, Registry({"a": ("Нұра ауданы ОКЖ",)}))
    proposals([hostile])
    assert time.process_time() - began < 3


def test_a_lost_space_in_a_name_is_mended():
    text = "19 ақпан күні Бұқаржырауауданы ОКЖ-де семинар өтті."
    assert event_of(article(text)).venue == "Бұқар жырау ауданы ОКЖ"


def test_the_taxonomy_is_whole():
    assert len(kinds()) >= 80
    assert len(regions()) == 20
    assert {kind.broader for kind in kinds().values()} - {None} <= set(kinds())
    for kind in kinds().values():
        assert kind_id(kind.kk) == kind.id
        assert all(kind.label(language) for language in ("kk", "ru", "en"))


def test_former_names_lead_to_the_region_of_today():
    assert region_id("Нұр-Сұлтан") == "astana"
    assert region_id("Оңтүстік Қазақстан облысы") == "turkistan"
