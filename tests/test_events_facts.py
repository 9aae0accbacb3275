"""Anniversaries, titles, libraries of the registry, personal data, names of unknown kinds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from crawler.enrich.events import event_of
from crawler.enrich.privacy import is_personal
from crawler.enrich.proposals import proposals
from crawler.enrich.registry import Registry
from crawler.model import Article, Block, Event
from crawler.sites import Names, Site
from crawler.store.codec import event_from_json, to_json
from jarshy import main


def event(text: str, registry: Registry | None = None, title: str = "Хабар") -> Event:
    return event_of(article(text, title=title), None, registry)


def article(text: str, url: str = "https://a.kz/1", title: str = "Хабар") -> Article:
    return Article(url, title, tuple(Block(t) for t in text.split("\n")), "kk", "text")


ANNIVERSARIES = [
    ("Ақын Мағжан Жұмабаевтың 130 жылдығына арналған кеш өтті.", "Мағжан Жұмабаевтың 130 жылдығы"),
    ("Қ. Аманжоловтың туғанына 110 жыл толуына орай кеш өтті.", "Қ. Аманжоловтың 110 жылдығы"),
    ("Ұлы Жеңістің 75-жылдығы аталып өтті.", "Ұлы Жеңістің 75 жылдығы"),
    ("Биыл ақынның 350 жылдығы.", "ақынның 350 жылдығы"),
    ("Вечер посвящён 150-летию Ахмета Байтурсынова.", "150-летие Ахмета Байтурсынова"),
    ("К 175-летию со дня рождения казахского поэта Абая Кунанбаева прошёл вечер.",
     "175-летие казахского поэта Абая Кунанбаева"),
    ("Исполнилось 110 лет со дня рождения К. Аманжолова.", "110-летие К. Аманжолова"),
    ("Накануне 79-й годовщины Победы, 3 мая, прошёл урок.", "79-летие Победы"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "topic"), ANNIVERSARIES)
def test_an_anniversary_is_a_topic_with_its_words(text, topic):
    found = event(text)
    assert topic in found.topics
    proof = next(e for e in found.evidence if e.fact == "topics")
    assert text[proof.start : proof.end] == proof.words


@pytest.mark.parametrize(
    "text",
    ["2024 жылдың есебі.", "40 жыл еңбек етті.", "3 жылдық жоспар.", "В 2019-летний сезон.",
     "10 лет работы."],
)  # fmt: skip
def test_other_numbers_of_years_are_no_anniversary(text):
    assert event(text).topics == ()


TITLES = [
    ("«Бесінші маусым» атты кеш өтті.", ("Бесінші маусым",)),
    ("Ақынның «Толағай» жыр жинағы таныстырылды.", ("Толағай",)),
    ("«Кітапхана – ұлт жады» республикалық жобасы басталды.", ("Кітапхана – ұлт жады",)),
    ("Прошла презентация книги «Соляной бунт».", ("Соляной бунт",)),
    ("В рамках проекта «Читаем вместе» прошла акция «Подари книгу».",
     ("Читаем вместе", "Подари книгу")),
    ("«Мұра» орталығы семинар өткізді.", ()),
    ("«Кітап болмаса, мен болмас едім», – деді ақын.", ()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "titles"), TITLES)
def test_titles_stand_in_quotation_marks_beside_a_word_that_says_so(text, titles):
    assert event(text).titles == titles


def site(key: str, kk: str, ru: str, enabled: bool = True) -> Site:
    return Site(id=key, name=Names(kk=kk, ru=ru), url=f"https://{key}.kz/", enabled=enabled)


REGISTRY = Registry.of(
    [
        site("ulttyq", "Қазақстан Республикасының Ұлттық кітапханасы",
             "Национальная библиотека Республики Казахстан"),
        site("gogol", "Н. В. Гоголь атындағы Қарағанды облыстық әмбебап ғылыми кітапханасы",
             "Карагандинская областная универсальная научная библиотека имени Н. В. Гоголя"),
        site("old-tolstoy", "Л. Н. Толстой атындағы Қостанай облыстық әмбебап ғылыми кітапханасы",
             "Костанайская ОУНБ имени Л. Н. Толстого", enabled=False),
        site("tolstoy", "Л. Н. Толстой атындағы Қостанай облыстық әмбебап ғылыми кітапханасы",
             "Костанайская ОУНБ имени Л. Н. Толстого"),
        site("nura", "Нұра ауданының орталықтандырылған кітапхана жүйесі",
             "Централизованная библиотечная система Нуринского района"),
        site("abai-1", "Абай атындағы облыстық кітапхана", "Областная библиотека имени Абая"),
        site("abai-2", "Абай атындағы қалалық кітапхана", "Городская библиотека имени Абая"),
        site("shet", "Шет ауданының орталық кітапханасы", "Центральная библиотека Шетского района"),
    ]
)  # fmt: skip
NAMED = [
    ("Шараға Н.В. Гоголь атындағы ОӘҒК-ның мамандары қатысты.", ("gogol",)),
    ("Гоголь атындағы облыстық кітапхананың қорынан көрме жасалды.", ("gogol",)),
    ("В гостях у библиотеки имени Гоголя побывали школьники.", ("gogol",)),
    ("Семинар прошёл в областной библиотеке имени Льва Толстого.", ("tolstoy",)),
    ("Семинарға Нұра ауданы ОКЖ-нің кітапханашылары келді.", ("nura",)),
    ("В семинаре участвовала Нуринская ЦБС и Национальная библиотека РК.", ("nura", "ulttyq")),
    ("ҚР Ұлттық кітапханасында көрме ашылды.", ("ulttyq",)),
    ("Абай атындағы кітапханада кеш өтті.", ()),
    ("Облыстық кітапханада кеш өтті.", ()),
    ("ОКЖ мамандары Гоголь көшесінде жиналды.", ()),
]


@pytest.mark.parametrize(("text", "ids"), NAMED)
def test_libraries_of_the_registry_are_known_by_every_name(text, ids):
    found = event(text, REGISTRY)
    assert set(found.libraries) == set(ids)
    assert {e.fact for e in found.evidence if e.words in text} or not ids


def test_an_event_stored_before_titles_were_read_is_still_readable():
    told = json.loads(to_json(Event(kinds=("seminar",))))
    del told["titles"], told["libraries"]
    assert event_from_json(json.dumps(told)) == Event(kinds=("seminar",))


@pytest.mark.parametrize(
    "personal",
    ["aigul@mail.kz", "aigul @ mail.kz", "900101300123", "900101 300123", "9001 0130 0123",
     "+7 701 123 45 67", "8(701)123-45-67"],
)  # fmt: skip
@pytest.mark.parametrize(
    "text",
    [
        "«{}» атты семинар «Мұра» кітапханасында өтті.",
        "Ұйымдастырушы: «{}» орталығы.",
        "Семинар «{}» мәдениет үйінде өтті.",
        "В рамках проекта «Книга {}» в библиотеке имени Абая прошёл семинар.",
    ],
)
def test_no_address_and_no_number_of_a_person_becomes_a_fact(text, personal):
    found = event(text.format(personal), REGISTRY, title=f"Семинар «{personal}»")
    told = (found.venue, found.city, *found.organisers, *found.topics, *found.titles)
    assert not any(is_personal(fact) for fact in told if fact)
    assert not any(personal in e.words for e in found.evidence)


@given(st.text('аә өтті«»"0123456789@.-летие жылдығы', max_size=300))
def test_any_text_gives_facts_that_stand_in_it(text):
    found = event(text, REGISTRY)
    assert all(e.words in (text, "Хабар") or e.words in text for e in found.evidence)


UNKNOWN = [
    ("«Көктем» атты библиокешн өтті.", "библиокешн"),
    ("«Көктем» тақырыбында әдеби дегустация өткізілді.", "әдеби дегустация"),
    ("Кітапханада «Көктем» библиотеатрын ұйымдастырды.", "библиотеатр"),
    ("В библиотеке прошёл библиокешн «Весна».", "библиокешн"),
    ("Для детей была проведена литературная дегустация «Весна».", "литературная дегустация"),
]


@pytest.mark.parametrize(("text", "name"), UNKNOWN)
def test_a_name_that_no_kind_has_is_proposed(text, name):
    rows = [article(text, f"https://a.kz/{n}") for n in range(3)]
    (found,) = proposals(rows, least=3)
    assert (found.name, found.articles) == (name, 3)
    assert found.examples[0].words in text
    assert proposals(rows, least=4) == ()


@pytest.mark.parametrize(
    "text",
    ["«Көктем» атты семинар өтті.", "Семинар Астанада өтті.", "Шара жоғары деңгейде өтті.",
     "Прошла встреча с писателем.", "Мероприятие провела библиотекарь А. Иванова.",
     "Семинар 5 мамыр күні өтті."],
)  # fmt: skip
def test_nothing_known_and_nothing_by_the_way_is_proposed(text):
    assert proposals([article(text)], least=1) == ()


def test_the_command_lists_proposals_with_their_addresses(tmp_path: Path):
    (tmp_path / "sites").mkdir()
    rows = [
        {"url": f"https://a.kz/{n}", "title": "Х", "text": "«Көктем» атты библиокешн өтті."}
        for n in range(3)
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    folders = ["--data", str(tmp_path / "data"), "--config", str(tmp_path)]
    assert CliRunner().invoke(main, [*folders, "import", str(path)]).exit_code == 0
    told = CliRunner().invoke(main, [*folders, "kinds", "propose"]).output
    assert "3  библиокешн" in told
    assert "https://a.kz/0" in told
    listed = CliRunner().invoke(main, [*folders, "kinds", "list"]).output
    assert "seminar\tсеминар" in listed


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Семинарға облыстың 12 өңірінен келген 85 маман қатысты.", 85),
        ("Форумға республиканың 3 қаласынан 220 кітапханашы жиналды.", 220),
        ("Байқауға 7 мен 14 жас аралығындағы балалар қатысты.", None),
        ("Кездесуге 40 жас маман қатысты.", 40),
    ],
)
def test_people_are_counted_not_places_or_years_of_age(text: str, number: int | None) -> None:
    told = Article("https://a.kz/1", "Семинар өтті", (Block(text),), "kk", "test")
    assert event_of(told).participants == number


def test_people_beside_a_year_are_counted_where_the_day_of_the_event_has_none() -> None:
    told = event("8 наурызда кеш өтті. 2019 жылы ашылған клубтан 25 оқырман қатысты.")
    assert told.starts == "--03-08"
    assert told.participants == 25


PEOPLE = [
    ("Шараға 14 қонақты қоса алғанда, 140 адам қатысты.", 140),
    ("Шараға 14 қонақпен қоса 140 адам қатысты.", 140),
    ("Семинарға жүзден астам адам қатысты.", 100),
    ("Екі жүзге жуық адам келді.", 200),
    ("Еліміздің 17 өңірінен 60 маман қатысты.", 60),
    ("Еліміздің 17 өңірінен келген мамандар қатысты.", None),
    ("180-нен аса делегат тіркелген.", 180),
    ("Барлығы 40 адам, оның ішінде 14 бала қатысты.", 40),
    ("9-10 сынып оқушылары қатысты.", None),
    ("3 сынып оқушылары келді.", None),
    ("12 жастан асқан балалар қатысты.", None),
    ("Қатысқандар – 19 адам (оқушылар – 15).", 19),
    ("Собрались более 50 участников.", 50),
    ("Приняли участие более ста человек.", 100),
    ("Двадцать семь ребят читали на двух языках.", 27),
    ("В конкурсе приняли участие 30 школьников, в том числе 12 девочек.", 30),
    ("Мероприятие посетили 2 тысячи человек.", 2000),
    ("Спасибо всем 87 полуночникам!", 87),
    ("Из 17 регионов приехали 90 библиотекарей.", 90),
    ("Работники библиотеки № 8 пришли в гости к жителям дома.", None),
    ("Участвовали представители 15 библиотек.", None),
]


@pytest.mark.parametrize(("text", "people"), PEOPLE)
def test_the_number_of_people_is_that_of_all_who_took_part(text, people):
    assert event(text).participants == people


HOUSES = [
    ("12 маусымда кітапхананың оқу залында кездесу өтті.", "кітапхананың оқу залы"),
    ("12 маусымда Абай атындағы кітапхананың қызмет көрсету бөлімінде семинар өтті.",
     "Абай атындағы кітапхананың қызмет көрсету бөлімі"),
    ("Кеше балалар залымызда шеберлік сағаты өтті.", "балалар залы"),
    ("12 июня в горно-техническом колледже прошёл семинар.", "горно-технический колледж"),
    ("12 июня в стенах областной детско-юношеской библиотеки прошёл семинар.",
     "областная детско-юношеская библиотека"),
    ("12 июня на базе школы-гимназии № 7 состоялся конкурс.", "школа-гимназия № 7"),
    ("12 июня прошла викторина. Она прошла на площади у ДК «Нур».", "площадь у ДК «Нур»"),
    ("12 июня прошёл тренинг. Площадкой стал коворкинг-центр городской библиотеки.",
     "коворкинг-центр городской библиотеки"),
    ("Место проведения: г. Саран, актовый зал школы № 4. Прошёл урок мужества.",
     "актовый зал школы № 4"),
    ("12 маусымда оқушылар аудандық архивтің қоймасын аралады.", "аудандық архивтің қоймасы"),
    ("12 маусымда ойын Zoom платформасында өтті.", None),
    ("12 маусымда кездесулер шығармашылық алаңдарда өтті.", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "venue"), HOUSES)
def test_the_house_in_which_it_was_held(text, venue):
    assert event(text).venue == venue


def test_our_library_is_that_of_the_site():
    site = Site(
        id="a", name=Names(kk="Саран кітапханасы", ru="Библиотека Сарани"), url="https://a.kz/"
    )
    told = article("12 маусымда кітапханамызда кездесу өтті.")
    assert event_of(told, site).venue == "Саран кітапханасы"
    assert event_of(told).venue is None


DOERS = [
    ("12 июня проведён час силами сотрудников городской библиотеки-филиала № 2.",
     ("городская библиотека-филиал № 2",)),
    ("12 июня городская библиотека провела круглый стол совместно с отделом ювенальной полиции"
     " и Центром поддержки семьи.",
     ("городская библиотека", "отдел ювенальной полиции", "Центр поддержки семьи")),
    ("12 маусымда «Орталықтандырылған кітапхана жүйесі» КММ-нің бастамасымен акция өтті.",
     ("«Орталықтандырылған кітапхана жүйесі» КММ",)),
    ("12 маусымда қалалық кітапхананың және «Жас қыран» клубының бірлескен шарасы өтті.",
     ("қалалық кітапхана", "«Жас қыран» клубы")),
    ("12 июня прошёл форум при поддержке управления культуры.", ()),
    ("12 маусымда облыстық басқарманың қолдауымен семинар өтті.", ()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "organisers"), DOERS)
def test_who_held_it_and_who_only_helped(text, organisers):
    assert event(text).organisers == organisers
