"""Realistic updates of every kind, for channel tests and for the people of the test server.

`content(kind, …)` makes what a message carries, `message(…)` the message around it, `update(…)` the update around that;
`every_kind()` is the list of named cases a channel must survive.
"""

import re
from collections.abc import Callable
from typing import Any

from tests.botapi.common import Json, utf16

NOON = 1_790_000_000  # some day in 2026; tests pass their own
COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,32}(?:@\w+)?")
LINK = re.compile(r"https?://\S+")
FILE_KINDS = frozenset({"photo", "document", "voice", "video", "video_note", "audio", "sticker", "animation"})


def user(number: int, name: str = "An", **more: Any) -> Json:
    """A person."""
    return {"id": number, "is_bot": False, "first_name": name, "language_code": "vi", **more}


def private(person: Json) -> Json:
    """The private chat with a person."""
    kept = {key: person[key] for key in ("first_name", "last_name", "username") if key in person}
    return {"id": person["id"], "type": "private", **kept}


def group(number: int = -1001234567890, title: str = "Nhóm báo chí", kind: str = "supergroup", **more: Any) -> Json:
    """A group, a supergroup or a channel."""
    return {"id": number, "type": kind, "title": title, **more}


def handle(name: str = "tep", size: int = 2048) -> Json:
    """The identifiers of a file nobody has stored."""
    return {"file_id": f"BQACAgUAAxkBAAI-{name}", "file_unique_id": f"AgAD-{name}", "file_size": size}


def entities(text: str) -> list[Json]:
    """The commands and links Telegram marks by itself."""
    found = [(m, "bot_command") for m in COMMAND.finditer(text)] + [(m, "url") for m in LINK.finditer(text)]
    return [{"type": kind, "offset": utf16(text[: m.start()]), "length": utf16(m[0])} for m, kind in found]


def words(given: Json) -> Json:
    """A text, or a caption under a file."""
    made: Json = {}
    for key, mark in (("text", "entities"), ("caption", "caption_entities")):
        if key in given:
            made[key] = given[key]
            found = entities(given[key])
            if found:
                made[mark] = found
    return made


def small(file: Json) -> Json:
    """The preview of a file."""
    return {"file_id": file["file_id"] + "-s", "file_unique_id": file["file_unique_id"] + "-s", "file_size": 900, "width": 90, "height": 67}


def file_content(kind: str, file: Json, given: Json) -> Any:
    """What stands under the key of a file kind."""
    seconds, thumbnail = given.get("duration", 7), small(file)
    named = {key: given[key] for key in ("file_name", "mime_type") if key in given}
    video: Json = {
        "width": 640,
        "height": 360,
        "duration": seconds,
        "thumbnail": thumbnail,
        "file_name": "quay.mp4",
        "mime_type": "video/mp4",
    }
    sticker: Json = {"type": "regular", "width": 512, "height": 512, "emoji": "👍", "is_animated": False, "is_video": False}
    shapes: dict[str, Any] = {
        "photo": [thumbnail, file | {"width": 1280, "height": 960}],
        "document": file | {"file_name": "cong-van.pdf", "mime_type": "application/pdf"} | named,
        "voice": file | {"duration": seconds, "mime_type": "audio/ogg"},
        "audio": file | {"duration": seconds, "mime_type": "audio/mpeg", "file_name": "phong-van.mp3", "title": "Phỏng vấn"} | named,
        "video_note": file | {"duration": seconds, "length": 384, "thumbnail": thumbnail},
        "sticker": file | sticker,
        "video": file | video | named,
        "animation": file | video | named,
    }
    return shapes[kind]


def point(given: Json) -> Json:
    """A place on the map."""
    return {"latitude": given.get("latitude", 21.0285), "longitude": given.get("longitude", 105.8542)}


def poll(given: Json) -> Json:
    """A poll with two options."""
    options = given.get("options", ["Có", "Không"])
    marks = {"is_closed": False, "is_anonymous": True, "type": "regular", "allows_multiple_answers": False}
    more = {"allows_revoting": False, "members_only": False}
    answers = [{"persistent_id": str(i), "text": o, "voter_count": 0} for i, o in enumerate(options)]
    return {"id": "5123", "question": given.get("question", "Họp ngày nào?"), "options": answers, "total_voter_count": 0, **marks, **more}


OTHER: dict[str, Callable[[Json], Any]] = {
    "location": point,
    "venue": lambda g: {"location": point(g), "title": g.get("title", "Trụ sở"), "address": g.get("address", "1 phố Huế")},
    "contact": lambda g: {"phone_number": g.get("phone_number", "+84000000000"), "first_name": "An", "user_id": g.get("user_id", 1)},
    "poll": poll,
    "dice": lambda g: {"emoji": "🎲", "value": 3},
    "game": lambda g: {"title": "Cờ", "description": "Cờ tướng", "photo": [handle("game") | {"width": 90, "height": 90}]},
    "story": lambda g: {"chat": group(), "id": 3},
}


def content(kind: str, file: Json | None = None, **given: Any) -> Json:
    """What a message of this kind carries."""
    if kind == "text":
        return words({"text": given.get("text", "Xin chào")})
    if kind in FILE_KINDS:
        return {kind: file_content(kind, file or handle(kind), given)} | words(given)
    made = {kind: OTHER[kind](given)}
    return made | {"location": made["venue"]["location"]} if kind == "venue" else made


def message(number: int, sender: Json | None, chat: Json, carried: Json, date: int = NOON) -> Json:
    """A message with what it carries; channels have no sender."""
    around: Json = {"message_id": number, "chat": chat, "date": date}
    return around | ({"from": sender} if sender else {"sender_chat": chat}) | carried


def update(number: int, kind: str, body: Json) -> Json:
    """An update of one kind."""
    return {"update_id": number, kind: body}


def forwarded(sender: Json | None = None, name: str = "Người ẩn", date: int = NOON - 3600) -> Json:
    """Where a forwarded message came from."""
    if sender:
        return {"forward_origin": {"type": "user", "date": date, "sender_user": sender}}
    return {"forward_origin": {"type": "hidden_user", "date": date, "sender_user_name": name}}


def tapped(query: str, sender: Json, on: Json, data: str) -> Json:
    """A tap on a button."""
    return {"id": query, "from": sender, "message": on, "chat_instance": "-77", "data": data}


def membership(sender: Json, chat: Json, bot: Json, was: str, now: str, date: int = NOON) -> Json:
    """The bot was blocked, let in again, or removed."""
    old, new = ({"status": s, "user": bot} | ({"until_date": 0} if s == "kicked" else {}) for s in (was, now))
    return {"chat": chat, "from": sender, "date": date, "old_chat_member": old, "new_chat_member": new}


def every_kind(sender: Json | None = None, bot: Json | None = None, first: int = 1000) -> dict[str, Json]:
    """One realistic update for each named case of what people do."""
    person = sender or user(4001, "Hà")
    chat, robot = private(person), bot or {"id": 100001, "is_bot": True, "first_name": "Phát ngôn", "username": "phatngon_bot"}
    old = message(7, robot, chat, content("text", text="Chọn đơn vị") | {"reply_markup": keyboard([("Tiếp nhận", "nhan:1")])})
    plain = ["text", *sorted(FILE_KINDS), *sorted(OTHER)]
    said: dict[str, Json] = {kind: message(50, person, chat, content(kind)) for kind in plain}
    said["caption"] = message(51, person, chat, content("photo", caption="Ảnh hiện trường"))
    said["album"] = message(52, person, chat, content("photo", caption="Một") | {"media_group_id": "91"})
    said["big_document"] = message(53, person, chat, content("document", handle("to", 30 * 2**20)))
    said["reply"] = message(54, person, chat, content("text", text="Về việc này") | {"reply_to_message": old})
    said["forwarded"] = message(55, person, chat, content("text", text="Chuyển tiếp") | forwarded())
    said["group"] = message(56, person, group(), content("text", text="Chào cả nhóm"))
    said["migrated"] = message(57, person, group(-500, kind="group"), {"migrate_to_chat_id": -1001234567890})
    said["unknown_content"] = message(58, person, chat, {"hologram": {"depth": 3, "layers": [1, 2]}})
    said["no_sender"] = message(59, None, group(), content("text", text="Ẩn danh"))
    made = {name: ("message", body) for name, body in said.items()}
    edited = {"edit_date": NOON + 60}
    made["edited_text"] = ("edited_message", message(50, person, chat, content("text", text="Đã sửa") | edited))
    made["edited_caption"] = ("edited_message", message(51, person, chat, content("photo", caption="Đã sửa") | edited))
    made["channel_post"] = ("channel_post", message(3, None, group(kind="channel"), content("text", text="Tin kênh")))
    made["edited_channel_post"] = ("edited_channel_post", message(3, None, group(kind="channel"), content("text") | edited))
    made["tap"] = ("callback_query", tapped("801", person, old, "nhan:1"))
    made["tap_on_lost_menu"] = ("callback_query", tapped("802", person, {"message_id": 6, "chat": chat, "date": 0}, "nhan:0"))
    made["blocked"] = ("my_chat_member", membership(person, chat, robot, "member", "kicked"))
    made["unblocked"] = ("my_chat_member", membership(person, chat, robot, "kicked", "member"))
    made["poll_state"] = ("poll", poll({}))
    made["unknown_kind"] = ("telepathy", {"id": "1", "from": person, "thought": "?"})
    return {name: update(first + n, kind, body) for n, (name, (kind, body)) in enumerate(made.items())}


def keyboard(*rows: list[tuple[str, str]]) -> Json:
    """An inline keyboard of (label, callback data)."""
    return {"inline_keyboard": [[{"text": label, "callback_data": data} for label, data in row] for row in rows]}
