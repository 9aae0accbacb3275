"""What can go wrong with the index and with questions put to it."""

from __future__ import annotations

from typing import Any

from crawler.errors import JarshyError


class SearchError(JarshyError):
    """Base of the errors of the index."""


class IndexMissingError(SearchError):
    """There is no index in the data folder yet."""


class IndexOutdatedError(SearchError):
    """The index was made by another schema, analysis or engine, or its files are damaged."""


class IndexAwayError(SearchError):
    """What keeps the index doesn't answer, or refuses; the index itself may be well."""


class QueryLimitError(SearchError):
    """A question beyond the caps.

    `parameter` names the one that is at fault, `cap` the cap it went beyond (a short word that
    a page can translate) and `values` what is to be filled into such a translation.
    """

    def __init__(
        self, message: str, parameter: str, remedy: str = "", *, cap: str, **values: Any
    ) -> None:
        super().__init__(message, remedy)
        self.parameter = parameter
        self.cap = cap
        self.values = values
