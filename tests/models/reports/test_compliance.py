"""How a unit stands by its duties: published in time, authorised in order, informed monthly, met quarterly, answered in time (F40)."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from models.evidence.exchange import Head
from models.people.mandate import Mandate, MandateKind
from models.reports import compliance, document, facts, window
from models.reports.frozen import FrozenReport, differences
from models.reports.tally import Scope
from tests.models.reports.test_windows import LAW, LONG_AFTER, PINNED, YEAR, ZONE, asked, entry

SIGNED = datetime(2026, 8, 3, 9, tzinfo=ZONE)


def held(kind: MandateKind = MandateKind.STANDING, published: float | None = None, at: datetime = SIGNED, **more: Any) -> Mandate:
    """A mandate of the health department, published so many hours after it was signed."""
    said: dict[str, Any] = {"person_id": 1, "decision_no": "12/QĐ-SYT", "valid_from": at, "signed_at": at, "unit_id": "so_y_te"} | more
    return Mandate(kind=kind, published_at=None if published is None else at + timedelta(hours=published), **said)


def authorised(published: float | None = None, **more: Any) -> Mandate:
    """In writing, for one matter, for two days."""
    about: dict[str, Any] = {"matter_code": "VV-1", "valid_to": more.get("at", SIGNED) + timedelta(days=2)}
    return held(MandateKind.AUTHORISED, published, **{**about, **more})


def judged(*rows: Mandate, law: Any = LAW, seen: datetime = LONG_AFTER) -> dict[str, str]:
    """The verdicts of the year."""
    scope = Scope(YEAR, law, seen, "so_y_te")
    found = compliance.of_unit(facts.read([], scope.until), scope, rows, periodic=False)
    return {duty.id: duty.verdict.value for duty in found}


OLD = datetime(2026, 3, 2, 9, tzinfo=ZONE)  # under Decree 09/2017
CASES: list[tuple[str, list[Mandate], Any, str, str]] = [
    ("nobody appointed", [], LAW, "none", "none"),
    ("a head needs no publication", [held(MandateKind.HEAD)], LAW, "none", "none"),
    ("published within the day", [held(published=23.9)], LAW, "kept", "none"),
    ("published as the day ended", [held(published=24)], LAW, "broken", "none"),
    ("nothing on record", [held()], LAW, "unknown", "none"),
    ("one of two late", [held(published=1), held(published=30)], LAW, "broken", "none"),
    ("published after the year", [held(published=24 * 200)], LAW, "unknown", "none"),
    ("appointed before the decree", [held(published=200, at=OLD)], LAW, "none", "none"),
    ("appointed next year", [held(published=30, at=datetime(2026, 12, 20, tzinfo=ZONE))], LAW, "none", "none"),
    ("authorised in order", [authorised()], LAW, "none", "kept"),
    ("authorised for nothing", [authorised(matter_code=None)], LAW, "none", "broken"),
    ("authorised for ever", [authorised(valid_to=None)], LAW, "none", "broken"),
    ("authorised without a number", [authorised(decision_no="")], LAW, "none", "broken"),
    ("09/2017: published within twelve hours", [authorised(11.9, at=OLD)], LAW, "none", "kept"),
    ("09/2017: published later", [authorised(12, at=OLD)], LAW, "none", "broken"),
    ("09/2017: nothing on record", [authorised(at=OLD)], LAW, "none", "unknown"),
    ("a province that has not switched", [authorised(12)], PINNED, "none", "broken"),
]


@pytest.mark.parametrize(("rows", "law", "publication", "authorisations"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_published_and_authorised(rows: list[Mandate], law: Any, publication: str, authorisations: str) -> None:
    """By the hours of the decree in force at the act; what nobody recorded is unknown, not broken."""
    found = judged(*rows, law=law)
    assert (found["publication"], found["authorisations"]) == (publication, authorisations)


def activity(kind: str, day: str, number: int) -> dict[str, Any]:
    """Something done on a day, by the province."""
    return entry("activity.recorded", f"{day}T16:00:00+07:00", f"SK-{number}", "ubnd_tinh", kind=kind, day=day)


def test_every_month_and_every_quarter() -> None:
    """The months and quarters that end inside the window; what is missing is named; units below the province owe neither."""
    told = [activity("periodic_information", f"2026-{month:02d}-03", month) for month in range(1, 11)]
    told += [activity("press_conference", f"2026-{month:02d}-20", 20 + month) for month in (2, 5, 9)]
    half = window.yearly(2026, document.rule_of(LAW, LAW.pack("nd-244-2026"))[0], ZONE)
    scope = Scope(half, LAW, LONG_AFTER, "ubnd_tinh")
    found = {d.id: d for d in compliance.of_unit(facts.read(map(json.dumps, told), scope.until), scope, [], periodic=True)}
    assert (found["monthly_information"].shown, found["monthly_information"].share) == (["12/2025", "11/2026"], (10, 12))
    assert (found["quarterly_conference"].shown, found["quarterly_conference"].share) == (["Q4/2025"], (3, 4))
    assert {d.id for d in compliance.of_unit(facts.read([], scope.until), scope, [], periodic=False)}.isdisjoint(
        found.keys() - judged().keys()
    )


def test_it_is_frozen_with_the_year() -> None:
    """The duties stand in the document and in its digest; what changes afterwards is named, what is published later changes nothing."""
    told = [*asked("2026-08-03T08:00:00+07:00"), entry("inquiry.answered", "2026-08-04T08:00:00+07:00")]
    mandate = held()

    def made() -> document.Document:
        scope = Scope(YEAR, LAW, LONG_AFTER)
        return document.make(facts.read(map(json.dumps, told), scope.until), scope, Head(len(told), "0" * 64), [mandate])

    before = made()
    rows = {(row["unit"], row["duty"]): (row["verdict"], row["share"]) for row in before["duties"]}
    assert rows["so_y_te", "answers_in_time"] == ("kept", [1, 1])
    assert rows["so_y_te", "publication"] == ("unknown", None)
    assert rows["ubnd_tinh", "monthly_information"] == ("broken", [0, 12])
    kept = FrozenReport.of(before, LONG_AFTER)
    assert kept.content == before
    mandate.published_at = LONG_AFTER
    assert differences(kept.content, made()) == []
    mandate.published_at = SIGNED + timedelta(hours=30)
    changed = differences(kept.content, made())
    assert [(c.figure, c.added, c.removed) for c in changed] == [
        ("duties", ["so_y_te: publication broken"], ["so_y_te: publication unknown"])
    ]
    assert document.digest(made()) != kept.sha256
