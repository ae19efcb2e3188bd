"""Official letters drafted from what is on record: a reminder to a slow unit, a transfer slip. Nothing is sent: somebody signs it first.

Layout by Decree 30/2020/NĐ-CP (annex I); the words are those of `letter.yaml`, so that an office may use its own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.dossier.archive import whole
from bot.papers.letterhead import Head, Sheet
from models.texts import Due, Texts

Say = Callable[..., str]


@dataclass(frozen=True)
class Late:
    """A case a reminder names: its code, when it was received, and what was due when."""

    code: str
    received: datetime
    due: datetime
    question: str


def _say(texts: Texts) -> Say:
    def say(key: str, **values: Any) -> str:
        return texts.say("vi", f"letter.{key}", values)

    return say


def _sheet(say: Say, kind: str, at: datetime, texts: Texts, **about: Any) -> Sheet:
    day = at.astimezone(texts.zone).date()
    place = say("place_and_day", day=f"{day.day:02d}", month=f"{day.month:02d}", year=day.year)
    return Sheet(Head(say("above"), say("agency"), say(f"number_{kind}", year=day.year), place, say(f"about_{kind}", **about)))


def reminder(texts: Texts, unit: str, cases: Sequence[Late], at: datetime, out: Path) -> None:
    """Which questions of the press a unit has let pass their time, and what it is asked to do."""
    say = _say(texts)
    sheet = _sheet(say, "reminder", at, texts, unit=unit)
    sheet.addressee(say("to", unit=unit))
    sheet.text(say("reminder_opening", unit=unit, number=len(cases), at=at))
    rows = [
        (n, c.code, f"{c.received.astimezone(texts.zone):%d/%m/%Y}", texts.spoken(Due(c.due), "vi"), c.question)
        for n, c in enumerate(cases, 1)
    ]
    sheet.table([part.strip() for part in say("reminder_columns").split("|")], rows, (7, 22, 17, 26, 48))
    for key in ("reminder_request", "reminder_basis", "closing"):
        sheet.text(say(key))
    _signed(sheet, say, unit, out)


def transfer(texts: Texts, unit: str, case: Late, requester: str, reason: str, at: datetime, out: Path) -> None:
    """A slip that goes with a question to the unit it belongs to."""
    say = _say(texts)
    sheet = _sheet(say, "transfer", at, texts)
    sheet.title(say("transfer_title"))
    sheet.text(say("transfer_opening", code=case.code, received=case.received, requester=requester))
    sheet.text(say("transfer_question", question=case.question))
    sheet.text(say("transfer_to", unit=unit, reason=reason))
    sheet.text(say("transfer_due", due=Due(case.due)))
    sheet.text(say("closing"))
    _signed(sheet, say, unit, out)


def _signed(sheet: Sheet, say: Say, unit: str, out: Path) -> None:
    receivers = [line.strip() for line in say("receivers", unit=unit).split("|")]
    sheet.signature(receivers, say("capacity"), say("name"))
    with whole(out) as part:
        sheet.save(part)
