"""The list of cleaners, and the one function that runs it."""

from __future__ import annotations

from collections.abc import Callable

from crawler.clean import below, captions, characters, contacts, signatures, spam, titles, wording
from crawler.model import Article, Draft

Cleaner = Callable[[Draft, frozenset[str]], Draft]

# In this order. Each takes a draft and the texts that stand on most pages of the site, and
# gives a draft that is no longer; what it took out is in `removed`, with its reason.
CLEANERS: tuple[Cleaner, ...] = (
    characters.tidy_characters,
    wording.drop_repeated,
    captions.strip_shortcodes,
    captions.drop_captions,
    captions.strip_glued_captions,
    titles.drop_above_title,
    titles.drop_title_again,
    below.drop_comments,
    below.drop_related,
    spam.drop_spam,
    contacts.drop_footer,
    wording.drop_worded,
    wording.drop_buttons,
    titles.drop_masthead,
    signatures.take_signature,
    captions.drop_edge_fragments,
    titles.find_title,
    titles.drop_title_again,
    titles.drop_dangling,
    signatures.drop_accounts,
)

MUCH = 2_000  # characters before cleaning; from so many
LITTLE = 200  # characters left are a reason to look at the page


def clean(draft: Draft, repeated: frozenset[str] = frozenset()) -> Article:
    """The clean article of a draft, its language still `und`.

    `repeated` are texts of blocks that stand on most pages of the site. Never raises; an
    article of which little or nothing is left says so in `suspect`.
    """
    before = sum(len(block.text) for block in draft.blocks)
    for cleaner in CLEANERS:
        draft = cleaner(draft, repeated)
    return Article(
        url=draft.url,
        title=draft.title,
        blocks=draft.blocks,
        language="und",
        layout=draft.layout,
        site=draft.site,
        published=draft.published,
        modified=draft.modified,
        author=draft.author,
        section=draft.section,
        images=draft.images,
        attachments=draft.attachments,
        twins=draft.twins,
        removed=draft.removed,
        suspect=_doubt(draft, before),
        links=draft.links,
    )


def _doubt(draft: Draft, before: int) -> str | None:
    kept = sum(len(block.text) for block in draft.blocks)
    taken = before + sum(len(removal.text) for removal in draft.removed)
    # Nothing at all is told of however short the text was.
    if kept < LITTLE and (taken > MUCH or (taken and not kept)):
        return f"only {kept} of {taken} characters are left"
    return draft.doubt
