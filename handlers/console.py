"""What the command line asks of the running machine: invitations, the directory, the daily head of the log."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from handlers import telling
from handlers.answering import speaking
from handlers.contract import Context, InboundMessage, Outcome, Screen
from models.casework import imported, inquiry, matter
from models.directory import changes
from models.errors import Refusal
from models.evidence.exchange import Entry
from models.installation import installation
from models.people.invitation import Invitation, Welcome
from models.people.mandate import MandateKind
from models.people.person import PostKind


async def invite(message: InboundMessage, context: Context) -> Outcome:
    """A one-time invitation; the code itself was made by the command and is not known here."""
    said: Mapping[str, Any] = message.detail
    if said.get("mandate"):
        await speaking.fits(context, said["unit"], MandateKind(said["mandate"]), said.get("position") or "")
    invited = Invitation(
        code_hash=said["code_hash"],
        welcome=Welcome(said["role"]),
        name=said["name"],
        unit_id=said.get("unit"),
        post=PostKind(said["post"]) if said.get("post") else None,
        position=said.get("position") or "",
        mandate=said.get("mandate"),
        decision_no=said.get("decision_no") or "",
        created_at=context.now,
        expires_at=datetime.fromisoformat(said["expires_at"]),
    )
    context.store.add(invited)
    return Outcome([invited.created()])


async def import_directory(message: InboundMessage, context: Context) -> Outcome:
    """Units, outlets and people as a file gives them; what is the same already changes nothing."""
    made, rows = await changes.apply(context.store, message.detail, context.now, speaking.pack(context))
    if not made:
        return Outcome()
    counts = {
        name: len({change.id for change in made if change.what == what})
        for name, what in (("units", "unit"), ("outlets", "outlet"), ("people", "person"), ("residents", "resident"))
    }
    return Outcome([Entry("directory.imported", tuple(rows), detail={"source": message.detail["source"], **counts})])


async def directory_exported(message: InboundMessage, _context: Context) -> Outcome:
    """The directory leaves by a file: in which form, and whether with the private numbers (LAW.md, log field 9)."""
    said = message.detail
    return Outcome([Entry("directory.exported", detail={"format": str(said["format"]), "private": bool(said["private"])})])


async def head(message: InboundMessage, context: Context) -> Outcome:
    """The signed head of the day before goes to the officers' chats, where nobody can change it afterwards (invariant 3)."""
    said = message.detail
    detail = {name: said[name] for name in ("seq", "hash", "day", "signature", "key")}
    screen = Screen("officer.head", detail | {"day": date.fromisoformat(said["day"])})
    return Outcome([Entry("log.head_published", detail=detail)], context.tell(await telling.officer_accounts(context), screen))


async def log_exported(message: InboundMessage, context: Context) -> Outcome:
    """A dossier left the house: which one, up to which head; the officers see it at once (LAW.md, log field 9)."""
    said = message.detail
    detail = {name: said[name] for name in ("manifest", "entries", "seq", "hash", "day", "signature", "key")}
    if "period" in said:
        told = context.tell(
            await telling.officer_accounts(context), Screen("officer.period_exported", {"period": said["period"], **detail})
        )
        return Outcome([Entry("log.exported", detail={"period": str(said["period"]), **detail})], told)
    code = str(said["code"])
    if not any([await found(context.store, code) for found in (inquiry.by_code, matter.by_code, imported.by_code)]):
        raise Refusal("case.unknown", code=code)
    told = context.tell(await telling.officer_accounts(context), Screen("officer.log_exported", {"code": code, **detail}), code)
    return Outcome([Entry("log.exported", case=code, detail=detail)], told, case=code)


async def fenced(message: InboundMessage, _context: Context) -> Outcome:
    """The machine started on a copy: from here on this log may differ from the original's."""
    return Outcome([Entry("machine.fenced", detail={"why": str(message.detail["why"])})])


async def unfence(_message: InboundMessage, context: Context) -> Outcome:
    """Whoever keeps the machine vouches that the original is off: what waits is sent."""
    row = await installation(context.store)
    if row is None or row.fenced_why is None:
        return Outcome()
    told = context.tell(await telling.officer_accounts(context), Screen.of("officer.unfenced"))
    return Outcome([Entry("machine.unfenced", detail=row.lift())], told)
