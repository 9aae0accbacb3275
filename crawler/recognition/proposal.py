"""The file that is proposed for a site, as text to review."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from crawler.sites import Layout, Site, Source


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found at a site, piece by piece.

    `usual` sources are those of the content system, which the file need not tell; `news` are
    sections of a system that says itself how sections are read.
    """

    site: Site
    cms: str
    languages: tuple[str, ...]
    title: str
    sources: tuple[Source, ...] = ()
    usual: bool = False
    news: tuple[str, ...] = ()
    match: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    layout: Layout | None = None
    remarks: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was found: `id` and `toml` of the file to review, `remarks` in words."""

    id: str
    cms: str
    languages: tuple[str, ...]
    sources: tuple[Source, ...]
    remarks: tuple[str, ...]
    toml: str


def proposal(found: Findings) -> Proposal:
    """The file that a site with these findings would have."""
    site, guessed = found.site, ["cms", "news" if found.news else "sources", "name"]
    guessed += ["match"] if found.match else []
    guessed += ["layouts"] if found.layout else []
    lines = [
        f"# Proposed on {datetime.now(UTC):%Y-%m-%d}: look through it, fill in region and names,",
        f"# then try `jarshy sites check {site.id}`.",
        f"url = {_quoted(site.url)}",
        f"cms = {_quoted(found.cms)}",
        '# region = ""  # an id of crawler/data/regions.toml',
        f"languages = {_list(found.languages)}",
        *_source_lines(found),
        *([f"match = {_list(found.match)}"] if found.match else []),
        *([f"keep_parameters = {_list(found.keep)}"] if found.keep else []),
        *(["allow_private_addresses = true"] if site.allow_private_addresses else []),
        f"guessed = {_list(guessed)}",
        "",
        "[name]",
        f"kk = {_quoted(found.title or site.id)}",
        '# ru = ""',
        '# en = ""',
        *_layout_lines(found.layout),
    ]
    remarks = found.remarks
    if not found.sources and not found.news:
        remarks = (*remarks, "no source was found: name one (docs/adding-a-site.md)")
    toml = "\n".join(lines) + "\n"
    return Proposal(site.id, found.cms, found.languages, found.sources, remarks, toml)


def _source_lines(found: Findings) -> Iterator[str]:
    if found.news:
        yield from ("news = [", *(f"  {_quoted(url)}," for url in found.news), "]")
        return
    if found.usual or not found.sources:
        return
    yield "sources = ["
    for source in found.sources:
        told = source.model_dump(exclude_defaults=True, exclude_none=True)
        pairs = ", ".join(f"{key} = {_value(value)}" for key, value in told.items())
        yield f"  {{ {pairs} }},"
    yield "]"


def _layout_lines(layout: Layout | None) -> Iterator[str]:
    if layout is None:
        return
    yield from ("", "# Learnt from two articles.", "[[layouts]]")
    for key in ("title", "body", "published"):
        value = getattr(layout, key)
        if value:
            yield f"{key} = {_quoted(value)}"


def _list(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"


def _value(value: object) -> str:
    return str(value) if isinstance(value, int) else _quoted(str(value))


def _quoted(text: str) -> str:
    plain = "".join(c for c in text if c.isprintable())
    escaped = plain.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
