"""Office Open XML packages (ECMA-376, part 2): parts of XML in a ZIP file, the same every time."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from importlib.resources import files
from io import BytesIO

EPOCH = (1980, 1, 1, 0, 0, 0)


def part(folder: str, source: str, values: Mapping[str, str] | None = None) -> str:
    """A part out of templates/<folder>/<source>; `{name}` in it becomes `values["name"]`.

    Values are XML already and are not filled again, so braces in crawled text stay what they are.
    """
    text = (files("searchui") / "templates" / folder / source).read_text("utf-8")
    return text.format_map(values or {})


def package(parts: Mapping[str, str]) -> bytes:
    """The file made of parts by their names, in their order; same parts, same bytes."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text.encode())
    return out.getvalue()
