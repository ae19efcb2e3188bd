"""Somebody says a page of the directory is wrong; an officer mends it as a dated change, or declines with a sentence (F51)."""

from collections.abc import Mapping
from typing import Any

from handlers import asking
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Kind, Outcome, Outgoing, Place, Screen
from handlers.directory import pages
from handlers.form import Answers, Form, Question, chosen, words_of
from models.directory import proposal
from models.directory.holding import Holding, holdings
from models.directory.parts import PARTS, Unfit, value_of
from models.directory.proposal import Proposal
from models.directory.unit import DESK
from models.errors import Refusal
from models.evidence import item
from models.evidence.exchange import Entry
from models.evidence.item import Item, ItemKind
from models.people.mandate import mandates
from models.people.person import Account, Person, Post
from models.text import fold, number
from models.texts import Words

LISTED = 3
DONE, ENDS, POSITION, REACHED = "done", "ends", "position", "reached"
COLUMNS = {column.name: column for column in PARTS["people"]}


async def begin(message: InboundMessage, context: Context) -> Outcome:
    """Anybody: what is wrong with a unit's page?"""
    unit = message.argument
    if unit not in context.office.unit_names or unit == DESK:
        raise Refusal("start.stale")
    screen = context.reply("proposal.what", Choice("choice.quit", "=quit"), unit=context.office.unit_name(unit, context.here.language))
    return Outcome(screens=[screen], place=Place("proposal", "what", {"unit": unit}))


async def said(message: InboundMessage, context: Context) -> Outcome:
    """The words are kept for the officers; whoever wrote them will be told what came of it."""
    if asking.quits(message):
        return asking.left(context)
    words = words_of(message, most=pages.LONGEST, least=5)
    _, entry, told = await pages.propose(context, str(_said(context)["unit"]), words)
    return Outcome([entry], [context.reply("proposal.kept"), *told], LEAVE)


def _said(context: Context) -> Answers:
    return context.conversation.said() if context.conversation is not None else {}


async def list_(_message: InboundMessage, context: Context) -> Outcome:
    """What waits for an officer, the oldest first."""
    waiting = await proposal.waiting(context.store)
    if not waiting:
        return Outcome(screens=[context.reply("proposal.none")])
    return Outcome(screens=[context.show(await _card(context, one)) for one in waiting[:LISTED]])


async def _card(context: Context, one: Proposal) -> Screen:
    text = await item.item(context.store, one.item)
    who = await pages.who(context, one)
    return Screen.of("proposal.new", *pages.ways(one.id or 0), unit=context.office.unit_name(one.unit_id), text=text or "–", who=who)


async def _waiting(context: Context, argument: object) -> Proposal:
    found = await context.store.get(Proposal, number(str(argument)) or 0)
    if found is None:
        raise Refusal("start.stale")
    if found.taken is not None:
        raise Refusal("directory.decided_already")
    return found


async def decline(message: InboundMessage, context: Context) -> Outcome:
    """Why not?"""
    found = await _waiting(context, message.argument)
    screen = context.reply("proposal.why", Choice("choice.quit", "=quit"), text=await item.item(context.store, found.item) or "–")
    return Outcome(screens=[screen], place=Place("proposal", "why", {"proposal": found.id}))


async def declined(message: InboundMessage, context: Context) -> Outcome:
    """The sentence goes to whoever proposed it."""
    if asking.quits(message):
        return asking.left(context)
    asking.reason(message)
    found = await _waiting(context, _said(context).get("proposal", ""))
    why = context.item(ItemKind.REASON, words_of(message, most=pages.LONGEST))
    entry = found.decide(False, context.my_id, context.now, reason=why.digest)
    return Outcome([entry], [context.reply("proposal.is_declined"), *await _tell(context, found, "proposal.declined", why)], LEAVE)


async def _tell(context: Context, found: Proposal, key: str, words: Item | None) -> list[Outgoing]:
    account = await context.store.get(Account, found.account_id)
    values: dict[str, Any] = {"unit": context.office.unit_name(found.unit_id), "words": words or Words.of("proposal.no_words")}
    return context.tell([account] if account is not None else [], Screen.of(key, **values))


async def take(message: InboundMessage, context: Context) -> Outcome:
    """An officer mends it: whose line, which part, what it should say."""
    found = await _waiting(context, message.argument)
    return await FORM.begin(context, {"proposal": found.id, "unit": found.unit_id})


async def advance(message: InboundMessage, context: Context) -> Outcome:
    """The next part of the change."""
    return await FORM.advance(message, context)


async def _page(context: Context, answers: Answers) -> Holding:
    found = (await holdings(context.store, context.now, answers["unit"])).get(answers["unit"])
    if found is None:
        raise Refusal("structure.unit_unknown", unit=answers["unit"])
    return found


async def _ask_whose(context: Context, answers: Answers) -> Screen:
    page = await _page(context, answers)
    ways = [Choice.of("choice.plain", f"=post_{post.id}", text=person.name) for person, post in page.posts[:LISTED]]
    words = await item.item(context.store, (await _waiting(context, answers["proposal"])).item)
    shown = pages.lines(context, page, context.here.language)
    return Screen.of("proposal.whose", *ways, Choice("choice.mended_elsewhere", f"={DONE}"), unit=page.name, lines=shown, text=words or "–")


async def _take_whose(message: InboundMessage, context: Context, answers: Answers) -> Mapping[str, Any]:
    """A line of the page, tapped or named; or the officer has mended it by other means."""
    posts = (await _page(context, answers)).posts
    if message.kind is not Kind.CHOICE:
        wanted = fold(words_of(message, most=120))
        named = [post for person, post in posts if fold(person.name) == wanted]
        if len(named) != 1:
            raise Refusal("proposal.whose_unknown")
        return {"whose": named[0].id}
    value = chosen(message, DONE, *(f"post_{post.id}" for _, post in posts))
    return {"whose": value if value == DONE else int(value.removeprefix("post_"))}


async def _ask_what(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("proposal.part", *(Choice(f"choice.mend_{part}", f"={part}") for part in (POSITION, REACHED, ENDS)))


async def _take_what(message: InboundMessage, _context: Context, _answers: Answers) -> Mapping[str, Any]:
    return {"what": chosen(message, POSITION, REACHED, ENDS)}


async def _ask_value(_context: Context, answers: Answers) -> Screen:
    return Screen.of(f"proposal.value_{answers['what']}")


async def _take_value(message: InboundMessage, _context: Context, answers: Answers) -> Mapping[str, Any]:
    """A position, or an official number, address or page: which of them it is shows."""
    text = words_of(message, most=200)
    kinds = ("page", "office_email") if text.startswith("http") else ("office_email",) if "@" in text else ("office_phone",)
    column = COLUMNS["position" if answers["what"] == POSITION else kinds[0]]
    try:
        return {"column": column.name, "value": value_of(column, text)}
    except Unfit as unfit:
        raise Refusal("proposal.unfit", why=str(unfit)) from None


async def _ask_words(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("proposal.words", Choice("choice.skip", "=skip"))


async def _take_words(message: InboundMessage, _context: Context, _answers: Answers) -> Mapping[str, Any]:
    return {"words": "" if message.choice == "=skip" else words_of(message, most=pages.LONGEST)}


async def _summary(context: Context, answers: Answers) -> Screen:
    values: dict[str, Any] = {"unit": context.office.unit_name(answers["unit"]), "words": answers.get("words") or "–"}
    if answers["whose"] == DONE:
        return Screen.of("proposal.summary_done", **values)
    person, post = await _line(context, answers)
    before = getattr(post, answers["column"]) if answers["what"] != ENDS else post.position
    key = "proposal.summary_ends" if answers["what"] == ENDS else "proposal.summary"
    return Screen.of(key, **values, name=person.name, before=before or "–", after=answers.get("value", ""))


async def _line(context: Context, answers: Answers) -> tuple[Person, Post]:
    """The line that is mended, as it stands now."""
    found = next((pair for pair in (await _page(context, answers)).posts if pair[1].id == answers["whose"]), None)
    if found is None:
        raise Refusal("proposal.whose_unknown")
    return found


async def _finish(_message: InboundMessage, context: Context, answers: Answers) -> Outcome:
    """The old line ends now and the new one begins: what was so before stays on record."""
    found = await _waiting(context, answers["proposal"])
    words = context.item(ItemKind.REASON, answers["words"]) if answers.get("words") else None
    entries = [] if answers["whose"] == DONE else [await _mend(context, found, answers)]
    entry = found.decide(True, context.my_id, context.now, reason=words.digest if words is not None else None)
    told = await _tell(context, found, "proposal.taken", words)
    return Outcome([*entries, entry], [context.reply("proposal.is_taken"), *told], LEAVE)


async def _mend(context: Context, found: Proposal, answers: Answers) -> Entry:
    person, post = await _line(context, answers)
    held = [m for m in await mandates(context.store, context.now, unit_id=found.unit_id, person_id=person.id) if m.covers()]
    detail: dict[str, Any] = {"proposal": found.id, "person": person.id, "post": post.id, "part": answers.get("column", ENDS)}
    if answers["what"] == ENDS:
        if await pages.cases(context, person, found.unit_id):
            raise Refusal("proposal.cases_first", name=person.name)
        left = [p for _, p in (await _page(context, answers)).posts if p.person_id == person.id and p.id != post.id]
        ended = [post, *([] if left else held)]
        for row in ended:
            row.valid_to = context.now
        return Entry("directory.line_ended", tuple(ended), detail=detail, unit_id=found.unit_id)
    column, value = str(answers["column"]), str(answers["value"])
    kept = context.item(ItemKind.NOTE, value)
    new = post.succeeded(context.now, **{column: value})
    context.store.add(new)
    moved = held if column == "position" else []
    for mandate in moved:
        mandate.position = value
    await context.store.flush()
    said = detail | {"item": kept.digest, "new_post": new.id, "from": context.now.isoformat()}
    return Entry("directory.line_changed", (post, new, *moved), detail=said, unit_id=found.unit_id)


FORM = Form(
    "mending",
    (
        Question("whose", _ask_whose, _take_whose),
        Question("what", _ask_what, _take_what, skip=lambda answers: answers.get("whose") == DONE),
        Question("value", _ask_value, _take_value, skip=lambda answers: answers.get("whose") == DONE or answers.get("what") == ENDS),
        Question("words", _ask_words, _take_words),
    ),
    _summary,
    _finish,
)
