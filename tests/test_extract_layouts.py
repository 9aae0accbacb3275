"""Selectors find the same with and without a look ahead at the names of a page."""

from __future__ import annotations

import pytest
from lxml import html

from crawler.extract import layouts
from crawler.extract.tree import parse

PAGE = """<html><body id="top"><div class="news  full_story
x"><h1 itemprop="name">A</h1><p class="lead">B</p><a href="/files/plan.pdf">C</a></div>
<table class="pane"><tr><td>D</td></tr></table></body></html>"""


@pytest.mark.parametrize(
    ("selector", "count"),
    [
        (".full_story", 1),
        (".x.news .lead", 1),
        (".full", 0),
        (".lead, .nothing, #top", 2),
        ("#to", 0),
        ("[itemprop=name], [itemprop='headline']", 1),
        ("a[href$='.pdf']", 1),
        ("#top > .news a[href*='/files/']", 1),
        ("table.pane:not(:has(.title)), h6", 1),
        ("h1, h2", 1),
        ("td", 1),
    ],
)
def test_a_look_ahead_at_names_changes_nothing(selector: str, count: int) -> None:
    root = parse(PAGE)
    markup = layouts.Markup(PAGE, root)
    found = layouts.first(root, selector)
    assert layouts.first(root, selector, markup) is found
    assert len(layouts.select(root, selector)) == count
    if ":not" not in selector:
        assert layouts.select(root, selector, markup) == layouts.select(root, selector)
    assert found is None or layouts.may_match(selector, markup) or ":not" in selector


def test_names_of_a_part_of_a_page_are_its_own() -> None:
    part = html.fromstring("<div class='a'><p class='b'>x</p></div>")
    markup = layouts.Markup("", part)
    assert layouts.first(part, ".b", markup) is not None
    assert layouts.first(part, ".c", markup) is None
