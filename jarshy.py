"""The command line: `jarshy --help`. Wiring only; the commands are in `commands/`."""

from __future__ import annotations

from pathlib import Path

import click

from commands.analysing import analyze
from commands.cleaning import clean
from commands.crawling import crawl, run
from commands.demo import demo
from commands.indexing import index
from commands.keeping import doctor, remove, reprocess
from commands.searching import search
from commands.serving import serve
from commands.session import CommandGroup, Session, default_config
from commands.sites import sites
from commands.status import status
from commands.storing import import_


@click.group(cls=CommandGroup, context_settings={"help_option_names": ["-h", "--help"]})
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
    context.obj = Session(data=data, config=config)


for command in (
    demo,
    run,
    crawl,
    index,
    import_,
    clean,
    analyze,
    search,
    serve,
    sites,
    status,
    reprocess,
    remove,
    doctor,
):
    main.add_command(command)

if __name__ == "__main__":
    main()
