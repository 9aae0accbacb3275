"""What stands where and can be seen, in a real browser: by width, on paper, in low vision."""

from __future__ import annotations

from typing import Any

import pytest
from chromium import DESKTOP, PHONE, needs_browser
from playwright.sync_api import Page, expect

pytest_plugins = ("reading_room", "browsing")
pytestmark = needs_browser

KONE = "/?q=көрме"
NOTHING = "/?q=цифрлық+семинар&region=mangystau"
NOTE = "түсі қанық болса"
# Whether the middle and the lower edge of the focused control are seen, or another lies over them.
COVERED = """() => {
  const control = document.activeElement;
  const { left, top, width, height } = control.getBoundingClientRect();
  return [top + height / 2, top + height - 2].some((y) => {
    const seen = document.elementFromPoint(left + width / 2, y);
    return !seen || !(control.contains(seen) || seen.contains(control));
  });
}"""
# Figures by line: [left edge, right edge, how many], and the edges of the whole.
FIGURES = """() => {
  const lines = new Map();
  for (const one of document.querySelectorAll(".figures li")) {
    const { left, right, top } = one.getBoundingClientRect();
    const line = lines.get(Math.round(top)) ?? [left, right, 0];
    lines.set(Math.round(top), [Math.min(line[0], left), Math.max(line[1], right), line[2] + 1]);
  }
  const { left, right } = document.querySelector(".figures").getBoundingClientRect();
  return [[...lines.values()], left, right];
}"""
# Dots between words that are seen at the begin or the end of a line.
HANGING = """() => [...document.querySelectorAll(".meta-line > *")].filter((word) => {
  const [before, after] = ["::before", "::after"].map((one) => getComputedStyle(word, one));
  const own = word.getBoundingClientRect();
  const line = word.parentNode.getBoundingClientRect();
  const next = word.nextElementSibling?.getBoundingClientRect();
  const ends = next && next.top >= own.bottom - 4;
  const begins = own.left - line.left < 10;
  const seen = begins && own.left + parseFloat(before.left) + 4 > line.left;
  return (after.content.includes("·") && ends) || (before.content.includes("·") && seen);
}).map((word) => word.textContent)"""


def size(width: int, height: int) -> dict[str, int]:
    return {"width": width, "height": height}


def unfolded(page: Page) -> Page:
    """The page with the map open."""
    for summary in page.locator(".overview summary:visible").all():
        summary.click()
    return page


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_the_first_skip_link_leads_to_the_first_answer(open_context: Any, viewport: Any) -> None:
    page = open_context(viewport=viewport).new_page()
    page.goto(KONE)
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Негізгі мазмұнға өту")
    expect(page.locator(":focus")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(".row").first.locator(":focus")).to_have_count(1)


@pytest.mark.parametrize("path", [KONE, NOTHING])
def test_the_skip_links_lead_to_the_answers_and_to_the_filters(page: Page, path: str) -> None:
    for name, place in (("Негізгі мазмұнға өту", ".answers"), ("Сүзгілерге өту", ".filters")):
        page.goto(path)
        page.get_by_role("link", name=name).focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.locator(place).locator(":focus")).to_have_count(1)


@pytest.mark.parametrize("viewport", [DESKTOP, size(1280, 560), PHONE])
@pytest.mark.parametrize("chosen", ["", "&region=akmola"])
def test_no_control_with_the_focus_is_hidden_by_the_button_that_sticks(
    open_context: Any, viewport: Any, chosen: str
) -> None:
    page = open_context(viewport=viewport).new_page()
    page.goto(KONE + chosen)
    for summary in page.locator(".filters > .fold > summary:visible").all():
        summary.click()
    page.get_by_role("link", name="Сүзгілерге өту").focus()
    page.keyboard.press("Enter")
    walked = 0
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.closest('.filters') !== null"):
        assert not page.evaluate(COVERED), page.evaluate("document.activeElement.outerHTML")
        walked += 1
        page.keyboard.press("Tab")
    assert walked > 10


@pytest.mark.parametrize(
    ("width", "lines"), [(360, [2, 2, 1]), (641, [3, 2]), (799, [3, 2]), (900, [5]), (1280, [5])]
)
def test_the_figures_fill_their_lines(open_context: Any, width: int, lines: list[int]) -> None:
    page = open_context(viewport=size(width, 800)).new_page()
    page.goto("/")
    found, left, right = page.evaluate(FIGURES)
    assert [count for _, _, count in found] == lines
    for first, last, _ in found:
        assert (first - left, right - last) == (pytest.approx(1), pytest.approx(1))


def test_on_paper_the_figures_of_the_first_page_are_whole(page: Page) -> None:
    page.goto("/")
    page.emulate_media(media="print")
    assert page.locator(".figures").bounding_box()["y"] >= 0  # type: ignore[index]
    expect(page.locator(".figures b").first).to_be_visible()


def test_on_paper_chips_have_no_crosses(page: Page) -> None:
    page.goto(f"{KONE}&region=akmola")
    expect(page.get_by_text("✕")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_text("✕")).to_be_hidden()
    expect(page.locator(".chips")).to_contain_text("Ақмола облысы")


@pytest.mark.parametrize("view", ["normal", "large"])
def test_on_a_phone_every_region_is_seen_and_can_be_read(open_context: Any, view: str) -> None:
    page = unfolded_at(open_context(viewport=PHONE).new_page(), f"{KONE}&view={view}")
    main = page.locator("main").bounding_box()
    regions = page.locator(".map a")
    assert regions.count() >= 4
    lefts = set()
    for region in regions.all():
        box = region.bounding_box()
        assert box["x"] >= main["x"]
        assert box["x"] + box["width"] <= main["x"] + main["width"] - 8
        lefts.add(box["x"])
    assert len(lefts) == (2 if view == "normal" else 1), "columns"
    assert page.evaluate(
        "[...document.querySelectorAll('.map a')].every((a) => a.scrollWidth <= a.clientWidth"
        " && parseFloat(getComputedStyle(a).fontSize) >= 14)"
    )
    expect(page.get_by_text("Қостанай", exact=True)).to_be_visible()


def unfolded_at(page: Page, path: str) -> Page:
    page.goto(path)
    return unfolded(page)


@pytest.mark.parametrize("viewport", [size(1000, 768), size(1024, 768), size(1190, 768)])
def test_the_first_answer_begins_in_the_upper_part_of_the_screen(
    open_context: Any, viewport: Any
) -> None:
    page = open_context(viewport=viewport).new_page()
    page.goto(KONE)
    assert page.locator(".row").first.bounding_box()["y"] < viewport["height"] * 0.65


@pytest.mark.parametrize("width", [641, 800, 991, 1024, 1170])
def test_the_folded_map_ends_where_the_answers_end(open_context: Any, width: int) -> None:
    page = open_context(viewport=size(width, 768)).new_page()
    page.goto(KONE)
    fold, years, answers = (
        page.locator(one).bounding_box()
        for one in (".overview summary", ".timeline", ".answers .rows")
    )
    assert fold["x"] + fold["width"] == pytest.approx(answers["x"] + answers["width"], abs=1)
    assert years["x"] + years["width"] < fold["x"], "beside the years"


@pytest.mark.parametrize("look", ["large", "forced"])
def test_of_colours_is_told_only_where_there_are_colours(open_context: Any, look: str) -> None:
    told = open_context().new_page()
    told.goto("/")
    expect(told.get_by_text(NOTE)).to_be_visible()
    page = open_context(forced_colors="active" if look == "forced" else None).new_page()
    page.goto("/?view=large" if look == "large" else "/")
    expect(page.locator(".tile a").first).to_be_visible()
    expect(page.get_by_text(NOTE)).to_be_hidden()
    unfolded_at(page, KONE)
    assert NOTE not in page.content(), "not in what is read aloud either"


def test_a_region_without_articles_does_not_look_like_a_link_under_the_mouse(page: Page) -> None:
    page.goto(KONE)
    before = page.locator(".map").screenshot()
    page.locator(".map").get_by_text("Шымкент", exact=True).hover()
    assert page.locator(".map").screenshot() == before
    page.locator(".map").get_by_text("Қостанай", exact=True).hover()
    assert page.locator(".map").screenshot() != before


def test_forced_colours_show_where_to_type_and_press_and_what_is_chosen(open_context: Any) -> None:
    page = open_context(forced_colors="active").new_page()
    page.goto(f"{KONE}&region=akmola")
    for control in ("#q", ".ask button", ".apply button"):
        style = page.locator(control).evaluate(
            "(one) => [getComputedStyle(one).borderTopWidth, getComputedStyle(one).borderTopStyle]"
        )
        assert style == ["1px", "solid"], control
    ground = "(one) => getComputedStyle(one).backgroundColor"
    chosen = page.locator(".map [aria-current]").evaluate(ground)
    assert chosen != page.locator(".map a:not([aria-current])").first.evaluate(ground)


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
@pytest.mark.parametrize("width", [360, 700, 900, 1024])
def test_the_language_is_chosen_beside_the_name(open_context: Any, lang: str, width: int) -> None:
    page = open_context(viewport=size(width, 768)).new_page()
    page.goto(f"/help?lang={lang}")
    name, languages = (page.locator(one).bounding_box() for one in (".brand", ".languages"))
    assert name["y"] < languages["y"] + languages["height"] / 2 < name["y"] + name["height"]
    assert languages["x"] + languages["width"] > width * 0.9, "at the right edge"


@pytest.mark.parametrize("width", [360, 480, 700, 1024, 1280])
def test_no_dot_hangs_at_the_end_or_the_begin_of_a_line(open_context: Any, width: int) -> None:
    page = open_context(viewport=size(width, 768)).new_page()
    page.goto(f"{KONE}&lang=ru")
    assert page.locator(".meta-line").count() > 9
    assert page.evaluate(HANGING) == []
