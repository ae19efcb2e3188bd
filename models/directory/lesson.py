"""What the office has learned of who answers what: dated rows, one for each matter of a case; what is undone gets a row against it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sql
from sqlalchemy import func
from sqlmodel import Field, col, select

from models.casework.inquiry import Inquiry
from models.directory.unit import Unit
from models.evidence.exchange import Entry
from models.routing.learned import Learned
from models.store import Big, Instant, Logged, Row, Store, one_of


class LessonCause(StrEnum):
    """What taught it."""

    ANSWERED = "answered"
    TRANSFERRED = "transferred"  # a unit said whose it is
    CORRECTED = "corrected"  # an officer moved it
    REPLACED = "replaced"  # the case went on to somebody else
    UNDONE = "undone"  # an officer took it back
    RESTORED = "restored"


C = LessonCause
AGAINST = frozenset({C.REPLACED, C.UNDONE})


class Lesson(Row, Logged, table=True):
    """One case counts for (or no longer for) a unit in one matter. Rows are only ever added."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    case_code: str = Field(foreign_key="inquiry.code", index=True)
    concept: str = Field(index=True)
    unit_id: str = Field(foreign_key="unit.id")
    weight: int  # 1, or -1 where an earlier row is taken back
    cause: LessonCause = Field(sa_type=one_of(LessonCause))
    learned_at: datetime = Field(sa_type=Instant)


async def of_case(store: Store, code: str) -> Sequence[Lesson]:
    """Everything a case has taught, oldest first."""
    return (await store.scalars(select(Lesson).where(Lesson.case_code == code).order_by(col(Lesson.id)))).all()


def standing(rows: Iterable[Lesson]) -> dict[tuple[str, str], int]:
    """Which (matter, unit) of these rows still count."""
    found: dict[tuple[str, str], int] = {}
    for row in rows:
        found[row.concept, row.unit_id] = found.get((row.concept, row.unit_id), 0) + row.weight
    return {pair: weight for pair, weight in found.items() if weight > 0}


def undone(rows: Sequence[Lesson]) -> bool:
    """Whether an officer has taken back what the case taught."""
    return bool(rows) and rows[-1].cause is C.UNDONE


async def learn(store: Store, case: Inquiry, concepts: Sequence[str], cause: LessonCause, at: datetime) -> list[Entry]:
    """The case now counts for the unit that has it; what it taught before for another is replaced. An officer's undoing stays."""
    rows = await of_case(store, case.code)
    wanted = {(concept, case.unit_id or "") for concept in concepts[:MOST]}
    present = standing(rows)
    if undone(rows) or case.unit_id is None or wanted == set(present):
        return []
    made = [_row(case.code, pair, -1, C.REPLACED, at) for pair in sorted(set(present) - wanted)]
    made += [_row(case.code, pair, 1, cause, at) for pair in sorted(wanted - set(present))]
    store.add_all(made)
    detail = {"concepts": list(concepts[:MOST]), "cause": cause.value}
    return [Entry("lesson.learned", tuple(made), case=case.code, detail=detail, unit_id=case.unit_id)]


MOST = 3  # matters of one question that are learned: the strongest


def _row(code: str, pair: tuple[str, str], weight: int, cause: LessonCause, at: datetime) -> Lesson:
    return Lesson(case_code=code, concept=pair[0], unit_id=pair[1], weight=weight, cause=cause, learned_at=at)


async def take_back(store: Store, code: str, at: datetime) -> Entry | None:
    """Nothing this case taught counts any more; None where nothing counted."""
    made = [_row(code, pair, -1, C.UNDONE, at) for pair in sorted(standing(await of_case(store, code)))]
    store.add_all(made)
    return Entry("lesson.undone", tuple(made), case=code, detail={"concepts": [row.concept for row in made]}) if made else None


async def restore(store: Store, code: str, at: datetime) -> Entry | None:
    """What was taken back last counts again; None where nothing was."""
    rows = await of_case(store, code)
    if not undone(rows):
        return None
    last = [row for row in rows if row.cause is C.UNDONE and row.learned_at == rows[-1].learned_at]
    made = [_row(code, (row.concept, row.unit_id), 1, C.RESTORED, at) for row in last]
    store.add_all(made)
    return Entry("lesson.restored", tuple(made), case=code, detail={"concepts": [row.concept for row in made]})


async def editions(store: Store) -> tuple[int, int, int]:
    """Which edition of the directory and of the lessons this is, in one small query: others after every change."""
    newest = sql.select(func.coalesce(func.max(col(Lesson.id)), 0)).scalar_subquery()
    row = (await store.execute(sql.select(func.count(), func.coalesce(func.sum(col(Unit.revision)), 0), newest).select_from(Unit))).one()
    return int(row[0]), int(row[1]), int(row[2])


async def counts(store: Store, zone: ZoneInfo) -> dict[tuple[str, str], Learned]:
    """How often each unit finally answered each matter, and the first and last day it did, as the router reads it."""
    total: Any = func.sum(Lesson.weight)
    rows = await store.execute(
        sql.select(col(Lesson.concept), col(Lesson.unit_id), total, func.min(Lesson.learned_at), func.max(Lesson.learned_at))
        .group_by(col(Lesson.concept), col(Lesson.unit_id))
        .having(total > 0)
    )
    found: dict[tuple[str, str], Learned] = {}
    for concept, unit, count, first, last in rows.all():
        found[concept, unit] = Learned(int(count), first.astimezone(zone).date(), last.astimezone(zone).date())
    return found


async def latest(store: Store, limit: int) -> Sequence[tuple[str, Sequence[Lesson]]]:
    """The cases that taught something last, newest first, each with all its rows."""
    order = func.max(Lesson.id).desc()
    codes = (await store.scalars(select(Lesson.case_code).group_by(col(Lesson.case_code)).order_by(order).limit(limit))).all()
    return [(code, await of_case(store, code)) for code in codes]
