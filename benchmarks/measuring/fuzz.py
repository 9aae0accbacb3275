"""Random questions from several threads at once: no error but a cap's, no slow answer."""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path

from crawler.store.store import Store
from indexer.build import update_index
from indexer.errors import QueryLimitError
from indexer.search import Searcher, SearchRequest
from measuring.asking import collection, percentiles

THREADS = 8
QUESTIONS = 100_000
PIECES = (
    '"', "«", "»", "(", ")", "-", "+", "*", "~", "~1", "~2", ":", " ", " OR ", " AND ", " NOT ",
    "НЕМЕСЕ", "жыл:2023", "жыл:", "сайт:site01", "түрі:семинар", "өңір:", "\0", "\u202e", "\ud800",
    "🙂", "<b>", "&amp;", "1e400", "nan", "2024-02-30", "12.06.2024", "қаз*", "а*", "ё", "й", "I", "İ",
)  # fmt: skip


def run(folder: Path, work: Path, count: int, questions: int = QUESTIONS) -> None:
    """Print how many questions of each outcome, and how long they took."""
    data, source = collection(folder, work, count)
    words = [word for _, lines in source[:300] for line in lines for word in line.split()]
    with Store.open(data) as store:
        update_index(data, store)
    times: list[float] = []
    outcomes: dict[str, int] = {}
    lock = threading.Lock()
    with Searcher.open(data) as searcher:

        def ask(seed: int) -> None:
            draw = random.Random(seed)
            for _ in range(questions // THREADS):
                q = "".join(
                    draw.choice(PIECES) if draw.random() < 0.4 else draw.choice(words) + " "
                    for _ in range(draw.randint(0, 14))
                )
                sort = draw.choice(("relevance", "newest", "oldest"))
                started = time.perf_counter()
                try:
                    searcher.search(SearchRequest(q=q, page=draw.randint(1, 5), sort=sort))
                    outcome = "answered"
                except QueryLimitError:
                    outcome = "refused by a cap"
                except Exception as error:
                    outcome = f"FAILED {type(error).__name__}: {error} for {q!r}"
                took = time.perf_counter() - started
                with lock:
                    times.append(took)
                    outcomes[outcome] = outcomes.get(outcome, 0) + 1

        threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for outcome, number in sorted(outcomes.items()):
        print(f"{number:7} {outcome}")
    print(f"{THREADS} threads: {percentiles(times)}")
