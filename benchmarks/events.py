"""How well events are read out of articles: precision and recall by fact, and speed.

    python benchmarks/events.py [--all] [--errors] [--only NAME ...] [--file FILE.jsonl ...]

Without options it reads the texts that the rules were made with (the demo articles and
tests/golden/enrich/passages.toml); `--all` adds those kept apart. What counts as right:

date      first and last day, exactly; a month told as such is the same as all of its days
kind      each kind told; a more general kind of a right one is right, and a narrower one told
          answers for the general one in the golden answer
region    today's region
venue     at least 60 % of the words of the shorter name shared, endings aside; where no venue
          is told and the answer is the town itself, nothing is counted; an online platform is none
organiser each body, compared in the same way

`--file` reads texts of JSON Lines with the same keys instead; there `kinds_also`, `venue_also` and
`organisers_also` are not wrong if given and not wanted if missed, facts in `doubtful` do not count,
and `participants` is compared, too.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
import tomllib
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from crawler.enrich.events import event_of  # noqa: E402
from crawler.enrich.name import name_stems  # noqa: E402
from crawler.model import Article, Block, Event  # noqa: E402
from crawler.sites import Names, Site  # noqa: E402
from crawler.vocabulary import kind_id, kinds, region_id, regions  # noqa: E402

GOLDEN = ROOT / "tests" / "golden" / "enrich"
ARTICLES = ROOT / "demoweb" / "articles"
FACTS = ("date", "kind", "region", "venue", "organiser")
# People met online there: `online` tells it, no house does.
PLATFORM = re.compile(r"платформа", re.IGNORECASE)
MORE = ("participants",)


@dataclass(frozen=True)
class Case:
    """A text with the facts that a careful reader finds in it."""

    name: str
    article: Article
    site: Site | None
    gold: Mapping[str, Any]


@dataclass
class Tally:
    """Right answers, answers given, answers wanted."""

    right: int = 0
    given: int = 0
    found: int = 0
    wanted: int = 0
    errors: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / self.given if self.given else 1.0

    @property
    def recall(self) -> float:
        return self.found / self.wanted if self.wanted else 1.0


def sites() -> dict[str, Site]:
    rows = tomllib.loads((GOLDEN / "sites.toml").read_text("utf-8"))
    return {
        key: Site(
            id=key,
            name=Names(kk=row["kk"], ru=row["ru"]),
            url=f"https://{key}.example/",
            region=row["region"],
        )
        for key, row in rows.items()
    }


def blocks(body: str) -> tuple[Block, ...]:
    """The paragraphs of a demo article's body, marks of headings, quotes and items left out."""
    lines = [line.strip() for line in body.splitlines()]
    return tuple(Block(_bare(line)) for line in lines if line)


def _bare(line: str) -> str:
    for mark in ("## ", "> ", "- "):
        line = line.removeprefix(mark)
    return line


def case_of(row: Mapping[str, Any], name: str, known: Mapping[str, Site]) -> Case:
    site = known.get(row.get("site", ""))
    article = Article(
        url=f"https://{row.get('site', 'x')}.example/{name}",
        title=row.get("title"),
        blocks=blocks(row["body"]),
        language=row.get("language", "kk"),
        layout="text",
        site=row.get("site"),
        published=_moment(row.get("published")),
    )
    return Case(name, article, site, row["event"])


def _moment(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else None


def demo_cases() -> list[Case]:
    known = sites()
    rows = (tomllib.loads(path.read_text("utf-8")) for path in sorted(ARTICLES.glob("*/*.toml")))
    return [case_of(row, row["id"], known) for row in rows if "event" in row]


def passage_cases(held_out: bool) -> list[Case]:
    return cases_in("passages_held_out.toml" if held_out else "passages.toml")


def cases_in(name: str) -> list[Case]:
    """The texts of a file in tests/golden/enrich."""
    path = GOLDEN / name
    if not path.is_file():
        return []
    rows = tomllib.loads(path.read_text("utf-8")).get("passage", [])
    known = sites()
    return [case_of(row, row["id"], known) for row in rows]


def cases_of(path: Path) -> list[Case]:
    """The texts of a file of JSON Lines, each with the site it was written for."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    made = []
    for row in rows:
        info = row.get("site_info") or {}
        known = {}
        if row.get("site") and info:
            known[row["site"]] = Site(
                id=row["site"],
                name=Names(kk=info["kk"], ru=info["ru"]),
                url=f"https://{row['site']}.example/",
                region=info.get("region"),
            )
        if row.get("published"):
            row["published"] = datetime.fromisoformat(row["published"])
        row["site"] = row.get("site") or "x"
        made.append(case_of(row, row["id"], known))
    return made


def alike(one: str, two: str) -> bool:
    """Whether two names share 60 % of the words of the shorter one."""
    a, b = name_stems(one), name_stems(two)
    return bool(a and b) and len(a & b) / min(len(a), len(b)) >= 0.6


def with_broader(ids: Iterable[str]) -> set[str]:
    whole = set()
    for key in ids:
        wider: str | None = key
        while wider is not None:
            whole.add(wider)
            wider = kinds()[wider].broader if wider in kinds() else None
    return whole


def score(case: Case, event: Event, tallies: Mapping[str, Tally]) -> None:
    gold, unsure = case.gold, case.gold.get("doubtful", ())
    if "date" not in unsure:
        _score_date(case, gold, event, tallies["date"])
    wanted = []
    for name in gold.get("kinds", ()):
        key = kind_id(name)
        if key is None:
            tallies["kind"].errors.append(f"{case.name}: gold kind {name!r} is not in the taxonomy")
        wanted.append(key or name)
    more = [key for name in gold.get("kinds_also", ()) if (key := kind_id(name))]
    _score_sets(case, "kind", wanted, list(event.kinds), tallies["kind"], more, kinds=True)
    region = region_id(gold["region"]) if gold.get("region") else None
    if "region" not in unsure:
        _score_one(case, "region", region, event.region, tallies["region"])
    if "venue" not in unsure:
        _score_venue(case, gold, event, tallies["venue"])
    if "organisers" not in unsure:
        _score_sets(
            case, "organiser", list(gold.get("organisers", ())), list(event.organisers),
            tallies["organiser"], list(gold.get("organisers_also", ())), kinds=False,
        )  # fmt: skip
    if "participants" in tallies and "participants" not in unsure:
        want, have = (
            None if n is None else str(n) for n in (gold.get("participants"), event.participants)
        )
        _score_one(case, "participants", want, have, tallies["participants"])


def _score_date(case: Case, gold: Mapping[str, Any], event: Event, tally: Tally) -> None:
    want = _days(gold.get("starts"), gold.get("ends"))
    have = _days(event.starts, event.ends)
    _score_one(case, "date", want, have, tally)


def _days(first: str | None, last: str | None) -> str | None:
    """The days from and to; a month (`2025-03`) is from its first day to its last."""
    if not first or not last:
        return None
    if len(first) == len("2025-03") and first[0] != "-":
        first += "-01"
    if len(last) == len("2025-03") and last[0] != "-":
        year, month = int(last[:4]), int(last[5:])
        last += f"-{monthrange(year, month)[1]}"
    return f"{first}..{last}"


def _score_one(case: Case, fact: str, want: str | None, have: str | None, tally: Tally) -> None:
    right = want is not None and want == have
    tally.wanted += want is not None
    tally.given += have is not None
    tally.right += right
    tally.found += right
    if want != have:
        tally.errors.append(f"{case.name}: {fact}: wanted {want}, got {have}")


def _score_venue(case: Case, gold: Mapping[str, Any], event: Event, tally: Tally) -> None:
    want, have = gold.get("venue"), event.venue
    if want and PLATFORM.search(want):
        want = None
    town = have is not None and event.city is not None and have.endswith(f", {event.city}")
    right = bool(want and have) and alike(str(want), str(have))
    also = any(alike(str(have), one) for one in gold.get("venue_also", ()))
    if not right and (also or (town and want is None)):
        return
    tally.wanted += want is not None
    tally.given += have is not None
    tally.right += right
    tally.found += right
    if not right and (want or have):
        tally.errors.append(f"{case.name}: venue: wanted {want!r}, got {have!r}")


def _score_sets(
    case: Case,
    fact: str,
    want: list[str],
    have: list[str],
    tally: Tally,
    also: list[str],
    *,
    kinds: bool,
) -> None:
    """`also` are answers that are neither wanted nor wrong."""
    if also:
        have = [h for h in have if _is_of(h, want, kinds) or not _is_of(h, also, kinds)]
    if kinds:
        right = [k for k in have if k in with_broader(want)]
        found = [k for k in want if k in with_broader(have)]
    else:
        right = [h for h in have if any(alike(h, w) for w in want)]
        found = [w for w in want if any(alike(h, w) for h in have)]
    tally.right += len(right)
    tally.given += len(have)
    tally.found += len(found)
    tally.wanted += len(want)
    if len(right) < len(have) or len(found) < len(want):
        tally.errors.append(f"{case.name}: {fact}: wanted {want}, got {have}")


def _is_of(one: str, names: list[str], kinds: bool) -> bool:
    return one in with_broader(names) if kinds else any(alike(one, name) for name in names)


def measure(cases: Iterable[Case], facts: Iterable[str] = FACTS) -> dict[str, Tally]:
    tallies = {fact: Tally() for fact in facts}
    for case in cases:
        score(case, event_of(case.article, case.site), tallies)
    return tallies


def speed(cases: list[Case]) -> float:
    """Articles a second on one core, the best of three rounds after a warm one."""
    rounds = []
    for _ in range(4):
        began = time.process_time()
        for case in cases:
            event_of(case.article, case.site)
        rounds.append(len(cases) / (time.process_time() - began))
    return max(rounds[1:])


def show(name: str, cases: list[Case], errors: bool, facts: Iterable[str] = FACTS) -> None:
    tallies = measure(cases, facts)
    print(f"\n{name}: {len(cases)} texts")
    print(f"{'fact':<10} {'precision':>9} {'recall':>7} {'given':>6} {'wanted':>7}")
    for fact, tally in tallies.items():
        row = f"{fact:<10} {tally.precision:>9.3f} {tally.recall:>7.3f}"
        print(f"{row} {tally.given:>6} {tally.wanted:>7}")
    if errors:
        print(*(line for tally in tallies.values() for line in tally.errors), sep="\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", action="store_true", help="the texts kept apart, too")
    parser.add_argument("--errors", action="store_true", help="print every wrong answer")
    parser.add_argument("--only", nargs="*", help="names of texts")
    parser.add_argument("--file", nargs="*", type=Path, help="texts of JSON Lines instead")
    options = parser.parse_args()
    for path in options.file or ():
        rows = cases_of(path)
        if options.only:
            rows = [case for case in rows if case.name in options.only]
        show(path.name, rows, options.errors, (*FACTS, *MORE))
    if options.file:
        return
    training = demo_cases() + passage_cases(held_out=False)
    if options.only:
        training = [case for case in training if case.name in options.only]
    show("training", training, options.errors)
    if options.all:
        show("held out", passage_cases(held_out=True), options.errors)
        show("third set", cases_in("passages_third.toml"), options.errors)
        show("fourth set", cases_in("passages_fourth.toml"), options.errors)
        for path in sorted(GOLDEN.glob("passages_*.jsonl")):
            show(path.stem, cases_of(path), options.errors, (*FACTS, *MORE))
    if not options.only:
        print(f"\n{speed(training):.0f} articles/s on one core ({regions().__len__()} regions)")


if __name__ == "__main__":
    main()
