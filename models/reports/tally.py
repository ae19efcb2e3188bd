"""Counting: which cases stand behind each figure of a window, for the province or one unit. Every figure is a list of codes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from models.law.packs import LawBook, NoPack
from models.reports.facts import ActivityFacts, CaseFacts, Facts, MatterFacts
from models.reports.window import Window

PRESS = frozenset({"press", "press_head", "foreign_press"})  # who asks in an inquiry the statute counts
Codes = tuple[str, ...]


@dataclass(frozen=True)
class Scope:
    """Whose figures: a window, and one unit or the whole province."""

    window: Window
    law: LawBook
    seen: datetime  # the moment it is looked at; at the window's end or after, everything is decided
    unit: str | None = None

    @property
    def until(self) -> datetime:
        """Up to where things count: the end of the window, or now while it still runs."""
        return min(self.window.end, self.seen.astimezone(self.window.zone))

    @property
    def is_closed(self) -> bool:
        """Whether the window is over."""
        return self.seen >= self.window.end

    def mine(self, unit: str) -> bool:
        """Whether something of a unit counts here."""
        return self.unit is None or unit == self.unit


def codes(found: Iterable[CaseFacts | MatterFacts | ActivityFacts]) -> Codes:
    """The codes of records, in one order whatever order they were found in."""
    return tuple(sorted(record.code for record in found))


def asked_by_press(case: CaseFacts, law: LawBook) -> bool:
    """Whether the press asked; a directing body's question is tracked, but is no inquiry of the press."""
    try:
        kinds = law.pack(case.pack).inquiry_kinds
    except NoPack:
        return True
    return next((row.asker in PRESS for row in kinds if row.id == case.kind), True)


def received(facts: Facts, scope: Scope) -> list[CaseFacts]:
    """The inquiries of the press received in the window, answered or not."""
    found = facts.cases.values()
    return [c for c in found if scope.window.holds(c.received) and scope.mine(c.unit) and asked_by_press(c, scope.law)]


def of_cases(facts: Facts, scope: Scope) -> Mapping[str, Codes]:
    """What became of the inquiries of a window by its end."""
    mine, end = received(facts, scope), scope.until
    before = [c for c in facts.cases.values() if c.received < scope.window.start and scope.mine(c.unit) and asked_by_press(c, scope.law)]
    unanswered = [c for c in mine if c.answered is None]
    judged = [(c, c.in_time(end)) for c in mine]
    return {
        "received": codes(mine),
        "answered": codes(c for c in mine if c.answered is not None),
        "refused": codes(c for c in unanswered if c.outcome == "refused"),
        "withdrawn": codes(c for c in unanswered if c.outcome == "withdrawn"),
        "open": codes(c for c in unanswered if c.outcome == "open"),
        "reopened": codes(c for c in mine if c.first_end is not None and c.outcome == "open"),
        "in_time": codes(c for c, good in judged if good is True),
        "late": codes(c for c, good in judged if good is False),
        "overdue": codes(c for c, good in judged if good is False and c.first_end is None),
        "transferred": codes(_passed_on(facts, scope)),
        "carried": codes(c for c in before if c.first_end is None or c.first_end >= scope.window.start),
        "settled_late": codes(c for c in before if c.first_end is not None and scope.window.holds(c.first_end)),
        "imported": codes(c for c in mine if c.imported),
    }


def _passed_on(facts: Facts, scope: Scope) -> list[CaseFacts]:
    """Cases a unit passed on to another in the window."""
    return [case for case in facts.cases.values() if any(scope.window.holds(at) and scope.mine(origin) for at, origin, _ in case.transfers)]


def activities(facts: Facts, scope: Scope, kind: str) -> list[ActivityFacts]:
    """What was done in the window, by its own day; struck records do not count."""
    found = facts.activities.values()
    return [a for a in found if a.kind == kind and not a.struck and scope.window.has(a.day) and scope.mine(a.unit)]


def of_activities(facts: Facts, scope: Scope) -> Mapping[str, Codes]:
    """Conferences, briefings, periodic information, false reports and those a letter answered."""
    wrong = activities(facts, scope, "false_report")
    letters = [a for a in facts.activities.values() if a.kind == "correction_letter" and not a.struck and a.day <= scope.window.last]
    answered = {letter.about for letter in letters}
    return {
        "press_conference": codes(activities(facts, scope, "press_conference")),
        "briefing": codes(activities(facts, scope, "briefing")),
        "periodic_information": codes(activities(facts, scope, "periodic_information")),
        "false_report": codes(wrong),
        "false_report_answered": codes(a for a in wrong if a.code in answered),
        "correction_letter": codes(activities(facts, scope, "correction_letter")),
    }


def of_matters(facts: Facts, scope: Scope) -> Mapping[str, Codes]:
    """Urgent matters, those somebody spoke on, those with a 24-hour clock, those spoken on in time."""
    mine = [m for m in facts.matters.values() if m.urgent and scope.window.holds(m.opened) and scope.mine(m.unit)]
    timed = [m for m in mine if m.clocks]
    end = scope.until
    return {
        "urgent": codes(mine),
        "urgent_spoken": codes(m for m in mine if m.spoken is not None and m.spoken < end),
        "timed": codes(timed),
        "timed_in_time": codes(m for m in timed if m.in_time(end) is True),
    }


def everything(facts: Facts, scope: Scope) -> dict[str, Codes]:
    """All of it, by name."""
    return {**of_cases(facts, scope), **of_activities(facts, scope), **of_matters(facts, scope)}


def grouped(facts: Facts, scope: Scope, group: Callable[[CaseFacts], str]) -> Iterator[tuple[str, Mapping[str, Codes]]]:
    """What became of the inquiries of a window, group by group; a group nothing was received of is left out."""
    parts: dict[str, Facts] = {}
    for case in facts.cases.values():
        parts.setdefault(group(case), Facts()).cases[case.code] = case
    for name, part in sorted(parts.items()):
        counted = of_cases(part, scope)
        if counted["received"]:
            yield name, counted


def by_unit(facts: Facts, scope: Scope) -> Iterator[tuple[str, Facts]]:
    """The units anything in the window belongs to, by name, each with the part of the facts that may concern it."""
    window, parts = scope.window, dict[str, Facts]()
    named: set[str] = set()
    for case in facts.cases.values():
        moved = {origin for at, origin, _ in case.transfers if window.holds(at)}
        for unit in {case.unit, *moved}:
            parts.setdefault(unit, Facts()).cases[case.code] = case
        named |= moved | ({case.unit} if window.holds(case.received) else set())
    for matter in facts.matters.values():
        parts.setdefault(matter.unit, Facts()).matters[matter.code] = matter
        named |= {matter.unit} if window.holds(matter.opened) else set()
    for activity in facts.activities.values():
        parts.setdefault(activity.unit, Facts()).activities[activity.code] = activity
        named |= {activity.unit} if window.has(activity.day) and not activity.struck else set()
    for unit in sorted(filter(scope.mine, named), key=lambda unit: (facts.names_of(unit), unit)):
        yield unit, parts[unit]
