"""Reports from the log: read in one snapshot, counted in a thread, frozen at the cut-off, made to order for chats.

Nothing of this runs in a handler's transaction; what comes of it goes in by the inbox like everything else.
"""

import asyncio
import json
import logging
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from bot import drafting, tables
from bot.channels.base import Arrival
from bot.database import Database
from bot.inbox import Inbox, keep
from bot.machine import Machine
from bot.watch.pulse import beat
from models.evidence import exchange
from models.evidence.exchange import ExchangeEntry, Head
from models.evidence.item import Attachment, Item
from models.law.packs import LawBook, NoPack
from models.people.mandate import Mandate
from models.reports import document as documents
from models.reports import facts, frozen, order, window
from models.reports.document import Document
from models.reports.frozen import Difference
from models.reports.order import ReportOrder
from models.reports.tally import Scope
from models.reports.window import Window
from models.store import Store
from models.texts import Texts

log = logging.getLogger(__name__)
PAUSE = 1.0  # seconds between two looks for orders
FORMATS = (".pdf", ".xlsx")  # what a chat gets; a year also gets the document people go on writing in


@dataclass(frozen=True)
class Office:
    """What a report is counted and worded by."""

    law: LawBook
    texts: Texts

    def window(self, kind: str, period: str, at: datetime) -> Window:
        """A period as somebody wrote it.

        Raises:
            ValueError: it is none.
        """
        rule, _ = documents.rule_of(self.law, self.law.at(at))
        return window.parse(kind, period, rule, self.texts.zone)


@dataclass(frozen=True)
class Made:
    """A document, what a fresh count says of a frozen one, and the texts of its remarks."""

    document: Document
    changes: list[Difference] | None
    items: Mapping[str, str]

    @property
    def digest(self) -> str:
        """The fingerprint of the document."""
        return documents.digest(self.document)


async def make(database: Database, office: Office, wanted: Window, at: datetime, unit: str | None = None) -> Made:
    """A report: the frozen one where there is one, compared with a fresh count; otherwise the fresh count."""
    async with database.read() as store:
        head = await exchange.head(store)
        entries = await facts.texts(store)
        kept = await frozen.of_period(store, wanted.period) if unit is None and wanted.kind == "yearly" else None
        scope = Scope(wanted, office.law, at, unit)
        held = (await store.scalars(select(Mandate))).all()
        fresh = await asyncio.to_thread(_count, entries, scope, head, held)
        document, changes = fresh, None
        if kept is not None:
            changes = frozen.differences(kept.content, fresh)
            document = kept.content | {"remarks": fresh["remarks"]}  # what units say of it afterwards goes along with it
        return Made(document, changes, await _words(store, document))


async def again(database: Database, office: Office, period: str, at: datetime) -> tuple[Document, Document] | None:
    """A frozen report and the same count from the raw entries it rested on: the two are equal, or the log was not read alike."""
    async with database.read() as store:
        kept = await frozen.of_period(store, period)
        if kept is None:
            return None
        entries = await facts.texts(store, kept.through)
        through = kept.content["through"]
        scope = Scope(office.window("yearly", period, at), office.law, at)
        held = (await store.scalars(select(Mandate))).all()
        return kept.content, await asyncio.to_thread(_count, entries, scope, Head(through["seq"], through["hash"]), held)


def _count(entries: Any, scope: Scope, head: Head, held: Sequence[Mandate]) -> Document:
    return documents.make(facts.read(entries, scope.until), scope, head, held)


async def _words(store: Store, document: Document) -> dict[str, str]:
    digests = [row["item"] for row in document["remarks"]]
    found = await store.scalars(select(Item).where(col(Item.digest).in_(digests))) if digests else ()
    return {item.digest: str(item) for item in found}


def preview(document: Document) -> dict[str, int]:
    """The figures a chat message repeats."""
    return {name: len(document["lines"][name]) for name in ("received", "answered", "refused", "open", "in_time", "late")}


class Reports:
    """Freezes a statutory year when it is over, once; fills the orders of chats."""

    def __init__(self, machine: Machine, inbox: Inbox) -> None:
        self.machine = machine
        self.inbox = inbox
        self._closed_until: datetime | None = None  # no year ends before this moment

    @property
    def office(self) -> Office:
        """Law and words as they are now."""
        return Office(self.machine.office.rules.law, self.machine.office.texts)

    async def run(self) -> None:
        """For ever."""
        while True:
            await self.work()
            beat()
            await asyncio.sleep(PAUSE)

    async def work(self) -> int:
        """Whatever is due; returns how many things were done."""
        return await self.freeze_due() + await self.fill()

    async def freeze_due(self) -> int:
        """The last year that is over is frozen, if the log already ran then and nobody has frozen it."""
        now = self.machine.now()
        if self._closed_until is not None and now < self._closed_until:
            return 0
        try:
            rule, _ = documents.rule_of(self.office.law, self.office.law.at(now))
        except NoPack:
            return 0
        present = window.of_moment(now, rule, self.office.texts.zone)
        over = window.yearly(int(present.period) - 1, rule, self.office.texts.zone)
        self._closed_until = present.end
        return await self._freeze(over, now)

    async def _freeze(self, over: Window, now: datetime) -> int:
        async with self.machine.database.read() as store:
            began = await store.scalar(select(ExchangeEntry.at).order_by(col(ExchangeEntry.seq)).limit(1))
            there = await frozen.of_period(store, over.period)
        if there is not None or began is None or began >= over.end:
            return 0
        made = await make(self.machine.database, self.office, over, now)
        said = {"command": "report.freeze", "document": made.document}
        put = await self.inbox.put([Arrival("console", f"freeze-{over.period}", "console", json.dumps(said, ensure_ascii=False))])
        return len(put)

    async def fill(self) -> int:
        """Make what chats have ordered; one that cannot be made is logged and tried again later."""
        async with self.machine.database.read() as store:
            waiting = await order.waiting(store)
        done = 0
        for wanted in waiting:
            done += await self._fill(wanted)
        return done

    async def _fill(self, wanted: ReportOrder) -> int:
        return await (self._single(wanted) if wanted.kind in (*tables.KINDS, *drafting.KINDS) else self._report(wanted))

    async def _single(self, wanted: ReportOrder) -> int:
        """One file: a list of the directory's own as a workbook, or a letter about a case."""
        drafts = wanted.kind in drafting.KINDS
        async with self.machine.database.read() as store:
            now = self.machine.now()
            name, raw = await (drafting.make(store, self.office.texts, wanted, now) if drafts else tables.make(store, wanted, now))
        file = await keep(self.machine, raw, name)

        async def store_file(store: Store) -> None:
            store.add(file)

        await self.machine.database.write(store_file)
        said = {"command": "letter.ready" if drafts else "table.ready", "order": wanted.id, "file": file.id, "digest": file.digest}
        return len(await self.inbox.put([Arrival("console", f"table-{wanted.id}", "console", json.dumps(said))]))

    async def _report(self, wanted: ReportOrder) -> int:
        now, office = self.machine.now(), self.office
        made = await make(self.machine.database, office, office.window(wanted.kind, wanted.period, now), now, wanted.unit_id)
        files = await self._files(made, wanted, now)

        async def store_files(store: Store) -> None:
            store.add_all(files)

        await self.machine.database.write(store_files)
        said = {
            "command": "report.ready",
            "order": wanted.id,
            "files": [file.id for file in files],
            "digest": made.digest,
            "figures": preview(made.document),
        }
        put = await self.inbox.put([Arrival("console", f"report-{wanted.id}", "console", json.dumps(said))])
        return len(put)

    async def _files(self, made: Made, wanted: ReportOrder, now: datetime) -> list[Attachment]:
        from bot.papers import report  # noqa: PLC0415 - nobody who never asks for a report loads what makes one
        from bot.papers.words import Speaker  # noqa: PLC0415

        speaker = Speaker(self.office.texts, self.office.law, made.items, now)
        formats = (*FORMATS, ".docx") if wanted.kind == "yearly" else FORMATS
        files: list[Attachment] = []
        with tempfile.TemporaryDirectory(prefix="phatngon-report-") as folder:
            for suffix in formats:
                path = Path(folder) / f"bao-cao-{wanted.period}{suffix}"
                await asyncio.to_thread(report.write, made.document, speaker, path, made.changes)
                files.append(await keep(self.machine, path.read_bytes(), path.name))
        return files
