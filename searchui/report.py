"""A printable list of any search, grouped by kind, library or month: for the yearly report."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC

from flask import Blueprint, Response, render_template, request

from crawler.model import Document
from indexer.model import Hit, SearchRequest
from searchui.collecting import Collected, collect
from searchui.dates import day, month_name, partial_date
from searchui.errors import BadParameterError
from searchui.facets import chips
from searchui.labels import Labels, sorting_key
from searchui.params import address, request_from
from searchui.plain import sentences
from searchui.presenters import Way
from searchui.rows import Row, rows_of
from searchui.same_event import Others, counted, events_among, first_of_each, others_on
from searchui.services import labels, searcher, services
from searchui.word_file import Chapter, Line, Paper, docx_bytes
from searchui.wording import Wording

blueprint = Blueprint("report", __name__)

GROUPS = ("kind", "library", "month")
NAMELESS = ""  # the key of what stands last whichever way the groups run
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class Section:
    """One group of the list."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, and what was found: `others` tell of the same events."""

    request: SearchRequest
    group: str
    names: Labels
    found: Collected
    others: Others


@blueprint.get("/report")
def report() -> str:
    """The list as a page made for paper."""
    asked = _asked()
    say, group = asked.names.wording, asked.group
    base = address(asked.request, "/report")
    return render_template(
        "report.html",
        asked=asked.request,
        lead=_lead(asked),
        sections=sections(asked.found.hits, group, asked.names, asked.others),
        rest=lambda row: _rest(row, say),
        found_at=_found_at,
        ways=[
            Way(say(f"report.group_{one}"), f"{base}&group={one}", one == group) for one in GROUPS
        ],
        word=f"{address(asked.request, '/report.docx')}&group={group}",
        cut=_cut(asked.found, say),
    )


@blueprint.get("/report.docx")
def report_as_word() -> Response:
    """The same list as a Word document."""
    asked = _asked()
    say = asked.names.wording
    listed = sections(asked.found.hits, asked.group, asked.names, asked.others)
    paper = Paper(
        title=_title(asked.request, asked.names),
        lead=" ".join(filter(None, (_lead(asked), _cut(asked.found, say)))),
        chapters=[_chapter(one, say) for one in listed],
        language=say.language,
        made=services().now().astimezone(UTC),
    )
    response = Response(docx_bytes(paper), mimetype=DOCX)
    response.headers["Content-Disposition"] = 'attachment; filename="jarshy-report.docx"'
    return response


def _asked() -> Asked:
    request_ = request_from(request.args)
    group = request.args.get("group", GROUPS[0])
    if group not in GROUPS:
        raise BadParameterError("group", "group")
    found = collect(searcher(), request_)
    others = others_on(services().archive, (hit.document.id for hit in found.hits))
    return Asked(request_, group, labels(), found, others)


def _title(asked: SearchRequest, names: Labels) -> str:
    heading = names.wording("report.heading")
    return f"{heading}: «{asked.q}»" if asked.q else heading


def _lead(asked: Asked) -> str:
    """What was asked for, how much was found and when: `Region: Abai. 12 articles. Made on ...`."""
    say = asked.names.wording
    chosen = [f"{chip.name}: {chip.value}" for chip in chips(asked.request, asked.names)]
    ids = [hit.document.id for hit in asked.found.hits]
    rows = counted(len(ids), events_among(ids, asked.others), say)
    made = say("report.made", when=day(services().now(), say))
    return sentences((*chosen, rows, made))


def _cut(found: Collected, say: Wording) -> str | None:
    if not found.cut:
        return None
    return say("report.cut", rows=say.number(len(found.hits)), total=say.number(found.total))


def _chapter(section: Section, say: Wording) -> Chapter:
    return Chapter(
        f"{section.heading} ({len(section.rows)})",
        tuple(
            Line(row.plain_title.rstrip(". "), _rest(row, say), _found_at(row))
            for row in section.rows
        ),
    )


def _found_at(row: Row) -> str:
    """The web address of an item: the library's page or, where it is gone, that of our copy."""
    return row.original or f"{request.url_root}articles/{row.id}"


def _rest(row: Row, say: Wording) -> str:
    """Date, library, region, who else told of it, whether it is gone, as they follow a title."""
    when = row.date.words if row.date else ""
    if row.date and row.date.published:
        when += f" ({say('results.published')})"
    also = ", ".join(one.label for one in row.also)
    also = f"{say('results.also')} {also}" if also else ""
    place = ", ".join(part for part in (row.library, row.region) if part)
    gone = say("report.gone") if row.gone else ""
    return sentences((when, place, also, gone))


def sections(hits: Iterable[Hit], group: str, names: Labels, others: Others) -> list[Section]:
    """The hits in groups; a group's rows keep the order of the search.

    An event stands once, under the best hit; in a list by libraries once under each that told.
    """
    key: Callable[[Document, Labels], tuple[str, str]] = {
        "kind": _by_kind,
        "library": _by_library,
        "month": _by_month,
    }[group]
    listed = list(hits)
    first = first_of_each((hit.document.id for hit in listed), others)
    gathered: dict[tuple[str, str], list[Hit]] = {}
    for hit in listed:
        if group == "library" or hit.document.id in first:
            gathered.setdefault(key(hit.document, names), []).append(hit)
    ordered = sorted(gathered.items(), key=lambda one: one[0], reverse=group == "month")
    ordered.sort(key=lambda one: one[0][0] == NAMELESS)
    return [
        Section(heading[:1].upper() + heading[1:], rows_of(rows, names, others))
        for (_, heading), rows in ordered
    ]


def _by_kind(document: Document, names: Labels) -> tuple[str, str]:
    kinds = document.event.kinds
    return _named(names.kind(kinds[0]) if kinds else "", names)


def _by_library(document: Document, names: Labels) -> tuple[str, str]:
    return _named(names.library(document.article.site), names)


def _by_month(document: Document, names: Labels) -> tuple[str, str]:
    found = partial_date(document.event.starts)
    if found is None or found.year is None:
        return _named("", names)
    month = month_name(found.month, names.wording)
    return f"{found.year:04}-{found.month or 0:02}", f"{month} {found.year}".strip()


def _named(label: str, names: Labels) -> tuple[str, str]:
    if not label:
        return NAMELESS, names.wording("report.other")
    return sorting_key(label), label
