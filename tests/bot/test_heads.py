"""Every day's head is signed once and reaches the officers, who can hold the log against it later."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot.app import App, build
from bot.settings import Settings
from bot.watch.heads import SignedHead, key_of
from models.messages.message import InboxMessage
from tests.transcript import MONDAY, office, play


async def published(app: App) -> int:
    """How many heads the console was told."""
    async with app.machine.database.read() as store:
        rows = (await store.scalars(select(InboxMessage).where(InboxMessage.channel == "console"))).all()
    return sum('"head"' in (row.payload or "") for row in rows)


async def restarted(home: Path, at: datetime) -> int:
    """The same, after the machine has come up again and settled."""
    app = await build(Settings(home=home), now=lambda: at)
    try:
        await app.settle()
        await app.settle()
        return await published(app)
    finally:
        await app.stop()


async def test_a_day_has_one_head_in_a_file_and_in_the_officers_chat(tmp_path: Path) -> None:
    """Shortly after midnight, once, and not again after a restart; the message is the file."""
    async with office(tmp_path) as story:
        assert not (tmp_path / "heads").exists()
        await play(story, "+15h", "+3h", "cán bộ < Mốc nhật ký ngày thứ Hai 23/11/2026")
        await play(story, "+1h", "+24h")
        assert await published(story.app) == 2
        said = next(m.text for m in story.person("cán bộ").told if "23/11/2026" in m.text)
        at = story.time.moment
    head = SignedHead.read((tmp_path / "heads" / "2026-11-23.json").read_text())
    assert (head.day, head.key) == ("2026-11-23", key_of(tmp_path).public)
    assert set(re.findall(r"[0-9a-f]{64,}", said)) == {head.hash, head.signature, head.key}
    (tmp_path / "heads" / "2026-11-24.json").unlink()
    assert await restarted(tmp_path, at) == 2


async def test_a_head_covers_the_days_the_machine_was_off(tmp_path: Path) -> None:
    """Nothing was written on them, so yesterday's head is theirs too."""
    async with office(tmp_path):
        pass
    assert await restarted(tmp_path, MONDAY + timedelta(days=5)) == 1
    assert [path.name for path in (tmp_path / "heads").iterdir()] == ["2026-11-27.json"]


def test_the_key_is_for_this_account_only(tmp_path: Path) -> None:
    """Made once, readable by nobody else, never half."""
    key = key_of(tmp_path)
    assert key.public is None
    first, again = key.sign(b"x"), key_of(tmp_path).sign(b"x")
    assert first == again
    assert (tmp_path / "keys" / "log.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == ["log.key", "log.pub"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"seq": "x"}', "null"])
def test_what_is_no_head_is_refused(text: str) -> None:
    """Whatever the file holds."""
    with pytest.raises(ValueError, match=r".*"):
        SignedHead.read(text)


def test_a_head_of_a_lost_key_is_still_read(tmp_path: Path) -> None:
    """A signature carries its key; whether the log knows that key is asked elsewhere."""
    signature, public = key_of(tmp_path).sign(b"phatngon-head-v1\n2026-11-23\n1\n" + b"0" * 64 + b"\n")
    said = {"seq": 1, "hash": "0" * 64, "day": "2026-11-23", "signature": signature, "key": public}
    assert SignedHead.read(json.dumps(said)).seq == 1
