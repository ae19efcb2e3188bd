"""What counts as a canonical entry, by a fast library here and by nothing but Python's own in a dossier: the two must agree."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from models.evidence.canonical import Head, canonical, parse

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def _never(number: str) -> Any:
    raise ValueError(number)


def _whole(digits: str) -> int:
    number = int(digits)
    if abs(number) >= 2**53:
        raise ValueError(digits)
    return number


def by_the_standard_library(text: str) -> Any:
    """The value of a canonical text, or None: how somebody without the product checks it."""
    try:
        value: Any = json.loads(text, parse_int=_whole, parse_float=_never, parse_constant=_never)
        text.encode()
    except ValueError:
        return None
    same = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")) == text
    return value if same and text.startswith("{") else None


def parsed(text: str) -> object:
    """The same by ours."""
    try:
        return parse(text)
    except ValueError:
        return None


@given(st.dictionaries(st.text(), VALUES, max_size=5))
@example({"a": 1.5})
@example({"a": [{"b": 1e22}]})
@example({"a": 2**53})
@example({"a": -(2**53)})
@example({"a": 2**53 - 1})
@example({"a": 2**64})
@example({"a": "\x7f\x1f\u2028\ud800"})
def test_both_readers_agree(value: dict[str, Any]) -> None:
    """On whatever somebody may have put into an entry, sorted and compact or not."""
    for separators in ((",", ":"), (", ", ": ")):
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=separators)
        assert parsed(text) == by_the_standard_library(text)


@given(st.dictionaries(st.text(st.characters(max_codepoint=0xD7FF)), VALUES, max_size=5))
@example({"": {"\ue000": None, "\U00010000": None}})
@example({"a": [{"\U00010000": "\U0001f600"}]})
@example({"a": {"b": "\U0001f600"}})
def test_what_is_written_can_be_read(value: dict[str, Any]) -> None:
    """As RFC 8785 has it; what a plain JSON library could not write back the same is refused before it is stored."""
    try:
        text = canonical(value).decode()
    except ValueError:
        return
    assert text.encode() == rfc8785.dumps(value)
    assert parse(text) == value == by_the_standard_library(text)


@pytest.mark.parametrize("what", [datetime(2026, 11, 23, tzinfo=UTC), Head(1, "0"), UUID(int=1), 1.0, (1.5,), {1: 2}, 2**53, "\ud800"])
def test_what_is_no_plain_value_is_refused(what: object) -> None:
    """It would be turned into text on the way, and nobody could tell from which."""
    with pytest.raises(ValueError, match=r"canonical|fraction"):
        canonical({"a": [{"b": what}]})
