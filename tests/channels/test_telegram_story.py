"""The whole main job through Telegram, by polling and by webhook, against the strict server as a process of its own."""

from pathlib import Path
from typing import Any

import pytest

from models import content
from tests.databases import copy
from tests.telegram_stage import play_on_telegram
from tests.transcript import JPEG, PDF


def file_named(name: str) -> bytes:
    """A small file that is what its name says."""
    return PDF if name.endswith(".pdf") else JPEG


@pytest.mark.parametrize(
    ("webhook", "either"), [(False, "sqlite"), (True, "postgresql")], ids=["polling, SQLite", "webhook, PostgreSQL"], indirect=["either"]
)
async def test_the_demo_story_goes_the_same_way_on_telegram(tmp_path: Path, webhook: bool, either: None) -> None:
    """The very lines of `demo --script`; at the end the log verifies."""
    shown: list[str] = []
    cast: dict[str, dict[str, Any]] = content.document("demo/words.yaml").data["cast"]
    lines = (content.SHIPPED / "demo" / "story.txt").read_text("utf-8").splitlines()
    with copy() as settings:
        report = await play_on_telegram(tmp_path, lines, cast=cast, files=file_named, show=shown.append, webhook=webhook, **settings)
    assert report.problem is None
    assert any("Trả lời" in line for line in shown)
