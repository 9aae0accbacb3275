"""The bundled demo articles, and what is said of broken ones."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.errors import ConfigError
from demoweb.articles import SITES, expected_paragraphs, load_articles

ARTICLES = load_articles()
ANY = ARTICLES[0]


def test_the_bundled_articles_cover_what_the_demo_has_to_show() -> None:
    languages = [a.language for a in ARTICLES]
    assert len(ARTICLES) >= 60
    assert languages.count("kk") >= 40
    assert languages.count("ru") >= 15
    assert {a.site for a in ARTICLES} == set(SITES)
    assert {a.published.year for a in ARTICLES} >= set(range(2018, 2027))
    assert len({a.event.region for a in ARTICLES} - {None}) >= 8
    assert len({kind for a in ARTICLES for kind in a.event.kinds}) >= 15


def test_the_ucoz_articles_fit_windows_1251() -> None:
    for told in ARTICLES:
        if told.site == "priirtyshye":
            (told.title + told.body).encode("windows-1251")


def test_expected_paragraphs_speak_every_kind_of_block() -> None:
    told = replace(
        ANY, body="Мәтін.\n\n## Тақырып\n\n3. үш\n4. төрт\n\n- бір\n- екі\n\n> Дәйексөз.\n"
    )
    spoken = ("Мәтін.", "Тақырып", "3. үш", "4. төрт", "бір", "екі", "Дәйексөз.")
    assert expected_paragraphs(told) == spoken
    assert expected_paragraphs(replace(ANY, body="- бір\n> екі", literal=True)) == (
        "- бір",
        "> екі",
    )


GOOD = """id = "x-01"
site = "mura"
language = "kk"
title = "Т"
slug = "t"
published = 2024-04-19T11:20:00+05:00
body = "Мәтін."
"""


@pytest.mark.parametrize(
    ("was", "becomes", "named"),
    [
        ('id = "x-01"', 'id = "x-02"', "id: 'x-02' is not the file's name"),
        ('"mura"', '"nowhere"', "site: 'nowhere' is none of saryarqa"),
        ('slug = "t"', 'slug = "@"', "slug: '@'"),
        ("+05:00", "", "published: has no offset"),
        ('body = "Мәтін."', 'body = " "', "body: is empty"),
        ('title = "Т"', 'titel = "Т"', "title: "),
        ('body = "Мәтін."', "body = ", "not TOML"),
        ('body = "Мәтін."', 'body = "М"\nlinks.twin = "x-09"', "links.twin: 'x-09'"),
        ('body = "Мәтін."', 'body = "М"\nlinks.same_event = ["x-9"]', "no article 'x-9'"),
    ],
)
def test_a_broken_article_is_named_with_its_key(
    tmp_path: Path, was: str, becomes: str, named: str
) -> None:
    (tmp_path / "mura").mkdir()
    (tmp_path / "mura" / "x-01.toml").write_text(GOOD.replace(was, becomes), "utf-8")
    with pytest.raises(ConfigError, match=re.escape(named)) as caught:
        load_articles(tmp_path)
    assert "x-01" in str(caught.value)


def test_a_folder_without_articles_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no articles"):
        load_articles(tmp_path)
