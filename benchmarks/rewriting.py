"""What is lost when Kazakh is written otherwise.

``python benchmarks/rewriting.py EVAL`` indexes EVAL/passages.jsonl in a passing folder and does
``search`` and ``trips``; each by itself: ``python benchmarks/rewriting.py COMMAND``.

search DATA QUESTIONS   nDCG@10 of the questions as they stand and rewritten, through the index of
                        DATA (jarshy import PASSAGES, jarshy index); names of rewritings may follow
lost DATA QUESTIONS HOW questions that lose by a rewriting, with their words as read
trips PASSAGES          word types that come back from each Latin alphabet and töte jazu
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import mean

from indexer.analysis import default_analyzer
from indexer.kazakh.letters import normalise, script_of
from indexer.kazakh.scripts import readings, to_latin
from indexer.kazakh.words import parts, pieces, words
from indexer.search import Searcher, SearchRequest

Rewriting = Callable[[str], str]
# What a Russian keyboard has instead of the nine Kazakh letters.
RUSSIAN = str.maketrans("әғқңөұүһіӘҒҚҢӨҰҮҺІ", "агкноуухиАГКНОУУХИ")
RUSSIAN_Y = str.maketrans("әғқңөұүһіӘҒҚҢӨҰҮҺІ", "агкноуухыАГКНОУУХЫ")
ADHOC = {
    **dict(
        zip("аәбвгғдеёзийкқлмнңоөпрстуұүфхһыіэц", "aabvggdeeziikklmnnooprstuuufhhyiec", strict=True)
    ),
    **{"ж": "zh", "ч": "ch", "ш": "sh", "щ": "sh", "ю": "yu", "я": "ya", "ь": "", "ъ": ""},
}
# Töte jazu: what stands for each Cyrillic letter; a front vowel is told by hamza, е, г or к.
ARABIC = dict(
    zip(
        "абвгғдежзийкқлмнңопрстуұфхһычшэәөүі",
        "ابۆگعدەجزييكقلمنڭوپرستۋۇفحھىچشەاوۇى",
        strict=True,
    )
) | {"ц": "تس", "ю": "يۋ", "я": "يا", "ё": "يو", "щ": "شش", "ь": "", "ъ": ""}
# The keys of the Kazakh keyboard when it is left on English.
SLIP = dict(
    zip(
        "йцукенгшщзхъфывапролджэячсмитьбюәіңғүұқөһ",
        "qwertyuiop[]asdfghjkl;'zxcvbnm,.2345890-=",
        strict=True,
    )
)


def arabic(word: str) -> str:
    """A small-letter Kazakh word in Arabic letters."""
    front = not set("әөүі").isdisjoint(word) and set("егк").isdisjoint(word)
    return ("ٴ" if front else "") + "".join(ARABIC.get(letter, letter) for letter in word)


def by_words(rewrite: Rewriting) -> Rewriting:
    """A rewriting of words as one of texts; what stands between words stays."""
    return lambda text: "".join(
        rewrite(piece.text.lower()) if piece.is_word else piece.text for piece in pieces(text)
    )


def latin(variant: str) -> Rewriting:
    """Cyrillic words in a Latin alphabet."""
    return lambda word: to_latin(word, variant)


REWRITINGS: dict[str, Rewriting] = {
    "as written": str,
    "Russian letters, і as и": lambda text: text.translate(RUSSIAN),
    "Russian letters, і as ы": lambda text: text.translate(RUSSIAN_Y),
    "Latin 2021": by_words(latin("2021")),
    "Latin 2019": by_words(lambda word: to_latin(word, "2021").replace("ñ", "ŋ")),
    "Latin 2018": by_words(latin("2018")),
    "Latin 2017": by_words(latin("2017")),
    "ad hoc Latin": by_words(lambda w: "".join(ADHOC.get(letter, letter) for letter in w)),
    "töte jazu": by_words(arabic),
    "keyboard left on English": lambda text: "".join(SLIP.get(x, x) for x in text.lower()),
    "capitals": str.upper,
}


def ndcg(ranked: list[str], relevant: set[str]) -> float:
    """nDCG@10 with gains of 0 and 1."""
    found = sum(1 / math.log2(n + 2) for n, url in enumerate(ranked[:10]) if url in relevant)
    return found / sum(1 / math.log2(n + 2) for n in range(min(10, len(relevant))))


def scores(searcher: Searcher, questions: list[dict[str, object]], way: Rewriting) -> list[float]:
    """nDCG@10 of every question rewritten."""
    found: list[float] = []
    for question in questions:
        page = searcher.search(SearchRequest(q=way(str(question["query"])), size=10))
        ranked = [hit.document.article.url for hit in page.hits]
        found.append(ndcg(ranked, set(question["relevant"])))  # type: ignore[call-overload]
    return found


def read_questions(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def search(data: str, questions: str, *names: str) -> None:
    """Print nDCG@10 for every rewriting, and what it loses."""
    asked = read_questions(Path(questions))
    plain = 0.0
    with Searcher.open(Path(data)) as searcher:
        for name in names or REWRITINGS:
            figure = mean(scores(searcher, asked, REWRITINGS[name]))
            plain = plain or figure
            print(
                f"{name:26} nDCG@10 {figure:.4f}  {100 * (figure / plain - 1):+.1f} %", flush=True
            )


def lost(data: str, questions: str, how: str) -> None:
    """Print the questions that lose most, and how their words were read."""
    asked = read_questions(Path(questions))
    analyzer = default_analyzer()
    with Searcher.open(Path(data)) as searcher:
        before = scores(searcher, asked, str)
        after = scores(searcher, asked, REWRITINGS[how])
    order = sorted(range(len(asked)), key=lambda n: after[n] - before[n])
    for n in [*order[:25], *order[-10:]]:
        query = str(asked[n]["query"])
        print(f"{before[n]:.2f} -> {after[n]:.2f}  {query}")
        plain = [t.stem for t in analyzer.query_tokens(query) if t.weight == 1]
        read: dict[int, list[str]] = {}
        for token in analyzer.query_tokens(REWRITINGS[how](query)):
            read.setdefault(token.position, []).append(token.stem)
        pairs = zip(plain, read.values(), strict=False)
        print("     ", "; ".join(f"{a} = {'|'.join(b)}" for a, b in pairs if a != b[-1]))


def types_of(lines: Iterable[str]) -> Counter[str]:
    """Counts of the Kazakh Cyrillic words of passages."""
    counts: Counter[str] = Counter()
    for passage in map(json.loads, lines):
        for word in words(f"{passage['title']}\n{passage['text']}"):
            counts.update(normalise(part.text) for part in parts(word))
    return Counter({w: n for w, n in counts.items() if w.isalpha() and script_of(w) == "cyrillic"})


def chosen(word: str, variant: str) -> str:
    """The reading that the analysis takes: the first whose stem is known, else the first."""
    found = readings(normalise(word), variant)
    known = [reading for reading in found if default_analyzer().stemmer.knows(reading)]
    return (known or found or [""])[0]


def trips(passages: str) -> None:
    """Print the share of types and tokens that come back, and the commonest that do not."""
    with Path(passages).open(encoding="utf-8") as lines:
        counts = types_of(lines)
    whole = counts.total()
    for variant in ("2021", "2018", "2017"):
        wrong = {w: n for w, n in counts.items() if chosen(to_latin(w, variant), variant) != w}
        types = 100 * (1 - len(wrong) / len(counts))
        tokens = 100 * (1 - sum(wrong.values()) / whole)
        print(f"{variant}: types {types:.1f} %, tokens {tokens:.1f} %")
        for word, _ in Counter(wrong).most_common(12):
            print(
                f"    {word} {to_latin(word, variant)} {chosen(to_latin(word, variant), variant)}"
            )


def everything(folder: str) -> None:
    """Index the passages, then print all figures."""
    passages, questions = f"{folder}/passages.jsonl", f"{folder}/questions.jsonl"
    with tempfile.TemporaryDirectory() as data:
        for command in (["import", passages], ["index"]):
            program = [sys.executable, "-m", "jarshy", "--data", data, *command]
            subprocess.run(program, check=True, capture_output=True)
        search(data, questions)
    trips(passages)


if __name__ == "__main__":
    commands: dict[str, Callable[..., None]] = {"search": search, "lost": lost, "trips": trips}
    if sys.argv[1] in commands:
        commands[sys.argv[1]](*sys.argv[2:])
    else:
        everything(sys.argv[1])
