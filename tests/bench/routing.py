"""How well and how fast questions are routed: `python -m tests.bench.routing --cases FOLDER`.

The folder holds `dev.jsonl`, `ambiguous_constructed.jsonl` and `out_of_directory.jsonl`; it is not part of the repository.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path
from statistics import fmean, median, pstdev
from typing import Any

from bot import routing, semantic
from models import content
from models.routing import UnitFacts, facts, lexicon
from models.routing.router import Router
from models.routing.scoring import Weights

CASES = Path(__file__).resolve().parents[2] / ".." / "shared" / "routing"
ON = date(2025, 8, 1)
VARIANTS = ("clean", "no_diacritics", "abbreviations", "typos", "lower", "worst", "framed")
FOLDS = 5
GRID = {"fields": (0.03, 0.06, 0.1), "area": (0.8, 1.0, 1.2), "general": (0.25, 0.35, 0.5)}
GRID_MEANING = {"meaning": (0.2, 0.35, 0.5, 0.8), "fields": (0.03, 0.06)}
MANY = 5_000

Case = dict[str, Any]


class Remembered:
    """A semantic layer that embeds each text once, so that weights can be compared."""

    def __init__(self, inner: semantic.Meaning) -> None:
        self._inner = inner
        self._known: dict[str, Mapping[str, float]] = {}

    def similarities(self, text: str) -> Mapping[str, float]:
        """The inner layer's answer, asked for once."""
        if text not in self._known:
            self._known[text] = self._inner.similarities(text)
        return self._known[text]


def main(cases: Path | None = None, *, with_semantic: bool | None = None) -> int:
    """Print the table; a missing folder is explained and is no failure."""
    given = (cases or CASES).resolve()
    questions = given if given.is_file() else given / "dev.jsonl"
    if not questions.is_file() or any("unit_post" not in case for case in read(questions)):
        print(f"routing: no questions with their unit in {given}; give the folder of dev.jsonl, or one such file, with --cases")
        return 0
    dev, ambiguous, outside = (
        read(questions.parent / name) for name in (questions.name, "ambiguous_constructed.jsonl", "out_of_directory.jsonl")
    )
    report("lexical", dev, ambiguous, outside, None, GRID)
    if semantic.installed() if with_semantic is None else with_semantic:
        layer = semantic.Meaning(router().known, Path.home() / ".cache" / "phatngon")
        layer.load()
        report("semantic", dev, ambiguous, outside, layer, GRID_MEANING)
    else:
        print("semantic: the extra is not installed (uv sync --extra semantic)")
    return 0


def report(
    title: str, dev: list[Case], ambiguous: list[Case], outside: list[Case], layer: semantic.Meaning | None, grid: dict[str, Any]
) -> None:
    """One section of the table."""
    here = router(layer)
    print(f"\n{title:24} top-1  top-3  (lenient, %)")
    for variant in VARIANTS:
        first, third = lenient(here, dev, variant)
        print(f"  {variant:22} {first:5.1f}  {third:5.1f}")
    print(f"  ambiguous, action      {sum(right_action(here, case) for case in ambiguous)} of {len(ambiguous)}")
    print(f"  out of directory       {sum(near_or_desk(here, case) for case in outside)} of {len(outside)}")
    remembered = Remembered(layer) if layer else None
    folds = cross_validated(dev, grid, lambda weights: router(remembered, weights))
    for place, name in enumerate(("top-1", "top-3")):
        figures = [fold[place] for fold in folds]
        print(f"  {FOLDS}-fold {name}           {fmean(figures):5.1f} ± {pstdev(figures):.1f} (clean, weights chosen on the other folds)")
    print(f"  split among single questions {sum(here.route(case['text']).action == 'split' for case in dev)} of {len(dev)}")
    texts = [case["text"] for case in dev]
    for each in (here, router(layer, units=[*routing.shipped_units(), *generated(MANY)])):
        mean, slow = milliseconds(each, texts)
        print(f"  ms per question, {len(each.known.routable):5} units: {mean:.1f} (p95 {slow:.1f})")


def router(layer: Any = None, weights: Weights | None = None, units: Iterable[UnitFacts] | None = None) -> Router:
    """A router on the day of the cases."""
    words = lexicon.read(content.document("routing.yaml"))
    return Router(units or routing.shipped_units(), words, ON, texts=routing.texts(), semantic=layer, weights=weights)


def read(path: Path) -> list[Case]:
    """The cases of a file, none if it is absent."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()] if path.is_file() else []


def classes(here: Router, text: str) -> list[str]:
    """The units proposed; every commune counts as one class."""
    return list(dict.fromkeys(facts.AREA if unit.id.startswith("area") else unit.id for unit in here.route(text).units))


def lenient(here: Router, dev: Sequence[Case], variant: str) -> tuple[float, float]:
    """Shares of questions whose first, and whose first three units hold an acceptable one."""
    first = third = 0
    for case in dev:
        found = classes(here, case.get("variants", {}).get(variant, case["text"]))  # a case without variants is asked as it stands
        right = {case["unit_post"], *case["also_ok"]}
        first += found[:1] != [] and found[0] in right
        third += not right.isdisjoint(found[:3])
    return 100 * first / len(dev), 100 * third / len(dev)


def right_action(here: Router, case: Case) -> bool:
    """Is the action the one expected? `fallback_dic` is the desk."""
    return here.route(case["text"]).contract()["action"] == case["expect"]["action"].replace("fallback_dic", "desk")


def near_or_desk(here: Router, case: Case) -> bool:
    """Is the nearest unit among three, or the press office asked?"""
    return case["nearest_unit"] in classes(here, case["text"])[:3] or here.route(case["text"]).contract()["action"] == "desk"


def cross_validated(dev: list[Case], grid: dict[str, Any], build: Callable[[Weights], Router]) -> list[tuple[float, float]]:
    """Per fold: the figures with the weights that did best on the other folds."""
    settings = [dict(zip(grid, values, strict=True)) for values in product(*grid.values())]
    hits = [[_hits(here, case) for case in dev] for here in (build(replace(Weights(), **setting)) for setting in settings)]
    figures: list[tuple[float, float]] = []
    for fold in range(FOLDS):
        others = [i for i in range(len(dev)) if i % FOLDS != fold]
        best = max(range(len(settings)), key=lambda s: (sum(hits[s][i][0] + hits[s][i][1] for i in others), -s))
        mine = [hits[best][i] for i in range(len(dev)) if i % FOLDS == fold]
        if mine:  # fewer questions than folds leave some empty
            figures.append((100 * fmean(hit[0] for hit in mine), 100 * fmean(hit[1] for hit in mine)))
    return figures


def _hits(here: Router, case: Case) -> tuple[int, int]:
    found, right = classes(here, case["text"]), {case["unit_post"], *case["also_ok"]}
    return int(bool(found) and found[0] in right), int(not right.isdisjoint(found[:3]))


def generated(count: int) -> list[UnitFacts]:
    """Many more units of all kinds, each with fields of its own."""
    shipped = [unit for unit in routing.shipped_units() if unit.exists(ON) and unit.fields]
    made: list[UnitFacts] = []
    for number in range(count - len(shipped)):
        model = shipped[number % len(shipped)]
        area = f"xã Thử nghiệm {number}" if model.is_area else None
        fields = (*model.fields, f"việc riêng số {number}")
        made.append(
            replace(
                model,
                id=f"{model.id}_{number}",
                name_vi=f"{model.name_vi} số {number}",
                area=area,
                aliases=(),
                abbreviations=(),
                fields=fields,
            )
        )
    return made


def milliseconds(here: Router, texts: Sequence[str]) -> tuple[float, float]:
    """The time of one question, mean and slowest twentieth, each the middle of three: what else runs on the machine shall not count."""
    taken: list[float] = []
    for text in texts:
        runs: list[float] = []
        for _ in range(3):
            started = time.perf_counter()
            here.route(text)
            runs.append(1000 * (time.perf_counter() - started))
        taken.append(median(runs))
    return fmean(taken), sorted(taken)[len(taken) * 19 // 20]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=Path)
    parser.add_argument("--no-semantic", action="store_true")
    given = parser.parse_args()
    sys.exit(main(given.cases, with_semantic=False if given.no_semantic else None))
