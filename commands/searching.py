"""`jarshy search`: the search of the page, on the command line."""

from __future__ import annotations

import html
import json
import logging
import re
from typing import Any

import click

from commands.session import Session, pass_session, say
from crawler.errors import JarshyError
from indexer.model import SORTS
from indexer.search import Searcher
from searchui import create_app

MARKS = re.compile(r"</?mark>")


class BadRequestError(JarshyError):
    """An option that the search can't take."""

    exit_code = 2


@click.command()
@click.argument("query", default="")
@click.option("--json", "as_json", is_flag=True, help="Print the API's JSON.")
@click.option("--site", multiple=True, help="Only of this site; may be repeated.")
@click.option("--region", multiple=True, help="Only here: a region or a city; may be repeated.")
@click.option("--kind", multiple=True, help="Only of this kind (id or name); may be repeated.")
@click.option("--language", multiple=True, help="Only in this language: kk, ru, en.")
@click.option("--from", "from_", metavar="DATE", help="Events of this day or later: 2024-01-31.")
@click.option("--to", metavar="DATE", help="Events of this day or earlier.")
@click.option("--sort", type=click.Choice(SORTS), default="relevance")
@click.option("--page", default=1, show_default=True, type=click.IntRange(1))
@click.option("--size", default=10, show_default=True, type=click.IntRange(1, 100))
@click.option("--lang", default="kk", type=click.Choice(["kk", "ru", "en"]), help="Of labels.")
@pass_session
def search(session: Session, /, query: str, as_json: bool, **options: Any) -> None:
    """Search the articles for QUERY, exactly as the API does."""
    answer = _ask(session, {"q": query, **options})
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    some = answer["complete"] < answer["total"]
    whole = f", {answer['complete']} with all the words," if some else ""
    say(f"{answer['total']} found{whole} in {answer['took_ms']:.0f} ms")
    if answer["suggestion"]:
        say(f"Did you mean: {answer['suggestion']}")
    for number, hit in enumerate(answer["hits"], (options["page"] - 1) * options["size"] + 1):
        _tell(number, hit)


def _ask(session: Session, options: dict[str, Any]) -> dict[str, Any]:
    """The API's answer, through the API itself; its errors in English, as every command's are."""
    # The command tells a refusal itself; only a fault of the program is worth a log line.
    logging.getLogger("searchui.errors").setLevel(logging.ERROR)
    client = create_app(session.data, session.sound_sites()[0]).test_client()
    told = {"from" if key == "from_" else key: value for key, value in options.items() if value}
    response = client.get("/api/v1/search", query_string=told)
    if response.status_code != 200:
        response = client.get("/api/v1/search", query_string={**told, "lang": "en"})
    answer: dict[str, Any] = response.get_json()
    if response.status_code == 200:
        return answer
    if response.status_code == 503:
        Searcher.open(session.data)  # its own error names the folder and the command to run
    raise _refusal(response.status_code, answer["error"])


def _refusal(status: int, error: dict[str, Any]) -> JarshyError:
    """The API's error with the parameter named once, as the command line names it."""
    message, parameter = str(error["message"]), error["parameter"]
    if status != 400:
        return JarshyError(message)
    if parameter is None:
        return BadRequestError(message)
    name = "QUERY" if parameter == "q" else f"--{parameter}"
    return BadRequestError(f"{name}: {message.removeprefix(f'{parameter}: ')}")


def _tell(number: int, hit: dict[str, Any]) -> None:
    event = hit["event"] or {}
    facts = (hit["library"], hit["region"], event.get("starts") or (hit["published"] or "")[:10])
    click.echo(f"{number}. {click.style(hit['title'] or '-', bold=True)}")
    click.echo(f"   {' | '.join(fact for fact in facts if fact)}")
    if hit["snippet"]:
        click.echo(f"   {html.unescape(MARKS.sub('', hit['snippet']))}")
    click.echo(f"   {hit['url']}")
