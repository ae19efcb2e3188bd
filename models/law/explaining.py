"""A deadline told to people and to machines: each hour or day counted or skipped, why, and under which article.

The sentences live in `content/texts/*/law.yaml` and are passed in; stored JSON keeps the words of the day it was written,
so a later change of the calendar or of a sentence does not rewrite the past.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from models.law.calendar import DAY, Calendar, local, midnight
from models.law.counting import DAILY, Counted, Uncountable
from models.law.terms import Measure
from models.law.walking import Span, last_day

Sentences = Mapping[str, str]
_MERGED = frozenset({"working_day", "day", "hour", "month", "weekend"})
_BY_TIME = frozenset({"hour", "office", "closed", "pause", "notice", "earlier", "at_once", "fixed_date"})


def date_text(day: date) -> str:
    """A date as offices write it (Decree 30/2020/NĐ-CP): 04/5/2026, 02/01/2026."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"


def day_text(day: date, sentences: Sentences, calendar: Calendar, language: str = "vi") -> str:
    """A day inside a sentence: "thứ Hai 04/5/2026"."""
    return sentences["day"].format(weekday=getattr(calendar.weekday(day), language), date=date_text(day))


def moment_text(moment: datetime, sentences: Sentences, calendar: Calendar, language: str = "vi", *, end: bool = False) -> str:
    """A moment inside a sentence; a midnight that ends something is called 24:00 of the day before."""
    over = end and moment == midnight(moment.date())
    day = moment.date() - DAY if over else moment.date()
    shown = "24:00" if over else moment.strftime("%H:%M:%S" if moment.second else "%H:%M")
    return sentences["moment"].format(time=shown, weekday=getattr(calendar.weekday(day), language), date=date_text(day))


def due_text(counted: Counted, sentences: Sentences, calendar: Calendar, language: str = "vi") -> str:
    """The due moment as one sentence: the end of a day, or a minute."""
    if counted.clock.measure in DAILY or counted.clock.measure is Measure.FIXED_DATE:
        day = last_day(counted.due)
        return sentences["due.day"].format(weekday=getattr(calendar.weekday(day), language), date=date_text(day))
    return sentences["due.moment"].format(moment=moment_text(counted.due, sentences, calendar, language))


def paused_text(counted: Counted, since: datetime, left: str, sentences: Sentences, calendar: Calendar, language: str = "vi") -> str:
    """That a clock stands still, since when, and how much of it is left."""
    amount = Fraction(left)
    shown = str(amount.numerator) if amount.denominator == 1 else f"{float(amount):.1f}"
    moment = moment_text(local(since), sentences, calendar, language)
    return sentences["paused"].format(moment=moment, left=shown, measure=sentences[f"measure.{counted.clock.measure}"])


def explain(counted: Counted, sentences: Sentences, calendar: Calendar, language: str = "vi") -> list[str]:
    """The deadline line by line: when, from when, by which law, and each run of hours or days with its reason."""
    return [due_text(counted, sentences, calendar, language), *how(counted, sentences, calendar, language)]


def how(counted: Counted, sentences: Sentences, calendar: Calendar, language: str = "vi") -> list[str]:
    """From when, by which law, and each run of hours or days with its reason; neighbours with one reason are one line."""
    clock = counted.clock
    lines = [
        sentences["start"].format(moment=moment_text(counted.start, sentences, calendar, language)),
        sentences["basis.local" if clock.local else "basis"].format(basis=clock.basis),
    ]
    lines += [_line(run, counted, sentences, calendar, language) for run in _runs(counted)]
    if counted.plan_by:
        day = day_text(last_day(counted.due), sentences, calendar, language)
        plan_by = day_text(counted.plan_by, sentences, calendar, language)
        lines.append(sentences["plan"].format(day=day[0].upper() + day[1:], plan_by=plan_by))
    if counted.unknown_years:
        lines.append(sentences["unknown_years"].format(years=", ".join(map(str, counted.unknown_years))))
    return lines


def refusal_text(refusal: Uncountable, sentences: Sentences) -> str:
    """Why a deadline could not be computed, as one sentence."""
    return sentences[refusal.key].format(clock=refusal.clock.id, label=refusal.clock.label)


def _runs(counted: Counted) -> Iterator[list[Span]]:
    """The spans in order of time, neighbours with one reason taken together."""
    run: list[Span] = []
    for span in sorted((*counted.counted, *counted.skipped), key=lambda span: (span.from_, span.to)):
        if run and span.why in _MERGED and (span.why, span.basis) == (run[0].why, run[0].basis):
            run.append(span)
            continue
        if run:
            yield run
        run = [span]
    if run:
        yield run


def _line(run: list[Span], counted: Counted, sentences: Sentences, calendar: Calendar, language: str) -> str:
    first, last = run[0], run[-1]
    why = _why(first, last, sentences, language, first.why)
    if first.why in _BY_TIME or counted.clock.measure is Measure.OFFICE_HOUR:
        begins = moment_text(first.from_, sentences, calendar, language)
        return _sentence(sentences["line.times"], first=begins, last=moment_text(last.to, sentences, calendar, language, end=True), why=why)
    begins, ends = first.from_.date(), last_day(last.to)
    if begins == ends:
        return _sentence(sentences["line.day"], day=day_text(begins, sentences, calendar, language), why=why)
    days = {"first": day_text(begins, sentences, calendar, language), "last": day_text(ends, sentences, calendar, language)}
    return _sentence(sentences["line.days"], **days, why=why)


def _sentence(template: str, **holes: str) -> str:
    text = template.format(**holes)
    return text[0].upper() + text[1:]


def _why(first: Span, last: Span, sentences: Sentences, language: str, key: str) -> str:
    numbers = str(first.number) if first is last else f"{first.number}–{last.number}"
    reason = getattr(first.day, language) if first.day else ""
    return sentences[f"why.{key}"].format(numbers=numbers, reason=reason, basis=first.basis)


def due_json(counted: Counted, sentences: Sentences, language: str = "vi") -> dict[str, Any]:
    """What is stored and printed: the due moment and the list that adds up to it; skipped spans add nothing."""
    return {
        "due": counted.due.isoformat(),
        "counted": [_row(span, sentences, language) for span in counted.counted],
        "skipped": [_row(span, sentences, language) for span in counted.skipped],
    }


def _row(span: Span, sentences: Sentences, language: str) -> dict[str, Any]:
    amount = span.amount.numerator if span.amount.denominator == 1 else float(span.amount)
    key = f"{span.why}.one" if f"why.{span.why}.one" in sentences else span.why  # a row alone names its own weekday
    why = _why(span, span, sentences, language, key)
    return {"from": span.from_.isoformat(), "to": span.to.isoformat(), "amount": amount, "why": why}
