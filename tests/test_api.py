"""The JSON API as a program sees it, over a real index."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shelves import EXHIBITIONS, GONE, MAIN, REPORT, SITES, TWIN

from searchui import create_app

pytest_plugins = ("reading_room",)


def ask(client: FlaskClient, path: str, **params: object) -> Any:
    response = client.get(f"/api/v1/{path}", query_string=params or None)
    assert response.status_code == 200, response.text
    return response.json


@pytest.mark.parametrize(
    ("q", "url"),
    [
        ("цифрлық сауаттылыққа арналған семинарлар", MAIN),
        ("цифрлык сауаттылык семинары", MAIN),
        ("семинары по цифровой грамотности", TWIN),
    ],
)
def test_an_event_is_found_by_other_forms_of_its_words(
    client: FlaskClient, q: str, url: str
) -> None:
    assert url in [hit["url"] for hit in ask(client, "search", q=q)["hits"][:3]]


def seminar(client: FlaskClient) -> Any:
    """The hit of the main report of the seminar."""
    hits = ask(client, "search", q="цифрлық сауаттылық семинары")["hits"]
    return next(hit for hit in hits if hit["url"] == MAIN)


def test_a_hit_tells_the_event_as_the_contract_says(client: FlaskClient) -> None:
    hit = seminar(client)
    assert hit["title"] == "Цифрлық сауаттылық семинары өтті"
    assert "<mark>" in hit["snippet"]
    assert hit["site"] == "saryarqa"
    assert hit["library"] == "«Сарыарқа» кітапханасы"
    assert hit["region"] == "Қарағанды облысы"
    assert hit["published"] == "2024-10-18T05:00:00+00:00"
    event = hit["event"]
    assert (event["kinds"], event["starts"], event["ends"]) == (
        ["семинар"],
        "2024-10-16",
        "2024-10-17",
    )
    assert (event["venue"], event["city"]) == ("Сарыарқа кітапханасы", "Қарағанды")
    assert (event["region"], event["online"]) == ("Қарағанды облысы", False)
    assert (event["organisers"], event["participants"]) == (["«Мұра» орталығы"], 85)


@pytest.mark.parametrize(
    ("lang", "library", "region", "kind"),
    [
        ("kk", "«Мұра» орталығы", "Қарағанды облысы", "семинар"),
        ("ru", "Центр «Мура»", "Карагандинская область", "семинар"),
        ("en", "Mura Centre", "Karaganda Region", "seminar"),
    ],
)
def test_labels_come_in_the_language_asked_for(
    client: FlaskClient, lang: str, library: str, region: str, kind: str
) -> None:
    hits = ask(client, "search", q="көшпелі семинар", site="mura", lang=lang)["hits"]
    hit = next(hit for hit in hits if hit["url"] == REPORT)
    assert (hit["library"], hit["region"], hit["event"]["kinds"]) == (library, region, [kind])


def test_labels_ignore_the_language_cookie_of_the_pages(client: FlaskClient) -> None:
    client.get("/?lang=ru")
    assert ask(client, "search", q="семинар")["hits"][0]["region"] == "Қарағанды облысы"


@pytest.mark.parametrize("region", ["kostanay", "Қостанай облысы", "Костанайская область"])
def test_a_region_is_understood_by_id_and_by_name(client: FlaskClient, region: str) -> None:
    found = ask(client, "search", region=region, size=100)
    assert found["total"] > 0
    assert {hit["region"] for hit in found["hits"]} == {"Қостанай облысы"}


@pytest.mark.parametrize("kind", ["seminar", "семинар", "Seminar"])
def test_a_kind_is_understood_by_id_and_by_name(client: FlaskClient, kind: str) -> None:
    assert ask(client, "search", kind=kind)["total"] == 3


def test_values_of_one_filter_are_alternatives_and_filters_narrow_each_other(
    client: FlaskClient,
) -> None:
    one = ask(client, "search", region="akmola")["total"]
    other = ask(client, "search", region="abai")["total"]
    both = client.get("/api/v1/search?region=akmola&region=abai").json
    assert both is not None
    assert both["total"] == one + other
    chosen = {row["value"] for row in both["facets"]["region"] if row["selected"]}
    assert chosen == {"akmola", "abai"}
    assert ask(client, "search", region="akmola", kind="seminar")["total"] == 0


def test_facets_carry_label_count_and_choice(client: FlaskClient) -> None:
    facets = ask(client, "search", language="ru", lang="en")["facets"]
    assert list(facets) == ["site", "region", "kind", "year", "month", "language"]
    assert {"value": "ru", "label": "Russian", "count": 1, "selected": True} in facets["language"]
    assert [row["value"] for row in facets["year"]] == sorted(
        row["value"] for row in facets["year"]
    )


@pytest.mark.parametrize(
    ("parameter", "value", "told"),
    [
        ("region", "Карагада", "Караганда"),
        ("kind", "семенар", "семинар"),
        ("site", "saryarka", "saryarqa"),
        ("language", "xx", "kk, ru"),
    ],
)
def test_an_unknown_value_is_refused_with_the_nearest_names(
    client: FlaskClient, parameter: str, value: str, told: str
) -> None:
    response = client.get("/api/v1/search", query_string={parameter: value, "lang": "en"})
    assert response.status_code == 400
    error = response.get_json()["error"]
    assert error["parameter"] == parameter
    assert told in error["message"]


def test_answers_with_all_words_are_counted(client: FlaskClient) -> None:
    page = ask(client, "search", q="семинар")
    assert page["complete"] == page["total"] > 0
    assert ask(client, "search", q="семинар жоқсөзмүлде")["complete"] == 0


@pytest.mark.parametrize(
    ("span", "count"),
    [
        ({"from": "2024-10-16", "to": "2024-10-16"}, 3),
        ({"from": "17.10.2024", "to": "17.10.2024"}, 3),
        ({"from": "2024-10-18", "to": "2024-10-19"}, 0),
        ({"from": "2024-10", "to": "2024-10"}, 3),
    ],
)
def test_days_are_those_of_the_event(client: FlaskClient, span: dict[str, str], count: int) -> None:
    assert ask(client, "search", kind="seminar", **span)["total"] == count


def test_a_year_alone_means_its_first_and_its_last_day(client: FlaskClient) -> None:
    year = ask(client, "search", **{"from": "2021", "to": "2021"})
    days = ask(client, "search", **{"from": "2021-01-01", "to": "2021-12-31"})
    assert year["total"] == days["total"] > 0


def test_pages_follow_each_other_without_gap_or_repeat(client: FlaskClient) -> None:
    seen: list[int] = []
    for page in range(1, 6):
        found = ask(client, "search", kind="exhibition", size=10, page=page, sort="oldest")
        seen += [hit["id"] for hit in found["hits"]]
    assert len(seen) == len(set(seen)) == EXHIBITIONS


def test_sort_newest_and_oldest_are_each_other_reversed(client: FlaskClient) -> None:
    def days(sort: str) -> list[str]:
        found = ask(client, "search", q="көрме", sort=sort, size=100)
        return [hit["event"]["starts"] for hit in found["hits"]]

    assert days("newest") == sorted(days("newest"), reverse=True)
    assert days("oldest") == sorted(days("oldest"))


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("page=0", "page"),
        ("page=x", "page"),
        ("page=-1", "page"),
        ("page=1000", "page"),
        ("page=99999999999999999999", "page"),
        ("page=²", "page"),
        ("size=0", "size"),
        ("size=101", "size"),
        ("sort=best", "sort"),
        ("from=2025-13-01", "from"),
        ("from=yesterday", "from"),
        ("from=0000", "from"),
        ("to=31.02.2025", "to"),
        ("from=2025&to=2024", "to"),
        ("region=Atlantis", "region"),
        ("kind=ғғғ", "kind"),
        ("site=../etc", "site"),
        ("language=<b>", "language"),
        ("lang=de", "lang"),
        ("q=" + "а" * 501, "q"),
        ("q=" + "(" * 50 + "а", "q"),
        ("&".join(f"language={a}{b}" for a in "abcdefghijk" for b in "abcdefghij"), "language"),
    ],
)
def test_bad_input_is_a_400_that_names_the_parameter(
    client: FlaskClient, query: str, parameter: str
) -> None:
    response = client.get(f"/api/v1/search?{query}")
    assert response.status_code == 400
    error = response.get_json()["error"]
    assert error["parameter"] == parameter
    assert error["message"]
    assert error["code"] in ("bad_parameter", "over_limit")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"q": "а" * 501}, ("question is too long", "500")),
        ({"q": "сөз " * 41}, ("too many words", "40")),
        ({"q": "((((((сөз))))))"}, ("brackets", "5 deep")),
        ({"q": "кі*"}, ("кі*", "star", "3 letters")),
        ({"q": "кітап~2"}, ("кітап~2", "1 letter", "~1")),
        ({"q": "{a}*"}, ("{a}*", "3 letters")),
        ({"page": 60, "size": 20}, ("page", "first 1000 answers", "Narrow")),
    ],
)
def test_every_cap_says_what_is_too_much_and_what_to_do(
    client: FlaskClient, query: dict[str, object], words: tuple[str, ...]
) -> None:
    told: list[str] = []
    for lang in ("kk", "ru", "en"):
        response = client.get("/api/v1/search", query_string={**query, "lang": lang})
        assert response.status_code == 400
        error = response.get_json()["error"]
        assert error["code"] == "over_limit"
        told.append(error["message"])
    assert len(set(told)) == 3
    assert all(word in told[-1] for word in words)


def test_messages_come_in_the_language_asked_for(client: FlaskClient) -> None:
    def message(lang: str) -> str:
        error = client.get(f"/api/v1/search?page=0&lang={lang}").get_json()["error"]
        return str(error["message"])

    assert "бүтін сан" in message("kk")
    assert "целое число" in message("ru")
    assert "whole number" in message("en")


@pytest.mark.parametrize("path", ["articles/999999", "articles/0", "nothing", f"articles/{2**70}"])
def test_what_is_not_there_is_a_404_in_json(client: FlaskClient, path: str) -> None:
    response = client.get(f"/api/v1/{path}")
    assert response.status_code == 404
    assert response.get_json()["error"]["code"] == "not_found"


def test_only_get_is_allowed(client: FlaskClient) -> None:
    response = client.post("/api/v1/search")
    assert response.status_code == 405
    assert response.get_json()["error"]["code"] == "method_not_allowed"


def test_an_article_comes_with_structure_and_evidence(client: FlaskClient) -> None:
    article = ask(client, f"articles/{seminar(client)['id']}")
    assert article["url"] == MAIN
    assert [block["kind"] for block in article["paragraphs"]] == [
        "paragraph",
        "paragraph",
        "heading",
        "item",
        "item",
        "quote",
    ]
    evidence = article["evidence"][0]
    text = "\n\n".join(block["text"] for block in article["paragraphs"])
    assert text[evidence["start"] : evidence["end"]] == evidence["words"]
    assert article["version"] == 2


def test_a_gone_article_says_since_when(client: FlaskClient) -> None:
    article = ask(client, "articles/4")
    assert article["url"] == GONE
    assert article["gone_since"].startswith("2026-03-02")


def test_suggestions_complete_what_is_typed(client: FlaskClient) -> None:
    found = ask(client, "suggest", q="цифрл")["suggestions"]
    assert any("ифрлық" in one["text"] for one in found)
    assert ask(client, "suggest", q="")["suggestions"] == []


@pytest.mark.parametrize("query", ["q=" + "а" * 201, "q=а&limit=0", "q=а&limit=x", "q=а&limit=21"])
def test_suggest_refuses_what_it_cannot_use(client: FlaskClient, query: str) -> None:
    assert client.get(f"/api/v1/suggest?{query}").status_code == 400


def test_sites_stand_in_the_order_of_the_kazakh_alphabet(client: FlaskClient) -> None:
    sites = ask(client, "sites")["sites"]
    names = [site["library"] for site in sites]
    assert names == [
        "«Жазира» кітапханасы",
        "Қобда кітапханасы",
        "«Мұра» орталығы",
        "«Сарыарқа» кітапханасы",
    ]
    assert next(site for site in sites if site["id"] == "saryarqa")["articles"] == 2


def test_status_tells_the_health_of_every_site(client: FlaskClient) -> None:
    told = ask(client, "status", lang="en")
    health = {site["id"]: site["health"] for site in told["sites"]}
    assert health == {"saryarqa": "ok", "mura": "failing", "zhazira": "down", "qobda": "off"}
    assert told["index"]["documents"] > EXHIBITIONS
    reason = next(site["reason"] for site in told["sites"] if site["id"] == "mura")
    assert reason == "Of 3 pages seen, 1 could not be read."


PATHS = (
    ("/search", "search?q=семинар&region=karaganda"),
    ("/search", "search?q=ғғғққққ&region=abai"),
    ("/articles/{id}", "articles/1"),
    ("/articles/{id}", "articles/5"),
    ("/suggest", "suggest?q=семин"),
    ("/sites", "sites"),
    ("/status", "status"),
)


@pytest.mark.parametrize(("path", "address"), PATHS)
def test_answers_are_what_the_description_says(
    client: FlaskClient, path: str, address: str
) -> None:
    described = ask(client, "openapi.json")
    answers = described["paths"][path]["get"]["responses"]
    schema = answers["200"]["content"]["application/json"]["schema"]
    problems = list(mismatches(ask(client, address), schema, described, "answer"))
    assert problems == []


def test_errors_are_what_the_description_says(client: FlaskClient) -> None:
    described = ask(client, "openapi.json")
    answer = client.get("/api/v1/search?page=0").get_json()
    schema = described["components"]["schemas"]["Problem"]
    assert list(mismatches(answer, schema, described, "answer")) == []


def test_every_route_is_described(client: FlaskClient) -> None:
    described = ask(client, "openapi.json")
    assert described["openapi"].startswith("3.1")
    rules = {
        str(rule)
        .removeprefix("/api/v1")
        .replace("<int(max=9223372036854775807):article_id>", "{id}")
        for rule in client.application.url_map.iter_rules()
        if str(rule).startswith("/api/v1/")
    }
    assert rules == set(described["paths"])


JSON_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def mismatches(value: Any, schema: dict[str, Any], root: dict[str, Any], where: str) -> Any:
    """Where a value departs from a JSON schema (the keywords that the description uses)."""
    if "$ref" in schema:
        target = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        yield from mismatches(value, target, root, where)
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: {value!r} is not one of {schema['enum']}"
    allowed = schema.get("type", [])
    allowed = [allowed] if isinstance(allowed, str) else allowed
    if allowed and not isinstance(value, sum((JSON_TYPES[one] for one in allowed), ())):
        yield f"{where}: {value!r} is not {allowed}"
    if isinstance(value, dict) and "properties" in schema:
        for name in set(schema["required"]) ^ set(value):
            yield f"{where}.{name}: missing or not described"
        for name in set(schema["properties"]) & set(value):
            yield from mismatches(value[name], schema["properties"][name], root, f"{where}.{name}")
    if isinstance(value, list) and "items" in schema:
        for place, one in enumerate(value):
            yield from mismatches(one, schema["items"], root, f"{where}[{place}]")


TRICKY = st.text(
    alphabet=st.sampled_from('аәқғсеминар "«»()*~:-+<>&%\x00\ud800\u202e\u0301ORNOT0129жыл'),
    max_size=40,
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    q=TRICKY,
    other=st.dictionaries(
        st.sampled_from(("page", "size", "from", "to", "sort", "region", "kind", "site", "lang")),
        st.one_of(st.text(max_size=12), st.integers().map(str), st.dates().map(str)),
        max_size=3,
    ),
)
def test_nothing_asked_makes_the_server_fail(
    client: FlaskClient, q: str, other: dict[str, str]
) -> None:
    clean = {
        key: value.encode("utf-8", "replace").decode() for key, value in {"q": q, **other}.items()
    }
    response = client.get("/api/v1/search", query_string=clean)
    assert response.status_code in (200, 400)
    json.loads(response.text)


@pytest.mark.parametrize(
    "path",
    ["/api/v1/search", "/", "/feed.atom", "/report", "/report.docx", "/export.csv", "/export.xlsx"],
)
def test_a_bad_parameter_is_told_even_without_an_index(path: str, tmp_path: Path) -> None:
    bare = create_app(tmp_path, SITES).test_client()
    assert bare.get(f"{path}?q=семинар").status_code == 503
    assert bare.get(f"{path}?q=семинар&size=0").status_code == 400
