"""A librarian's journeys in a real browser (Chromium), and the accessibility checks of axe."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import feedparser  # type: ignore[import-untyped]
import openpyxl  # type: ignore[import-untyped]
import pytest
import rispy  # type: ignore[import-untyped]
from chromium import DESKTOP, PHONE, needs_browser
from icalendar import Calendar
from playwright.sync_api import Browser, Locator, Page, expect

pytest_plugins = ("reading_room", "browsing")

AXE = (Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js").read_text("utf-8")
PAGES = (
    "/",
    "/?q=цифрлық+сауаттылық",
    "/?kind=exhibition&region=akmola&page=1",
    "/?q=цифрлық+семинар&region=mangystau",
    "/articles/1",
    "/articles/5",
    "/status",
    "/help",
    "/report?kind=exhibition",
    "/nothing",
)
# Labels of bars that touch the next, and names on the map that touch the edge of their field.
WIDER_THAN_THEIR_PLACE = """() => [...document.querySelectorAll(".timeline li > * > span, .map .tile span")]
  .filter((label) => {
    const range = document.createRange();
    range.selectNodeContents(label);
    const own = range.getBoundingClientRect();
    const place = label.closest("li").getBoundingClientRect();
    if (!own.width || label.children.length) return false;
    if (label.closest(".timeline")) return own.width > place.width + 4;
    return own.left < place.left + 1 || own.right > place.right - 1 || own.bottom > place.bottom;
  })
  .map((one) => one.textContent)"""

pytestmark = needs_browser


def search(page: Page, words: str) -> None:
    page.goto("/")
    page.fill("#q", words)
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def test_find_narrow_open_and_come_back(page: Page) -> None:
    search(page, "көрмелерге")
    expect(page.locator("h1")).to_contain_text("45")
    page.get_by_role("checkbox", name="Ақмола облысы").check()
    page.get_by_role("button", name="Қолдану").click()
    expect(page.locator(".chips")).to_contain_text("Ақмола облысы")
    found = page.locator("h1").inner_text()
    assert "45" not in found
    page.locator(".row h2 a").first.click()
    expect(page.locator(".facts")).to_contain_text("Ақмола облысы")
    page.get_by_role("link", name="Нәтижелерге оралу").click()
    expect(page.locator("h1")).to_have_text(found, use_inner_text=True)


def excel(path: Path) -> list[str]:
    rows = openpyxl.load_workbook(path).worksheets[0].iter_rows(min_row=2, values_only=True)
    return [str(row[0]) for row in rows]


def table(path: Path) -> list[str]:
    lines = path.read_bytes().decode("utf-8-sig").splitlines()
    rows = list(csv.reader(lines, delimiter=";"))
    return [row[0] for row in rows[1:]]


def zotero(path: Path) -> list[str]:
    return [record["title"] for record in rispy.loads(path.read_text("utf-8"))]


@pytest.mark.parametrize(("form", "titles"), [("XLSX", excel), ("CSV", table), ("RIS", zotero)])
def test_take_narrowed_results_away_and_open_them(
    page: Page, tmp_path: Path, form: str, titles: Callable[[Path], list[str]]
) -> None:
    search(page, "семинарларының")
    page.get_by_role("checkbox", name="Қарағанды облысы").check()
    page.get_by_role("button", name="Қолдану").click()
    path = saved(page, page.locator(".take a", has_text=form).first, tmp_path)
    shown = [title.inner_text() for title in page.locator(".row h2 a").all()]
    also = page.locator(".row .also a").count()
    taken = titles(path)
    assert [title for title in taken if title in shown] == shown
    assert len(taken) == len(shown) + also, "every report of an event that is shown once"
    assert "Цифрлық сауаттылық семинары өтті" in taken


def saved(page: Page, link: Locator, folder: Path) -> Path:
    """What a link lets one download, under the name it comes with."""
    with page.expect_download() as download:
        link.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_put_an_event_into_the_calendar(page: Page, tmp_path: Path) -> None:
    page.goto("/articles/1")
    path = saved(page, page.locator(".actions a", has_text="iCal"), tmp_path)
    (event,) = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    assert str(event["summary"]) == page.locator("h1").inner_text()


def test_subscribe_to_what_one_sees(page: Page) -> None:
    search(page, "көрмелерді")
    page.get_by_role("checkbox", name="Ақмола облысы").check()
    page.get_by_role("button", name="Қолдану").click()
    link = page.locator(".take a", has_text="Atom").get_attribute("href")
    told = page.locator("head link[type='application/atom+xml']").get_attribute("href")
    assert link == told
    answer = page.request.get(str(link))
    feed = feedparser.parse(answer.body(), response_headers=answer.headers)
    assert not feed.bozo
    assert page.locator("h1").inner_text().count(str(len(feed.entries))) == 1
    page.goto(feed.entries[0].link)
    expect(page.locator("h1")).to_have_text(feed.entries[0].title)


def test_the_language_is_remembered_on_the_next_visit(open_context: Any) -> None:
    context = open_context()
    page = context.new_page()
    page.goto("/?q=көрме")
    page.get_by_role("link", name="Рус").click()
    expect(page.locator("h1")).to_contain_text("Найдено: 45 публикаций")
    again = context.new_page()
    again.goto("/status")
    expect(again.locator("h1")).to_have_text("Состояние сбора")
    assert {cookie["name"] for cookie in context.cookies()} == {"lang"}


def test_everything_works_without_javascript_on_a_phone(open_context: Any) -> None:
    page = open_context(java_script_enabled=False, viewport=PHONE).new_page()
    search(page, "көрме")
    box = page.get_by_role("checkbox", name="Ақмола облысы")
    expect(box).to_be_hidden()
    page.locator(".filters summary").first.click()
    box.check()
    page.get_by_role("button", name="Қолдану").click()
    expect(page.locator(".chips")).to_contain_text("Ақмола облысы")
    page.locator(".row h2 a").first.click()
    expect(page.get_by_role("button", name="Көшіру")).to_have_count(0)


def test_filters_stand_open_on_a_wide_screen_without_javascript(open_context: Any) -> None:
    page = open_context(java_script_enabled=False).new_page()
    search(page, "көрме")
    expect(page.get_by_role("checkbox", name="Ақмола облысы")).to_be_visible()
    for summary in page.locator(".fold > summary").all():
        expect(summary).to_be_hidden()


KOSTANAY = "Қостанай облысы: 12 жарияланым"


def test_the_map_narrows_and_widens_by_keyboard_alone(page: Page) -> None:
    page.goto("/?q=көрме")
    page.get_by_role("link", name=KOSTANAY, exact=True).focus()
    outlined = "getComputedStyle(document.activeElement).outlineWidth"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert page.evaluate(outlined) == "3px", "where one stands is seen"
    page.keyboard.press("Enter")
    expect(page.locator(".chips")).to_contain_text("Қостанай облысы")
    expect(page.locator("h1")).to_contain_text("12 жарияланым")
    chosen = page.locator(".map [aria-current]")
    expect(chosen).to_have_count(1)
    chosen.focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("45 жарияланым")
    expect(page.locator(".chips")).to_have_count(0)


@pytest.mark.parametrize("script", [True, False])
def test_the_map_is_folded_on_a_phone_and_narrows_when_it_is_opened(
    open_context: Any, script: bool
) -> None:
    page = open_context(viewport=PHONE, java_script_enabled=script).new_page()
    page.goto("/?q=көрме")
    region = page.get_by_role("link", name=KOSTANAY, exact=True)
    expect(region).to_be_hidden()
    page.locator("summary", has_text="Өңірлер картасы").click()
    expect(region).to_be_visible()
    region.click()
    expect(page.locator("h1")).to_contain_text("12 жарияланым")


def test_the_map_stands_beside_the_years_on_a_wide_screen(open_context: Any) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto("/?q=көрме")
    expect(page.get_by_role("link", name=KOSTANAY, exact=True)).to_be_visible()
    years, regions = (page.locator(one).bounding_box() for one in (".timeline", ".map"))
    assert years["x"] + years["width"] <= regions["x"], "side by side, not over one another"
    assert max(box["y"] + box["height"] for box in (years, regions)) < DESKTOP["height"] * 0.6


def test_names_on_the_map_and_below_bars_do_not_run_into_one_another(open_context: Any) -> None:
    for lang in ("kk", "ru", "en"):
        page = open_context().new_page()
        for path in ("/?q=көрме", "/?q=көрме&from=2025&to=2025"):
            page.goto(f"{path}&lang={lang}")
            wide = page.evaluate(WIDER_THAN_THEIR_PLACE)
            assert wide == [], f"{path} in {lang}"
    page = open_context().new_page()
    page.goto("/?q=көрме&view=large")
    page.locator("summary", has_text="Өңірлер картасы").click()
    assert page.evaluate(WIDER_THAN_THEIR_PLACE) == [], "in low vision"


def test_a_key_leads_to_the_field(page: Page) -> None:
    page.goto("/?q=көрме")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    assert page.input_value("#q") == "көрме"


def test_typing_brings_completions(page: Page) -> None:
    page.goto("/")
    with page.expect_response(lambda answer: "/api/v1/suggest" in answer.url):
        page.locator("#q").press_sequentially("цифрл", delay=20)
    page.wait_for_function("document.querySelectorAll('#suggestions option').length > 0")
    options = page.eval_on_selector_all("#suggestions option", "all => all.map(o => o.value)")
    assert any("ифрлық" in option for option in options)


def test_nothing_is_asked_of_other_servers_and_nothing_breaks_the_policy(
    open_context: Any, address: str
) -> None:
    page = open_context().new_page()
    asked: list[str] = []
    told: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    for path in PAGES[:-1]:
        page.goto(path)
    assert asked
    assert [url for url in asked if not url.startswith(f"{address}/")] == []
    assert told == []


@pytest.mark.parametrize(("width", "view"), [(320, "normal"), (360, "large"), (768, "normal")])
def test_no_page_is_wider_than_the_screen(open_context: Any, width: int, view: str) -> None:
    page = open_context(viewport={"width": width, "height": 700}).new_page()
    for path in PAGES:
        page.goto(f"{path}{'&' if '?' in path else '?'}view={view}")
        spare = page.evaluate("innerWidth - document.documentElement.scrollWidth")
        assert spare >= 0, f"{path} is {-spare} px too wide"


def test_on_paper_there_is_text_and_no_controls(page: Page) -> None:
    page.goto("/articles/1")
    page.emulate_media(media="print")
    for control in (".band", ".foot", ".actions"):
        expect(page.locator(control)).to_be_hidden()
    expect(page.locator(".story-text")).to_be_visible()
    expect(page.locator("#citation")).to_be_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_the_low_vision_version_is_large_black_and_white_and_can_be_left(page: Page) -> None:
    page.goto("/help")
    before = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    page.get_by_role("link", name="Нашар көретіндерге арналған нұсқа").click()
    after = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    assert after >= before * 1.3
    colours = page.evaluate(
        "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
    )
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    page.get_by_role("link", name="Қалыпты нұсқа").click()
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == before


LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "large": {"color_scheme": "dark", "large": True},
    "phone": {"viewport": PHONE},
}
CHECKED = [("light", path) for path in PAGES] + [
    ("dark", PAGES[0]),
    ("dark", PAGES[1]),
    ("dark", "/articles/1"),
    ("large", PAGES[1]),
    ("large", "/articles/1"),
    ("phone", PAGES[0]),
    ("phone", PAGES[1]),
    ("dark", "/?q=көрме&region=akmola"),
    ("large", "/?q=көрме&region=akmola"),
    ("phone", "/?q=көрме&region=akmola"),
]


@pytest.fixture(scope="module")
def looks(browser: Browser, address: str) -> Iterator[dict[str, Page]]:
    """One page for every look; axe itself needs `bypass_csp`, our pages do not."""
    pages = {}
    for name, options in LOOKS.items():
        told = {key: value for key, value in options.items() if key != "large"}
        context = browser.new_context(base_url=address, bypass_csp=True, **told)
        pages[name] = context.new_page()
        if options.get("large"):
            pages[name].goto("/help?view=large")
    yield pages
    for page in pages.values():
        page.context.close()


@pytest.mark.parametrize(("look", "path"), CHECKED)
def test_axe_finds_nothing(looks: dict[str, Page], look: str, path: str) -> None:
    page = looks[look]
    page.goto(path)
    for fold in page.locator(".overview summary:visible").all():
        fold.click()  # what is folded away is looked at too
    page.add_script_tag(content=AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    problems = [
        f"{rule['id']}: {node['target']} {re.sub(chr(10), ' ', node['failureSummary'])}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
    assert problems == []
