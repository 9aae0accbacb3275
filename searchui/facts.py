"""What is known of an event, line by line: values, the words they were read from, corrections."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crawler.corrections import CORRECTION, MARK
from crawler.model import Document
from searchui.dates import day, span
from searchui.labels import Labels, sorting_key
from searchui.plain import plain_text
from searchui.wording import Wording

SURE = 0.5
MAX_EVIDENCE = 160
OWN_WORDS = ("titles",)  # stand in the text just as they are shown
Values = tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of what is known: its name, values (some with a search behind) and where told.

    `told` is a sentence: the words of the text it was read from, where they are not the value
    itself, or, of a `corrected` fact, what the administrator noted. The values of one that was
    `taken_back` say just that.
    """

    name: str
    values: Values
    told: str | None = None
    doubtful: bool = False
    corrected: bool = False
    taken_back: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    """A line before it is put into words: the key of its name, the event's fields it shows."""

    name: str
    fields: tuple[str, ...]
    values: Values
    doubtful: bool = False


def facts(document: Document, labels: Labels) -> Iterable[Fact]:
    """What is known of the event, in the order a report asks for it; nothing unknown is named.

    What a correction cleared is named too: a reader may have seen or cited it.
    """
    say, evidence = labels.wording, document.event.evidence
    notes = {one.fact: one.words for one in evidence if one.where == CORRECTION}
    read = {one.fact: one.words[:MAX_EVIDENCE] for one in reversed(evidence)}
    for line in (*_of_kinds(document, labels, notes), *_of_event(document, labels)):
        name = say(f"event.{line.name}")
        note = next((notes[field] for field in line.fields if field in notes), None)
        words = next((read[field] for field in line.fields if field in read), None)
        words = None if line.name in OWN_WORDS else words
        if note is not None:
            gone: Values = ((say("event.taken_back"), None),)
            values = line.values or gone
            yield Fact(name, values, _note(note, say), line.doubtful, True, not line.values)
        elif line.values:
            told = say("event.evidence", words=words) if _tells_more(words, line.values) else None
            yield Fact(name, line.values, told, line.doubtful)


def _tells_more(words: str | None, values: Values) -> bool:
    """Whether the words of the text are other ones than a value shown, but for case and quotes."""
    shown = {sorting_key(plain_text(value)) for value, _ in values}
    return words is not None and sorting_key(plain_text(words)) not in {"", *shown}


def _note(note: str, say: Wording) -> str:
    """The administrator's note in a sentence; that there was a correction where he left none."""
    if note == MARK:
        return say("event.corrected_plainly")
    return say("event.corrected", words=note[:MAX_EVIDENCE])


def _of_kinds(document: Document, labels: Labels, notes: Iterable[str]) -> Iterable[_Line]:
    """Kinds stand over the title; here only if they were corrected, for that must be told."""
    if "kinds" in notes:
        rows = tuple((labels.kind(kind), f"/?kind={kind}") for kind in document.event.kinds)
        yield _Line("kinds", ("kinds",), rows)


def _of_event(document: Document, labels: Labels) -> Iterable[_Line]:
    say, event, article = labels.wording, document.event, document.article
    when = span(event.starts, event.ends, say)
    doubtful = when is not None and event.confidence < SURE
    yield _Line("when", ("starts", "ends"), _plain(when), doubtful)
    yield _Line("where", ("venue",), _plain(event.venue))
    yield _Line("city", ("city",), _plain(labels.place(event.city)))
    region = ((labels.region(event.region), f"/?region={event.region}"),)
    yield _Line("region", ("region",), region if event.region else ())
    library = ((labels.library(article.site), f"/?site={article.site}"),)
    yield _Line("library", (), library if article.site else ())
    yield _Line("organisers", ("organisers",), _plain(*event.organisers))
    people = event.participants
    told = _plain(None if people is None else say("event.people", n=people))
    yield _Line("participants", ("participants",), told)
    form = {True: say("event.online"), False: say("event.offline"), None: None}[event.online]
    yield _Line("format", ("online",), _plain(form))
    yield _Line("topics", ("topics",), _plain(*event.topics))
    yield _Line("titles", ("titles",), _plain(*event.titles))
    libraries = tuple((labels.library(one), f"/?site={one}") for one in event.libraries)
    yield _Line("libraries", ("libraries",), libraries)
    yield _Line("published", (), _plain(day(article.published, say) if article.published else None))
    yield _Line("language", (), _plain(labels.language(article.language)))
    yield _Line("author", (), _plain(article.author))


def _plain(*values: str | None) -> Values:
    return tuple((value, None) for value in values if value)
