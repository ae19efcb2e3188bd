"""What else a told year holds: older cases from a list, activities, what the officers found hard."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from bot.year.frame import MACHINE, Step, Year
from models import codes
from models.casework.activity import Activity, ActivityKind
from models.casework.imported import ImportedCase, PastOutcome
from models.evidence.exchange import Entry
from models.evidence.item import ItemKind


def past(year: Year, number: int) -> Iterator[Step]:
    """One case of the older list, taken over after two months; its own times lie before."""
    at = year.start + timedelta(days=70, seconds=number)
    received = year.start + timedelta(days=number * 11 % 60 - 15, hours=9)
    ended = received + timedelta(days=2)
    outcome = (PastOutcome.ANSWERED, PastOutcome.ANSWERED, PastOutcome.REFUSED, PastOutcome.OPEN)[number % 4]
    code, words = codes.make(codes.INQUIRY, year.app.machine.ids.chance()), year.words
    question = year.item(ItemKind.QUESTION, words["questions"][number % 4].format(subject=words["subjects"][number % 8]), at, code)
    facts = {"name": words["reporter"].format(number=number), "outlet": words["outlets"][number % 3]}
    row = ImportedCase(
        code=code,
        reference=f"MAU-{number:04d}",
        unit_id=year.speakers[year.chance(len(year.speakers))].unit_id,
        requester=year.item(ItemKind.REQUESTER, json.dumps(facts, ensure_ascii=False, sort_keys=True), at, code).digest,
        question=question.digest,
        outcome=outcome,
        pack_id=year.app.machine.office.rules.law.at(received).id,
        received_at=received,
        ended_at=None if outcome is PastOutcome.OPEN else ended,
        due_at=received + timedelta(days=1 + number % 5),
        content=f"{number:064x}",
        source="danh-sach-mau.xlsx",
        row=number + 2,
        imported_at=at,
    )
    year.rows.append(row)
    yield at, MACHINE, row.taken_over()


def activities(year: Year) -> Iterator[Step]:
    """Conferences, briefings, monthly information, two false reports; one quarter lacks its conference."""
    day, last = year.start.astimezone(year.app.machine.settings.zone).date(), year.end.astimezone(year.app.machine.settings.zone).date()
    while (day := _next_month(day)) < last:
        yield from _activity(year, ActivityKind.PERIODIC_INFORMATION, day, year.words["information"].format(month=day.month))
        yield from _activity(year, ActivityKind.BRIEFING, day.replace(day=10), year.words["briefing"])
        if day.month in {1, 4, 10}:
            yield from _activity(year, ActivityKind.PRESS_CONFERENCE, day.replace(day=5), year.words["conference"])
        if day.month in {3, 9}:
            wrong = [*_activity(year, ActivityKind.FALSE_REPORT, day.replace(day=12), year.words["wrong"])]
            yield from wrong
            if day.month == 3 and wrong:
                about = wrong[0][2].case
                yield from _activity(year, ActivityKind.CORRECTION_LETTER, day.replace(day=15), year.words["letter"], about)


def _activity(year: Year, kind: ActivityKind, day: date, title: str, about: str | None = None) -> Iterator[Step]:
    at = datetime.combine(day, time(16), tzinfo=year.app.machine.settings.zone)
    if not year.start < at < year.end:
        return
    code = codes.make(codes.EVENT, year.app.machine.ids.chance())
    kept = year.item(ItemKind.NOTE, title, at, code)
    pack = year.app.machine.office.rules.law.at(at).id
    row = Activity(code=code, kind=kind, day=day, unit_id="ubnd_tinh", title=kept.digest, about=about, pack_id=pack, recorded_at=at)
    year.rows.append(row)
    yield at, MACHINE, row.recorded()


def difficulty(year: Year) -> Iterator[Step]:
    """What the officers found hard, for the free text of the yearly report."""
    at = year.end - timedelta(days=1)
    kept = year.item(ItemKind.NOTE, year.words["difficulty"], at)
    detail = {"period": str(at.astimezone(year.app.machine.settings.zone).year), "item": kept.digest}
    yield at, MACHINE, Entry("report.difficulty_noted", detail=detail, unit_id="dic_desk")


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
