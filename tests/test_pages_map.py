"""The map of the regions: a way to narrow that one can see, read aloud and walk by keyboard."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

from crawler.vocabulary import regions
from indexer.model import FacetCount, SearchRequest
from searchui.labels import Labels
from searchui.map import places, tiles
from searchui.wording import LANGUAGES, wording

pytest_plugins = ("reading_room",)

KONE = "/?q=көрме"


def map_of(client: FlaskClient, path: str) -> Tag:
    soup = BeautifulSoup(client.get(path).text, "html.parser")
    found = soup.select("nav.map")
    assert len(found) == 1
    return found[0]


def links(drawn: Tag) -> dict[str, Tag]:
    """The links of a map by the name that a screen reader says."""
    return {str(link["aria-label"]): link for link in drawn.select("a")}


def asked(link: Tag) -> dict[str, list[str]]:
    return parse_qs(urlsplit(str(link["href"])).query)


def test_every_region_has_one_place_and_a_name_in_every_language() -> None:
    assert set(places()) == set(regions())
    assert len(set(places().values())) == len(places())
    for language in LANGUAGES:
        labels = Labels(wording(language), {})
        for tile in tiles((), SearchRequest(), labels):
            assert tile.name
            assert len(tile.short) <= 10, "what does not fit into its field"


def test_the_map_shows_the_counts_of_the_filter_and_narrows_by_a_click(
    client: FlaskClient,
) -> None:
    soup = BeautifulSoup(client.get(KONE).text, "html.parser")
    boxes = {
        str(box["value"]): int(box.find_parent("label").b.get_text())
        for box in soup.select('input[name="region"]')
    }
    drawn = {asked(link)["region"][0]: link for link in soup.select(".map a")}
    assert {region: int(a.b.get_text()) for region, a in drawn.items()} == boxes
    for region, link in drawn.items():
        assert asked(link)["q"] == ["көрме"]
        told = BeautifulSoup(client.get(str(link["href"])).text, "html.parser").h1.get_text()
        assert f" {boxes[region]} " in told
    assert len(soup.select(".map li")) == len(regions()), "those without articles are drawn too"


def test_a_chosen_region_is_marked_and_a_click_takes_it_off(client: FlaskClient) -> None:
    drawn = map_of(client, f"{KONE}&region=akmola&region=abai")
    marked = {
        name: link for name, link in links(drawn).items() if link.get("aria-current") == "true"
    }
    assert set(marked) == {
        "Сүзгіні алып тастау: Өңір: Ақмола облысы",
        "Сүзгіні алып тастау: Өңір: Абай облысы",
    }
    assert all("✓" in link.get_text() for link in marked.values()), "not by colour alone"
    off = marked["Сүзгіні алып тастау: Өңір: Ақмола облысы"]
    assert asked(off)["region"] == ["abai"]
    more = links(drawn)["Қостанай облысы: 12 жарияланым"]
    assert asked(more)["region"] == ["akmola", "abai", "kostanay"]


@pytest.mark.parametrize(
    ("lang", "heading", "name"),
    [
        ("kk", "Өңірлер картасы", "Абай облысы: 11 жарияланым"),
        ("ru", "Карта регионов", "область Абай: 11 публикаций"),
        ("en", "Map of the regions", "Abai Region: 11 articles"),
    ],
)
def test_the_map_says_in_words_what_it_shows(
    client: FlaskClient, lang: str, heading: str, name: str
) -> None:
    drawn = map_of(client, f"{KONE}&lang={lang}")
    assert name in links(drawn)
    assert drawn["aria-label"] == heading
    assert drawn.find_parent("details").summary.get_text() == heading


def test_where_there_is_one_region_there_is_no_map(client: FlaskClient) -> None:
    soup = BeautifulSoup(client.get("/?kind=seminar").text, "html.parser")
    assert soup.select(".row")
    assert soup.select(".map") == []


def test_shades_grow_with_the_number_and_nothing_has_none() -> None:
    counts = tuple(
        FacetCount(region, count, False)
        for region, count in (("abai", 1), ("akmola", 25), ("almaty", 100))
    )
    shades = {
        tile.id: tile.shade for tile in tiles(counts, SearchRequest(), Labels(wording("en"), {}))
    }
    assert [shades[one] for one in ("zhetysu", "abai", "akmola", "almaty")] == [0, 1, 3, 5]
