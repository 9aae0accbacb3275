"""What can go wrong, as a person should read it; each error says what to do next."""

from __future__ import annotations


class JarshyError(Exception):
    """Base of every error that a command shows as one line; `remedy` says what to do."""

    exit_code = 1

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        stop = "" if self.message.endswith((".", "?", "!")) else "."
        return f"{self.message}{stop} {self.remedy}" if self.remedy else self.message


class ConfigError(JarshyError):
    """A config file is missing or wrong: the message names file and key."""

    exit_code = 2


class UnknownSiteError(ConfigError):
    """A site id that no file in config/sites has."""


class ExtractionError(JarshyError):
    """A page from which no article could be read."""


class StoreError(JarshyError):
    """The data folder, the database or the WARC files can't be read or written."""


class LockedError(JarshyError):
    """Another run holds the lock of the data folder."""

    exit_code = 75


class LeaseLostError(JarshyError):
    """What this process held alone (a site, the index) was given to another one meanwhile."""

    exit_code = 75
