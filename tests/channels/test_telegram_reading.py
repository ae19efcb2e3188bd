"""What Telegram sends, as a table: every named case becomes one kind of message; nothing raises, nothing is left out."""

import json
from typing import Any

import pytest

from bot.channels.telegram import reading
from handlers.contract import Kind
from models import jsontext
from tests.botapi import updates
from tests.botapi.randoms import random_updates

CASES = updates.every_kind()
CHAT = "4001"

# case → kind, chat, what else must hold of the reading
TABLE: dict[str, tuple[Kind, str, dict[str, Any]]] = {
    "text": (Kind.TEXT, CHAT, {"text": "Xin chào"}),
    "caption": (Kind.TEXT, CHAT, {"text": "Ảnh hiện trường", "files": 1}),
    "photo": (Kind.TEXT, CHAT, {"text": "", "files": 1}),
    "album": (Kind.TEXT, CHAT, {"text": "Một", "files": 1, "group": "91"}),
    "document": (Kind.TEXT, CHAT, {"files": 1, "name": "cong-van.pdf"}),
    "big_document": (Kind.OTHER, CHAT, {"files": 0, "detail": {"too_large": True}}),
    "voice": (Kind.TEXT, CHAT, {"files": 1, "name": "ghi-am.ogg"}),
    "video": (Kind.TEXT, CHAT, {"files": 1, "name": "quay.mp4"}),
    "video_note": (Kind.TEXT, CHAT, {"files": 1, "name": "video.mp4"}),
    "audio": (Kind.TEXT, CHAT, {"files": 1, "name": "phong-van.mp3"}),
    "animation": (Kind.TEXT, CHAT, {"files": 1}),
    "sticker": (Kind.OTHER, CHAT, {"detail": {}}),
    "poll": (Kind.OTHER, CHAT, {"detail": {}}),
    "dice": (Kind.OTHER, CHAT, {"detail": {}}),
    "game": (Kind.OTHER, CHAT, {"detail": {}}),
    "story": (Kind.OTHER, CHAT, {"detail": {}}),
    "unknown_content": (Kind.OTHER, CHAT, {"detail": {}}),
    "location": (Kind.TEXT, CHAT, {"text": "📍 21.028500, 105.854200"}),
    "venue": (Kind.TEXT, CHAT, {"text": "📍 Trụ sở, 1 phố Huế, 21.028500, 105.854200"}),
    "contact": (Kind.TEXT, CHAT, {"text": "An, +84000000000"}),
    "reply": (Kind.TEXT, CHAT, {"text": "Về việc này", "reply_to": "7"}),
    "forwarded": (Kind.TEXT, CHAT, {"text": "Chuyển tiếp", "detail": {"forwarded": True}}),
    "edited_text": (Kind.EDIT, CHAT, {"text": "Đã sửa", "edits": "50"}),
    "edited_caption": (Kind.EDIT, CHAT, {"text": "Đã sửa", "edits": "51"}),
    "tap": (Kind.CHOICE, CHAT, {"choice": "nhan:1"}),
    "tap_on_lost_menu": (Kind.CHOICE, CHAT, {"choice": "nhan:0"}),
    "group": (Kind.OTHER, "-1001234567890", {"detail": {"elsewhere": "supergroup"}}),
    "no_sender": (Kind.OTHER, "-1001234567890", {"detail": {"elsewhere": "supergroup"}}),
    "channel_post": (Kind.OTHER, "-1001234567890", {"detail": {"elsewhere": "channel"}}),
    "edited_channel_post": (Kind.OTHER, "", {"detail": {"silent": True}}),
    "blocked": (Kind.DELIVERY, CHAT, {"detail": {"membership": "left"}}),
    "unblocked": (Kind.DELIVERY, CHAT, {"detail": {"membership": "back"}}),
    "migrated": (Kind.DELIVERY, "", {"detail": {"moved_from": "-500", "moved_to": "-1001234567890"}}),
    "poll_state": (Kind.OTHER, "", {"detail": {"silent": True}}),
    "unknown_kind": (Kind.OTHER, "", {"detail": {"silent": True}}),
}


def test_every_named_case_is_in_the_table() -> None:
    """A case added to the builders must be decided here."""
    assert TABLE.keys() == CASES.keys()


@pytest.mark.parametrize("case", sorted(TABLE))
def test_a_case_reads_as(case: str) -> None:
    """Kind, chat and content, from the stored JSON."""
    kind, chat, wanted = TABLE[case]
    update = CASES[case]
    arrival = reading.arrival(update, jsontext.written(update))
    assert arrival is not None
    assert (arrival.external_id, arrival.chat) == (str(update["update_id"]), chat)
    read = reading.read(arrival.payload)
    assert read.kind is kind
    assert arrival.fetching == bool(read.remote)
    found = {
        "text": read.text,
        "files": len(read.remote),
        "name": read.remote[0].name if read.remote else None,
        "group": read.group,
        "reply_to": read.reply_to,
        "edits": read.edits,
        "choice": read.choice,
        "detail": dict(read.detail),
    }
    assert {key: found[key] for key in wanted} == wanted


def test_the_largest_photo_is_taken() -> None:
    """Smaller sizes come along for previews."""
    (photo,) = reading.of(CASES["photo"]).remote
    assert photo.reference == CASES["photo"]["message"]["photo"][-1]["file_id"]


def said(text: str, **more: Any) -> dict[str, Any]:
    """A private message with a text."""
    person = updates.user(4001)
    return updates.update(1, "message", updates.message(9, person, updates.private(person), updates.content("text", text=text)) | more)


@pytest.mark.parametrize(
    ("text", "code"), [("/start", ""), ("/start 7K2M-9QXA-41TC", "7K2M-9QXA-41TC"), ("/Start@phatngon_bot a_b", "a_b")]
)
def test_a_way_in_carries_its_code(text: str, code: str) -> None:
    """Deep links open the chat with `/start CODE`."""
    read = reading.of(said(text))
    assert (read.kind, read.detail) == (Kind.START, {"code": code})


def test_ones_own_contact_is_just_the_number() -> None:
    """So that a form asking for a telephone number takes a shared contact."""
    update = said("x")
    del update["message"]["text"]
    update["message"]["contact"] = {"phone_number": "+84900000001", "first_name": "Hà", "user_id": 4001}
    assert reading.of(update).text == "+84900000001"


def test_a_service_message_needs_no_answer() -> None:
    """Pinning a message in a private chat is nothing to talk about."""
    update = said("x")
    del update["message"]["text"]
    update["message"]["pinned_message"] = {"message_id": 3, "chat": {"id": 4001, "type": "private"}, "date": 0}
    assert reading.of(update) == reading.SILENT


@pytest.mark.parametrize(
    "payload", ["", "null", "[]", "{}", "{" * 5000, '"x"', '{"message": 3}', '{"message": {"chat": {"id": "x"}}}', "\x00"]
)
def test_garbage_is_silent(payload: str) -> None:
    """What cannot be read is kept and says nothing."""
    assert reading.read(payload) == reading.SILENT


def test_half_a_surrogate_pair_can_be_stored() -> None:
    """JSON may hold what no database takes."""
    update = json.loads('{"update_id": 5, "message": {"text": "a\\ud83d"}}')
    assert jsontext.written(update).encode()
    assert json.loads(jsontext.written(update)) == update


def test_random_updates_all_read() -> None:
    """Every kind and field of the published API."""
    for update in random_updates(2000, seed=11):
        arrival = reading.arrival(update, jsontext.written(update))
        assert arrival is not None
        assert isinstance(reading.read(arrival.payload).kind, Kind)
