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
from searchui.presenters import Way
from searchui.rows import Row, row_of
from searchui.same_event import counted, events_among, others_on
from searchui.services import labels, searcher, services
from searchui.word_file import Chapter, Line, Paper, docx_bytes
from searchui.wording import Wording

blueprint = Blueprint("report", __name__)

GROUPS = ("kind", "library", "month")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class Section:
    """One group of the list."""

    heading: str
    rows: tuple[Row, ...]


@blueprint.get("/report")
def report() -> str:
    """The list as a page made for paper."""
    asked, names, group, found = _asked()
    say = names.wording
    base = address(asked, "/report")
    return render_template(
        "report.html",
        asked=asked,
        lead=_lead(asked, found, names),
        sections=sections(found.hits, group, names),
        rest=lambda row: _rest(row, say),
        ways=[
            Way(say(f"report.group_{one}"), f"{base}&group={one}", one == group) for one in GROUPS
        ],
        word=f"{address(asked, '/report.docx')}&group={group}",
        cut=_cut(found, say),
    )


@blueprint.get("/report.docx")
def report_as_word() -> Response:
    """The same list as a Word document."""
    asked, names, group, found = _asked()
    paper = Paper(
        title=_title(asked, names),
        lead=" ".join(filter(None, (_lead(asked, found, names), _cut(found, names.wording)))),
        chapters=[_chapter(one, names.wording) for one in sections(found.hits, group, names)],
        language=names.wording.language,
        made=services().now().astimezone(UTC),
    )
    response = Response(docx_bytes(paper), mimetype=DOCX)
    response.headers["Content-Disposition"] = 'attachment; filename="jarshy-report.docx"'
    return response


def _asked() -> tuple[SearchRequest, Labels, str, Collected]:
    """The search of the address, the names, the grouping and the answers."""
    asked = request_from(request.args)
    group = request.args.get("group", GROUPS[0])
    if group not in GROUPS:
        raise BadParameterError("group", "group")
    return asked, labels(), group, collect(searcher(), asked)


def _title(asked: SearchRequest, names: Labels) -> str:
    heading = names.wording("report.heading")
    return f"{heading}: «{asked.q}»" if asked.q else heading


def _lead(asked: SearchRequest, found: Collected, names: Labels) -> str:
    """What was asked for, how much was found and when: `Region: Abai. 12 events. Made on ...`."""
    say = names.wording
    chosen = [f"{chip.name}: {chip.value}" for chip in chips(asked, names)]
    ids = [hit.document.id for hit in found.hits]
    rows = counted(len(ids), events_among(ids, others_on(services().archive, ids)), say)
    made = say("report.made", when=day(services().now(), say))
    return _sentences((*chosen, rows, made))


def _cut(found: Collected, say: Wording) -> str | None:
    if not found.cut:
        return None
    return say("report.cut", rows=say.number(len(found.hits)), total=say.number(found.total))


def _chapter(section: Section, say: Wording) -> Chapter:
    return Chapter(
        f"{section.heading} ({len(section.rows)})",
        tuple(
            Line(row.plain_title.rstrip(". "), _rest(row, say), row.original)
            for row in section.rows
        ),
    )


def _rest(row: Row, say: Wording) -> str:
    """Date, library and region of an item, as they stand after the title."""
    when = row.date.words if row.date else ""
    if row.date and row.date.published:
        when += f" ({say('results.published')})"
    return _sentences((when, ", ".join(part for part in (row.library, row.region) if part)))


def _sentences(parts: Iterable[str]) -> str:
    """Each part with one full stop: Russian years and many titles bring their own."""
    return " ".join(f"{one.rstrip('. ')}." for one in parts if one)


def sections(hits: Iterable[Hit], group: str, names: Labels) -> list[Section]:
    """The hits in groups; a group's rows keep the order of the search."""
    key: Callable[[Document, Labels], tuple[str, str]] = {
        "kind": _by_kind,
        "library": _by_library,
        "month": _by_month,
    }[group]
    gathered: dict[tuple[str, str], list[Row]] = {}
    for hit in hits:
        gathered.setdefault(key(hit.document, names), []).append(row_of(hit, names))
    ordered = sorted(gathered.items(), reverse=group == "month")
    return [Section(heading, tuple(rows)) for (_, heading), rows in ordered]


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
    """Groups without a name stand last."""
    if not label:
        return "\uffff", names.wording("report.other")
    return sorting_key(label), label
