"""Dated operations on units: merged, split, renamed, ended – by a decision, on a day; the history stays.

An operation is planned at once and carried out when its day begins; `plan` is the check both for the preview and the deed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, col, select

from models.directory.unit import DESK, Unit
from models.errors import Refusal
from models.evidence.exchange import Entry
from models.routing.register import circle
from models.store import Big, Instant, Logged, Row, Store, one_of
from models.text import clean


class Change(StrEnum):
    """What is done to units."""

    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"
    END = "end"


class Restructuring(Row, Logged, table=True):
    """One operation: what, on whom, into whom, by which decision, from which moment; done or still to come."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    kind: Change = Field(sa_type=one_of(Change))
    units: list[str] = Field(sa_type=JSON)
    into: list[str] = Field(default_factory=list, sa_type=JSON)
    name: str = ""  # of the unit renamed, or of the new unit a merger makes
    subjects: dict[str, list[str]] = Field(default_factory=dict, sa_type=JSON)  # of a split: who takes which matters
    effective_at: datetime = Field(sa_type=Instant)
    decision_no: str
    planned_at: datetime = Field(sa_type=Instant)
    done_at: datetime | None = Field(default=None, sa_type=Instant)
    cancelled_at: datetime | None = Field(default=None, sa_type=Instant)

    def cancel(self, at: datetime) -> Entry:
        """The plan is taken back before its day; nothing of it happens.

        Raises:
            Refusal: it has been carried out, or taken back, already.
        """
        if self.done_at is not None or self.cancelled_at is not None:
            raise Refusal("structure.too_late" if self.done_at is not None else "structure.cancelled_already", number=self.id)
        self.cancelled_at = at
        return self.entry("plan_cancelled", plan=self.id)

    def entry(self, action: str, *also: object, **detail: Any) -> Entry:
        """An entry that explains this operation and the units it changed."""
        said = {"kind": self.kind.value, "units": self.units, "into": self.into, "decision_no": self.decision_no}
        return Entry(f"directory.{action}", (self, *also), detail=said | {"on": self.effective_at.isoformat()} | detail)


@dataclass(frozen=True)
class Step:
    """One thing an operation changes, for the preview."""

    unit: str
    name: str
    what: str  # begins, ends, renamed, heir
    detail: str = ""


def plan(known: Mapping[str, Unit], wanted: Restructuring) -> list[Step]:
    """What the operation would change.

    Raises:
        Refusal: it names a unit there is not, or one that has already ended, leads a unit into itself, or closes a circle.
    """
    gone = [_existing(known, key, wanted.effective_at) for key in wanted.units]
    if not gone:
        raise Refusal("structure.which_units")
    if len(set(wanted.units)) != len(wanted.units) or set(wanted.units) & set(wanted.into) & {DESK}:
        raise Refusal("structure.twice")
    if DESK in wanted.units and wanted.kind is not Change.RENAME:
        raise Refusal("structure.desk_stays")
    if wanted.kind is Change.RENAME:
        if not clean(wanted.name):
            raise Refusal("structure.new_name")
        return [Step(gone[0].id, gone[0].name_vi, "renamed", clean(wanted.name))]
    steps: list[Step] = []
    for key in wanted.into:
        if key not in known and (wanted.kind is not Change.MERGE or not clean(wanted.name)):
            raise Refusal("structure.unit_unknown", unit=key)
        if key in known:
            _existing(known, key, wanted.effective_at)
        else:
            steps.append(Step(key, clean(wanted.name), "begins"))
    if wanted.kind in {Change.MERGE, Change.SPLIT} and not wanted.into:
        raise Refusal("structure.into_whom")
    if wanted.kind is Change.SPLIT and (len(wanted.into) < 2 or len(wanted.units) != 1):
        raise Refusal("structure.split_into_two")
    ending = [unit for unit in gone if unit.id not in wanted.into]
    if not ending:
        raise Refusal("structure.into_itself")
    _no_circle(known, wanted)
    return steps + [Step(unit.id, unit.name_vi, "ends", ", ".join(wanted.into)) for unit in ending]


async def planned(store: Store) -> Sequence[Restructuring]:
    """What is still to come, in the order of its days."""
    waiting = col(Restructuring.done_at).is_(None), col(Restructuring.cancelled_at).is_(None)
    return (
        await store.scalars(select(Restructuring).where(*waiting).order_by(col(Restructuring.effective_at), col(Restructuring.id)))
    ).all()


def _existing(known: Mapping[str, Unit], key: str, at: datetime) -> Unit:
    unit = known.get(key)
    if unit is None:
        raise Refusal("structure.unit_unknown", unit=key)
    if unit.valid_to is not None and unit.valid_to <= at:
        raise Refusal("structure.ended_already", unit=unit.name_vi, since=unit.valid_to)
    return unit


def _no_circle(known: Mapping[str, Unit], wanted: Restructuring) -> None:
    """Units below one that ends come below its first heir: that must not put anybody above themselves."""
    parents = {key: _moved(unit.parent, wanted) for key, unit in known.items() if key not in wanted.units or key in wanted.into}
    round_ = circle(parents)
    if round_:
        raise Refusal("structure.circle", units=" → ".join([*round_, round_[0]]))


def _moved(parent: str | None, wanted: Restructuring) -> str | None:
    ends = parent in wanted.units and parent not in wanted.into
    return (wanted.into[0] if wanted.into else None) if ends else parent


def carry_out(known: Mapping[str, Unit], wanted: Restructuring, at: datetime) -> list[Unit]:
    """Change the units; returns those that changed, a new one among them."""
    plan(known, wanted)
    wanted.done_at = at
    if wanted.kind is Change.RENAME:
        return [_renamed(known[wanted.units[0]], clean(wanted.name))]
    ending = [known[key] for key in wanted.units if key not in wanted.into]
    made = [_new(key, ending[0], wanted) for key in wanted.into if key not in known]
    for unit in ending:
        unit.valid_to = wanted.effective_at
        unit.successors = list(wanted.into)
        unit.passed_on = {key: list(matters) for key, matters in wanted.subjects.items() if key in wanted.into}
    heirs = {**known, **{unit.id: unit for unit in made}}
    if wanted.kind is Change.MERGE:
        for key in wanted.into:
            _take_over(heirs[key], ending)
    below = [unit for unit in known.values() if unit.parent in wanted.units and unit.parent not in wanted.into and unit not in ending]
    for unit in below:
        unit.parent = _moved(unit.parent, wanted)
    changed = {unit.id: unit for unit in [*made, *ending, *below, *(heirs[key] for key in wanted.into)]}
    return list(changed.values())


def _renamed(unit: Unit, name: str) -> Unit:
    unit.former_names = list(dict.fromkeys([*unit.former_names, unit.name_vi]))
    unit.name_vi, unit.name_en = name, ""
    unit.refold()
    return unit


def _new(key: str, model: Unit, wanted: Restructuring) -> Unit:
    """The unit a merger makes: of the kind and in the place of those it is made of."""
    made = Unit(id=key, name_vi=clean(wanted.name), kind=model.kind, parent=_moved(model.parent, wanted), valid_from=wanted.effective_at)
    made.area = clean(wanted.name).removeprefix("UBND ").removeprefix("Ủy ban nhân dân ") if model.area else None
    return made


def _take_over(heir: Unit, ending: Sequence[Unit]) -> None:
    """Whoever asks for the old name, or for what the old body did, finds the new one."""
    names = [name for unit in ending for name in (unit.name_vi, unit.area or "", *unit.former_names) if name]
    heir.former_names = list(dict.fromkeys([*heir.former_names, *(name for name in names if name != heir.name_vi)]))
    heir.fields = list(dict.fromkeys([*heir.fields, *(line for unit in ending for line in unit.fields)]))
    heir.refold()
