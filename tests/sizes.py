"""Files and functions stay small enough to read: `python -m tests.sizes` fails where one has outgrown its room."""

import ast
import subprocess
import sys
from pathlib import Path

FILE_P95, FUNCTION_P95, FUNCTION_MAX = 300, 30, 60


def percentile(values: list[int], share: float) -> int:
    """The value below which `share` of the values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def functions(path: Path) -> list[tuple[int, str]]:
    """Length in lines and place of every function of a file."""
    nodes = [n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [((n.end_lineno or n.lineno) - n.lineno + 1, f"{path}:{n.lineno} {n.name}") for n in nodes]


def main() -> int:
    """Print the figures and everything over its bound; the exit status says whether all is well."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "*.py"], capture_output=True, text=True, check=True)
    paths = [Path(p) for p in listed.stdout.split() if not p.startswith(("tests/", "models/migrations/versions/")) and Path(p).is_file()]
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in paths}
    found = sorted((f for path in paths for f in functions(path)), reverse=True)
    files_p95, functions_p95 = percentile(list(lengths.values()), 0.95), percentile([n for n, _ in found], 0.95)
    print(f"{len(paths)} files, p95 {files_p95} lines; {len(found)} functions, p95 {functions_p95} lines, longest {found[0][0]}")
    problems = [f"{place} has {length} lines" for length, place in found if length > FUNCTION_MAX]
    if files_p95 > FILE_P95:
        problems += [f"{path} has {n} lines" for path, n in lengths.items() if n > FILE_P95]
    if functions_p95 > FUNCTION_P95:
        problems += [f"{place} has {n} lines" for n, place in found if n > FUNCTION_P95]
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
