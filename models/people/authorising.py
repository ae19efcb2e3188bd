"""The bounds of the right to speak: who may be given it, by whom, for how long (09/2017 Art 3; 244/2026 Art 3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Field, col, select

from models.clocks.deadline import Deadline, Rules, of_case
from models.directory.unit import Unit
from models.errors import Refusal
from models.evidence.exchange import Entry
from models.law.pack_file import LawPack
from models.people.mandate import SUBJECT, Mandate, MandateKind, valid
from models.store import Instant, Logged, Row, Store

DEPUTY = "deputy"


def is_deputy(position: str) -> bool:
    """Whether a position is that of a deputy: “Phó Giám đốc”, “Cấp phó phụ trách”; typed without marks as well."""
    words = position.casefold().split()
    return "phó" in words[:2] or (position.isascii() and "pho" in words[:2])


def misfit(pack: LawPack, unit_kind: str, kind: MandateKind, position: str) -> str | None:
    """The article by which somebody of this position may not speak for a unit of this kind; None where they may."""
    level = pack.speakers_of(unit_kind)
    if level is None:
        return None
    rule = level.rule(kind.value)
    if rule is None:
        return level.kinds[0].basis
    return rule.basis if rule.holder == DEPUTY and not is_deputy(position) else None


@dataclass(frozen=True)
class Span:
    """From when to when somebody is to be authorised."""

    start: datetime
    end: datetime

    def check(self, pack: LawPack, unit: Unit, at: datetime) -> None:
        """Not backwards, not over already, not longer than the office allows, not beyond the unit.

        Raises:
            Refusal: the sentence that says which bound it breaks.
        """
        most = pack.authorising.longest_days
        if self.end <= at or self.end <= self.start:
            raise Refusal("authorise.ends_before")
        if most is not None and self.end - self.start > timedelta(days=most + 1):
            raise Refusal("authorise.too_long", most=most)
        if unit.valid_to is not None and self.end > unit.valid_to:
            raise Refusal("authorise.beyond_unit", unit=unit.name_vi, until=unit.valid_to)


def publication(rules: Rules, mandate: Mandate, at: datetime) -> Deadline | None:
    """The clock within which a new mandate must be published, by the pack in force at the act; None where none runs."""
    duty = mandate.duty
    clock = rules.law.at(at).publication_clock(duty) if duty is not None else None
    return rules.start(mandate.subject, clock.id, at, unit_id=mandate.unit_id) if clock is not None else None


async def publication_of(store: Store, mandate: Mandate) -> Deadline | None:
    """The publication clock that was started for a mandate."""
    return await of_case(store, mandate.subject)


async def unpublished(store: Store, at: datetime) -> list[tuple[Mandate, Deadline]]:
    """Mandates in force whose publication is overdue."""
    waiting = await store.scalars(select(Mandate).where(*valid(at), col(Mandate.published_at).is_(None)).order_by(col(Mandate.id)))
    clocks = {
        d.case_code: d for d in (await store.scalars(select(Deadline).where(col(Deadline.case_code).startswith(f"{SUBJECT}-")))).all()
    }
    return [(m, d) for m in waiting.all() if (d := clocks.get(m.subject)) is not None and d.is_overdue(at)]


class UnitSetting(Row, Logged, table=True):
    """What a unit has decided for itself: whether its head approves answers before they go (F24)."""

    __tablename__ = "unit_setting"  # pyright: ignore[reportAssignmentType]

    unit_id: str = Field(primary_key=True, foreign_key="unit.id")
    approval: bool = False
    set_by: int = Field(foreign_key="person.id")
    set_at: datetime = Field(sa_type=Instant)

    def decided(self) -> Entry:
        """Who switched it, to what."""
        return Entry("unit.approval_set", (self,), detail={"approval": self.approval}, unit_id=self.unit_id)


async def needs_approval(store: Store, unit_id: str | None) -> bool:
    """Whether answers of a unit wait for its head."""
    found = await store.get(UnitSetting, unit_id) if unit_id is not None else None
    return found is not None and found.approval
