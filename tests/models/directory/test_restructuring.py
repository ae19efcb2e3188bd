"""Dated operations on units: what they change, and what they refuse with a sentence."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.directory.restructuring import Change, Restructuring, carry_out, plan
from models.directory.unit import Unit
from models.errors import Refusal
from models.routing.register import circle

DAY = datetime(2026, 6, 30, 17, tzinfo=UTC)  # midnight in the province


def unit(key: str, **more: Any) -> Unit:
    """A unit with a name made of its id."""
    said: dict[str, Any] = {"id": key, "name_vi": f"Sở {key.upper()}", "kind": "department"}
    return Unit(**said | more)


def known() -> dict[str, Unit]:
    """Three units below one, one below another."""
    units = [unit("top"), *(unit(key, parent="top", fields=[f"việc {key}"]) for key in "abc"), unit("sub", parent="a")]
    return {one.id: one for one in units}


def operation(kind: Change, units: list[str], into: list[str] | None = None, **more: Any) -> Restructuring:
    """An operation on that day."""
    said: dict[str, Any] = {"kind": kind, "units": units, "into": into or [], "decision_no": "QĐ 1", "effective_at": DAY, "planned_at": DAY}
    return Restructuring(**said | more)


def test_a_merger_into_a_unit_that_exists() -> None:
    """The others end and name their heir; the heir answers to their names and does their work; who stood below comes along."""
    units = known()
    carry_out(units, operation(Change.MERGE, ["a", "b"], ["b"]), DAY)
    assert (units["a"].valid_to, units["a"].successors) == (DAY, ["b"])
    assert units["b"].valid_to is None
    assert units["b"].former_names == ["Sở A"]
    assert units["b"].fields == ["việc b", "việc a"]
    assert units["sub"].parent == "b"


def test_a_merger_into_a_new_unit() -> None:
    """The new unit begins on the day, in the place of the old ones, and is found by their names."""
    units = known()
    changed = {one.id: one for one in carry_out(units, operation(Change.MERGE, ["a", "b"], ["ab"], name="Sở  Mới"), DAY)}
    assert (changed["ab"].name_vi, changed["ab"].valid_from, changed["ab"].parent) == ("Sở Mới", DAY, "top")
    assert changed["ab"].former_names == ["Sở A", "Sở B"]
    assert {one.successors[0] for one in (units["a"], units["b"])} == {"ab"}


def test_a_split_remembers_who_took_which_matters() -> None:
    """Two heirs, each with its share."""
    units = known()
    carry_out(units, operation(Change.SPLIT, ["a"], ["b", "c"], subjects={"b": ["đường"], "c": ["chợ"]}), DAY)
    assert units["a"].successors == ["b", "c"]
    assert units["a"].passed_on == {"b": ["đường"], "c": ["chợ"]}


def test_a_new_name_keeps_the_old() -> None:
    """Both are searched for."""
    units = known()
    carry_out(units, operation(Change.RENAME, ["a"], name="Sở Tên Mới"), DAY)
    assert (units["a"].name_vi, units["a"].former_names) == ("Sở Tên Mới", ["Sở A"])
    assert "so a" in units["a"].folded


REFUSED: list[tuple[Change, list[str], list[str], dict[str, Any], str]] = [
    (Change.MERGE, [], ["b"], {}, "structure.which_units"),
    (Change.MERGE, ["khong"], ["b"], {}, "structure.unit_unknown"),
    (Change.MERGE, ["a"], ["khong"], {}, "structure.unit_unknown"),
    (Change.MERGE, ["a"], [], {}, "structure.into_whom"),
    (Change.MERGE, ["a"], ["a"], {}, "structure.into_itself"),
    (Change.MERGE, ["a", "a"], ["b"], {}, "structure.twice"),
    (Change.SPLIT, ["a"], ["b"], {}, "structure.split_into_two"),
    (Change.SPLIT, ["a", "b"], ["c", "top"], {}, "structure.split_into_two"),
    (Change.RENAME, ["a"], [], {"name": "  "}, "structure.new_name"),
    (Change.MERGE, ["top"], ["sub"], {}, "structure.circle"),
    (Change.END, ["dic_desk"], [], {}, "structure.desk_stays"),
]


@pytest.mark.parametrize(("kind", "units", "into", "more", "key"), REFUSED)
def test_what_cannot_be_is_refused_with_a_sentence(kind: Change, units: list[str], into: list[str], more: dict[str, Any], key: str) -> None:
    """Nothing changes."""
    here = known() | {"dic_desk": unit("dic_desk")}
    with pytest.raises(Refusal) as refused:
        plan(here, operation(kind, units, into, **more))
    assert refused.value.key == key
    assert all(one.valid_to is None for one in here.values())


def test_a_unit_ends_once() -> None:
    """On the day it ended and after; the day before it could still be ended."""
    units = known()
    carry_out(units, operation(Change.END, ["a"]), DAY)
    with pytest.raises(Refusal):
        plan(units, operation(Change.END, ["a"], effective_at=DAY + timedelta(days=1)))
    assert plan(units, operation(Change.END, ["a"], effective_at=DAY - timedelta(days=1)))


@pytest.mark.parametrize(
    ("parents", "round_"),
    [
        ({}, []),
        ({"a": None, "b": "a", "c": "b"}, []),
        ({"a": "a"}, ["a"]),
        ({"a": "b", "b": "c", "c": "b"}, ["b", "c"]),
        ({"a": "gone"}, []),
    ],
)
def test_units_above_themselves_are_found(parents: dict[str, str | None], round_: list[str]) -> None:
    """In order round the circle."""
    assert circle(parents) == round_
