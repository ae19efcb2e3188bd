"""What the machine logs can be shown to anybody: no token, no phone number, no message text."""

import io
import json
import logging
import subprocess
import sys
from pathlib import Path

from bot.logs import Line, blackened
from handlers.contract import Context, InboundMessage, Outcome
from handlers.table import Table
from tests.ops.worlds import says, slow_room

TOKEN = "123456789:AAF-x1y2z3x1y2z3x1y2z3x1y2z3x1y2z3x"
PHONE = "0905 123 456"
WORDS = "bệnh viện tuyến huyện"
FAILS = """
import asyncio, sys
from sqlalchemy import text
from bot.database import Database
async def main():
    database = Database("sqlite+aiosqlite:///" + sys.argv[1])
    try:
        await database.write(lambda store: store.execute(text("insert into nowhere values (:words)"), {"words": "bí mật"}))
    finally:
        await database.dispose()
asyncio.run(main())
"""


async def clumsy(message: InboundMessage, _context: Context) -> Outcome:
    """A bug that quotes what was said."""
    raise ValueError(f"{message.text} {TOKEN} {PHONE}")


async def test_a_failing_machine_quotes_nobody(tmp_path: Path) -> None:
    """A handler that fails with the words in its error, a world that fails, a library that quotes a number and a token."""
    held = io.StringIO()
    handler = logging.StreamHandler(held)
    handler.setFormatter(Line())
    logging.getLogger().addHandler(handler)
    try:
        async with slow_room(tmp_path) as (room, _, _sender):
            room.machine.routes = Table((), clumsy, clumsy)
            await says(room, f"{WORDS} {PHONE} {TOKEN}")
            logging.getLogger("library").warning("POST https://host/bot%s/sendMessage to %s", TOKEN, PHONE)
            error = RuntimeError(f"{WORDS} {PHONE}")
            logging.getLogger("library").error("it failed", exc_info=error, extra={"problem": f"{TOKEN} {PHONE}"})
    finally:
        logging.getLogger().removeHandler(handler)
    logged = held.getvalue()
    assert "a message is set aside" in logged
    assert all(json.loads(line) for line in logged.splitlines())
    for secret in (TOKEN, TOKEN.split(":")[1], PHONE, PHONE.replace(" ", ""), WORDS):
        assert secret not in logged


def test_numbers_that_are_no_phones_stay() -> None:
    """Times, identities and counts are what a log is for."""
    for plain in ("2026-11-22T03:00:00", "row 1234567", "took 0.123456789 s", "127.0.0.1:8080", "seq 100000"):
        assert blackened(plain) == plain
    for phone in ("0905123456", "+84 905 123 456", "84905123456", "0236.3821.456"):
        assert blackened(f"call {phone} now") == "call … now"


def test_a_statement_that_fails_does_not_show_its_parameters(tmp_path: Path) -> None:
    """They are people's words; whatever prints the error prints none of them."""
    ran = subprocess.run([sys.executable, "-c", FAILS, str(tmp_path / "x.db")], capture_output=True, text=True, check=False)
    assert "no such table" in ran.stderr
    assert "bí mật" not in ran.stderr
