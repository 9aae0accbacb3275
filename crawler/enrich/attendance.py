"""How many people took part, and whether they met online."""

from __future__ import annotations

import itertools
import re

from crawler.enrich.reading import Marked, Reading
from crawler.model import Evidence

LIMIT = 4000
MOST = 60
NUMBER = r"(\d{1,3}(?:[ \u00a0]\d{3})+|\d{1,6})"
PEOPLE = (
    r"(?:адам|қатысушы|маман|кітапханашы|оқырман|оқушы|бала|студент|көрермен|тыңдаушы|қонақ|"
    r"тұрғын|мұғалім|жеткіншек|бүлдіршін|отбасы|человек|участни|специалист|библиотекар|"
    r"читател|школьник|студент|слушател|зрител|гост|дет|ребят|учащихс|педагог)"
)
TOOK_PART = re.compile(
    r"қатыс|жинал|келді|келген|қосыл|құрам|қамты|тамашала|шақырыл|жиыл|приня|собрал|присутств|участ|"
    r"посетил|приехал|пришл|откликн|объедин|стал|прошл|зарегистр|заглянул|научились|начали"
)
ROUND = r"(?:[- ]?(?:ден|тан|дан|нан|нен) (?:аса|астам)|[- ]?(?:қа|ге|ға|ке) жуық|-д[еа]й| шақты)?"
COUNT = re.compile(
    rf"(?<![\d.,№-]){NUMBER}{ROUND}(?!\s+жас(?:қа|та|\s+ара))\s+(?:[^\W\d]+\s+){{0,3}}?{PEOPLE}"
)
DIRECT = re.compile(
    rf"(?:қатысқандар|қатысушылар саны|количество участников|присутствовал[оаи]?|всего участников)"
    rf"\W{{1,4}}{NUMBER}"
)


def participants_of(reading: Reading) -> tuple[int, Evidence] | None:
    """The number of people told, with its words; the first that is said to have taken part."""
    marked = reading.text
    low = marked.passage.low
    direct = DIRECT.search(low)
    if direct:
        return _number(direct[1]), marked.evidence("participants", *direct.span())
    for match in itertools.islice(COUNT.finditer(low, 0, LIMIT), MOST):
        start, end = marked.passage.sentence_span(marked.passage.sentence_of(match.start()))
        if TOOK_PART.search(low, start, min(end, match.end() + 400)):
            return _number(match[1]), marked.evidence("participants", *match.span())
    return None


def _number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def online_of(reading: Reading, anywhere: bool) -> tuple[bool | None, Evidence | None]:
    """Whether it was held online, in a room at once or not, with the words that say so.

    `anywhere` is whether a venue or a library is named: without, nobody knows.
    """
    for marked in reading.both:
        for found in marked.tagged("online"):
            number = marked.passage.sentence_of(found.start)
            if number < 4 and not _only_named(marked, found.start):
                return True, marked.evidence("online", found.start, found.end)
    return (False, None) if anywhere else (None, None)


def _only_named(marked: Marked, offset: int) -> bool:
    """Whether the word is part of a title of something else."""
    low = marked.passage.low
    return marked.passage.in_quotes(offset) and "zoom" not in low[offset : offset + 6]
