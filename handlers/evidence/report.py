"""Reports in chat: ordered here, made outside, sent when ready; difficulties noted by officers, figures contested by units."""

from datetime import date, datetime
from typing import Any

from handlers import asking, casework, telling
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Kind, Outcome, Place, Screen
from handlers.table import argument_of
from models.errors import Refusal
from models.evidence.exchange import Entry
from models.evidence.item import ItemKind
from models.people.person import Role
from models.reports import frozen, window
from models.reports.document import Document, rule_of
from models.reports.order import ReportOrder, fill
from models.reports.window import Window
from models.texts import Words

LONGEST = 2000  # characters of a difficulty or a contest


async def begin(_message: InboundMessage, context: Context) -> Outcome:
    """Which report? An officer gets the province's, anybody else their own unit's."""
    year, now = _year(context), _local(context)
    before = date(now.year - (now.month == 1), 12 if now.month == 1 else now.month - 1, 1)
    months = [f"{now:%Y-%m}", f"{before:%Y-%m}"]
    ways = [Choice.of("choice.report_month", f"report.make:monthly:{month}", month=f"{month[5:]}/{month[:4]}") for month in months]
    years = [year.period, str(int(year.period) - 1)]
    ways += [Choice.of("choice.report_year", f"report.make:yearly:{period}", year=period) for period in years]
    return Outcome(screens=[context.reply("report.choose", *ways)])


async def make(message: InboundMessage, context: Context) -> Outcome:
    """The order is taken; the machine makes the files and sends them here."""
    kind, _, period = message.argument.partition(":")
    wanted = _parsed(context, kind, period)
    mine = None if Role.OFFICER in context.roles else context.units[0]
    context.store.add(
        ReportOrder(account_id=context.here.id or 0, kind=wanted.kind, period=wanted.period, unit_id=mine, asked_at=context.now)
    )
    return Outcome(screens=[context.reply("report.ordered", kind=Words.of(f"report.kind_{wanted.kind}"), period=_spoken(wanted.period))])


def _parsed(context: Context, kind: str, period: str) -> Window:
    rule, _ = rule_of(context.office.rules.law, context.office.rules.law.at(context.now))
    if kind not in {"monthly", "yearly"}:
        raise Refusal("report.bad_period", period=kind or "–")
    try:
        return window.parse(kind, period, rule, context.zone)
    except ValueError as error:
        raise Refusal("report.bad_period", period=period or "–") from error


def _spoken(period: str) -> str:
    year, _, month = period.partition("-")
    return f"{month}/{year}" if month else year


def _local(context: Context) -> datetime:
    return context.now.astimezone(context.zone)


def _year(context: Context) -> Window:
    """The statutory year that runs now."""
    rule, _ = rule_of(context.office.rules.law, context.office.rules.law.at(context.now))
    return window.of_moment(context.now, rule, context.zone)


async def ready(message: InboundMessage, context: Context) -> Outcome:
    """The files are there: to whoever ordered them; that somebody got a report is an entry."""
    said: dict[str, Any] = dict(message.detail)
    filled = await fill(context.store, int(said["order"]), context.now)
    if filled is None:
        return Outcome()
    order, account = filled
    figures: dict[str, int] = said["figures"]
    good, judged = figures["in_time"], figures["in_time"] + figures["late"]
    scope = Words.of("report.province") if order.unit_id is None else context.office.unit_name(order.unit_id)
    ways = (Choice("choice.report_contest", f"report.contest:{order.period}"),) if order.unit_id is not None else ()
    screen = Screen.of(
        "report.ready",
        *ways,
        files=said["files"],
        kind=Words.of(f"report.kind_{order.kind}"),
        period=_spoken(order.period),
        scope=scope,
        share=f"{good}/{judged}" if judged else Words.of("report.nothing"),
        **figures,
    )
    detail = {"kind": order.kind, "period": order.period, "digest": said["digest"], "account": account.id}
    return Outcome([Entry("report.made", detail=detail, unit_id=order.unit_id)], context.tell([account], screen))


async def freeze(message: InboundMessage, context: Context) -> Outcome:
    """The year is over: the document is kept word for word, the log holds its digest, the officers read it."""
    document: Document = dict(message.detail)["document"]
    if await frozen.of_period(context.store, document["period"]) is not None:
        raise Refusal("report.frozen_already", period=document["period"])
    kept = await frozen.freeze(context.store, document, context.now)
    notice = Screen.of("report.frozen_notice", period=kept.period, last=date.fromisoformat(document["to"]), digest=kept.sha256)
    return Outcome([kept.entry()], context.tell(await telling.officer_accounts(context), notice))


async def difficulty(message: InboundMessage, context: Context) -> Outcome:
    """Difficulties met, for the free text of the yearly report: `/khokhan …`."""
    words = argument_of(message.text)
    if len(words) < casework.SHORTEST_REASON or len(words) > LONGEST:
        raise Refusal("report.difficulty_which")
    period = await _open_year(context)
    kept = context.item(ItemKind.NOTE, words)
    entry = Entry("report.difficulty_noted", detail={"period": period, "item": kept.digest}, unit_id=context.units[0])
    return Outcome([entry], [context.reply("report.difficulty_noted", period=period)])


async def _open_year(context: Context) -> str:
    """The year a difficulty belongs to: the last one until its report is sent off on 19 December, then the one that runs."""
    year, rule = _year(context), rule_of(context.office.rules.law, context.office.rules.law.at(context.now))[0]
    clock = next((c for pack in context.office.rules.law.packs if (c := pack.clock(rule.clock)) is not None), None)
    month_day = clock.month_day if clock is not None else None
    today = _local(context).date()
    if month_day is not None and year.first <= today <= date(year.first.year, *month_day):
        return str(int(year.period) - 1)
    return year.period


async def contest(message: InboundMessage, context: Context) -> Outcome:
    """A unit finds a figure wrong."""
    period = message.argument
    _parsed(context, "monthly" if "-" in period else "yearly", period)
    screen = context.reply("report.contest_write", Choice("choice.quit", "=quit"), period=_spoken(period))
    return Outcome(screens=[screen], place=Place("report", "contest", {"period": period}))


async def contested(message: InboundMessage, context: Context) -> Outcome:
    """Why: an entry beside the report, which itself stays as it is; the press office is told."""
    if asking.quits(message):
        return asking.left(context)
    if message.kind is not Kind.TEXT or not casework.SHORTEST_REASON <= len(message.text) <= LONGEST:
        raise Refusal("form.reason_please", least=casework.SHORTEST_REASON)
    period = str(context.conversation.said()["period"] if context.conversation else "")
    why = context.item(ItemKind.NOTE, message.text)
    unit = context.units[0]
    entry = Entry("report.contested", detail={"period": period, "item": why.digest}, unit_id=unit)
    said: dict[str, Any] = {"unit": context.office.unit_name(unit), "period": _spoken(period)}
    told = context.tell(await telling.officer_accounts(context), Screen.of("report.contest_notice", text=why, **said))
    return Outcome([entry], [context.reply("report.contested", **said), *told], LEAVE)


async def tabulated(message: InboundMessage, context: Context) -> Outcome:
    """A table of the directory is there: to whoever ordered it; that it left is an entry."""
    said: dict[str, Any] = dict(message.detail)
    filled = await fill(context.store, int(said["order"]), context.now)
    if filled is None:
        return Outcome()
    order, account = filled
    entry = Entry(
        "directory.tabulated", detail={"kind": order.kind, "about": order.period, "digest": said["digest"], "account": account.id}
    )
    return Outcome([entry], context.tell([account], Screen.of(f"{order.kind}.table", files=[said["file"]])))
