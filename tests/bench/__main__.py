"""`./run bench`: every measurement, or one with `--only NAME`; figures are ratios within one run."""

import argparse
import sys
from pathlib import Path

from tests.bench import routing

NAMES = ("routing",)


def main() -> int:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("--only", choices=NAMES)
    parser.add_argument("--cases", type=Path, help="routing: the folder of the question files, or one such file")
    parser.add_argument("--no-semantic", action="store_true", help="routing: words alone")
    given = parser.parse_args()
    return routing.main(given.cases, with_semantic=False if given.no_semantic else None)


if __name__ == "__main__":
    sys.exit(main())
