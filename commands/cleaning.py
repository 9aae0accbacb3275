"""`jarshy clean`: one page through extract, clean and enrich; writes nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import click

from commands.session import Session, pass_session, say
from crawler.errors import ExtractionError
from crawler.extract.charset import decode
from crawler.extract.foreign import kind_of
from crawler.model import Article, Capture, Event
from crawler.reading import Reading, read_all, read_text
from crawler.sites import Site, find_site
from crawler.vocabulary import kinds, regions

MAX_BYTES = 10 * 1024 * 1024
TEXT_SUFFIXES = {".txt", ".text", ".md"}


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--site", "site_id", help="Read the page by this site's layout.")
@click.option(
    "--url",
    default="",
    callback=lambda _context, _option, told: web_page(told),
    help="Address of the page, for links and dates in it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of readable text.")
@pass_session
def clean(session: Session, file: Path, site_id: str | None, url: str, as_json: bool) -> None:
    """Show the article in FILE (.html or .txt), its event facts and what was taken out.

    Of a page that tells of several events, every article is shown.
    """
    site = find_site(session.sites(), site_id) if site_id else None
    readings = _read(file, url, site)
    if as_json:
        click.echo(json.dumps(_record_of(readings), ensure_ascii=False))
        return
    for number, reading in enumerate(readings, start=1):
        if len(readings) > 1:
            say(f"=== article {number} of {len(readings)}: {unquote(reading.article.url)}")
        _tell(reading)


def web_page(told: str) -> str:
    """An address of a web page, or none; raises BadParameter for anything else."""
    try:
        parts = urlsplit(told)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in told
    except ValueError:
        fits = False
    if told and not fits:
        raise click.BadParameter(f"{told!r} is no web address; one is http://library.kz/news/1")
    return told


def _read(file: Path, url: str, site: Site | None) -> tuple[Reading, ...]:
    if file.stat().st_size > MAX_BYTES:
        raise ExtractionError(f"{file}: larger than {MAX_BYTES // 2**20} MB", "Give one page only.")
    body = file.read_bytes()
    _refuse_other_kinds(file, body)
    try:
        if file.suffix.lower() in TEXT_SUFFIXES:
            return (read_text(decode(_captured(url, "text/plain", body), site), url, site),)
        address = url or (site.url if site else "")
        return read_all(_captured(address, "text/html", body), site)
    except ExtractionError as error:
        raise ExtractionError(f"{file}: {error.message.lstrip(': ')}", error.remedy) from error


def _captured(url: str, kind: str, body: bytes) -> Capture:
    return Capture(url, datetime.now(UTC), 200, (("Content-Type", kind),), body)


def _refuse_other_kinds(file: Path, body: bytes) -> None:
    """Raise ExtractionError for an empty file and for a document that is no page or text."""
    if not body.strip():
        raise ExtractionError(f"{file}: the file is empty")
    name = kind_of(body)
    if name is not None:
        remedy = "Save the story as a web page (.html) or as text (.txt) and give that file."
        raise ExtractionError(f"{file}: this is {name}, no page and no text", remedy)


def _record_of(readings: tuple[Reading, ...]) -> dict[str, Any]:
    """The record of one article; of several the first's, with all paragraphs and `parts`."""
    records = [as_record(one.article, one.event) for one in readings]
    if len(records) == 1:
        return records[0]
    whole = [text for record in records for text in record["paragraphs"]]
    return {**records[0], "paragraphs": whole, "parts": records}


def as_record(article: Article, event: Event) -> dict[str, Any]:
    """The JSON that `jarshy clean --json` prints of an article and its event.

    What a page does not tell is null or empty; times are ISO 8601, local, as the page has them;
    `language` is a code, `twins` the addresses of other languages by it, `removed` what was taken
    out and why; `event` is what `event_record` gives.
    """
    published = article.published
    return {
        "title": article.title,
        "paragraphs": list(article.paragraphs),
        "published": None if published is None else short_time(published),
        "language": article.language,
        "author": article.author,
        "section": article.section,
        "layout": article.layout,
        "suspect": article.suspect,
        "images": [{"url": i.url, "alt": i.alt, "caption": i.caption} for i in article.images],
        "attachments": [{"url": a.url, "title": a.title} for a in article.attachments],
        "twins": dict(article.twins),
        "event": event_record(event),
        "removed": [{"text": r.text, "reason": r.reason} for r in article.removed],
    }


def short_time(when: datetime) -> str:
    """A local time of the page without seconds that say nothing: `2019-04-08T16:32`."""
    local = when.replace(tzinfo=None)
    return local.isoformat(timespec="seconds" if local.second else "minutes")


def event_record(event: Event) -> dict[str, Any]:
    """An event with Kazakh labels instead of the ids of kinds and region."""
    return {
        "kinds": [kinds()[one].kk for one in event.kinds],
        "starts": event.starts,
        "ends": event.ends,
        "confidence": event.confidence,
        "venue": event.venue,
        "city": event.city,
        "organisers": list(event.organisers),
        "region": None if event.region is None else regions()[event.region].kk,
        "online": event.online,
        "participants": event.participants,
        "topics": list(event.topics),
        "titles": list(event.titles),
    }


def _tell(reading: Reading) -> None:
    article, event = reading.article, reading.event
    click.echo(click.style(article.title or "(no title)", bold=True))
    click.echo(f"language {article.language}, layout {article.layout}", nl=False)
    click.echo(f", published {short_time(article.published)}" if article.published else "")
    for paragraph in article.paragraphs:
        click.echo(f"\n{paragraph}")
    say("\n--- event")
    for key, value in event_record(event).items():
        if value not in (None, [], 0.0):
            say(f"{key}: {', '.join(value) if isinstance(value, list) else value}")
    if article.removed:
        say("--- taken out")
    for removal in article.removed:
        text = removal.text if len(removal.text) <= 100 else removal.text[:97] + "..."
        say(f"[{removal.reason}] {text}")
    if article.suspect:
        say(f"! {article.suspect}")
