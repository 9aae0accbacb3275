"""What numbers of people look like; `crawler/data/enrich/attendance.toml` has the words."""

from __future__ import annotations

import re
from functools import cache

from crawler.enrich.wordlists import wordlist

DIGITS = r"\d{1,3}(?:[ \u00a0]\d{3}){1,3}|\d{1,6}"


@cache
def _words() -> tuple[re.Pattern[str], dict[str, int]]:
    """Numbers in words: what matches one word of them, and their values."""
    told: dict[str, int] = dict(wordlist("attendance")["numbers"])
    longest = sorted(told, key=len, reverse=True)
    return re.compile("|".join(longest)), told


@cache
def _number_pattern() -> str:
    word = rf"(?:{_words()[0].pattern})"
    whole = "|".join(wordlist("attendance")["phrases"])
    digits = rf"(?:{DIGITS})(?:\s(?:мың|тыс(?:яч)?\w{{0,30}}\.?))?"
    return rf"((?:{whole})|{digits}|\b{word}(?: {word}){{0,3}})"


@cache
def people_counted() -> re.Pattern[str]:
    """A number and the people it counts; its first group is the number."""
    table = wordlist("attendance")
    rounding = "|".join(table["rounding"])
    people = "|".join(table["people"])
    number = _number_pattern()
    return re.compile(
        rf"(?<![\d.,№-]){number}(?:[- ]?(?:{rounding}))?"
        r"(?!\s{1,4}жас(?:қа|та|ар|ын|\s{1,4}ара))"
        rf"\s{{1,4}}(?:[^\W\d]{{1,30}}\s{{1,4}}){{0,3}}?(?:{people})"
    )


@cache
def people_summed() -> re.Pattern[str]:
    """`Participants: 45` and the like; its first group is the number."""
    table = wordlist("attendance")
    people = "|".join(word for word in table["people"] if word not in ("оқырман", "читател"))
    phrases = "|".join(table["direct"])
    return re.compile(
        rf"(?:{phrases}|(?:\b(?:{people})[^\W\d]{{0,12}} (?:жалпы )?саны)"
        rf"|\b(?:гостей|участников|зрителей|слушателей|посетителей|игроков|ребят|детей)"
        rf"(?: [^\W\d]{{1,20}}){{0,3}} ?[–—-] ?(?:около |более |свыше )?(?=[\w])"
        rf"|\b(?:число|количество) (?:{people})[^\W\d]{{0,12}}(?: составил[ои])?)"
        rf"\W{{0,4}}(?<=\W)(?:(?:более|свыше|около) )?{_number_pattern()}(?!\s?%)"
    )


@cache
def took_part() -> re.Pattern[str]:
    """Words that say that people took part."""
    return re.compile("|".join(wordlist("attendance")["took_part"]))


@cache
def some_of_them() -> re.Pattern[str]:
    """Words that say that only some of them, or others, are counted."""
    return re.compile("|".join(wordlist("attendance")["winners"]))


def value_of(text: str) -> int:
    """The value of `1 274`, `2 мың`, `двадцать семь`, `екі жүз`, `полутора сотен`."""
    half = wordlist("attendance")["phrases"].get(text)
    if half is not None:
        return int(half)
    digits = re.sub(r"\D", "", text)
    if digits:
        return int(digits) * (1000 if re.search(r"мың|тыс", text) else 1)
    total = 0
    for word in text.split():
        value = _words()[1].get(word, 0)
        total = max(1, total) * value if value in (100, 1000) and total < value else total + value
    return total
