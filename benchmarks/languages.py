"""How often the language of articles and of single sentences is told rightly, ours and others.

    python benchmarks/languages.py FOLDER [--held-out]

FOLDER holds texts named after their language (`ky.txt`, `ky.news.txt`): an article's paragraphs
are lines, an empty line parts articles. py3langid and lingua are asked too where they can be
imported; the project doesn't need them. `--held-out` builds the profiles of the languages whose
sources are among the texts anew, from every other article, and asks for the rest: nothing is
asked for that was learnt from.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import langdetect
from langdetect.detector_factory import DetectorFactory

sys.path.insert(0, str(Path(__file__).parents[1]))

from crawler.enrich import language
from crawler.enrich.profiles import build_profile

Guess = Callable[[str], str]
SHORTEST = 15  # letters of a sentence that is asked for
_SENTENCES = re.compile(r"(?<=[.!?…])\s+(?=[«\"“А-ЯӘҒҚҢӨҰҮІҺҖA-Z])")


def sentences(article: str) -> Iterator[str]:
    """The sentences of an article that have letters enough to tell by."""
    for line in article.splitlines():
        for sentence in _SENTENCES.split(line):
            if sum(map(str.isalpha, sentence)) >= SHORTEST:
                yield sentence


def articles(folder: Path) -> dict[str, list[str]]:
    """The articles of each file, by its name without `.txt`."""
    return {
        path.stem: [text for text in path.read_text("utf-8").split("\n\n") if text.strip()]
        for path in sorted(folder.glob("*.txt"))
    }


def guessers() -> dict[str, Guess]:
    """Ours, and the others that are installed."""
    found: dict[str, Guess] = {"ours": language.language_of}
    for name, way in (("py3langid", _py3langid), ("lingua", _lingua)):
        if find_spec(name):
            found[name] = way(import_module(name))
        else:
            print(f"{name} is not installed")
    return found


def _py3langid(module: Any) -> Guess:
    return lambda text: str(module.classify(text)[0])


def _lingua(module: Any) -> Guess:
    detector = module.LanguageDetectorBuilder.from_all_languages().build()

    def guess(text: str) -> str:
        found = detector.detect_language_of(text)
        return found.iso_code_639_1.name.lower() if found else "und"

    return guess


def learn_from(texts: Mapping[str, list[str]]) -> None:
    """Ask with profiles of these texts instead of those that are shipped."""
    ours = files("crawler") / "data" / "languages"
    theirs = Path(langdetect.__file__).parent / "profiles"
    profiles = []
    for name in language.KIN:
        anew = name in texts
        told = (
            build_profile(name, texts[name]) if anew else (ours / f"{name}.json").read_text("utf-8")
        )
        profiles.append(told)
    profiles += [(theirs / name).read_text("utf-8") for name in language.OTHERS]
    factory = DetectorFactory()
    factory.load_json_profile(profiles)
    factory.set_seed(language.SEED)
    language._factory = lambda: factory  # type: ignore[assignment]
    language._alphabets.cache_clear()


def held_out(texts: dict[str, list[str]]) -> dict[str, list[str]]:
    """Every other article, the profiles of their languages built from those between."""
    sources = [name for name in texts if name.partition(".")[2] in ("passages", "declaration")]
    learn_from({name.partition(".")[0]: texts[name][::2] for name in sources})
    return {name: told[1::2] if name in sources else told for name, told in texts.items()}


def main() -> int:
    """Print a row for each text and each way."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--held-out", action="store_true")
    asked = parser.parse_args()
    texts = articles(asked.folder)
    if asked.held_out:
        texts = held_out(texts)
    for way, guess in guessers().items():
        for name, told in texts.items():
            code = name.partition(".")[0]
            start = time.process_time()
            whole = sum(guess(text) == code for text in told)
            short = [one for text in told for one in sentences(text)]
            right = sum(guess(one) == code for one in short)
            rate = (len(told) + len(short)) / max(time.process_time() - start, 1e-9)
            print(
                f"{way:10} {name:16} articles {whole}/{len(told)} {100 * whole / len(told):.1f} %"
                f"  sentences {right}/{len(short)} {100 * right / len(short):.1f} %  {rate:,.0f}/s"
            )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
