"""A list in groups as a Word document (ECMA-376, WordprocessingML), numbered within each group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from searchui.office import package, part
from searchui.plain import plain_text

PARTS = {
    "[Content_Types].xml": "Content_Types.xml",
    "_rels/.rels": "rels.xml",
    "docProps/core.xml": "core.xml",
    "word/document.xml": "document.xml",
    "word/_rels/document.xml.rels": "document-rels.xml",
    "word/styles.xml": "styles.xml",
    "word/numbering.xml": "numbering.xml",
    "word/footer1.xml": "footer.xml",
}
LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


@dataclass(frozen=True, slots=True)
class Line:
    """One item: its title, what follows it, and the web address the title leads to, if any."""

    title: str
    rest: str
    href: str | None


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading with its items."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A document: title, a sentence below it, chapters; `language` is a BCP 47 code."""

    title: str
    lead: str
    chapters: Sequence[Chapter]
    language: str
    made: datetime


def docx_bytes(paper: Paper) -> bytes:
    """The document as a .docx file; same paper, same bytes."""
    links = _links(paper.chapters)
    values = {
        "title": _text(paper.title),
        "language": _text(paper.language),
        "made": f"{paper.made:%Y-%m-%dT%H:%M:%SZ}",
        "links": "".join(_relationship(name, href) for href, name in links.items()),
        "lists": "".join(_list(number) for number in range(1, len(paper.chapters) + 1)),
        "paragraphs": "".join(_body(paper, links)),
    }
    return package({name: part("docx", source, values) for name, source in PARTS.items()})


def _links(chapters: Iterable[Chapter]) -> dict[str, str]:
    """Every address with the name of its relationship."""
    found: dict[str, str] = {}
    for chapter in chapters:
        for line in chapter.lines:
            if line.href:
                found.setdefault(line.href, f"link{len(found) + 1}")
    return found


def _relationship(name: str, href: str) -> str:
    target = quoteattr(plain_text(href))
    return f'<Relationship Id="{name}" Type="{LINK}" Target={target} TargetMode="External"/>'


def _list(number: int) -> str:
    """A numbering that begins at one again, for one chapter."""
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="0"/>{again}</w:num>'


def _body(paper: Paper, links: Mapping[str, str]) -> Iterable[str]:
    yield _paragraph('<w:pStyle w:val="Title"/>', _run(paper.title))
    yield _paragraph("", _run(paper.lead))
    for number, chapter in enumerate(paper.chapters, start=1):
        yield _paragraph('<w:pStyle w:val="Heading1"/>', _run(chapter.heading))
        numbered = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
        for line in chapter.lines:
            yield _paragraph(f"<w:keepLines/>{numbered}", _title(line, links) + _run(line.rest))


def _paragraph(properties: str, runs: str) -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def _title(line: Line, links: Mapping[str, str]) -> str:
    if not line.href:
        return _run(f"{line.title}. ")
    run = _run(line.title, '<w:rPr><w:rStyle w:val="Hyperlink"/></w:rPr>')
    return f'<w:hyperlink r:id="{links[line.href]}">{run}</w:hyperlink>{_run(". ")}'


def _run(text: str, properties: str = "") -> str:
    # Spaces at the ends part a title from what follows it; plain_text would take them away.
    first, last = " " * text.startswith(" "), " " * text.endswith(" ")
    told = f"{first}{_text(text)}{last}"
    return f'<w:r>{properties}<w:t xml:space="preserve">{told}</w:t></w:r>'


def _text(text: str) -> str:
    return escape(plain_text(text))
