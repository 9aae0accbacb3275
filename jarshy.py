"""The command line: `jarshy --help`. Wiring only; the commands are in `commands/`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from commands.choosing import choose
from commands.session import CommandGroup, Session, default_config

COMMANDS = {
    "demo": "commands.demo:demo",
    "run": "commands.running:run",
    "crawl": "commands.running:crawl",
    "index": "commands.indexing:index",
    "work": "commands.working:work",
    "import": "commands.storing:import_",
    "clean": "commands.cleaning:clean",
    "analyze": "commands.analysing:analyze",
    "search": "commands.searching:search",
    "serve": "commands.serving:serve",
    "sites": "commands.sites:sites",
    "kinds": "commands.kinds:kinds",
    "status": "commands.status:status",
    "reprocess": "commands.keeping:reprocess",
    "correct": "commands.correcting:correct",
    "store": "commands.moving:store",
    "remove": "commands.keeping:remove",
    "doctor": "commands.examining:doctor",
}


@click.group(
    cls=CommandGroup,
    rooms=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    envvar="JARSHY_DATA",
    default=Path("data"),
    show_default=True,
    show_envvar=True,
    help="Folder for everything that Jarshy keeps.",
)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    envvar="JARSHY_CONFIG",
    default=default_config,
    show_envvar=True,
    help="Folder with `sites/` and `jarshy.toml`.  [default: the one beside the program]",
)
@click.version_option(package_name="jarshy", message="%(prog)s %(version)s")
@click.pass_context
def main(context: click.Context, data: Path, config: Path) -> None:
    """Jarshy harvests event articles from library websites and lets you search them."""
    # What is kept is for its owner's eyes: WARC files, store and index hold what others wrote.
    os.umask(0o077)
    choose(config)
    context.obj = Session(data=data, config=config)


if __name__ == "__main__":
    main()
