"""A reporter introduces themself: language, notice, name, outlet, credential, contact – checked, shown, sent to the press office."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from handlers import telling
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Kind, Outcome, Screen
from handlers.form import Answers, Form, Question, chosen, words_of
from models import dates
from models.directory.unit import match_outlet, outlets
from models.errors import Refusal
from models.evidence.exchange import Entry
from models.people.person import CredentialKind, Person, PostKind, Reporter, Role, Standing, accounts_of, posted

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}")
_NUMBER = re.compile(r"[\w./\- ]{2,40}", re.UNICODE)


async def begin(_message: InboundMessage, context: Context) -> Outcome:
    """Start, or say that there is nothing to start; somebody declined may register again."""
    if context.reporter is not None and context.reporter.standing is not Standing.DECLINED:
        return Outcome(screens=[context.reply(f"register.already_{context.reporter.standing.value}")])
    if Role.OFFICER in context.roles or Role.MEMBER in context.roles:
        raise Refusal("register.staff")
    return await FORM.begin(context)


async def advance(message: InboundMessage, context: Context) -> Outcome:
    """The next answer."""
    return await FORM.advance(message, context)


async def _ask_language(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("register.language", Choice("choice.language_vi", "=vi"), Choice("choice.language_en", "=en"))


async def _take_language(message: InboundMessage, context: Context, _answers: Answers) -> Mapping[str, Any]:
    context.here.language = chosen(message, "vi", "en")
    return {"language": context.here.language}


async def _ask_notice(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("register.notice", Choice("choice.agree", "=agree"))


async def _take_notice(message: InboundMessage, _context: Context, _answers: Answers) -> Mapping[str, Any]:
    return {"notice": chosen(message, "agree")}


async def _ask_name(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("register.name")


async def _take_name(message: InboundMessage, _context: Context, _answers: Answers) -> Mapping[str, Any]:
    name = words_of(message, most=80, least=2, empty="register.name_in_words")
    if any(c.isdigit() for c in name) or not any(c.isalpha() for c in name):
        raise Refusal("register.name_in_words")
    return {"name": name}


async def _ask_outlet(context: Context, _answers: Answers) -> Screen:
    listed = (await outlets(context.store))[:3]
    return Screen.of("register.outlet", *(Choice.of("choice.plain", f"={outlet.id}", text=outlet.name) for outlet in listed))


async def _take_outlet(message: InboundMessage, context: Context, _answers: Answers) -> Mapping[str, Any]:
    known = await outlets(context.store)
    if message.kind is Kind.CHOICE:
        wanted = chosen(message, *(outlet.id for outlet in known))
        return {"outlet_id": wanted, "outlet": next(o.name for o in known if o.id == wanted)}
    typed = words_of(message, most=120, least=2)
    listed = match_outlet(known, typed)
    return {"outlet_id": listed.id if listed else None, "outlet": listed.name if listed else typed}


async def _ask_kind(_context: Context, _answers: Answers) -> Screen:
    kinds = (CredentialKind.PRESS_CARD, CredentialKind.INTRODUCTION_LETTER)
    return Screen.of("register.credential", *(Choice(f"choice.{kind.value}", f"={kind.value}") for kind in kinds))


async def _take_kind(message: InboundMessage, _context: Context, _answers: Answers) -> Mapping[str, Any]:
    return {"credential": chosen(message, *(kind.value for kind in CredentialKind))}


async def _ask_number(_context: Context, answers: Answers) -> Screen:
    return Screen.of(f"register.number_{answers['credential']}")


async def _take_number(message: InboundMessage, _context: Context, _answers: Answers) -> Mapping[str, Any]:
    number = words_of(message, most=40, least=2, empty="register.number_in_words")
    if not _NUMBER.fullmatch(number) or not any(c.isdigit() for c in number):
        raise Refusal("register.number_in_words")
    return {"number": number}


async def _ask_expiry(context: Context, _answers: Answers) -> Screen:
    return Screen.of("register.expiry", example=_example(context))


async def _take_expiry(message: InboundMessage, context: Context, _answers: Answers) -> Mapping[str, Any]:
    today = context.now.astimezone(context.zone).date()
    expires = dates.day(words_of(message, most=40, empty="register.expiry_as_date", example=_example(context)), today)
    if expires is None or expires.year > today.year + 10:
        raise Refusal("register.expiry_as_date", example=_example(context))
    if expires < today:
        raise Refusal("register.expired", date=expires)
    return {"expires": expires.isoformat()}


def _example(context: Context) -> date:
    """A date that has not passed when it is read."""
    return date(context.now.astimezone(context.zone).year + 1, 12, 31)


async def _ask_phone(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("register.phone")


async def _take_phone(message: InboundMessage, _context: Context, _answers: Answers) -> Mapping[str, Any]:
    typed = words_of(message, most=30, empty="register.phone_as_number")
    digits = re.sub(r"[\s.\-()]", "", typed)
    if not re.fullmatch(r"(\+84|84|0)\d{8,10}|\+\d{8,15}", digits):
        raise Refusal("register.phone_as_number")
    return {"phone": digits}


async def _ask_email(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("register.email", Choice("choice.skip", "=none"))


async def _take_email(message: InboundMessage, _context: Context, _answers: Answers) -> Mapping[str, Any]:
    if message.kind is Kind.CHOICE:
        return {"email": chosen(message, "none") and ""}
    typed = words_of(message, most=120, empty="register.email_as_address")
    if not _EMAIL.fullmatch(typed):
        raise Refusal("register.email_as_address")
    return {"email": typed}


def _spoken(answers: Answers) -> dict[str, Any]:
    return {
        "name": answers["name"],
        "outlet": answers["outlet"],
        "number": answers["number"],
        "expires": date.fromisoformat(answers["expires"]),
        "phone": answers["phone"],
        "email": answers["email"] or "–",
    }


async def _summary(_context: Context, answers: Answers) -> Screen:
    return Screen.of(f"register.summary_{answers['credential']}", **_spoken(answers))


async def _finish(_message: InboundMessage, context: Context, answers: Answers) -> Outcome:
    """The person, the press profile, a word to the officers; asking is possible at once."""
    person = context.person or Person(name=answers["name"], created_at=context.now)
    person.name, person.language = answers["name"], answers["language"]
    person.phone, person.email = answers["phone"], answers["email"]
    context.store.add(person)
    await context.store.flush()
    reporter = context.reporter or Reporter(
        person_id=person.id or 0,
        outlet_name="",
        credential=CredentialKind.PRESS_CARD,
        credential_number="",
        credential_expires=context.now.date(),
        registered_at=context.now,
    )
    reporter.outlet_id, reporter.outlet_name = answers["outlet_id"], answers["outlet"]
    reporter.credential, reporter.credential_number = CredentialKind(answers["credential"]), answers["number"]
    reporter.credential_expires = date.fromisoformat(answers["expires"])
    reporter.standing, reporter.registered_at = Standing.UNVERIFIED, context.now
    context.store.add(reporter)
    context.here.link(person)
    officers = await posted(context.store, context.now, kind=PostKind.OFFICER)
    watching = await accounts_of(context.store, *(o.id for o in officers if o.id is not None))
    notice = Screen.of(
        f"officer.new_reporter_{reporter.credential.value}",
        *telling.verify_choices(person.id or 0),
        **_spoken(answers),
    )
    entry = Entry(
        "reporter.registered", (person, reporter, context.here), detail={"reporter": person.id, "credential": answers["credential"]}
    )
    ways = (Choice("choice.ask_begin", "ask.begin"), Choice("choice.subscription_begin", "subscription.begin"))
    return Outcome([entry], [context.reply("register.done", *ways, name=person.name), *context.tell(watching, notice)], LEAVE)


FORM = Form(
    "register",
    (
        Question("language", _ask_language, _take_language),
        Question("notice", _ask_notice, _take_notice),
        Question("name", _ask_name, _take_name),
        Question("outlet", _ask_outlet, _take_outlet),
        Question("credential", _ask_kind, _take_kind),
        Question("number", _ask_number, _take_number),
        Question("expiry", _ask_expiry, _take_expiry),
        Question("phone", _ask_phone, _take_phone),
        Question("email", _ask_email, _take_email),
    ),
    _summary,
    _finish,
)
