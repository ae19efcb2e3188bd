"""Backup while the machine works, restore on an empty folder, verify, hold, let go: the drill of docs/operations.md."""

import json
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlmodel import select

from bot.app import App, build
from bot.channels.base import Arrival
from bot.channels.web import said
from bot.control import perform
from bot.settings import Settings
from bot.storage.backup import Unfit, backup, restore
from bot.web.app import build as build_web
from models.evidence.exchange import ExchangeEntry
from models.evidence.verification import verify
from models.messages.message import OutboxMessage, OutboxState
from tests.transcript import ASK, MONDAY, REGISTER, VERIFY, office


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
