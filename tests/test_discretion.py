"""The listener that guards the suite's logs notices what it must."""

import logging

import pytest

from tests.discretion import Listener

SAID = '{"message": {"text": "Cháu bé bị ngộ độc ở trường nào?"}}'


@pytest.mark.parametrize(
    ("line", "fields", "noticed"),
    [
        ("a message was not delivered", {"problem": "Forbidden", "cause_id": 17}, False),
        ("failed: Cháu bé bị ngộ độc ở trường nào?", {}, True),
        ("failed", {"problem": "about Cháu bé bị ngộ độc ở trường nào?"}, True),
        ("calling 0905 123 456", {}, True),
        ("POST /bot123456789:AAF-x1y2z3x1y2z3x1y2z3x1y2z3x1y2z3x/sendMessage", {}, True),
    ],
)
def test_what_is_noticed(line: str, fields: dict[str, object], noticed: bool) -> None:
    """Words, numbers and tokens, in the prose and beside it."""
    listener = Listener()
    listener.hear(SAID)
    listener.emit(logging.makeLogRecord({"name": "bot.x", "msg": line, "levelno": logging.INFO, **fields}))
    assert bool(listener.told()) is noticed
