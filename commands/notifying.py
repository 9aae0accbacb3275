"""Telling by mail or webhook that a site turned unhealthy: each trouble once, in one message.

What was told is remembered in the store by way and site, so that a message that could not be
sent is sent by the next run, and a trouble that comes back is told again.
"""

from __future__ import annotations

import json
import os
import smtplib
import ssl
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from email.message import EmailMessage
from urllib.request import Request, urlopen

from commands.session import counted, say
from crawler.health import SiteHealth
from crawler.options import NotifyOptions
from crawler.store.captures import Resource
from crawler.store.store import Store
from searchui.health_words import reason_words
from searchui.wording import wording

SECONDS = 15
PASSWORD = "JARSHY_SMTP_PASSWORD"  # noqa: S105 - the name of a variable
ROLE = "told"


def notify(
    healths: Sequence[SiteHealth], options: NotifyOptions, store: Store, now: datetime
) -> list[str]:
    """Tell of new troubles by the ways that are configured; the ways that worked.

    A message that can't be sent is told on standard error and never ends the run.
    """
    ways: dict[str, Callable[[Sequence[SiteHealth], NotifyOptions], None]] = {}
    if options.email:
        ways["email"] = _by_mail
    if options.webhook:
        ways["webhook"] = _by_webhook
    worked = []
    for way, send in ways.items():
        fresh = [one for one in healths if _codes(one) - _told(store, way, one.site)]
        try:
            if fresh:
                send(fresh, options)
                worked.append(way)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            about = counted(len(fresh), "unhealthy site")
            say(f"! the {way} about {about} was not sent: {error}")
            fresh_sites = {one.site for one in fresh}
            told = [one for one in healths if one.site not in fresh_sites]
        else:
            told = list(healths)
        for one in told:
            _remember(store, way, one, now)
    return worked


def _codes(health: SiteHealth) -> set[str]:
    return {reason.code for reason in health.grave}


def _key(way: str, site: str) -> str:
    return f"told:{way}:{site}"


def _told(store: Store, way: str, site: str) -> set[str]:
    known = store.captures.resource(_key(way, site))
    return set(json.loads(known.state)) if known and known.state else set()


def _remember(store: Store, way: str, health: SiteHealth, now: datetime) -> None:
    codes = _codes(health)
    if codes != _told(store, way, health.site):
        told = json.dumps(sorted(codes))
        store.captures.note(
            Resource(_key(way, health.site), health.site, ROLE, 200, now, state=told)
        )


def lines_of(health: SiteHealth) -> list[str]:
    """A site's grave reasons in English, with what the log says of them."""
    told = []
    for reason in health.grave:
        detail = reason.facts.get("detail")
        told.append(reason_words(reason, wording("en")) + (f" ({detail})" if detail else ""))
    return told


def _text(healths: Sequence[SiteHealth]) -> str:
    parts = []
    for one in healths:
        parts += [f"{one.site} ({one.name})", *(f"  - {line}" for line in lines_of(one)), ""]
    return "\n".join([*parts, "What is stored is kept. `jarshy status` tells how every site is."])


def _by_mail(healths: Sequence[SiteHealth], options: NotifyOptions) -> None:
    message = EmailMessage()
    sites = ", ".join(one.site for one in healths[:3]) + (", ..." if len(healths) > 3 else "")
    verb = "needs" if len(healths) == 1 else "need"
    message["Subject"] = f"Jarshy: {sites} {verb} a look"
    message["From"] = options.sender
    message["To"] = ", ".join(options.email)
    message.set_content(_text(healths))
    host, port = options.server
    trusted = ssl.create_default_context()
    opened = (
        smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=trusted)
        if options.security == "tls"
        else smtplib.SMTP(host, port, timeout=SECONDS)
    )
    with opened as server:
        if options.security == "starttls":
            server.starttls(context=trusted)
        if options.user:
            server.login(options.user, os.environ.get(PASSWORD, ""))
        server.send_message(message)


def _by_webhook(healths: Sequence[SiteHealth], options: NotifyOptions) -> None:
    told: Mapping[str, object] = {
        "text": _text(healths),
        "sites": [
            {
                "id": one.site,
                "name": one.name,
                "state": one.state,
                "codes": [reason.code for reason in one.grave],
                "reasons": lines_of(one),
            }
            for one in healths
        ],
    }
    body = json.dumps(told, ensure_ascii=False).encode()
    kind = {"Content-Type": "application/json; charset=utf-8"}
    # The config allows http and https alone, and it is the administrator's own.
    asked = Request(options.webhook, body, kind, method="POST")  # noqa: S310
    with urlopen(asked, timeout=SECONDS):  # noqa: S310
        return
