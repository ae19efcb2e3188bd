"""From entries to what is counted: one record per case, matter and activity, folded in the order of the log.

`until` cuts off: nothing that came to pass at or after that moment counts, so a report of a closed window comes out the same for ever.
What is entered later about an earlier day (an imported case, a conference typed in afterwards) counts by its own day.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlmodel import col, or_, select

from models.evidence.exchange import ExchangeEntry
from models.store import Store

_INSTANT = timedelta(microseconds=1)
COUNTED = ("inquiry.", "case.imported", "activity.", "matter.", "report.")
DESK = "dic_desk"  # a case nobody has yet lies with the press office


@dataclass
class CaseFacts:
    """One inquiry, as far as it had come."""

    code: str
    received: datetime
    unit: str = DESK
    pack: str = ""
    kind: str = "ordinary"
    outlet: str = ""  # by its id in the list of outlets; empty where it is none of them
    imported: bool = False
    due: datetime | None = None
    paused: bool = False
    answered: datetime | None = None  # the first answer
    ended: datetime | None = None  # None again where the reporter came back
    first_end: datetime | None = None
    outcome: str = "open"
    ground: str = ""
    late: bool = False  # the first end came at or after its due moment
    transfers: list[tuple[datetime, str, str]] = field(default_factory=list[tuple[datetime, str, str]])

    def end(self, outcome: str, at: datetime) -> None:
        """An end; whether it was in time is judged once, at the first."""
        if self.first_end is None:
            self.first_end = at
            self.late = self.due is not None and not self.paused and at >= self.due
        self.outcome, self.ended = outcome, at
        if outcome == "answered" and self.answered is None:
            self.answered = at

    def in_time(self, by: datetime) -> bool | None:
        """Whether it was answered or refused in time, seen at a moment; None: nothing was due yet, or nothing is owed."""
        if self.first_end is not None and self.outcome != "withdrawn":
            return not self.late
        if self.outcome == "withdrawn" or self.due is None or self.paused or by < self.due:
            return None
        return False


@dataclass
class MatterFacts:
    """One matter with its clocks of 24 hours."""

    code: str
    unit: str
    opened: datetime
    pack: str = ""
    kind: str = "ordinary"
    spoken: datetime | None = None
    clocks: dict[str, datetime] = field(default_factory=dict[str, datetime])  # clock → due

    @property
    def urgent(self) -> bool:
        """Whether the law wants somebody to speak: it is of such a kind, or a clock was started for it."""
        return self.kind != "ordinary" or bool(self.clocks)

    def in_time(self, by: datetime) -> bool | None:
        """Whether somebody spoke before every due moment, seen at a moment; None: no clock, or still time."""
        if not self.clocks:
            return None
        if self.spoken is not None:
            return self.spoken < min(self.clocks.values())
        return None if by < min(self.clocks.values()) else False


@dataclass
class ActivityFacts:
    """One conference, briefing, issue of periodic information, false report or letter."""

    code: str
    kind: str
    day: date
    unit: str
    about: str | None = None
    imported: bool = False
    struck: bool = False


@dataclass(frozen=True)
class Remark:
    """Difficulties an officer noted, or a figure a unit contests: the words are an item."""

    kind: str
    period: str
    unit: str
    figure: str
    item: str
    at: datetime


@dataclass
class Facts:
    """Everything the log says that a report counts, and how far it was read."""

    cases: dict[str, CaseFacts] = field(default_factory=dict[str, CaseFacts])
    matters: dict[str, MatterFacts] = field(default_factory=dict[str, MatterFacts])
    activities: dict[str, ActivityFacts] = field(default_factory=dict[str, ActivityFacts])
    remarks: list[Remark] = field(default_factory=list[Remark])
    names: dict[str, str] = field(default_factory=dict[str, str])  # units by the newest name the log knows
    outlets: dict[str, str] = field(default_factory=dict[str, str])  # outlets likewise

    def names_of(self, unit: str) -> str:
        """A unit's name; its id where no entry names it."""
        return self.names.get(unit, unit)


Entry = Mapping[str, Any]


def fold(entries: Iterable[Entry], until: datetime) -> Facts:
    """The facts as they stood at a moment."""
    facts = Facts()
    for entry in entries:
        at = datetime.fromisoformat(entry["at"])
        if (unit := entry.get("unit")) is not None:
            facts.names[unit["id"]] = unit["name"]
        step = _STEPS.get(entry["action"])
        if step is not None and (at < until or entry["action"] in _BY_OWN_DAY):
            step(facts, entry, at, until)
    return facts


def _moment(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _unit(entry: Entry) -> str:
    return entry["unit"]["id"] if "unit" in entry else DESK


def _received(facts: Facts, entry: Entry, at: datetime, _until: datetime) -> None:
    """A question that came on paper counts from the moment it came, not from when somebody wrote it down."""
    detail = entry["detail"]
    came = _moment(detail.get("received")) or at
    case = CaseFacts(entry["case"], came, pack=entry.get("pack", ""), due=_moment(detail.get("due")), kind=detail.get("kind") or "ordinary")
    case.outlet = detail.get("outlet") or ""
    if case.outlet:
        facts.outlets[case.outlet] = detail["outlet_name"]
    facts.cases[case.code] = case


def _step(facts: Facts, entry: Entry, at: datetime, _until: datetime) -> None:
    """Any other step of a case: where it lies, what is due, whether it ended or opened again."""
    case = facts.cases.get(entry["case"])
    if case is None:
        return
    detail, action = entry["detail"], entry["action"].partition(".")[2]
    before = case.unit
    case.unit = _unit(entry) if action in _MOVES else case.unit
    if action == "transferred":
        case.transfers.append((at, str(detail.get("origin") or before), case.unit))
    if action == "clarification_asked":
        case.paused = detail.get("remaining") is not None
        return
    if action in _ENDS:
        case.ground = str(detail.get("ground") or "")
        case.end(_ENDS[action], at)
        return
    if action == "followed_up" and case.ended is not None:
        case.outcome, case.ended = "open", None
    if action == "kind_set":
        case.kind = detail["kind"]
    due = _moment(detail.get("due"))
    if due is not None and (action != "recounted" or _moment(detail["before"]) == case.due):  # not a clock of the unit's own target
        case.due, case.paused = due, False


def _imported(facts: Facts, entry: Entry, _at: datetime, until: datetime) -> None:
    detail = entry["detail"]
    received = datetime.fromisoformat(detail["received"])
    if received >= until:
        return
    case = CaseFacts(entry["case"], received, _unit(entry), entry.get("pack", ""), imported=True, due=_moment(detail["due"]))
    ended = _moment(detail["ended"])
    if ended is not None and ended < until:
        case.end(detail["outcome"], ended)
    facts.cases[case.code] = case


def _matter(facts: Facts, entry: Entry, at: datetime, _until: datetime) -> None:
    """A matter is opened, its times are known or corrected, somebody speaks."""
    detail, action = entry["detail"], entry["action"].partition(".")[2]
    if action == "opened":
        facts.matters[entry["case"]] = MatterFacts(entry["case"], _unit(entry), at, entry.get("pack", ""), detail.get("kind") or "ordinary")
    matter = facts.matters.get(entry["case"])
    if matter is None:
        return
    clocks = cast("Mapping[str, str]", detail.get("clocks") or {})
    if action == "recounted" and detail["clock"] in matter.clocks:
        clocks = {detail["clock"]: detail["due"]}
    for clock, due in clocks.items():
        matter.clocks[clock] = datetime.fromisoformat(due)
    if action == "spoken" and matter.spoken is None:
        matter.spoken = _moment(detail.get("at")) or at


def _activity(facts: Facts, entry: Entry, _at: datetime, until: datetime) -> None:
    detail = entry["detail"]
    day = date.fromisoformat(detail["day"])
    if day <= (until - _INSTANT).date():  # `until` is local; a window's end is the midnight after its last day
        facts.activities[entry["case"]] = ActivityFacts(
            entry["case"], detail["kind"], day, _unit(entry), detail.get("about"), imported=bool(detail.get("imported"))
        )


def _struck(facts: Facts, entry: Entry, _at: datetime, _until: datetime) -> None:
    if entry["case"] in facts.activities:
        facts.activities[entry["case"]].struck = True


def _remark(facts: Facts, entry: Entry, at: datetime, _until: datetime) -> None:
    detail = entry["detail"]
    facts.remarks.append(
        Remark(entry["action"].partition(".")[2], detail["period"], _unit(entry), detail.get("figure") or "", detail["item"], at)
    )


_MOVES = frozenset({"assigned", "transferred", "transfer_refused", "inherited"})
_CHANGES = ("clarification_asked", "clarified", "extended", "followed_up", "kind_set", "recounted")
_ENDS = {"answered": "answered", "refused": "refused", "withdrawn": "withdrawn"}
_BY_OWN_DAY = frozenset({"case.imported", "activity.recorded", "activity.struck", "report.difficulty_noted", "report.contested"})
_STEPS: Mapping[str, Callable[[Facts, Entry, datetime, datetime], None]] = {
    "inquiry.received": _received,
    **{f"inquiry.{name}": _step for name in (*sorted(_MOVES), *_CHANGES, *_ENDS)},
    "case.imported": _imported,
    "matter.opened": _matter,
    "matter.timed": _matter,
    "matter.recounted": _matter,
    "matter.spoken": _matter,
    "activity.recorded": _activity,
    "activity.struck": _struck,
    "report.difficulty_noted": _remark,
    "report.contested": _remark,
}


async def texts(store: Store, through: int | None = None) -> Sequence[str]:
    """The entries a report counts, as they stand in the log; `through` stops at an entry, as a frozen report did."""
    wanted = or_(*(col(ExchangeEntry.action).startswith(prefix) for prefix in COUNTED))
    query = select(ExchangeEntry.entry).where(wanted).order_by(col(ExchangeEntry.seq))
    if through is not None:
        query = query.where(col(ExchangeEntry.seq) <= through)
    return (await store.scalars(query)).all()


def read(entries: Iterable[str], until: datetime) -> Facts:
    """The facts of these entries as they stood at a moment, given in the office's zone."""
    return fold((cast("Entry", json.loads(text)) for text in entries), until)
