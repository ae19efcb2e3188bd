"""Exporting a dossier: gathered in one snapshot, written beside its final name, recorded in the log, and only then there."""

import asyncio
from datetime import datetime
from pathlib import Path

from bot import control
from bot.database import Database
from bot.dossier import archive, subject
from bot.dossier.archive import Made
from bot.dossier.contents import Contents, gather
from bot.dossier.page import Page
from bot.dossier.subject import Period
from bot.files import Files
from bot.office import overlays_of, read_rules
from bot.papers import pdf
from bot.settings import Settings
from bot.watch.heads import SignedHead, key_of
from models.texts import Texts


class NotRecorded(Exception):  # noqa: N818 - what happened
    """The exchange log could not take the entry: no dossier leaves without one."""


Wanted = str | Period  # a file by its code, or days of the log


async def export(settings: Settings, database: Database, wanted: Wanted, out: Path, at: datetime) -> Made | None:
    """Write a dossier to `out`; None where there is no such file, or nothing on these days.

    The entry of the export carries the digest of the manifest and the head the dossier ends with, which the officers are sent.

    Raises:
        FileGone: bytes of the case are missing; nothing is written.
        NotRecorded: the log did not take the entry; nothing is written.
    """
    async with database.read() as store:
        period = isinstance(wanted, Period)
        found = await subject.of_period(store, wanted, settings.zone) if period else await subject.of_file(store, wanted)
        if found is None:
            return None
        contents = await gather(store, found)
    key = key_of(settings.home)
    head = SignedHead.of(contents.head, at.astimezone(settings.zone).date(), key)
    with archive.whole(out) as part:
        page = page_of(settings, contents, head, at)
        readable = {"ho-so.html": page.render().encode(), "ho-so.pdf": await asyncio.to_thread(pdf.render, "dossier", page.paper())}
        made = archive.write(part, contents, readable, head, Files(settings.home / "files"), key, at)
        said = {"command": "log.exported", "manifest": made.manifest, "entries": made.entries}
        said |= {"period": str(wanted)} if period else {"code": wanted}
        answer = await control.ask(settings, said | vars(head))
        if not answer.get("ok"):
            raise NotRecorded(str(answer.get("problem")))
    return made


def page_of(settings: Settings, contents: Contents, head: SignedHead, at: datetime) -> Page:
    """The readable page, in the words of this office."""
    overlays = overlays_of(settings)
    rules = read_rules(settings.law_pin, *overlays)

    def ground(pack: str, wanted: str) -> str:
        found = next((p for p in rules.law.packs if p.id == pack), None)
        named = found.ground(wanted) if found is not None else None
        return f"{named.label} ({named.basis})" if named is not None else wanted

    return Page(contents, head, at, Texts.load(settings.zone, *overlays), ground, rules)
