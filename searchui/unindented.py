"""Templates that carry no blanks."""

from __future__ import annotations

import re

from jinja2.ext import Extension

INDENT = re.compile("^[ \\t]+", re.MULTILINE)


class Unindented(Extension):
    """Templates without the blanks that begin their lines: a page of results has 1 KB of them."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The template's source as it is compiled."""
        return INDENT.sub("", source)
