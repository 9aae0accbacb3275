"""What the five systems share: routing, pages of listings, files, words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from importlib.resources import files
from typing import Any, ClassVar
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from demoweb import dates
from demoweb.articles import DemoImage
from demoweb.profiles import Profile, comments_of, words_of
from demoweb.shelf import Edition, Entry
from demoweb.systems.body import groups, views
from demoweb.systems.exchange import Ask, Listing, Reply

PACKAGE = files("demoweb")
FILES_CHANGED = datetime.fromisoformat("2018-01-15T09:00:00+06:00")
HTML = "text/html; charset={}"


Route = tuple[str, Callable[..., "Reply | None"]]


class ContentSystem:
    """One site in one content system's markup; subclasses give routes, templates, addresses."""

    cms: ClassVar[str]
    page_size: ClassVar[int] = 5
    charset: ClassVar[str] = "utf-8"
    picture_folder: ClassVar[str]
    paper_folder: ClassVar[str]
    style_paths: ClassVar[tuple[str, ...]]

    def __init__(self, profile: Profile, root: str) -> None:
        self.profile = profile
        self.root = root.rstrip("/")
        self.words = words_of(self.cms)
        self._templates = _environment(self.cms)
        self._templates.globals.update(self.template_globals())

    def routes(self) -> Sequence[Route]:
        """Regular expressions on the whole path and what answers; the first that does, wins."""
        raise NotImplementedError

    def url(self, entry: Entry) -> str:
        """The path of an entry's page."""
        raise NotImplementedError

    def answer(self, ask: Ask) -> Reply:
        """The reply to a request; a page of status 404 where the site has nothing."""
        for pattern, handler in (*self.routes(), *self._file_routes()):
            found = re.fullmatch(pattern, ask.path)
            reply = handler(ask, *found.groups()) if found else None
            if reply is not None:
                return reply
        return self.missing(ask)

    def missing(self, ask: Ask) -> Reply:
        """The page of status 404."""
        return self.page(ask, "missing.html", self.language_of_path(ask.path), status=404)

    def language_of_path(self, path: str) -> str:
        """The language of a page by its address."""
        return "ru" if path.startswith("/ru/") or path == "/ru" else self.profile.first_language

    def language_of(self, entry: Entry) -> str:
        """The part of the site an entry stands in: one of the profile's languages."""
        language = entry.article.language
        return language if language in self.profile.languages else self.profile.first_language

    def in_language(self, edition: Edition, language: str) -> tuple[Entry, ...]:
        """The entries of one part of the site, newest first."""
        return tuple(e for e in edition.entries if self.language_of(e) == language)

    def twin(self, entry: Entry, edition: Edition) -> Entry | None:
        """The same article in the other language."""
        return edition.by_id(entry.article.links.twin)

    def listing(self, entries: Sequence[Entry], page: int) -> Listing | None:
        """Page `page` of a listing of `entries`; None beyond the last."""
        pages = max(1, -(-len(entries) // self.page_size))
        first = (page - 1) * self.page_size
        if not 1 <= page <= pages:
            return None
        return Listing(tuple(entries[first : first + self.page_size]), page, pages)

    def page(
        self, ask: Ask, template: str, language: str, *, status: int = 200, **told: Any
    ) -> Reply:
        """A rendered HTML page without validators."""
        text = self.render(ask, template, language, **told)
        return Reply(self.encode(text), HTML.format(self.charset), status)

    def render(self, ask: Ask, template: str, language: str, **told: Any) -> str:
        """A template's text, with what every template of the system may use."""
        entries = self.in_language(ask.edition, language)
        shared = {
            "language": language,
            "path": ask.path,
            "root": self.root,
            "site": self.profile.told(language),
            "words": self.words[language],
            "latest": entries[:5],
            "edition": ask.edition,
        }
        return self._templates.get_template(template).render({**shared, **told})

    def encode(self, text: str) -> bytes:
        """Text as bytes of the site's charset; what it lacks becomes character references."""
        return text.encode(self.charset, "xmlcharrefreplace")

    def template_globals(self) -> dict[str, Any]:
        """Functions that templates may call."""
        return {
            "url": self.url,
            "groups": groups,
            "views": views,
            "comments": comments_of,
            "picture": self.picture,
            "paper": lambda name: f"{self.paper_folder}{quote(name)}",
            "twin": self.twin,
            "dates": dates,
            "neighbours": self.neighbours,
            "cdata": lambda text: str(text).replace("]]>", "]]]]><![CDATA[>"),
        }

    def picture(self, image: DemoImage) -> str:
        """The path of a picture."""
        return f"{self.picture_folder}{quote(image.file)}"

    def neighbours(self, entry: Entry, edition: Edition) -> tuple[Entry | None, Entry | None]:
        """The next older and the next newer entry in the same language."""
        row = self.in_language(edition, self.language_of(entry))
        place = row.index(entry)
        older = row[place + 1] if place + 1 < len(row) else None
        return older, row[place - 1] if place else None

    def moved(self, path: str, status: int = 301) -> Reply:
        """A redirect within the site."""
        return Reply(b"", HTML.format(self.charset), status, (("Location", self.root + path),))

    def plain(self, text: str, content_type: str, changed: datetime | None) -> Reply:
        """A text file or feed."""
        return Reply(self.encode(text), content_type, last_modified=changed)

    def robots(self, _ask: Ask) -> Reply:
        """The site's robots.txt."""
        text = self._templates.get_template("robots.txt").render(root=self.root)
        return self.plain(text, "text/plain", FILES_CHANGED)

    def _file_routes(self) -> Sequence[Route]:
        pictures = re.escape(self.picture_folder) + r"([^/]+)"
        papers = re.escape(self.paper_folder) + r"([^/]+)"
        styles = "|".join(map(re.escape, self.style_paths))
        return (
            (r"/robots\.txt", self.robots),
            (pictures, self._picture_file),
            (papers, self._paper_file),
            (styles, lambda _ask: _packaged("style.css", "text/css")),
        )

    def _picture_file(self, ask: Ask, name: str) -> Reply | None:
        known = any(i.file == name for e in ask.edition.entries for i in e.article.images)
        return _packaged("picture.jpg", "image/jpeg") if known else None

    def _paper_file(self, ask: Ask, name: str) -> Reply | None:
        known = any(name in e.article.links.attachments for e in ask.edition.entries)
        return _packaged("paper.pdf", "application/pdf") if known else None


def _packaged(name: str, content_type: str) -> Reply:
    body = (PACKAGE / "static" / name).read_bytes()
    return Reply(body, content_type, last_modified=FILES_CHANGED)


def _environment(cms: str) -> Environment:
    return Environment(
        loader=FileSystemLoader(str(PACKAGE / "templates" / cms)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
