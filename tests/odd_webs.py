"""Three invented sites of no known system: tables in a one-byte charset, frames, a script's page."""

from __future__ import annotations

from collections.abc import Iterable

from webs import Answer, reply

Pages = dict[str, Answer]
TEXTS = (
    "Аудандық кітапханада «Абай – дана, Абай – дара» атты әдеби кеш өтті. Оған мектеп оқушылары "
    "мен ұстаздар қатысты.",
    "Кеш барысында оқушылар ақынның өлеңдерін жатқа оқып, әндерін орындады. Кітапханашылар кітап "
    "көрмесін таныстырды.",
    "Іс-шара соңында белсенді қатысушыларға алғыс хаттар мен кітаптар табысталды. Барлығы 45 адам "
    "қатысты.",
)
TITLES = (
    "Абай күніне арналған әдеби кеш өтті",
    "Наурыз мерекесіне арналған көрме ашылды",
    "Балаларға арналған ертегілер сағаты болды",
    "Ардагерлермен кездесу кеші ұйымдастырылды",
    "Жас ақындар байқауының қорытындысы шықты",
    "Кітапханашылар семинарда біліктілігін арттырды",
    "Ауданда оқырмандар конференциясы өткізілді",
    "Биыл жазғы оқу бағдарламасы басталды",
)
PARAGRAPHS = "".join(f"<p>{text}</p>" for text in TEXTS)


def tables() -> Pages:
    """Nested tables, no classes, KZ-1048 declared as windows-1251, articles by a parameter."""

    def page(inside: str) -> bytes:
        menu = "<a href='index.php'>Басты бет</a><br><a href='index.php?p=news'>Жаңалықтар</a><br>"
        return reply(
            "<html><head><meta http-equiv='Content-Type' content='text/html; charset=windows-1251'>"
            "<title>Аудандық кітапхана</title></head><body bgcolor=white><table width=100%><tr>"
            "<td colspan=2><font size=5>Аудандық кітапхана</font></td></tr><tr><td width=150>"
            f"{menu}<a href='index.php?p=about'>Біз туралы</a></td><td>{inside}</td></tr>"
            "<tr><td colspan=2>тел. 8 (714) 2-22-22</td></tr></table></body></html>".encode(
                "kz1048"
            ),
            kind="text/html",
        )

    def rows(numbers: Iterable[int], more: str = "") -> bytes:
        cells = "".join(
            f"<tr><td>{10 + n}.03.2019</td>"
            f"<td><a href='index.php?p=show&nid={n}'>{TITLES[n % 8]} {n}</a></td></tr>"
            for n in numbers
        )
        return page(f"<table>{cells}</table>{more}")

    pages: Pages = {path: page("<b>Қош келдіңіз!</b>") for path in ("/", "/index.php")}
    pages["/index.php?p=news"] = rows(range(8), "<a href='index.php?p=news&s=8'>Келесі</a>")
    pages["/index.php?p=news&s=8"] = rows(range(8, 14))
    for n in range(14):
        head = f"<font size=4><b>{TITLES[n % 8]} {n}</b></font><br><i>{10 + n}.03.2019</i><br><br>"
        story = page(head + "<br><br>".join(TEXTS))
        pages |= {f"/index.php?{q}": story for q in (f"p=show&nid={n}", f"nid={n}&p=show")}
    return pages


def frames() -> Pages:
    """A frameset; the news stand in a frame's page, a folder a year, no dates."""
    shown = "<frameset cols='200,*'><frame src='menu.html'><frame src='main.html'></frameset>"
    menu = "<a href='main.html'>Главная</a><a href='novosti.html' target=main>Новости</a>"
    rows = "".join(f"<li><a href='2019/n{n}.htm'>{title}</a>" for n, title in enumerate(TITLES))
    pages: Pages = {
        "/": reply(f"<html><head><title>Кітапхана</title></head>{shown}</html>"),
        "/menu.html": reply(f"<html><body>{menu}</body></html>"),
        "/main.html": reply("<html><body><h1>Библиотека</h1></body></html>"),
        "/novosti.html": reply(f"<html><body><h1>Новости</h1><ul>{rows}</ul></body></html>"),
    }
    for n, title in enumerate(TITLES):
        story = f"<h2>{title}</h2><div class=txt>{PARAGRAPHS}</div>"
        pages[f"/2019/n{n}.htm"] = reply(
            f"<html><head><title>{title}</title></head><body>{story}</body></html>"
        )
    return pages


def scripts() -> Pages:
    """A front page that only a script fills; a feed is named in its head."""
    head = (
        '<title>Кітапхана</title><link rel="alternate" type="application/rss+xml" href="/api/rss">'
    )
    pages: Pages = {
        "/": reply(f'<html lang="kk"><head>{head}</head><body><div id="app"></div></body></html>')
    }
    items = "".join(
        f"<item><title>{title}</title><link>/p/{n}</link></item>" for n, title in enumerate(TITLES)
    )
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'
    pages["/api/rss"] = reply(feed, kind="application/rss+xml")
    for n, title in enumerate(TITLES):
        told = f'<meta property="article:published_time" content="2019-04-0{n + 1}T10:00:00+06:00">'
        story = f'<div id="app"><main class="post-page"><h1>{title}</h1>{PARAGRAPHS}</main></div>'
        pages[f"/p/{n}"] = reply(
            f'<html lang="kk"><head><title>{title}</title>{told}</head><body>{story}</body></html>'
        )
    return pages
