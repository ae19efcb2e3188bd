"""Careful hands for JSON anybody may have written: what is not of the expected shape is simply not there."""

from collections.abc import Sequence
from typing import Any, cast

Thing = dict[str, Any]


def thing(value: object, *path: str) -> Thing:
    """The object at a path, or an empty one."""
    for key in path:
        value = cast("Thing", value).get(key) if isinstance(value, dict) else None
    return cast("Thing", value) if isinstance(value, dict) else {}


def things(value: object) -> Sequence[Thing]:
    """The objects of a list."""
    return [cast("Thing", one) for one in cast("list[object]", value) if isinstance(one, dict)] if isinstance(value, list) else []


def text(value: object) -> str:
    """A text, or an empty one."""
    return value if isinstance(value, str) else ""


def number(value: object) -> int | None:
    """A whole number."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def key(value: object) -> str | None:
    """A number as our rows keep it."""
    found = number(value)
    return None if found is None else str(found)
