"""What is not in order about speaking, province-wide: shown every morning and on the board until it is (F23, F24, F40)."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from handlers.contract import Context
from models.casework import brakes, inquiry, statement
from models.casework.answer import ASKED, OWED
from models.casework.statement import StatementState
from models.clocks import duty
from models.directory import census, proposal
from models.directory.holding import missing
from models.directory.unit import DESK
from models.evidence import keeping
from models.people import authorising, contact, mandate
from models.people.mandate import MandateKind

NAMED = 3  # units named in a line; the rest is a number
DUTY_AHEAD = 7  # days
NEW = timedelta(days=7)  # how long a new head is flagged


async def lines(context: Context) -> str:
    """One line for each thing that waits for somebody; nothing where all is in order."""
    held = await mandate.mandates(context.store, context.now)
    found = [
        _line(
            context,
            "late_publication",
            [m.unit_id for m, _ in await authorising.unpublished(context.store, context.now)],
        ),
        _line(context, "approval_waits", [c.unit_id for _, c in await inquiry.answers_approved(context.store, ASKED)]),
        _line(context, "approval_owed", [c.unit_id for _, c in await inquiry.answers_approved(context.store, OWED)]),
        *await _statements(context),
        _line(context, "braked", [b.case_code for b in await brakes.waiting(context.store)]),
        _line(context, "new_head", await _new_heads(context)),
        _line(context, "no_speaker", await _silent(context, {m.unit_id for m in held if m.covers()})),
        _line(context, "past_retention", [DESK for _ in await keeping.past(context.store, context.office.retention, context.now)]),
        _line(context, "orphaned", await _orphaned(context, held)),
        _line(context, "incomplete", [one.unit_id for one, _ in await missing(context.store, context.now)]),
        _line(context, "census_late", await _late(context)),
        _line(
            context,
            "unreachable",
            [t.posts[0].unit_id for t in await contact.tasks(context.store, context.now) if not t.rests(context.now)],
        ),
        _line(context, "proposals", [one.unit_id for one in await proposal.waiting(context.store)]),
        await _no_duty(context),
        _no_calendar(context),
    ]
    return "\n".join(line for line in found if line)


def _line(context: Context, name: str, units: Iterable[str | None]) -> str:
    """A thing, how often, and where first."""
    named = list(units)
    if not named:
        return ""
    places = list(dict.fromkeys(context.office.unit_name(unit) for unit in named))
    shown = ", ".join(places[:NAMED]) + ("…" if len(places) > NAMED else "")
    return _say(context, name, number=len(named), units=shown)


def _say(context: Context, name: str, **values: object) -> str:
    return context.office.texts.say(context.account.language if context.account else "vi", f"flags.{name}", values)


async def _statements(context: Context) -> list[str]:
    """Words on a matter that wait for a head, and those spoken before one approved."""
    waiting = await statement.waiting(context.store)
    named = {state: [m.unit_id for s, m in waiting if s.state is state] for state in StatementState}
    return [
        _line(context, "statement_waits", named[StatementState.ASKED]),
        _line(context, "statement_owed", named[StatementState.OWED]),
    ]


async def _no_duty(context: Context) -> str:
    """Coming days off on which nobody is on duty: holidays always, weekends where a roster is kept (F29)."""
    kept = await duty.is_kept(context.store)
    days = await duty.uncovered(context.store, context.office.rules.calendar, context.now, DUTY_AHEAD, weekends=kept)
    return _say(context, "no_duty", days=", ".join(f"{day:%d/%m}" for day in days)) if days else ""


def _no_calendar(context: Context) -> str:
    """From October on: the coming year's holidays and swaps are not entered yet (LAW.md, calendar)."""
    year = context.office.rules.calendar.missing_next_year(context.now.astimezone(context.zone).date())
    return _say(context, "no_calendar", year=year) if year is not None else ""


async def _late(context: Context) -> list[str]:
    """Units that have not answered a directory call whose day is over."""
    called = await census.open_one(context.store)
    if called is None or context.now.astimezone(context.zone).date() <= called.due_on:
        return []
    return await census.unanswered(context.store, called.id or 0)


async def _new_heads(context: Context) -> list[str]:
    """Units whose head changed within the week: their authorisations and published names want a look."""
    return sorted(await mandate.heads_changed(context.store, context.now - NEW, context.now))


async def _silent(context: Context, spoken_for: set[str]) -> list[str]:
    """Units that have people, and nobody who may speak on everything."""
    busy = await mandate.units_in_use(context.store, context.now)
    return sorted(busy - spoken_for - {DESK})


async def _orphaned(context: Context, held: Sequence[mandate.Mandate]) -> list[str]:
    """Authorisations granted by somebody who leads the unit no longer."""
    found: list[str] = []
    for one in held:
        if one.kind is MandateKind.AUTHORISED and one.granted_by is not None:
            leaders = await mandate.heads(context.store, one.unit_id, context.now)
            found += [one.unit_id] if one.granted_by not in {p.id for p in leaders} else []
    return found
