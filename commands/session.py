"""What every command shares: folders, sites, errors told in one line."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from crawler.errors import JarshyError
from crawler.sites import Site, find_site, load_sites
from crawler.store.store import Store


def default_config() -> Path:
    """The `config` folder of the working directory, else the one beside the program."""
    here = Path("config")
    return here if (here / "sites").is_dir() else Path(__file__).parent.parent / "config"


@dataclass(frozen=True, slots=True)
class Session:
    """The folders that the global options name."""

    data: Path
    config: Path

    def sites(self) -> dict[str, Site]:
        """Every site of the config by id; raises ConfigError."""
        return load_sites(self.config)

    def chosen_sites(self, ids: Sequence[str]) -> list[Site]:
        """The sites of those ids, or every enabled one when none is named."""
        known = self.sites()
        if ids:
            return [find_site(known, one) for one in dict.fromkeys(ids)]
        return [site for site in known.values() if site.enabled]

    def store(self) -> Store:
        """The store of the data folder, made when missing; raises StoreError."""
        return Store.open(self.data)


class CommandGroup(click.Group):
    """A group that tells the project's own errors, and a full disk, in one line."""

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
            remedy = "Free some space or choose another folder; what is stored is safe."
            click.echo(f"jarshy: {place}{error.strerror}. {remedy}", err=True)
            sys.exit(1)


pass_session = click.make_pass_decorator(Session)


def say(text: str = "") -> None:
    """A line for people: to standard error, so that standard output is data alone."""
    click.echo(text, err=True)
