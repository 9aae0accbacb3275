"""The databases' own errors in plain words: what is wrong and what to do about it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, IntegrityError, InterfaceError, ProgrammingError

from crawler.errors import StoreError
from crawler.store.place import told_place

LONGEST = 300  # characters of what the database says
SAFE = "everything stored before is safe."
AGAIN = f"Start it (systemctl start postgresql), then run the command again; {SAFE}"
SLEPT = (
    "Has this machine slept, or did the server end (systemctl start postgresql)? "
    f"Run the command again; {SAFE}"
)
SQLITE = {
    "full": f"Free some disk space; {SAFE}",
    "disk I/O": f"Look at the disk's space and health; {SAFE}",
    "malformed": "Restore store.sqlite from a back-up; `jarshy doctor` says more.",
    "not a database": "Move the file away or point --data at another folder.",
    "readonly": "Give the user the right to write to the data folder.",
    "unable to open": "Give the user the right to read and write the data folder.",
}
# Where the server told a code: https://www.postgresql.org/docs/current/errcodes-appendix.html
CODES = {
    "53100": f"Free some space on the database server's disk; {SAFE}",
    "53300": "Raise max_connections on the server, or run fewer commands at once.",
    "57P01": AGAIN,
    "57P02": AGAIN,
    "57P03": AGAIN,
    "25006": "It takes no writes: name the primary server in `store`, not a copy of it.",
    "42501": "Make the role the owner of the database: ALTER DATABASE ... OWNER TO ...",
    "40P01": "Run the command again.",
    "55P03": f"Another process holds it for very long: stop it, then run this again; {SAFE}",
    "25P03": SLEPT,
    "XX001": "Restore the database from a back-up; `jarshy doctor` says more.",
    "XX002": "Repair the index with REINDEX DATABASE; `jarshy doctor` says more.",
}
# Where it did not: a connection that was refused or lost. libpq's words are English, those of the
# server may be in its own language.
WORDS = {
    "password": "Mend PGPASSWORD or the file that PGPASSFILE names (mode 0600).",
    "pg_hba.conf": "Let this machine in: a line for user and database in the server's pg_hba.conf.",
    'role "': "Make the role: createuser --pwprompt NAME, or mend the name in `store`.",
    "does not exist": "Make the database: createdb --owner=ROLE --encoding=UTF8 NAME.",
    "invalid connection option": "Mend what stands after the ? in `store`.",
    "resolve": "Mend the server's name in `store`; is the network there?",
    "translate host name": "Mend the server's name in `store`; is the network there?",
    "certificate": "See sslmode and sslrootcert in PostgreSQL's manual.",
    "closed the connection unexpectedly": SLEPT,
    "too many": "Raise max_connections on the server, or run fewer commands at once.",
    **dict.fromkeys(("refused", "No such file", "closed", "terminat", "reset by peer"), AGAIN),
    **dict.fromkeys(("starting up", "shutting down", "recovery", "timeout", "lost"), AGAIN),
    "": "Does it run, and are role, password and database right? docs/scale.md has the steps.",
}


def tell_plainly(engine: sa.Engine) -> None:
    """Have an engine raise StoreError for what the database can't do (full, away, damaged, ...)."""
    place = told_place(engine.url)

    def told(context: sa.ExceptionContext) -> None:
        # A lost connection that is found before it is used is replaced by a new one, in silence.
        if not context.is_pre_ping and _of_database(context):
            remedy = remedy_for(engine.dialect.name, context.original_exception)
            message = " ".join(str(context.original_exception).split())[:LONGEST].rstrip(" .")
            raise StoreError(f"{place}: {message}", remedy) from context.original_exception

    sa.event.listen(engine, "handle_error", told)


def _of_database(context: sa.ExceptionContext) -> bool:
    """Whether the database is in trouble, or our statement is wrong (a bug, told as one)."""
    error = context.sqlalchemy_exception
    if isinstance(error, ProgrammingError):
        # A right that is missing and an option that is unknown are called so as well.
        return _code(context.original_exception) == "42501" or context.connection is None
    # A connection that is closed already is an InterfaceError, which is no DatabaseError.
    return isinstance(error, DatabaseError | InterfaceError) and not isinstance(
        error, IntegrityError
    )


def _code(error: BaseException | None) -> str | None:
    return getattr(error, "sqlstate", None)


def remedy_for(dialect: str, error: BaseException | None) -> str:
    """What to do about an error of a database driver; nothing where nobody knows."""
    told = str(error)
    if dialect == "sqlite":
        return next((text for key, text in SQLITE.items() if key in told), "")
    code = _code(error)
    if code is not None:
        return CODES.get(code, "")
    return next(text for key, text in WORDS.items() if key in told)
