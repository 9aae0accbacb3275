"""A printable list of any search, grouped by kind, library or month: for the yearly report."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import Blueprint, render_template, request

from crawler.model import Document
from indexer.model import Hit
from searchui.collecting import collect
from searchui.dates import day, month_name, partial_date
from searchui.errors import BadParameterError
from searchui.facets import chips
from searchui.labels import Labels, sorting_key
from searchui.params import address, request_from
from searchui.presenters import Way
from searchui.rows import Row, row_of
from searchui.services import labels, searcher, services

blueprint = Blueprint("report", __name__)

GROUPS = ("kind", "library", "month")


@dataclass(frozen=True, slots=True)
class Section:
    """One group of the list."""

    heading: str
    rows: tuple[Row, ...]


@blueprint.get("/report")
def report() -> str:
    """The list as a page made for paper."""
    asked, names = request_from(request.args), labels()
    group = request.args.get("group", GROUPS[0])
    if group not in GROUPS:
        raise BadParameterError("group", "group")
    found = collect(searcher(), asked)
    say = names.wording
    base = address(asked, "/report")
    return render_template(
        "report.html",
        asked=asked,
        chips=chips(asked, names),
        sections=sections(found.hits, group, names),
        ways=[
            Way(say(f"report.group_{one}"), f"{base}&group={one}", one == group) for one in GROUPS
        ],
        rows=say("report.rows", n=len(found.hits)),
        made=say("report.made", when=day(services().now(), say)),
        cut=say("report.cut", rows=say.number(len(found.hits)), total=say.number(found.total))
        if found.cut
        else None,
    )


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
