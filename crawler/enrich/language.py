"""The language of a text: letters first, then langdetect with profiles of its Turkic kin.

langdetect knows no Kazakh, Kyrgyz, Tatar or Uzbek; their profiles are ours
(crawler/data/languages/README.md says what they were built from). It guesses from a random
sample of letter runs, so it is seeded, and how likely each language is to have the text's
letters is worked out exactly and given to it as the odds beforehand: қ, ұ and і are as good
as a name.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

import langdetect
from langdetect.detector_factory import DetectorFactory
from langdetect.lang_detect_exception import LangDetectException

UNDETERMINED = "und"
LONGEST = 6_000  # characters that are looked at
FEWEST = 3  # letters; with fewer there is nothing to tell by
RAREST = 1e-6  # how likely a letter is that a profile lacks
SURE = 20.0  # natural logarithm of the odds above which letters alone decide
WEIGHT = 0.5  # of the letters' word against the letter runs', as both see the same text
SEED = 0
TELLING = 40  # characters of a paragraph that tells its language
SECOND = ("kk", "ru", "en")  # languages in which a story may be told again on its page
SECOND_ENOUGH = 150  # characters, at least, of an article's second language
SECOND_SHARE = 0.15  # and the part of its text
RARE_LETTERS = 40  # a Kazakh text has a letter that Russian lacks in every so many, and more
_KAZAKH = "әғқңөұүһі"

# Languages that may come from a library of the region; fewer candidates, fewer confusions.
KIN = ("kk", "kk-Latn", "ky", "tt", "uz", "uz-Latn")
OTHERS = ("ar", "de", "en", "es", "fa", "fr", "it", "ja", "ko", "pl", "ru", "tr", "uk", "zh-cn")
# Logarithms of how much rarer a language is here than Kazakh, Russian and English.
RARER = {"kk": 0.0, "ru": 0.0, "en": 0.0, "kk-Latn": -2.0, "tr": -3.0, "ky": -3.0, "uz": -3.0}
RAREST_LANGUAGE = -5.0


def language_of(text: str) -> str:
    """The ISO 639-1 code of a text's language; `und` when it has too few letters to tell.

    Never raises; the same text always gives the same answer.
    """
    sample = text[:LONGEST]
    if sum(map(str.isupper, sample)) * 2 > sum(map(str.isalpha, sample)):
        sample = sample.lower()
    letters = Counter(char for char in sample.lower() if char.isalpha())
    if letters.total() < FEWEST:
        return UNDETERMINED
    odds = _odds(letters)
    ranked = sorted(odds, key=odds.__getitem__, reverse=True)
    if odds[ranked[0]] - odds[ranked[1]] > SURE:
        return _code(ranked[0])
    return _detected(sample, odds) or _code(ranked[0])


def languages_of(texts: Sequence[str], language: str) -> tuple[str, ...]:
    """The language of every paragraph of an article whose own is `language`.

    All are `language` but where another has enough of the text to be a version of the story,
    not a quotation or a name; a short paragraph has the language of the one before it.
    """
    if not any(_is_told_apart(text, language) for text in texts):
        return (language,) * len(texts)
    found = [language_of(text) if len(text) >= TELLING else None for text in texts]
    sizes: Counter[str] = Counter()
    for text, one in zip(texts, found, strict=True):
        sizes[one or UNDETERMINED] += len(text)
    enough = max(SECOND_ENOUGH, int(SECOND_SHARE * sizes.total()))
    kept = {one for one in SECOND if sizes[one] >= enough} | {language}
    return tuple(_carried([one if one in kept else None for one in found], language))


def _is_told_apart(text: str, language: str) -> bool:
    """A cheap look ahead: whether a paragraph's letters are not those of the article's language."""
    if len(text) < TELLING:
        return False
    sample = text[:LONGEST].lower()
    own = sum(map(sample.count, _KAZAKH))
    if language == "kk":
        return own * RARE_LETTERS < len(sample)
    latin = sum("a" <= char <= "z" for char in sample) * 2 > len(sample)
    return own * RARE_LETTERS > len(sample) or latin != (language == "en")


def _carried(found: Sequence[str | None], language: str) -> Iterator[str]:
    """Every gap filled with what stands before it; the first ones with what comes after."""
    current = next((one for one in found if one), language)
    for one in found:
        current = one or current
        yield current


def _code(name: str) -> str:
    return name.partition("-")[0]


def _detected(sample: str, odds: Mapping[str, float]) -> str | None:
    detector = _factory().create()
    best = max(odds.values())
    detector.set_prior_map({name: math.exp(max(odd - best, -300.0)) for name, odd in odds.items()})
    detector.append(sample)
    try:
        found = detector.get_probabilities()
    except LangDetectException:
        return None
    return _code(found[0].lang) if found else None


def _odds(letters: Counter[str]) -> dict[str, float]:
    """For each language the logarithm of the chance of these letters, weighed down."""
    total = letters.total()
    weight = WEIGHT * min(1.0, 400 / total)
    return {
        name: weight * sum(count * table.get(char, _LOG_RAREST) for char, count in letters.items())
        + RARER.get(name, RAREST_LANGUAGE)
        for name, table in _alphabets().items()
    }


_LOG_RAREST = math.log(RAREST)


@cache
def _alphabets() -> Mapping[str, Mapping[str, float]]:
    """For each language the logarithm of each small letter's share."""
    factory = _factory()
    names = factory.get_lang_list()
    tables: dict[str, dict[str, float]] = {name: {} for name in names}
    for run, chances in factory.word_lang_prob_map.items():
        if len(run) == 1:
            char = run.lower()
            for name, chance in zip(names, chances, strict=True):
                if chance:
                    tables[name][char] = tables[name].get(char, 0.0) + chance
    return {name: _logarithms(table) for name, table in tables.items()}


def _logarithms(table: Mapping[str, float]) -> dict[str, float]:
    total = sum(table.values())
    return {char: math.log(max(share / total, RAREST)) for char, share in table.items()}


@cache
def _factory() -> DetectorFactory:
    """A langdetect of our own: its profiles for OTHERS, ours for KIN, seeded."""
    ours = files("crawler") / "data" / "languages"
    theirs = Path(langdetect.__file__).parent / "profiles"
    profiles = [(ours / f"{name}.json").read_text("utf-8") for name in KIN]
    profiles += [(theirs / name).read_text("utf-8") for name in OTHERS]
    factory = DetectorFactory()
    factory.load_json_profile(profiles)
    factory.set_seed(SEED)
    return factory
