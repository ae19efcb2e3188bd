"""`./run mutation`: break the modules named in pyproject.toml in every small way, and list what no test notices.

A mutant that survives must be explained in docs/mutation.md, by its name; the exit status says whether all are, and whether the
score is reached. `mutmut show NAME` prints one. Hidden by caches: a value a clean run has kept is not computed again in a mutant,
so tests of cached functions forget first (`test_calendar._nothing_remembered`).
"""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

WANTED = 85  # percent
SURVIVED, UNTRIED = {0, 5, 33}, {None, 2, 34}  # exit codes of the tests: passed, none there; not run, interrupted, skipped


def results(root: Path) -> dict[str, int | None]:
    """The exit code of the tests for every mutant; a test that fails, hangs or crashes has noticed."""
    found: dict[str, int | None] = {}
    for path in sorted(root.rglob("*.meta")):
        found |= json.loads(path.read_text("utf-8"))["exit_code_by_key"]
    return found


def main() -> int:
    """Run it, print survivors and score."""
    subprocess.run(["mutmut", "run", *sys.argv[1:]], check=False)
    if again := [name for name, code in results(Path("mutants")).items() if code in SURVIVED]:
        subprocess.run(["mutmut", "run", *again], check=False)  # what survived an earlier run meets the tests written since
    codes = {name: code for name, code in results(Path("mutants")).items() if name.split(".")[-2] in {"deadline", "calendar", "mandate"}}
    survivors = sorted(name for name, code in codes.items() if code in SURVIVED)
    tried = [name for name, code in codes.items() if code not in UNTRIED]
    explained = Path("docs/mutation.md").read_text("utf-8")
    unexplained = [name for name in survivors if f"`{name}`" not in explained]
    for name in survivors:
        print(f"{'  ' if name not in unexplained else '? '}{name}")
    score = 100 * (len(tried) - len(survivors)) / max(1, len(tried))
    per = Counter(name.split(".")[-2] for name in tried)
    print(f"{len(tried)} of {len(codes)} mutants tried ({dict(per)}), {len(survivors)} survive: score {score:.1f} % (wanted {WANTED} %)")
    if unexplained:
        print(f"{len(unexplained)} survivors are not explained in docs/mutation.md")
    return 0 if not unexplained and score >= WANTED and len(tried) == len(codes) else 1


if __name__ == "__main__":
    sys.exit(main())
