"""What an entry of the exchange log looks like as text and as a row. Imports next to nothing: a process that only verifies starts at once."""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import orjson

GENESIS = "0" * 64


@dataclass(frozen=True)
class Head:
    """The end of the chain: what the next entry is linked to."""

    seq: int
    hash: str


def no_fraction(parts: Collection[Any]) -> None:
    """Other readers would not write a fraction as we do, however deep it stands.

    Raises:
        ValueError: there is one.
    """
    kinds = {*map(type, parts)}
    if float in kinds:
        raise ValueError("a fraction")
    if dict in kinds or list in kinds:
        for part in parts:
            kind = cast("type[object]", type(part))
            if kind is dict or kind is list:
                no_fraction(part.values() if kind is dict else part)


CANONICAL = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER  # I-JSON: other readers would round a longer number
_BEYOND = re.compile("[\U00010000-\U0010ffff]")  # letters outside the plane where all sort alike


def canonical(value: Mapping[str, Any]) -> bytes:
    """RFC 8785 canonical bytes, which `parse` reads back.

    Raises:
        ValueError: what no entry may hold: a fraction, a number other readers would round, half a letter, a moment or anything
            else that would be turned into text on the way, a key of letters that RFC 8785 sorts as pairs and others do not.
    """
    try:
        _plain(value)
        return orjson.dumps(value, option=CANONICAL)
    except TypeError as error:  # a key that is no text, half a letter, a number too long
        raise ValueError("not canonical") from error


def _plain(value: Any) -> None:
    """Every value and key, however deep it stands, is one that all readers write alike."""
    if isinstance(value, dict):
        known = cast("dict[str, Any]", value)
        if any(map(_BEYOND.search, known)):
            raise ValueError("not canonical")
        for part in known.values():
            _plain(part)
    elif isinstance(value, list | tuple):
        for part in cast("Iterable[Any]", value):
            _plain(part)
    elif not (value is None or isinstance(value, str | int)):
        raise ValueError("a fraction" if isinstance(value, float) else "not canonical")


def parse(text: str) -> dict[str, Any]:
    """An entry from its canonical text.

    An entry holds whole numbers, strings, booleans and nulls only. For these RFC 8785 and any sorted, compact JSON
    agree (keys of our entries stay within the plane where both sort alike), so writing it back is the whole check; the
    verifier of a dossier does the same with nothing but the standard library.

    Raises:
        ValueError: not JSON, no object, a number no entry may hold, or not in canonical form.
    """
    value: Any = orjson.loads(text)
    try:
        same = type(value) is dict and orjson.dumps(value, option=CANONICAL) == text.encode()
    except orjson.JSONEncodeError as error:  # a number too long
        raise ValueError("not canonical") from error
    if not same:
        raise ValueError("not canonical")
    entry = cast("dict[str, Any]", value)
    no_fraction(entry.values())
    return entry


def link(prev_hash: str, digest: str) -> str:
    """The hash of an entry, from the hash before it and its own digest (both hex)."""
    return hashlib.sha256(bytes.fromhex(prev_hash + digest)).hexdigest()


COLUMNS = (
    "seq",
    "prev_hash",
    "hash",
    "digest",
    "at",
    "action",
    "case_code",
    "case_seq",
    "person_id",
    "unit_id",
    "cause_id",
    "channel",
    "entry",
)


def cells(value: Mapping[str, Any], prev_hash: str, text: str, at: object) -> tuple[Any, ...]:
    """What stands in each of `COLUMNS` for an entry with this canonical text, its moment in whatever form the caller wants."""
    digest, unit = hashlib.sha256(text.encode()).hexdigest(), value.get("unit")
    return (
        value["seq"],
        prev_hash,
        link(prev_hash, digest),
        digest,
        at,
        value["action"],
        value.get("case"),
        value.get("case_seq"),
        value["actor"]["person"],
        unit["id"] if unit is not None else None,
        value["cause"],
        value["channel"],
        text,
    )
