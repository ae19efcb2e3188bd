"""JSON as text a database stores and a wire carries: written and read fast, and nothing refused that another program may have sent."""

import json
from typing import Any

import orjson


def written(value: Any) -> str:
    """Compact JSON. Half a surrogate pair, which no encoding knows, and a number longer than 64 bits are written as Python does: escaped, in full."""
    try:
        return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:
        return json.dumps(value)


def read(text: str | bytes) -> Any:
    """The value of a JSON text; half a surrogate pair is read as it stands, a whole number longer than 64 bits only nearly.

    Raises:
        ValueError: it is none.
    """
    try:
        return orjson.loads(text)
    except ValueError:
        return json.loads(text)
