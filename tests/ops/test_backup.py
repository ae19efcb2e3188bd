"""Backup while the machine works, restore on an empty folder, verify, hold, let go: the drill of docs/operations.md."""

import json
import shutil
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest
from sqlmodel import func, select

from bot.app import App, build
from bot.channels.base import Arrival
from bot.channels.web import said
from bot.control import perform
from bot.database import Database
from bot.inbox import keep
from bot.settings import Settings
from bot.storage.backup import Unfit, backup, restore
from bot.web.app import build as build_web
from models.evidence.exchange import ExchangeEntry
from models.evidence.item import Attachment
from models.evidence.verification import sha256_of, verify
from models.installation import fenced_why
from models.messages.message import OutboxMessage, OutboxState
from models.store import Store, metadata
from tests.databases import Server
from tests.transcript import ASK, MONDAY, PDF, REGISTER, VERIFY, office


async def unsent(app: App) -> list[OutboxMessage]:
    """What waits to be sent."""
    async with app.machine.database.read() as store:
        return list((await store.scalars(select(OutboxMessage).where(OutboxMessage.state == OutboxState.QUEUED))).all())


async def test_the_drill(tmp_path: Path) -> None:
    """Copy, bring back, nothing sent and everybody told so, let go, sent and marked as perhaps said twice."""
    original, copy = Settings(home=tmp_path / "home"), Settings(home=tmp_path / "new" / "home")
    async with office(original.home, REGISTER, VERIFY, ASK) as story:
        (original.home / "content").mkdir()
        (original.home / "content" / "note.txt").write_text("của cơ quan", "utf-8")
        app, chat = story.app, story.person("phóng viên").chat
        await app.inbox.put([Arrival("web", "one-more", chat, json.dumps({"kind": "text", "text": "/trogiup"}), "k1")], also=said)
        await app.dispatcher.drain()
        queued = len(await unsent(app))
        assert queued
        made = await backup(original, tmp_path / "backup", MONDAY)
    brought = await restore(copy, tmp_path / "backup", MONDAY)
    assert (brought.seq, brought.hash) == (made.seq, made.hash)
    assert (copy.home / "content" / "note.txt").read_text("utf-8") == "của cơ quan"
    app = await build(copy, now=lambda: MONDAY + timedelta(hours=1))
    try:
        await app.settle()
        held = await unsent(app)
        assert len(held) >= queued
        assert any(row.resent for row in held)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(build_web(app.machine, app.inbox)), base_url="http://x") as web:
            ready = await web.get("/readyz")
            assert (ready.status_code, ready.json()["fenced"], ready.json()["problems"]) == (503, "restored", ["fenced"])
            assert "chưa có tin nào được gửi đi" in (await web.get("/chat")).text
            assert (await perform(app, {"command": "unfence"}))["ok"]
            await app.settle()
            assert await unsent(app) == []
            assert (await web.get("/readyz")).json()["ready"]
        async with app.machine.database.read() as store:
            actions = (await store.scalars(select(ExchangeEntry.action).where(ExchangeEntry.seq > made.seq))).all()
            assert {"machine.fenced", "machine.unfenced"} <= set(actions)
            assert (await verify(store)).problem is None
    finally:
        await app.stop()


@pytest.mark.parametrize("there", ["sqlite", "postgres"])
async def test_a_backup_moves_between_databases(tmp_path: Path, postgres: str, postgres_server: Server, there: str) -> None:
    """From PostgreSQL into a file and back into either; from a file into PostgreSQL, which is how an office grows. All rows, one log, and both go on."""
    with postgres_server.fresh(empty=True) as url:
        old, new = (postgres, "") if there == "sqlite" else ("", url)
        original, copy = Settings(home=tmp_path / "home", database_url=old), Settings(home=tmp_path / "new", database_url=new)
        async with office(original.home, REGISTER, VERIFY, ASK, database_url=old) as story:
            assert story.app.machine.database.is_sqlite == (there == "postgres")
            rows = await counted(story.app.machine.database)
            assert rows["inquiry"] == 1
            made = await backup(original, tmp_path / "backup", MONDAY)
        brought = await restore(copy, tmp_path / "backup", MONDAY)
        assert (brought.seq, brought.hash) == (made.seq, made.hash)
        assert (copy.home / "phatngon.db").is_file() == (there == "sqlite")
        app = await build(copy, now=lambda: MONDAY + timedelta(hours=1))
        try:
            async with app.machine.database.read() as store:
                assert await fenced_why(store) == "restored"
            now = await counted(app.machine.database)
            assert {name for name, number in rows.items() if now[name] != number} <= {"inbox"}  # what the start has to tell
            await app.inbox.put([Arrival("web", "more", "somebody", json.dumps({"kind": "text", "text": "/trogiup"}), "k9")], also=said)
            assert (await perform(app, {"command": "unfence"}))["ok"]  # numbers go on after the last
            await app.settle()
            async with app.machine.database.read() as store:
                assert (await verify(store)).problem is None
        finally:
            await app.stop()
        if there == "postgres":
            with pytest.raises(Unfit, match="đã có dữ liệu"):
                await restore(Settings(home=tmp_path / "third", database_url=url), tmp_path / "backup", MONDAY)


async def counted(database: Database) -> dict[str, int]:
    """How many rows each table has."""
    async with database.read() as store:
        return {table.name: (await store.execute(select(func.count()).select_from(table))).one()[0] for table in metadata.sorted_tables}


CARRIED = ("files", "keys", "heads", "content", "instance")  # of HOME, as docs/operations.md says


async def test_the_drill_on_postgresql(tmp_path: Path, postgres: str, postgres_server: Server) -> None:
    """As the page for whoever keeps the machine says: dump while it works, restore into an empty database, verify, hold, let go."""
    home, new, dump = tmp_path / "home", tmp_path / "new", tmp_path / "dump"
    app = await build(Settings(home=home, database_url=postgres), now=lambda: MONDAY)
    try:
        async with app.machine.database.read() as store:
            assert await fenced_why(store) is None
        file = await keep(app.machine, PDF, "công văn.pdf")
        await app.machine.database.write(partial(added, file))
        await app.inbox.put([Arrival("web", "one", "somebody", json.dumps({"kind": "text", "text": "/trogiup"}), "k1")], also=said)
        await app.dispatcher.drain()
        queued = len(await unsent(app))
        assert queued
        postgres_server.run("pg_dump", "-Fc", "-f", dump, app.machine.database.address)
        new.mkdir()
        for name in filter(lambda name: (home / name).exists(), CARRIED):
            (shutil.copytree if (home / name).is_dir() else shutil.copy2)(home / name, new / name)
        async with app.machine.database.read() as store:
            head = (await verify(store)).head
    finally:
        await app.stop()
    with postgres_server.fresh(empty=True) as url:
        postgres_server.run("pg_restore", "--no-owner", "--exit-on-error", "-d", Database(url).address, dump)
        app = await build(Settings(home=new, database_url=url), now=lambda: MONDAY + timedelta(hours=1))
        try:
            async with app.machine.database.read() as store:
                assert (await verify(store)).head == head
                assert await fenced_why(store) == "copied"
                assert (await store.get_one(Attachment, file.id)).sha256 == sha256_of(iter([app.machine.files.path(file.id).read_bytes()]))
            await app.settle()
            held = await unsent(app)
            assert len(held) >= queued
            assert any(row.resent for row in held)
            assert (await perform(app, {"command": "unfence"}))["ok"]
            await app.settle()
            assert await unsent(app) == []
            async with app.machine.database.read() as store:
                assert (await verify(store)).problem is None
        finally:
            await app.stop()


async def added(file: Attachment, store: Store) -> None:
    """A file the office holds."""
    store.add(file)


async def test_a_backup_is_whole_or_absent(tmp_path: Path) -> None:
    """Kind refusals: a target in use, nothing to copy, a home in use, a changed file, half a backup."""
    home = Settings(home=tmp_path / "home")
    with pytest.raises(Unfit, match="không có gì để sao lưu"):
        await backup(home, tmp_path / "b", MONDAY)
    app = await build(home)
    (home.home / "keys").mkdir(exist_ok=True)
    (home.home / "keys" / "log.pub").write_text("khóa", "utf-8")
    await backup(home, tmp_path / "b", MONDAY)
    await app.stop()
    with pytest.raises(Unfit, match="đã có dữ liệu"):
        await backup(home, tmp_path / "b", MONDAY)
    with pytest.raises(Unfit, match="Chỉ khôi phục vào thư mục trống"):
        await restore(home, tmp_path / "b", MONDAY)
    new = Settings(home=tmp_path / "new")
    (tmp_path / "b" / "keys" / "log.pub").write_text("khác", "utf-8")
    with pytest.raises(Unfit, match=r"keys/log\.pub"):
        await restore(new, tmp_path / "b", MONDAY)
    assert list(new.home.iterdir()) == []
    (tmp_path / "b" / "manifest.json").unlink()
    with pytest.raises(Unfit, match="không phải là một bản sao lưu đầy đủ"):
        await restore(new, tmp_path / "b", MONDAY)
    assert not (tmp_path / "b.part").exists()
