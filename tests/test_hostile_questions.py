"""Thousands of hostile questions over the API: an answer or a refusal that says why, never a 500."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from hostile_questions import Questions
from shelves import shelves

pytest_plugins = ("reading_room",)

QUESTIONS = 400


@pytest.fixture(scope="module")
def words() -> list[str]:
    return [word for one in shelves() for word in one.article.text.split()]


@pytest.mark.parametrize("seed", range(6))
def test_a_hostile_question_is_answered_or_refused(
    client: FlaskClient, words: list[str], seed: int
) -> None:
    questions = Questions(seed, words)
    statuses = {200: 0, 400: 0}
    for _ in range(QUESTIONS):
        asked = questions.parameters()
        response = client.get("/api/v1/search", query_string=asked)
        assert response.status_code in statuses, (asked, response.text)
        statuses[response.status_code] += 1
        assert response.json is not None
        if response.status_code == 400:
            assert response.json["error"]["message"], asked
            assert response.json["error"]["parameter"], asked
        else:
            assert response.json["total"] >= len(response.json["hits"])
            assert set(response.json["facets"]) >= {"site", "region", "kind", "year", "language"}
    assert min(statuses.values()) > QUESTIONS / 20, "the questions are not hostile, or all refused"
