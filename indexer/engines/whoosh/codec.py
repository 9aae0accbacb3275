"""Whoosh's codec interface over array segments, for reading; segments are written by the engine."""

# Methods without docstring are those that whoosh.codec.base describes.
# ruff: noqa: D102

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whoosh.codec import base
from whoosh.matching.mcore import ListMatcher
from whoosh.reading import TermInfo

from indexer.engines.segment import QUARTERS, Field, Segment

EXTENSION = ".arrays"


class ArraySegment(base.Segment):  # type: ignore[misc]
    """What Whoosh's table of contents keeps of a segment: its name, size and deletions."""

    def __init__(self, indexname: str, size: int = 0) -> None:
        super().__init__(indexname)
        self.size = size
        self.deleted: set[int] = set()

    def codec(self) -> ArrayCodec:
        return ArrayCodec()

    def should_assemble(self) -> bool:
        return False

    def set_doc_count(self, doccount: int) -> None:
        self.size = doccount

    def doc_count_all(self) -> int:
        return self.size

    def deleted_count(self) -> int:
        return len(self.deleted)

    def deleted_docs(self) -> set[int]:
        return self.deleted

    def is_deleted(self, docnum: int) -> bool:
        return docnum in self.deleted

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        if delete:
            self.deleted.add(docnum)
        else:
            self.deleted.discard(docnum)


class ArrayCodec(base.Codec):  # type: ignore[misc]
    """Opens array segments for Whoosh's readers."""

    def terms_reader(self, storage: Any, segment: ArraySegment) -> ArrayTerms:
        return ArrayTerms(Segment(_path(storage, segment)))

    def per_document_reader(self, storage: Any, segment: ArraySegment) -> ArrayDocuments:
        return ArrayDocuments(Segment(_path(storage, segment)), segment)

    def new_segment(self, storage: Any, indexname: str) -> ArraySegment:
        return ArraySegment(indexname)


def _path(storage: Any, segment: ArraySegment) -> Path:
    return Path(storage.folder) / str(segment.make_filename(EXTENSION))


class ArrayTerms(base.TermsReader):  # type: ignore[misc]
    """The terms of a segment and their postings, as Whoosh asks for them (terms are bytes)."""

    def __init__(self, segment: Segment) -> None:
        self._fields = segment.fields
        self._lengths = segment.lengths

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return term[0] in self._fields and self._fields[term[0]].terms.find(term[1]) >= 0

    def indexed_field_names(self) -> list[str]:
        return sorted(self._fields)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for name in self.indexed_field_names():
            yield from self.terms_from(name, b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        terms = self._fields[fieldname].terms
        for number in range(terms.at_or_after(prefix), len(terms)):
            yield fieldname, terms[number]

    def items(self) -> Iterator[tuple[tuple[str, bytes], Any]]:
        for name, term in self.terms():
            yield (name, term), self.term_info(name, term)

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], Any]]:
        for name, term in self.terms_from(fieldname, prefix):
            yield (name, term), self.term_info(name, term)

    def term_info(self, fieldname: str, text: bytes) -> Any:
        ids, weights = _postings(self._fields[fieldname], text)
        if not ids:
            raise KeyError((fieldname, text))
        lengths = self._lengths[ids].astype(int).tolist()
        return TermInfo(
            weight=sum(weights),
            df=len(ids),
            minlength=min(lengths),
            maxlength=max(lengths),
            maxweight=max(weights),
            minid=ids[0],
            maxid=ids[-1],
        )

    def cursor(self, fieldname: str, fieldobj: Any) -> ArrayCursor:
        return ArrayCursor(self, fieldname, fieldobj)

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> Any:
        ids, weights = _postings(self._fields[fieldname], text)
        return ListMatcher(
            ids,
            weights,
            format=format_,
            scorer=scorer,
            term=(fieldname, text),
            terminfo=self.term_info(fieldname, text),
        )


def _postings(field: Field, term: bytes) -> tuple[list[int], list[float]]:
    found = field.postings(term.decode())
    return found.docs.tolist(), (found.weights / QUARTERS).tolist()


class ArrayCursor(base.FieldCursor):  # type: ignore[misc]
    """Walks the terms of one field in order."""

    def __init__(self, terms: ArrayTerms, name: str, fieldobj: Any) -> None:
        self._reader, self._name, self._fieldobj = terms, name, fieldobj
        self._texts = [term for _, term in terms.terms_from(name, b"")]
        self._at = 0

    def first(self) -> Any:
        self._at = 0
        return self.text()

    def find(self, string: Any) -> Any:
        term = string if isinstance(string, bytes) else self._fieldobj.to_bytes(string)
        found = (number for number, text in enumerate(self._texts) if text >= term)
        self._at = next(found, len(self._texts))
        return self.text()

    def next(self) -> Any:
        self._at += 1
        return self.text()

    def text(self) -> Any:
        return self._fieldobj.from_bytes(self._texts[self._at]) if self.is_valid() else None

    def term_info(self) -> Any:
        return self._reader.term_info(self._name, self._texts[self._at])

    def is_valid(self) -> bool:
        return self._at < len(self._texts)


class ArrayDocuments(base.PerDocumentReader):  # type: ignore[misc]
    """Lengths, ids and deletions of a segment's documents, as Whoosh asks for them."""

    def __init__(self, segment: Segment, told: ArraySegment) -> None:
        self._segment, self._told = segment, told

    def doc_count(self) -> int:
        return len(self._segment) - self._told.deleted_count()

    def doc_count_all(self) -> int:
        return len(self._segment)

    def has_deletions(self) -> bool:
        return bool(self._told.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        return self._told.is_deleted(docnum)

    def deleted_docs(self) -> set[int]:
        return self._told.deleted

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        return round(float(self._segment.lengths[docnum]))

    def field_length(self, fieldname: str) -> int:
        return round(float(self._segment.lengths.sum()))

    def min_field_length(self, fieldname: str) -> int:
        return round(float(self._segment.lengths.min(initial=1)))

    def max_field_length(self, fieldname: str) -> int:
        return round(float(self._segment.lengths.max(initial=1)))

    def stored_fields(self, docnum: int) -> dict[str, int]:
        return {"id": int(self._segment.ids[docnum])}
