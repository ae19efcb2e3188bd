"""The builders and the random generator make updates a client of today can read."""

import json

import pytest
from telegram import Update

from tests.botapi.common import Json
from tests.botapi.randoms import CONTENT, KINDS, SCHEMA, random_updates
from tests.botapi.updates import every_kind

SEED = 20260824

# Durations become timedelta in a later python-telegram-bot; nothing here reads them.
pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")


@pytest.mark.parametrize("name", sorted(every_kind()))
def test_named_updates_are_read(name: str) -> None:
    """Every named case is an update python-telegram-bot understands, unknown kinds included."""
    update = every_kind()[name]
    read = Update.de_json(json.loads(json.dumps(update)), None)
    assert read.update_id == update["update_id"]


def test_random_updates_are_read() -> None:
    """500 of every kind are read, with the content they carry where the client knows it."""
    for update in random_updates(500, seed=SEED):
        read = Update.de_json(json.loads(json.dumps(update, ensure_ascii=False)), None)
        assert read.update_id == update["update_id"]
        if "text" in update.get("message", {}):
            assert read.message is not None
            assert read.message.text == update["message"]["text"]


def test_random_updates_hold_every_kind() -> None:
    """500 hold each kind of update and each content of a message at least once, and are the same for the same seed."""
    made = list(random_updates(500, seed=SEED))
    assert set(KINDS) <= {key for update in made for key in update}
    bodies: list[Json] = [body for update in made for body in update.values() if isinstance(body, dict)]
    assert set(CONTENT) <= {key for body in bodies for key in body}
    assert made == list(random_updates(500, seed=SEED))
    assert made != list(random_updates(500, seed=SEED + 1))


def test_random_updates_keep_to_the_schema() -> None:
    """Every message has what the API requires of it."""
    needed = {key for key, rule in SCHEMA["Message"].items() if rule.startswith("!")}
    for update in random_updates(500, seed=SEED):
        for key in ("message", "edited_message", "channel_post", "business_message"):
            assert needed <= update.get(key, dict.fromkeys(needed)).keys()


@pytest.mark.soak
def test_many_random_updates_are_read() -> None:
    """The same with 10,000."""
    for update in random_updates(10_000, seed=SEED):
        Update.de_json(json.loads(json.dumps(update)), None)
