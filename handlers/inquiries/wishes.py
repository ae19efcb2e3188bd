"""In which form a reporter would like the answer, and by when they need it themselves (F5: apart from the legal deadline)."""

from datetime import datetime, time, timedelta

from handlers.contract import Choice, Context, InboundMessage, Outcome, Place
from handlers.form import Answers, Next, chosen
from models import dates

FORMS = ("written", "statement_or_interview", "any")


def ask_form(context: Context, answers: Answers) -> Outcome:
    """Written, spoken, or however the unit likes."""
    ways = [Choice(f"choice.form_{form}", f"={form}") for form in FORMS]
    return Outcome(screens=[context.reply("ask.form", *ways, Choice("choice.back", "=back"))], place=Place("ask", "form", answers))


async def take_form(message: InboundMessage, context: Context, answers: Answers) -> Outcome | Next:
    """The form chosen."""
    if message.choice == "=back":
        return Next("unit", answers)
    return ask_deadline(context, answers | {"form": chosen(message, *FORMS)})


def ask_deadline(context: Context, answers: Answers, note: str = "ask.deadline") -> Outcome:
    """By when, after a word about what was wrong with the last moment named."""
    ways = [Choice(f"choice.deadline_{when}", f"={when}") for when in ("none", "today", "tomorrow")]
    return Outcome(screens=[context.reply(note, *ways, Choice("choice.back", "=back"))], place=Place("ask", "deadline", answers))


async def take_deadline(message: InboundMessage, context: Context, answers: Answers) -> Outcome | Next:
    """The reporter's own deadline, kept apart from the legal one (F5)."""
    if message.choice == "=back":
        return ask_form(context, answers)
    today = context.now.astimezone(context.zone).date()
    wanted: datetime | None
    match message.choice:
        case "=none":
            wanted = None
        case "=today" | "=tomorrow":
            wanted = datetime.combine(today + timedelta(days=message.choice == "=tomorrow"), time(17), tzinfo=context.zone)
        case _:
            wanted = dates.moment(message.text, context.now, context.zone)
            if wanted is None:
                return ask_deadline(context, answers, "ask.deadline_unreadable")
    if wanted is not None and wanted <= context.now:
        return ask_deadline(context, answers, "ask.deadline_past")
    return Next("confirm", answers | {"own": wanted.isoformat() if wanted else None})
