"""The addresses of a listing's further pages, for sites that don't link to the next one."""

from __future__ import annotations

from datetime import date, timedelta

from crawler.sites import Source

MAX_PAGES = 5_000


def page_address_of(source: Source, page: int, today: date) -> str | None:
    """The address of the `page`-th page (the listing itself is the first); None if not told.

    `{n}` counts from `first` in steps of `step`; `{year}`, `{month}` and `{day}` walk back
    from `today`, a month (or, with `{day}`, a day) a page.
    """
    template = source.pages
    if template is None or page < 2 or page > MAX_PAGES:
        return None
    if "{year}" in template:
        return _dated(template, page - 2, today)
    return template.replace("{n}", str(source.first + (page - 2) * source.step))


def patience(source: Source) -> int:
    """How many pages in a row may bring nothing before the end is believed.

    A numbered list ends with its first empty page; a library may be silent for a summer.
    """
    if source.pages is None or "{year}" not in source.pages:
        return 0
    return 92 if "{day}" in source.pages else 6


def _dated(template: str, back: int, today: date) -> str | None:
    if "{day}" in template:
        day = today - timedelta(days=back)
    else:
        months = today.year * 12 + today.month - 1 - back
        day = date(months // 12, months % 12 + 1, 1)
    parts = {"year": f"{day.year}", "month": f"{day.month:02}", "day": f"{day.day:02}"}
    for name, value in parts.items():
        template = template.replace(f"{{{name}}}", value)
    return template
