"""What every command shares: folders, sites, errors told in one line."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.errors import ConfigError, JarshyError, StoreError

if TYPE_CHECKING:
    from crawler.sites import Site
    from crawler.store.store import Store


def default_config() -> Path:
    """The `config` folder of the working directory, else the one beside the program."""
    here = Path("config")
    return here if (here / "sites").is_dir() else Path(__file__).parent.parent / "config"


CLOSED = "Run it as the user who owns the data folder (sudo -u jarshy ...), or give him the file"


@dataclass(frozen=True, slots=True)
class Session:
    """The folders that the global options name.

    Its methods import what they need themselves: a second run must end at once, and does so
    before the database and the crawler are loaded.
    """

    data: Path
    config: Path

    @property
    def library_folder(self) -> Path:
        """The folder with `sites/`: the data folder where it brings its own, as the demo's does."""
        return self.data if (self.data / "sites").is_dir() else self.config

    def sites(self) -> dict[str, Site]:
        """Every known site by id; raises ConfigError."""
        from crawler.sites import load_sites

        return load_sites(self.library_folder)

    def sound_sites(self) -> tuple[dict[str, Site], int]:
        """The sites whose files are right, by id, and how many files are not: each is told.

        One slip of the pen must not keep the other libraries from being read or found.
        """
        from crawler.sites import read_sites

        sites, faults = read_sites(self.library_folder)
        for fault in faults:
            say(f"! this site is left out: {fault}")
        return sites, len(faults)

    def chosen_sites(self, ids: Sequence[str]) -> list[Site]:
        """The sites of those ids, or every enabled one when none is named; raises ConfigError."""
        return self.chosen(self.sites(), ids)

    def chosen(self, known: Mapping[str, Site], ids: Sequence[str]) -> list[Site]:
        """The same out of sites that were read before."""
        from crawler.sites import find_site

        if ids:
            return [find_site(known, one) for one in dict.fromkeys(ids)]
        enabled = [site for site in known.values() if site.enabled]
        if not enabled:
            raise ConfigError(
                f"{self.library_folder / 'sites'}: no site there", "See docs/adding-a-site.md."
            )
        return enabled

    def store(self) -> Store:
        """The store of the data folder, made when missing; raises StoreError."""
        from crawler.store.store import Store

        return Store.open(self.data)

    def kept_store(self) -> Store:
        """The store of a data folder that must be there: looking at it makes no new one."""
        if not self.data.exists():
            remedy = "Nothing was crawled yet, or --data (JARSHY_DATA) names the wrong folder."
            raise StoreError(f"{self.data}: no such folder", remedy)
        return self.store()


class CommandGroup(click.Group):
    """A group whose commands are loaded when asked for, and whose errors are one line.

    `rooms` says where each command is: `module:name`. The project's own errors, and a disk that
    is full or closed to us, end the program with a message and an exit code.
    """

    def __init__(self, *args: Any, rooms: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._rooms = rooms

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order in which a new user meets them."""
        return list(self._rooms)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command; None for a name that there is not."""
        if cmd_name not in self._rooms:
            return None
        module, name = self._rooms[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; its errors end the program with their exit code."""
        try:
            return super().invoke(ctx)
        except JarshyError as error:
            click.echo(f"jarshy: {error}", err=True)
            sys.exit(error.exit_code)
        except BrokenPipeError:
            # The reader of a pipe (head, less) went away: nothing is wrong with us.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS):
                raise
            place = f"{error.filename}: " if error.filename else ""
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            what = "Free some space or choose another folder" if full else CLOSED
            remedy = f"{what}; what is stored is safe."
            click.echo(f"jarshy: {place}{error.strerror}. {remedy}", err=True)
            sys.exit(1)


pass_session = click.make_pass_decorator(Session)


def say(text: str = "") -> None:
    """A line for people: to standard error, so that standard output is data alone."""
    click.echo(text, err=True)


def counted(number: int, noun: str) -> str:
    """`1 page`, `2 pages`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
