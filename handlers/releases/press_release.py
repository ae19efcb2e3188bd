"""A press release: title, text, files, topics, areas; the exact audience and a preview; one confirmation; progress, stop."""

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.answering import braking
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Outcome, Screen
from handlers.form import Answers, Form, Question, words_of
from handlers.releases import choosing
from models import codes
from models.casework import brakes
from models.errors import Refusal
from models.evidence import item
from models.evidence.item import Item, ItemKind
from models.messages import press_release
from models.messages.press_release import Broadcast, PressRelease
from models.texts import Words

MAX_BODY = 20_000
NOTHING, ALL = "=none", "=all"


async def begin(_message: InboundMessage, context: Context) -> Outcome:
    """Start writing."""
    return await FORM.begin(context)


async def advance(message: InboundMessage, context: Context) -> Outcome:
    """The next part."""
    return await FORM.advance(message, context)


async def _ask_title(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("release.title")


async def _take_title(message: InboundMessage, _context: Context, _answers: Answers) -> Mapping[str, Any]:
    return {"title": words_of(message, most=200, least=5)}


async def _ask_body(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("release.body")


async def _take_body(message: InboundMessage, context: Context, answers: Answers) -> Mapping[str, Any]:
    if not message.text:
        raise Refusal("form.words_please")
    if len(message.text) > MAX_BODY:
        raise Refusal("form.too_long", most=MAX_BODY)
    kept = context.item(ItemKind.DRAFT, message.text, replaces=answers.get("item"))
    return {"item": kept.digest, "files": [f.id for f in message.files]}


async def _ask_files(_context: Context, answers: Answers) -> Screen:
    return Screen.of(
        "release.files",
        Choice("choice.no_files" if not answers.get("files") else "choice.enough", NOTHING),
        number=len(answers.get("files", [])),
    )


async def _take_files(message: InboundMessage, _context: Context, answers: Answers) -> Mapping[str, Any]:
    if message.choice == NOTHING:
        return {}
    if not message.files:
        raise Refusal("release.files_please")
    return {"files": [*answers.get("files", []), *(f.id for f in message.files)]}


async def _ask_topics(context: Context, _answers: Answers) -> Screen:
    return Screen.of("release.topics", Choice("choice.all_topics", ALL), lines=choosing.topic_lines(context))


async def _take_topics(message: InboundMessage, context: Context, _answers: Answers) -> Mapping[str, Any]:
    if message.choice == ALL:
        return {"topics": []}
    return {"topics": choosing.topics(context, words_of(message, most=300))}


async def _ask_areas(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("release.areas", Choice("choice.all_areas", ALL))


async def _take_areas(message: InboundMessage, context: Context, _answers: Answers) -> Mapping[str, Any]:
    if message.choice == ALL:
        return {"areas": []}
    return {"areas": await choosing.areas(context, words_of(message, most=300))}


async def _summary(context: Context, answers: Answers) -> Screen:
    """Exactly what goes out, to exactly how many, and who cannot be reached (F78, F79)."""
    body = await item.item(context.store, answers["item"])
    reached, blocked = await press_release.count(context.store, answers["topics"], answers["areas"])
    lost = await press_release.unreachable(context.store, answers["topics"], answers["areas"])
    listed = ", ".join(f"{a.channel} #{a.id}" for a in lost[:20]) or "–"
    values: dict[str, Any] = {
        "title": answers["title"],
        "body": body or "–",
        "recipients": reached,
        "unreachable": blocked,
        "listed": listed,
    }
    return Screen.of("release.preview", files=answers["files"], **values, **_spoken(context, answers["topics"], answers["areas"]))


def _spoken(context: Context, topics: Sequence[str], areas: Sequence[str]) -> dict[str, Any]:
    language = context.account.language if context.account else "vi"
    named = [t.name(language) for t in context.office.topics if t.id in topics]
    everything = Words.of("subscription.everything")
    return {"topics": ", ".join(named) or everything, "areas": ", ".join(context.office.unit_name(a) for a in areas) or everything}


async def _finish(message: InboundMessage, context: Context, answers: Answers) -> Outcome:
    """Confirmed: the audience is frozen into the outbox by one statement."""
    draft = await context.store.get_one(Item, answers["item"])
    attached = await item.files(context.store, answers["files"])
    stopped = await braking.outgoing(context, "release", draft, answers, words=answers["title"], files=attached)
    if stopped is not None:
        return stopped
    reached, blocked = await press_release.count(context.store, answers["topics"], answers["areas"])
    if reached == 0:
        raise Refusal("release.nobody")
    code = codes.make(codes.RELEASE, context.ids.chance())
    text = context.office.texts.say("vi", "release.text", {"title": answers["title"], "body": draft, "code": code})
    body = context.item(ItemKind.RELEASE, text, code, replaces=draft.digest)
    files = await item.files(context.store, answers["files"])
    for file in files:
        file.case_code, file.item_digest = code, body.digest
    release = PressRelease(
        code=code,
        title=answers["title"],
        item=body.digest,
        topics=answers["topics"],
        areas=answers["areas"],
        author_id=context.my_id,
        published_at=context.now,
    )
    broadcast = Broadcast(release_code=code, recipients=reached, unreachable=blocked, confirmed_by=context.my_id, confirmed_at=context.now)
    context.store.add_all([release, broadcast])
    await context.store.flush()
    await press_release.fan_out(context.store, broadcast, release, [f.id for f in files], message.id, context.now)
    ways = (Choice("choice.progress", f"release.progress:{code}"), Choice("choice.stop", f"release.stop:{code}"))
    entry = release.published(broadcast, [f.ref() for f in files])
    return Outcome([entry], [context.reply("release.sending", *ways, case=code, code=code, recipients=reached)], LEAVE, code)


async def resume(message: InboundMessage, context: Context) -> Outcome:
    """A second officer has let it go: everything once more, to be sent by whoever wrote it."""
    held = await brakes.by_number(context.store, message.argument)
    if held is None or held.asked_by != context.my_id or not held.allowed or held.kind != "release":
        raise Refusal("start.stale")
    return await FORM.review(context, held.resume)


async def progress(message: InboundMessage, context: Context) -> Outcome:
    """How many have it, how many wait, how many cannot be served."""
    release, broadcast = await _sending(context, message.argument)
    counts = await press_release.progress(context.store, broadcast.id or 0)
    ways = [Choice("choice.progress", f"release.progress:{release.code}")]
    if broadcast.state is press_release.ReleaseState.SENDING:
        ways.append(Choice("choice.stop", f"release.stop:{release.code}"))
    values: dict[str, Any] = {state: counts.get(state, 0) for state in ("sent", "queued", "sending", "failed", "uncertain", "cancelled")}
    state = Words.of(f"release.state_{broadcast.state.value}")
    screen = context.reply(
        "release.progress",
        *ways,
        case=release.code,
        code=release.code,
        title=release.title,
        state=state,
        total=broadcast.recipients,
        **values,
    )
    return Outcome(screens=[screen])


async def stop(message: InboundMessage, context: Context) -> Outcome:
    """Nobody who has not got it yet will."""
    release, broadcast = await _sending(context, message.argument)
    entry = broadcast.stop(context.now)
    await press_release.cancel_queued(context.store, broadcast.id or 0)
    counts = await press_release.progress(context.store, broadcast.id or 0)
    reply = context.reply(
        "release.stopped", case=release.code, code=release.code, sent=counts.get("sent", 0), cancelled=counts.get("cancelled", 0)
    )
    return Outcome([entry], [reply], case=release.code)


async def _sending(context: Context, code: str) -> tuple[PressRelease, Broadcast]:
    release = await context.store.get(PressRelease, code)
    broadcast = await press_release.broadcast_of(context.store, code) if release else None
    if release is None or broadcast is None:
        raise Refusal("release.unknown", code=code)
    return release, broadcast


FORM = Form(
    "release",
    (
        Question("title", _ask_title, _take_title),
        Question("body", _ask_body, _take_body),
        Question("files", _ask_files, _take_files, stays=lambda message: bool(message.files)),
        Question("topics", _ask_topics, _take_topics),
        Question("areas", _ask_areas, _take_areas),
    ),
    _summary,
    _finish,
)
