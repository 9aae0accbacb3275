"""Demo articles as WordPress posts: block markup, or the classic editor's for older ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from itertools import chain, groupby, islice, zip_longest
from typing import Any
from zoneinfo import ZoneInfo

from demoweb.articles import DemoArticle, DemoBlock, DemoImage, load_articles

SITE_TIME = ZoneInfo("Asia/Almaty")
BLOCK_EDITOR = datetime(2019, 1, 1, tzinfo=SITE_TIME)  # WordPress 5.0 came in December 2018
SLIDER = "[smartslider3 slider=18]"
COMMENTS = (
    "Рақмет, өте қызықты шара болды! Келесіде біз де балаларымызбен міндетті түрде келеміз.",
    "Спасибо коллегам за интересный рассказ. А можно ли получить сценарий на почту?",
)


def chosen_articles(count: int) -> list[DemoArticle]:
    """`count` of the demo's articles, from all five libraries in turn."""
    past = [a for a in load_articles() if a.published < datetime.now(SITE_TIME)]
    by_site = [list(group) for _, group in groupby(past, key=lambda a: a.site)]
    in_turn = chain.from_iterable(zip_longest(*by_site))
    return list(islice((a for a in in_turn if a is not None), count))


def post_of(article: DemoArticle, number: int, root: str) -> dict[str, Any]:
    """What `act.php` adds for the `number`th article of a site whose address is `root`."""
    pictures = f"{root}wp-content/uploads/{article.published:%Y/%m}"
    extras = [_picture(pictures, image) for image in article.images]
    if len(extras) > 2:
        extras = [extras[0], _gallery(extras[1:])]
    extras += [_file(f"{root}wp-content/uploads/docs/{name}") for name in article.links.attachments]
    if number % 3 == 0:
        extras.append(f"<!-- wp:shortcode -->\n{SLIDER}\n<!-- /wp:shortcode -->")
    texts = [_element(kind, blocks) for kind, blocks in _elements(article.blocks)]
    content = "\n\n".join(chain(texts[:1], extras[:1], texts[1:], extras[1:]))
    if article.published < BLOCK_EDITOR:
        content = classic_content(article, pictures)
    return {
        "do": "add",
        "title": article.title,
        "slug": article.slug,
        "content": content,
        "published": f"{article.published.astimezone(SITE_TIME):%Y-%m-%d %H:%M:%S}",
        "categories": [article.section] if article.section else [],
        "comments": [COMMENTS[number % 2]] if number % 7 == 0 else [],
        **({"picture": {"file": f"{article.id}.jpg", "alt": ""}} if number % 10 == 5 else {}),
    }


def classic_content(article: DemoArticle, pictures: str) -> str:
    """What the editor before WordPress 5 kept: no paragraph elements, captions as shortcodes."""
    plain = {"paragraph": "{}", "heading": "<h3>{}</h3>", "quote": "<blockquote>{}</blockquote>"}
    texts = []
    for kind, blocks in _elements(article.blocks):
        if kind in plain:
            texts += [plain[kind].format(escape(block.text, quote=False)) for block in blocks]
        else:
            texts.append(_list(kind, blocks))
    texts[1:1] = [_classic_picture(pictures, image) for image in article.images]
    return "\r\n\r\n".join([*texts, SLIDER])


def _elements(blocks: Iterable[DemoBlock]) -> list[tuple[str, list[DemoBlock]]]:
    """Blocks by element: items of one list stand together, a list begun anew stands apart."""
    out: list[tuple[str, list[DemoBlock]]] = []
    for block in blocks:
        last = out[-1] if out else ("", [])
        listed = block.kind == last[0] and block.kind in ("ordered", "unordered")
        if listed and (block.kind == "unordered" or block.number == last[1][-1].number + 1):
            last[1].append(block)
        else:
            out.append((block.kind, [block]))
    return out


def _element(kind: str, blocks: Sequence[DemoBlock]) -> str:
    text = escape(blocks[0].text, quote=False)
    if kind == "heading":
        html = f'<h3 class="wp-block-heading">{text}</h3>'
        return f'<!-- wp:heading {{"level":3}} -->\n{html}\n<!-- /wp:heading -->'
    if kind == "quote":
        html = f'<blockquote class="wp-block-quote">{_paragraph(text)}</blockquote>'
        return f"<!-- wp:quote -->\n{html}\n<!-- /wp:quote -->"
    if kind == "paragraph":
        return _paragraph(text)
    return _list(kind, blocks)


def _paragraph(text: str) -> str:
    return f"<!-- wp:paragraph -->\n<p>{text}</p>\n<!-- /wp:paragraph -->"


def _list(kind: str, blocks: Sequence[DemoBlock]) -> str:
    first = blocks[0].number
    start = f' start="{first}"' if first > 1 else ""
    tag, told = ("ol", '{"ordered":true} ') if kind == "ordered" else ("ul", "")
    rows = (f"<li>{escape(block.text, quote=False)}</li>" for block in blocks)
    items = "\n\n".join(f"<!-- wp:list-item -->\n{row}\n<!-- /wp:list-item -->" for row in rows)
    return f"<!-- wp:list {told}-->\n<{tag}{start}>{items}</{tag}>\n<!-- /wp:list -->"


def _picture(folder: str, image: DemoImage) -> str:
    caption = f'<figcaption class="wp-element-caption">{escape(image.caption)}</figcaption>'
    img = f'<img src="{folder}/{escape(image.file)}" alt="{escape(image.alt)}"/>'
    inside = f"{img}{caption if image.caption else ''}"
    html = f'<figure class="wp-block-image size-large">{inside}</figure>'
    return f'<!-- wp:image {{"sizeSlug":"large"}} -->\n{html}\n<!-- /wp:image -->'


def _gallery(pictures: Sequence[str]) -> str:
    name = "wp-block-gallery has-nested-images columns-default is-cropped"
    html = f'<figure class="{name}">{"".join(pictures)}</figure>'
    return f'<!-- wp:gallery {{"linkTo":"none"}} -->\n{html}\n<!-- /wp:gallery -->'


def _file(url: str) -> str:
    name = url.rpartition("/")[2]
    button = (
        f'<a href="{url}" class="wp-block-file__button wp-element-button" download>Жүктеп алу</a>'
    )
    html = f'<div class="wp-block-file"><a href="{url}">{name}</a>{button}</div>'
    return f'<!-- wp:file {{"href":"{url}"}} -->\n{html}\n<!-- /wp:file -->'


def _classic_picture(folder: str, image: DemoImage) -> str:
    told = f'src="{folder}/{escape(image.file)}" alt="{escape(image.alt)}"'
    img = f'<img class="size-medium" {told} width="300" height="200" />'
    if not image.caption:
        return img
    return f'[caption id="" align="alignnone" width="300"]{img} {escape(image.caption)}[/caption]'
