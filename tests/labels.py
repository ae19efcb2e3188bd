"""Whether a dossier has words for everything an entry may say."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.dossier.detail import ELSEWHERE
from models.texts import Texts

SOURCES = ("handlers", "models", "bot")
_MAKERS = {"entry", "_entry", "_aside"}


@cache
def sentences() -> frozenset[str]:
    """The keys of every Vietnamese sentence."""
    return frozenset(Texts.load(ZoneInfo("Asia/Ho_Chi_Minh")).sentences["vi"])


def unsaid(action: str, names: Iterator[str] | list[str]) -> list[str]:
    """The keys a dossier lacks for an entry."""
    wanted = [f"history.{action.replace('.', '_')}", *(f"dossier.detail_{name}" for name in names if name not in ELSEWHERE)]
    return [key for key in wanted if key not in sentences()]


def names_in_source() -> Iterator[tuple[str, str]]:
    """Every name some code gives to a fact of an entry, with where it does."""
    root = Path(__file__).parents[1]
    for path in (path for source in SOURCES for path in (root / source).rglob("*.py") if "channels" not in path.parts):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            for name in _of(node):
                yield name, f"{path.relative_to(root)}:{getattr(node, 'lineno', 0)}"


def actions_in_source() -> Iterator[str]:
    """Every action some code names in full."""
    root = Path(__file__).parents[1]
    for path in (path for source in SOURCES for path in (root / source).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") == "Entry"
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                yield str(node.args[0].value)


def _of(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call):
        made = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if made in _MAKERS:
            yield from (keyword.arg for keyword in node.keywords if keyword.arg)
        if made == "Entry":
            yield from (name for keyword in node.keywords if keyword.arg == "detail" for name in _keys(keyword.value))
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) and node.value is not None:
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        if isinstance(target, ast.Name) and target.id == "detail":
            yield from _keys(node.value)


def _keys(value: ast.AST) -> Iterator[str]:
    for part in ast.walk(value):
        if isinstance(part, ast.Dict):
            yield from (key.value for key in part.keys if isinstance(key, ast.Constant) and isinstance(key.value, str))
