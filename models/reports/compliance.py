"""Whether a unit does what the decrees ask of it besides answering: its spokesperson published in time, its authorisations in order,
monthly information, a quarterly conference, answers in time (F40). Pure over records; what the log cannot tell is said to be unknown, and
what came to pass after the window's end does not count, so that a closed window comes out the same for ever.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from models.law.packs import LawBook, NoPack
from models.law.terms import Measure
from models.people.mandate import Mandate, MandateKind
from models.reports import tally
from models.reports.facts import Facts
from models.reports.tally import Scope

PROVINCE = "ubnd_tinh"


class Verdict(StrEnum):
    """How a duty stands."""

    KEPT = "kept"
    BROKEN = "broken"
    UNKNOWN = "unknown"  # nothing on record either way
    NONE = "none"  # not owed in this window


@dataclass(frozen=True)
class Duty:
    """One duty of one unit in a window: how it stands, and what shows it (codes, months, numbers of decisions)."""

    id: str
    verdict: Verdict
    shown: Sequence[str] = ()
    share: tuple[int, int] | None = None


def everything(facts: Facts, scope: Scope, mandates: Sequence[Mandate], units: Sequence[str]) -> list[dict[str, Any]]:
    """How each of these units stands by its duties, as it stands in a document; only the province owes periodic information."""
    return [
        {"unit": unit, "duty": duty.id, "verdict": duty.verdict.value, "shown": list(duty.shown), "share": duty.share and list(duty.share)}
        for unit in units
        for duty in of_unit(facts, replace(scope, unit=unit), mandates, periodic=unit == PROVINCE)
        if duty.verdict is not Verdict.NONE
    ]


def of_unit(facts: Facts, scope: Scope, mandates: Sequence[Mandate], *, periodic: bool) -> list[Duty]:
    """Every duty of a unit; `periodic` says whether it owes monthly information and quarterly conferences (the province does)."""
    held = [m for m in mandates if m.unit_id == scope.unit and _overlaps(m, scope)]
    return [
        _publication(held, scope),
        _authorisations(held, scope),
        *(_periodic(facts, scope) if periodic else ()),
        _answers(facts, scope),
    ]


def _overlaps(mandate: Mandate, scope: Scope) -> bool:
    return mandate.valid_from < scope.until and (mandate.valid_to is None or mandate.valid_to > scope.window.start)


def _limit(law: LawBook, at: datetime, clock_id: str) -> timedelta | None:
    """An hour limit of the pack in force at an act; None where it has no such clock."""
    try:
        clock = law.at(at).clock(clock_id)
    except NoPack:
        return None
    if clock is None or clock.measure is not Measure.HOUR or clock.amount is None:
        return None
    return timedelta(hours=float(clock.amount))


def _timely(mandate: Mandate, limit: timedelta, until: datetime) -> Verdict:
    if mandate.published_at is None or mandate.published_at >= until:
        return Verdict.UNKNOWN
    return Verdict.KEPT if mandate.published_at < (mandate.signed_at or mandate.valid_from) + limit else Verdict.BROKEN


def _worst(verdicts: Sequence[Verdict]) -> Verdict:
    return next((v for v in (Verdict.BROKEN, Verdict.UNKNOWN, Verdict.KEPT) if v in verdicts), Verdict.NONE)


def _publication(held: Sequence[Mandate], scope: Scope) -> Duty:
    """The standing spokesperson is published within the pack's hours of the decision (244/2026 Art 3(3))."""
    owed = [(m, limit) for m in held if m.kind is MandateKind.STANDING and (limit := _limit(scope.law, m.valid_from, "SP-01")) is not None]
    return Duty("publication", _worst([_timely(m, limit, scope.until) for m, limit in owed]), [m.decision_no or "–" for m, _ in owed])


def _authorisations(held: Sequence[Mandate], scope: Scope) -> Duty:
    """In writing, one matter, limited time; under Decree 09/2017 also published within 12 hours (Art 3(6))."""
    mine = [m for m in held if m.kind is MandateKind.AUTHORISED]
    verdicts = [Verdict.KEPT if m.decision_no and m.matter_code and m.valid_to is not None else Verdict.BROKEN for m in mine]
    verdicts += [_timely(m, limit, scope.until) for m in mine if (limit := _limit(scope.law, m.valid_from, "AU-03")) is not None]
    return Duty("authorisations", _worst(verdicts), [m.decision_no or "–" for m in mine])


def _periodic(facts: Facts, scope: Scope) -> Iterator[Duty]:
    """Information every month, a conference every calendar quarter (both decrees), for the months and quarters that end inside."""
    for name, kind, periods in (
        ("monthly_information", "periodic_information", scope.window.months()),
        ("quarterly_conference", "press_conference", [(year, quarter * 3) for year, quarter in scope.window.quarters()]),
    ):
        width = 1 if name == "monthly_information" else 3
        days = [a.day for a in facts.activities.values() if a.kind == kind and not a.struck and scope.mine(a.unit)]
        missing = [
            f"{month:02d}/{year}" if width == 1 else f"Q{month // 3}/{year}"
            for year, month in periods
            if not any(day.year == year and month - width < day.month <= month for day in days)
        ]
        verdict = Verdict.NONE if not periods else Verdict.BROKEN if missing else Verdict.KEPT
        yield Duty(name, verdict, missing, (len(periods) - len(missing), len(periods)))


def _answers(facts: Facts, scope: Scope) -> Duty:
    """The share of inquiries answered or refused in time; the late ones are named."""
    counted = tally.of_cases(facts, scope)
    good, late = len(counted["in_time"]), counted["late"]
    verdict = Verdict.NONE if not good and not late else Verdict.BROKEN if late else Verdict.KEPT
    return Duty("answers_in_time", verdict, late, (good, good + len(late)))
