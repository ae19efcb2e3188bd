"""Every parameter against the published API: unknown, missing and mistyped ones are refused.

The real server ignores parameters it does not know; this one refuses them, because a misspelt name is a mistake we want to see.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from tests.botapi.common import Json, Refused, Upload, utf16

RULES: Json = json.loads((Path(__file__).parent / "rules.json").read_text("utf-8"))
METHODS: dict[str, str] = {name.lower(): name for name in RULES if name[0].islower()}
TRUTH = {"true": True, "false": False, "True": True, "False": False, "1": True, "0": False}

Check = Callable[[Any, str], Any]


def wrong(where: str, wanted: str) -> Refused:
    """The refusal of a value that has the wrong type."""
    return Refused(f'parameter "{where}" must be {wanted}')


def integer(value: Any, where: str) -> int:
    """A whole number of at most 64 bits."""
    if type(value) is not int or not -(2**63) <= value < 2**63:
        raise wrong(where, "Integer")
    return value


def number(value: Any, where: str) -> float:
    """A number, whole or not."""
    if type(value) not in {int, float}:
        raise wrong(where, "Float")
    return value


def boolean(value: Any, where: str) -> bool:
    """True or False."""
    if type(value) is not bool:
        raise wrong(where, "Boolean")
    return value


def string(value: Any, where: str) -> str:
    """Text that UTF-8 can carry."""
    if type(value) is not str:
        raise wrong(where, "String")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Refused("strings must be encoded in UTF-8") from None
    return value


def uploaded(value: Any, where: str) -> Upload:
    """A file sent with the call."""
    if not isinstance(value, Upload):
        raise wrong(where, "InputFile")
    return value


SIMPLE: dict[str, Check] = {"Integer": integer, "Float": number, "Boolean": boolean, "String": string, "InputFile": uploaded}


def sized(low: int, high: int, in_bytes: bool) -> Check:
    """Text between two lengths."""

    def check(value: Any, where: str) -> str:
        text = string(value, where)
        if not low <= (len(text.encode()) if in_bytes else utf16(text)) <= high:
            if where.endswith("callback_data"):
                raise Refused("BUTTON_DATA_INVALID")
            raise Refused(f'parameter "{where}" must have {low}-{high} {"bytes" if in_bytes else "characters"}')
        return text

    return check


def fixed(word: str) -> Check:
    """Exactly this word."""

    def check(value: Any, where: str) -> str:
        if value != word:
            raise wrong(where, repr(word))
        return word

    return check


def array(inner: Check) -> Check:
    """A list of what `inner` accepts."""

    def check(value: Any, where: str) -> list[Any]:
        if type(value) is not list:
            raise wrong(where, "Array")
        items: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
        return [inner(item, where) for item in items]

    return check


def either(names: list[str]) -> Check:
    """One of several types: a simple one that accepts the value, or the object type that resembles it most."""
    simple = [SIMPLE[name] for name in names if name in SIMPLE]
    objects = [name for name in names if name not in SIMPLE]

    def check(value: Any, where: str) -> Any:
        if objects and isinstance(value, dict):
            given: Json = value  # pyright: ignore[reportUnknownVariableType]
            return one(max(objects, key=lambda name: likeness(name, given)))(given, where)
        for inner in simple:
            with suppress(Refused):
                return inner(value, where)
        raise wrong(where, " or ".join(names))

    return check


def likeness(name: str, given: Json) -> int:
    """How many fields of a value belong to a type; its fixed word weighs most."""
    rules: dict[str, str] = RULES[name] if isinstance(RULES.get(name), dict) else {}
    words = sum(10 for key, rule in rules.items() if "=" in rule and given.get(key) == rule.partition("=")[2])
    return words + len(rules.keys() & given.keys())


@cache
def one(name: str) -> Check:
    """The check of a named type."""
    if name in SIMPLE:
        return SIMPLE[name]
    entry: Any = RULES.get(name)
    if entry is None:
        return unsupported
    if isinstance(entry, list):
        return either(entry)  # pyright: ignore[reportUnknownArgumentType]
    return fields(name)


def unsupported(value: Any, where: str) -> Any:
    """A part of the API this server leaves out."""
    raise Refused(f'parameter "{where}" is left out of this test server')


@cache
def compiled(rule: str) -> tuple[bool, Check]:
    """Whether a field is required, and its check, from the compact notation of reduce.py."""
    required, rule = rule.startswith("!"), rule.lstrip("!")
    rule, _, length = rule.partition(" ")
    depth = len(rule) - len(rule.lstrip("["))
    names, _, word = rule.lstrip("[").partition("=")
    if length:
        low, high = length.rstrip("b").split("..")
        check = sized(int(low), int(high), length.endswith("b"))
    elif word:
        check = fixed(word)
    else:
        check = either(names.split("|")) if "|" in names else one(names)
    for _ in range(depth):
        check = array(check)
    return required, check


@cache
def table(name: str) -> tuple[dict[str, Check], frozenset[str]]:
    """Checks by field, and the names of the required fields."""
    found = {key: compiled(rule) for key, rule in RULES[name].items()}
    return {key: check for key, (_, check) in found.items()}, frozenset(key for key, (required, _) in found.items() if required)


def fields(name: str) -> Check:
    """An object whose fields are all known, all required ones present."""

    def check(value: Any, where: str) -> Json:
        if type(value) is not dict:
            raise wrong(where, name)
        known, required = table(name)
        given: Json = value  # pyright: ignore[reportUnknownVariableType]
        for key in required - given.keys():
            raise Refused(f'{name} in "{where}" lacks the field "{key}"')
        for key in given.keys() - known.keys():
            raise Refused(f'{name} in "{where}" has the unknown field "{key}"')
        return {key: known[key](item, f"{where}.{key}") for key, item in given.items()}

    return check


@cache
def spelling(rule: str) -> frozenset[str]:
    """The simple types a field may have; empty for one that is spelt in JSON."""
    bare = rule.lstrip("!").partition(" ")[0].partition("=")[0]
    names = frozenset(bare.split("|"))
    return names if names <= SIMPLE.keys() else frozenset()


def from_form(rule: str, value: Any, where: str) -> Any:
    """What a form field stands for: forms carry text, and JSON where the API asks for a JSON-serialized object."""
    if not isinstance(value, str):
        return value
    names = spelling(rule)
    if not names:
        return from_json(value, where)
    if "Integer" in names and value.lstrip("-").isdecimal():
        return int(value)
    if names == frozenset({"Boolean"}):
        return TRUTH.get(value, value)
    if names == frozenset({"Float"}):
        return as_float(value)
    return value


def from_json(value: str, where: str) -> Any:
    """A JSON-serialized object."""
    try:
        return json.loads(value)
    except ValueError:
        raise Refused(f"can't parse {where} JSON object") from None


def as_float(value: str) -> Any:
    """The number a form field spells, or the text itself, which the check then refuses."""
    try:
        return float(value)
    except ValueError:
        return value


def without_attachments(method: str, given: Json) -> Json:
    """The parameters without the files that are only referred to, as `attach://name`; a file nobody refers to stays, and is unknown."""
    texts = [value for value in given.values() if isinstance(value, str)]
    attached = {key for key, value in given.items() if isinstance(value, Upload) and any(f"attach://{key}" in text for text in texts)}
    return {key: value for key, value in given.items() if key not in attached or key in RULES[method]}


def checked(method: str, given: Json, *, form: bool) -> Json:
    """The parameters of a call, typed; refused unless all of them are as published."""
    known, required = table(method)
    for key in given:
        if key not in known:
            raise Refused(f'unknown parameter "{key}"')
    rules: dict[str, str] = RULES[method]
    typed: Json = {}
    for key, value in given.items():
        rule = rules[key]
        if form or (type(value) is str and not spelling(rule)):
            value = from_form(rule, value, key)  # noqa: PLW2901 - the same value, read as its type
        typed[key] = known[key](value, key)
    for key in required - typed.keys():
        raise Refused("message text is empty" if key == "text" else f'parameter "{key}" is required')
    return typed
