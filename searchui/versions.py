"""An article as it was: the earlier version that an address asks for, and the document then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import request

from crawler.model import Document
from crawler.store.documents import Version
from searchui.archive import Archive
from searchui.errors import NoVersionError


def version_asked(document: Document, known: Sequence[Version]) -> Version | None:
    """The earlier version that `?version=` names, None for today's; NoVersionError if unknown."""
    told = request.args.get("version")
    if not told:
        return None
    found = next((one for one in known if str(one.number) == told), None)
    if found is None:
        raise NoVersionError(document.id)
    return found if found.number != document.version else None


def as_of(document: Document, version: Version | None) -> Document:
    """The document with the text of a version and the event that was read from that text."""
    if version is None:
        return document
    return replace(document, article=version.article, event=version.event)


def document_asked(document: Document, archive: Archive) -> Document:
    """The document, as of the version that the address names."""
    if not request.args.get("version"):
        return document
    known = archive.store.articles.versions(document.id) if archive.store else ()
    return as_of(document, version_asked(document, known))
