"""A report as a document: plain, ordered, with the codes behind each figure; the same log always gives the same bytes.

No personal text stands in it: difficulties and contests are named by the digests of their items and read when it is shown.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from models.evidence.canonical import Head, canonical
from models.evidence.exchange import iso
from models.law.pack_file import Indicator, LawPack, YearlyReport
from models.law.packs import LawBook
from models.people.mandate import Mandate
from models.reports import compliance, tally
from models.reports.facts import CaseFacts, Facts, Remark
from models.reports.tally import Codes, Scope

Document = dict[str, Any]
VERSION = 1
_SECOND = timedelta(seconds=1)

# What each figure of the form counts: numerator, and denominator where it is a ratio. The form itself is the pack's.
COUNTS: Mapping[str, tuple[str, str | None]] = {
    "IND-1": ("press_conference", None),
    "IND-2": ("briefing", None),
    "IND-3": ("answered", "received"),
    "IND-4": ("urgent_spoken", "urgent"),
    "IND-5": ("timed_in_time", "timed"),
    "IND-6": ("false_report_answered", "false_report"),
}
# The lines of a monthly report, and of the table of units.
LINES = (
    *("received", "answered", "refused", "withdrawn", "open", "overdue", "in_time", "late", "transferred", "carried", "settled_late"),
    *("press_conference", "briefing", "periodic_information", "false_report", "correction_letter", "urgent", "urgent_spoken"),
)
RATED = ("received", "answered", "refused", "in_time", "late")  # the columns of rates by class of question and by outlet
COLUMNS = ("received", "answered", "refused", "withdrawn", "open", "overdue", "in_time", "late", "transferred")


def rule_of(law: LawBook, pack: LawPack) -> tuple[YearlyReport, bool]:
    """The yearly form of a pack; a pack without one (Decree 09/2017) is counted by the form of the next that has it, and says so."""
    if pack.yearly_report is not None:
        return pack.yearly_report, True
    return next(other.yearly_report for other in law.packs if other.yearly_report is not None), False


def make(facts: Facts, scope: Scope, head: Head, held: Sequence[Mandate] = ()) -> Document:
    """The document of a window; `head` says how far the log was read, `held` who might speak. While it runs it says until when it counts."""
    window = scope.window
    counted = tally.everything(facts, scope)
    pack = scope.law.at(scope.until - _SECOND)
    rule, own = rule_of(scope.law, pack)
    document: Document = {
        "v": VERSION,
        "kind": window.kind,
        "period": window.period,
        "from": window.first.isoformat(),
        "to": window.last.isoformat(),
        "until": None if scope.is_closed else scope.until.isoformat(timespec="seconds"),
        "unit": scope.unit,
        "pack": pack.id,
        "form_of_pack": own,
        "through": {"seq": head.seq, "hash": head.hash},
        "lines": {name: list(counted[name]) for name in LINES},
        "units": [_unit(part, scope, unit) for unit, part in tally.by_unit(facts, scope)],
        "classes": _rates(facts, scope, "class", lambda case: case.kind),
        "outlets": _rates(facts, scope, "outlet", lambda case: case.outlet),
        "duties": [],
        "packs": _packs(facts, scope),
        "imported": list(counted["imported"]),
        "reopened": list(counted["reopened"]),
        "remarks": [_remark(r) for r in facts.remarks if r.period == window.period and (scope.unit is None or r.unit == scope.unit)],
        "cases": {case.code: _case(case, scope) for case in _named(facts, counted)},
        "names": {unit: facts.names_of(unit) for unit in sorted(facts.names)},
        "outlet_names": dict(sorted(facts.outlets.items())),
    }
    units = [row["unit"] for row in document["units"]]
    if scope.unit is None and compliance.PROVINCE not in units:
        units = [compliance.PROVINCE, *units]
    document["duties"] = compliance.everything(facts, scope, held, units)
    if window.kind == "yearly":
        document["indicators"] = [_indicator(row, counted) for row in rule.indicators]
    return document


def digest(document: Mapping[str, Any]) -> str:
    """The SHA-256 of the document's canonical bytes."""
    return hashlib.sha256(canonical(document)).hexdigest()


def _indicator(row: Indicator, counted: Mapping[str, Codes]) -> dict[str, Any]:
    numerator, denominator = COUNTS[row.id]
    below = None if denominator is None else list(counted[denominator])
    return {"id": row.id, "numerator": list(counted[numerator]), "denominator": below}


def _unit(facts: Facts, scope: Scope, unit: str) -> dict[str, Any]:
    mine = tally.everything(facts, replace(scope, unit=unit))
    return {"unit": unit, **{name: list(mine[name]) for name in COLUMNS}}


def _rates(facts: Facts, scope: Scope, name: str, group: Callable[[CaseFacts], str]) -> list[dict[str, Any]]:
    """Who is answered in time, by what was asked or by whom (F64)."""
    return [{name: key, **{column: list(row[column]) for column in RATED}} for key, row in tally.grouped(facts, scope, group)]


def _packs(facts: Facts, scope: Scope) -> dict[str, dict[str, int]]:
    """How many were received and answered under each decree: one year may see two."""
    found: dict[str, dict[str, int]] = {}
    for case in tally.received(facts, scope):
        row = found.setdefault(case.pack or "–", {"received": 0, "answered": 0})
        row["received"] += 1
        row["answered"] += case.answered is not None
    return found


def _named(facts: Facts, counted: Mapping[str, Codes]) -> list[CaseFacts]:
    named = {code for found in counted.values() for code in found}
    return [case for code, case in sorted(facts.cases.items()) if code in named]


def _case(case: CaseFacts, scope: Scope) -> dict[str, Any]:
    """One line of the list of cases."""
    return {
        "received": _local(case.received, scope),
        "unit": case.unit,
        "pack": case.pack,
        "outcome": case.outcome,
        "ended": _local(case.ended, scope),
        "due": _local(case.due, scope),
        "in_time": case.in_time(scope.until),
        "imported": case.imported,
        "ground": case.ground,
    }


def _remark(remark: Remark) -> dict[str, Any]:
    return {"kind": remark.kind, "unit": remark.unit, "figure": remark.figure, "item": remark.item, "at": iso(remark.at)}


def _local(moment: datetime | None, scope: Scope) -> str | None:
    return None if moment is None else moment.astimezone(scope.window.zone).isoformat(timespec="seconds")
