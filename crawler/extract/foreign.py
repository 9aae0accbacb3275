"""What a file is by its first bytes, where it bears a page's or a text's name by mistake."""

from __future__ import annotations

# How files begin, and what to call them to a person.
_BEGINNINGS = (
    (b"PK\x03\x04", "a Word, Excel or ZIP file"),
    (b"%PDF-", "a PDF file"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "a packed file (gzip)"),
    (b"Rar!", "a packed file (RAR)"),
    (b"7z\xbc\xaf", "a packed file (7z)"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x89PNG", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3", "a database"),
)


def kind_of(body: bytes) -> str | None:
    """What a document of another kind is called; None for anything that may be text."""
    return next((name for mark, name in _BEGINNINGS if body.startswith(mark)), None)
