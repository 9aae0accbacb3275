"""Measure, and make the data of, the Kazakh stemmer: ``python benchmarks/stems.py COMMAND``.

score EVAL         pair figures and speed on EVAL/lemmas.tsv and EVAL/paradigms.tsv
honest EVAL        the same with a lexicon induced from EVAL/passages.jsonl alone
folds EVAL         the same by five folds: gold lemmas of four folds help to read the fifth
reference EVAL     the same by no stemming, the first five letters, Snowball's Turkish and, where
                   the program is installed, Hunspell with the Kazakh dictionary
counts EVAL OUT    word counts of EVAL/passages.jsonl, for learn_costs.py
lexicon EVAL OUT   the base lexicon: passages and the lemmas of both lists, into OUT
random [N [SEED]]  N random words (a million): no exception, no empty stem, idempotent folding
"""

from __future__ import annotations

import itertools
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import snowballstemmer

from indexer.kazakh.function_words import function_forms
from indexer.kazakh.induction import induce
from indexer.kazakh.letters import fold, normalise
from indexer.kazakh.lexicon import Lexicon, merged
from indexer.kazakh.stemmer import Stemmer
from indexer.kazakh.tables import text_of
from indexer.kazakh.words import parts, words

CLASSES = {"nouns": {"NOUN", "PROPN", "ADJ"}, "verbs": {"VERB", "AUX"}, "all": None}
GOLD = ("lemmas.tsv", "paradigms.tsv")
NOMINALS = frozenset({"NOUN", "PROPN", "ADJ"})
FOLDS = 5
VOTES = 3.0
HEAD = """\
# Base lexicon: stems with the number of word forms that speak for each as a noun and as a verb.
# Licence of this file: CC BY-SA 4.0. Sources: word forms of KazQAD contexts (CC BY-SA 4.0) and
# KazNERD sentences (CC BY 4.0); lemmas of UD_Kazakh-KTB (CC BY-SA 4.0) and of UniMorph kaz
# (CC BY-SA 3.0) and the words of vocabulary.txt (MIT), three votes each.
# Made by: python benchmarks/stems.py lexicon EVAL OUT
"""

# Kazakh letters as the Turkish alphabet would have them.
TURKISH = dict(
    zip("абвгдеёжзийклмнопрстуфхцчшщыэ", "abvgdeöjziyklmnoprstufhcçşşıe", strict=True)
) | {"ю": "yu", "я": "ya", "ь": "", "ъ": ""}

# Other scripts, signs, marks and rubbish for random words.
HOSTILE = "abcxyzABİıЁӘӀəöñ019-'’\u2010\u0301\u0306\u00ad\u200bءابت漢字😀\ud800\x00\u2028ẞǅﬁ"
CYRILLIC = re.compile("[\u0400-\u052f]+")

Row = tuple[str, str, str]


def rows_of(path: Path) -> list[Row]:
    """Rows (form, lemma, part of speech) of a gold file."""
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    return [(form, lemma, pos) for form, lemma, pos, _ in (line.split("\t") for line in lines)]


def figures(rows: list[Row], stem_of: dict[Row, str]) -> str:
    """Recall, precision and F1 in percent over pairs of distinct forms."""
    lemma_forms: dict[str, set[str]] = defaultdict(set)
    form_lemmas: dict[str, set[str]] = defaultdict(set)
    stems: dict[str, str] = {}
    for row in rows:
        lemma_forms[row[1]].add(row[0])
        form_lemmas[row[0]].add(row[1])
        stems.setdefault(row[0], stem_of[row])
    groups: dict[str, list[str]] = defaultdict(list)
    for form, stem in stems.items():
        groups[stem].append(form)
    asked = [pair for forms in lemma_forms.values() for pair in itertools.combinations(forms, 2)]
    made = [pair for forms in groups.values() for pair in itertools.combinations(forms, 2)]
    recall = sum(stems[a] == stems[b] for a, b in asked) / max(1, len(asked))
    precision = sum(bool(form_lemmas[a] & form_lemmas[b]) for a, b in made) / max(1, len(made))
    f1 = 200 * recall * precision / max(1e-9, recall + precision)
    return f"recall {100 * recall:5.1f}  precision {100 * precision:5.1f}  F1 {f1:5.1f}"


def report(folder: Path, stem_of: dict[Row, str]) -> None:
    """Print the figures of both gold files by part of speech."""
    for name in GOLD:
        rows = rows_of(folder / name)
        for group, tags in CLASSES.items():
            chosen = [row for row in rows if tags is None or row[2] in tags]
            print(f"{name:14} {group:6} {figures(chosen, stem_of)}")


def all_rows(folder: Path) -> list[Row]:
    """Rows of both gold files."""
    return [row for name in GOLD for row in rows_of(folder / name)]


def score(folder: Path, lexicon: Lexicon | None = None) -> None:
    """Figures of the shipped stemmer, or of one with another lexicon, and its speed."""
    stemmer = Stemmer(lexicon)
    stemmer.stem("кітаптарымыздағы")
    rows = all_rows(folder)
    started = time.process_time()
    stems = {row: stemmer.stem(row[0]) for row in rows}
    cold = len({row[0] for row in rows}) / (time.process_time() - started)
    started = time.process_time()
    for row in rows:
        stemmer.stem(row[0])
    warm = len(rows) / (time.process_time() - started)
    report(folder, stems)
    print(f"cold {cold:,.0f} words/s, warm {warm:,.0f} words/s")


def corpus(folder: Path) -> Counter[str]:
    """Counts of the normalised Cyrillic words of the passages, hyphenated words in parts."""
    counts: Counter[str] = Counter()
    with (folder / "passages.jsonl").open(encoding="utf-8") as lines:
        for passage in map(json.loads, lines):
            for word in words(f"{passage['title']}\n{passage['text']}"):
                counts.update(normalise(part.text) for part in parts(word))
    return Counter({word: count for word, count in counts.items() if CYRILLIC.fullmatch(word)})


def infinitive_stem(infinitive: str) -> str:
    """Stem of an infinitive as UniMorph gives it, where its spelling tells."""
    if infinitive.endswith("ю"):
        return infinitive[:-1] + "й"
    stem = infinitive[:-1]
    return stem[:-1] + {"б": "п", "ғ": "қ", "г": "к"}.get(stem[-1:], stem[-1:])


def gold_lexicon(rows: list[Row]) -> Lexicon:
    """Three votes for every lemma of an open class.

    An infinitive votes only when one of its forms shows the stem (есту is of есті, not ест).
    """
    nouns, verbs = {}, {}
    forms = {row[0] for row in rows}
    for _, lemma, pos in rows:
        if lemma in function_forms().values() or not lemma.isalpha():
            continue
        if pos in NOMINALS:
            nouns[lemma] = VOTES
        elif pos == "VERB":
            is_infinitive = lemma.endswith(("у", "ю")) and lemma not in forms
            stem = infinitive_stem(lemma) if is_infinitive else lemma
            if stem in forms or not is_infinitive:
                verbs[stem] = VOTES
    return Lexicon(nouns, verbs)


def folds(folder: Path) -> None:
    """Figures when every lemma is read without its own gold vote."""
    counts, rows = corpus(folder), all_rows(folder)
    stems: dict[Row, str] = {}
    for fold_number in range(FOLDS):
        held = [row for row in rows if zlib.crc32(row[1].encode()) % FOLDS == fold_number]
        names = {row[1] for row in held}
        gold = gold_lexicon([row for row in rows if row[1] not in names])
        stemmer = Stemmer(induce(counts, gold))
        stems.update((row, stemmer.stem(row[0])) for row in held)
    report(folder, stems)


def reference(folder: Path) -> None:
    """Figures of simple ways, and of Hunspell where it is installed (docs/kazakh.md)."""
    turkish = snowballstemmer.stemmer("turkish")
    to_turkish = str.maketrans(dict(zip("әғқңөұүһі", "egknöuühi", strict=True)) | TURKISH)
    ways: dict[str, Callable[[str], str]] = {
        "no stemming": str,
        "first five letters": lambda word: word[:5],
        "Snowball Turkish": lambda word: str(turkish.stemWord(word.translate(to_turkish))),
    }
    for name, stem in ways.items():
        print(name)
        report(folder, {row: stem(row[0]) for row in all_rows(folder)})
    shortest = hunspell_stems({row[0] for row in all_rows(folder)})
    if shortest:
        print("Hunspell, the shortest stem")
        report(folder, {row: shortest[row[0]] for row in all_rows(folder)})


def hunspell_stems(forms: set[str]) -> dict[str, str]:
    """The shortest stem of each form by the program `hunspell`; nothing when it is missing.

    HUNSPELL_KK names the dictionary, if it is not the installed kk_KZ.
    """
    if shutil.which("hunspell") is None:
        return {}
    dictionary = os.environ.get("HUNSPELL_KK", "kk_KZ")
    told = subprocess.run(
        ["hunspell", "-i", "utf-8", "-d", dictionary, "-s"],
        input="\n".join(sorted(forms)),
        capture_output=True,
        text=True,
        check=True,
    )
    stems = {form: form for form in forms}
    found: dict[str, list[str]] = defaultdict(list)
    for form, _, stem in (line.partition(" ") for line in told.stdout.splitlines()):
        if stem and form in stems:
            found[form].append(stem)
    return stems | {form: min(listed, key=len) for form, listed in found.items()}


def write_counts(folder: Path, out: Path) -> None:
    """Write the corpus counts, most frequent first."""
    lines = (f"{word}\t{count}\n" for word, count in corpus(folder).most_common())
    out.write_text("".join(lines), encoding="utf-8")


def write_lexicon(folder: Path, out: Path) -> None:
    """Write the base lexicon."""
    listed = text_of("vocabulary.txt").splitlines()
    own = {word for line in listed if not line.startswith("#") for word in line.split()}
    votes = merged(gold_lexicon(all_rows(folder)), Lexicon(dict.fromkeys(own, VOTES)))
    lexicon = induce(corpus(folder), votes)
    out.write_text(HEAD + lexicon.to_text(), encoding="utf-8")


def random_words(count: str = "1000000", seed: str = "5") -> None:
    """Stem and fold random words of Kazakh letters, other scripts and rubbish; some very long."""
    chosen = random.Random(int(seed))
    alphabet = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя" * 3 + HOSTILE
    stemmer = Stemmer()
    for number in range(int(count)):
        length = chosen.randint(15, 400) if number % 1000 == 0 else chosen.randint(1, 14)
        word = "".join(chosen.choices(alphabet, k=length))
        spelled = normalise(word)
        if spelled and not stemmer.stem(spelled):
            sys.exit(f"empty stem: {word!r}")
        if fold(fold(spelled)) != fold(spelled) or normalise(spelled) != spelled:
            sys.exit(f"not idempotent: {word!r}")
    print(f"{int(count):,} random words: no exception, no empty stem, folding idempotent")


def main(command: str, *arguments: str) -> None:
    """Run one command of the module's docstring."""
    if command == "random":
        random_words(*arguments)
        return
    paths = [Path(argument) for argument in arguments]
    if command == "honest":
        score(paths[0], induce(corpus(paths[0])))
        return
    commands: dict[str, Callable[..., None]] = {
        "score": score,
        "folds": folds,
        "reference": reference,
        "counts": write_counts,
        "lexicon": write_lexicon,
    }
    commands[command](*paths)


if __name__ == "__main__":
    main(*sys.argv[1:])
