"""Text that XML, spreadsheets and calendars can carry; templates that carry no blanks."""

from __future__ import annotations

import re

from jinja2.ext import Extension

INDENT = re.compile("^[ \\t]+", re.MULTILINE)
# What XML 1.0 has no room for: controls but tab and line ends, surrogates, two non-characters
# (https://www.w3.org/TR/xml/#charsets); carriage returns go too, for they break lines in CSV.
UNFIT = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f\\ud800-\\udfff\\ufffe\\uffff]")


class Unindented(Extension):
    """Templates without the blanks that begin their lines: a page of results has 1 KB of them."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The template's source as it is compiled."""
        return INDENT.sub("", source)


def plain_text(text: str) -> str:
    """The text on one line, without the characters that XML 1.0 refuses."""
    return " ".join(UNFIT.sub(" ", text).split())
