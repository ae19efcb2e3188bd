"""From a stored update to a message: one named case each. Nothing here raises; what cannot be read is `Kind.OTHER`.

We serve private chats. Whoever speaks in a group or channel is told so once (`elsewhere`); what needs no answer – service
messages, kinds that do not exist yet, chats of others – is `silent` and belongs to no chat at all.
"""

import json
from collections.abc import Mapping
from typing import Any

from bot.channels.base import Arrival, Reading, RemoteFile
from bot.channels.telegram.shape import Thing, key, number, text, thing, things
from handlers.contract import Kind

NAME = "telegram"
DOWNLOAD = 20 * 1024 * 1024  # bytes; Telegram gives a bot no larger file
KINDS = ("message", "edited_message", "channel_post", "edited_channel_post", "callback_query", "my_chat_member")
SILENT = Reading(Kind.OTHER, detail={"silent": True})

# What a person sends on purpose and a press desk cannot use; every other unknown content is a service message.
_CANNOT_USE = frozenset(
    {"sticker", "poll", "dice", "game", "story", "checklist", "paid_media", "live_photo", "invoice", "gift", "giveaway"}
)
_SERVICE = frozenset({
    "new_chat_members", "left_chat_member", "new_chat_title", "new_chat_photo", "delete_chat_photo", "group_chat_created",
    "supergroup_chat_created", "channel_chat_created", "message_auto_delete_timer_changed", "pinned_message",
    "proximity_alert_triggered", "chat_background_set", "write_access_allowed", "connected_website", "boost_added",
    "video_chat_scheduled", "video_chat_started", "video_chat_ended", "video_chat_participants_invited", "web_app_data",
})  # fmt: skip
_FILES = {
    "document": "",
    "voice": "ghi-am.ogg",
    "video": "video.mp4",
    "video_note": "video.mp4",
    "audio": "am-thanh.mp3",
    "animation": "video.mp4",
}


def parse(payload: str) -> Thing:
    """A stored update, or an empty one."""
    try:
        return thing(json.loads(payload))
    except (ValueError, RecursionError):
        return {}


def arrival(update: Thing, payload: str) -> Arrival | None:
    """What the inbox keeps of an update; None if it has no number, so that nobody could acknowledge it."""
    update_id = number(update.get("update_id"))
    if update_id is None:
        return None
    kind, body = _content(update)
    reading = of(update)
    chat = "" if reading.detail.get("silent") or "moved_to" in reading.detail else _chat(kind, body)
    own_key = key(body.get("message_id")) if kind == "message" else f"update-{update_id}"
    return Arrival(NAME, str(update_id), chat, payload, message_key=own_key, fetching=bool(reading.remote))


def callback_of(update: Thing) -> str:
    """The tap that waits for an answer."""
    return text(thing(update, "callback_query").get("id"))


def read(payload: str) -> Reading:
    """What a stored update says."""
    return of(parse(payload))


def of(update: Thing) -> Reading:
    """What an update says."""
    kind, body = _content(update)
    chat = thing(body, "message", "chat") if kind == "callback_query" else thing(body, "chat")
    if kind == "message" and "migrate_to_chat_id" in body:
        return _moved(body)
    if kind == "callback_query":
        return _tap(body, chat)
    if kind == "my_chat_member":
        return _membership(body) if chat.get("type") == "private" else SILENT
    if key(chat.get("id")) is None or not kind.endswith(("message", "post")):
        return SILENT
    if chat.get("type") != "private":
        return _elsewhere(kind, body)
    return _edited(body) if kind == "edited_message" else _said(body)


def _content(update: Thing) -> tuple[str, Thing]:
    kind = next((kind for kind in KINDS if isinstance(update.get(kind), dict)), "")
    return kind, thing(update.get(kind))


def _chat(kind: str, body: Thing) -> str:
    if kind == "callback_query":
        return key(thing(body, "message", "chat").get("id")) or key(thing(body, "from").get("id")) or ""
    return key(thing(body, "chat").get("id")) or ""


def _said(body: Thing) -> Reading:
    """A private message: words, files, a place, a contact, or something we cannot use."""
    remote, too_large = _files(body)
    words = _words(body) or _place(body) or _contact(body)
    around: dict[str, Any] = {
        "reply_to": key(thing(body, "reply_to_message").get("message_id")),
        "group": text(body.get("media_group_id")) or None,
        "language": text(thing(body, "from").get("language_code")) or None,
    }
    detail: dict[str, Any] = {"too_large": True} if too_large else {}
    if "forward_origin" in body:
        detail["forwarded"] = True
    command, _, argument = text(body.get("text")).strip().partition(" ")
    if command.partition("@")[0].lower() == "/start" and not remote:
        return Reading(Kind.START, detail={"code": _plain(argument)}, **around)
    if words.strip() or remote:
        return Reading(Kind.TEXT, text=words, remote=remote, detail=detail, **around)
    if too_large:
        return Reading(Kind.OTHER, detail=detail, **around)
    return Reading(Kind.OTHER, detail=detail, **around) if _on_purpose(body) else SILENT


def _edited(body: Thing) -> Reading:
    """The same message with other words. A live location or a new preview edits without words: nothing to say."""
    words = _words(body)
    return Reading(Kind.EDIT, text=words, edits=key(body.get("message_id"))) if words.strip() else SILENT


def _tap(body: Thing, chat: Thing) -> Reading:
    """A tap on a button of ours, also on one so old that Telegram no longer shows us its message."""
    data = _plain(text(body.get("data")))
    private = chat.get("type", "private") == "private" and key(thing(body, "from").get("id")) is not None
    return Reading(Kind.CHOICE, choice=data) if data and private else SILENT


def _membership(body: Thing) -> Reading:
    """Blocked, or let in again."""
    status = text(thing(body, "new_chat_member").get("status"))
    known = {"kicked": "left", "left": "left", "member": "back"}.get(status)
    return Reading(Kind.DELIVERY, detail={"membership": known}) if known else SILENT


def _elsewhere(kind: str, body: Thing) -> Reading:
    """A group or a channel: press business belongs in a private chat."""
    if kind.startswith("edited") or not _on_purpose(body):
        return SILENT
    return Reading(Kind.OTHER, detail={"elsewhere": text(thing(body, "chat").get("type"))})


def _moved(body: Thing) -> Reading:
    """A group that became a supergroup, under a new number."""
    old, new = key(thing(body, "chat").get("id")), key(body.get("migrate_to_chat_id"))
    return Reading(Kind.DELIVERY, detail={"moved_from": old, "moved_to": new}) if old and new else SILENT


def _on_purpose(body: Thing) -> bool:
    return not (_SERVICE & body.keys() or "migrate_from_chat_id" in body) and (
        bool(_words(body))
        or bool(_CANNOT_USE & body.keys())
        or any(isinstance(v, dict | list) for k, v in body.items() if k not in _AROUND)
    )


_AROUND = frozenset({
    "from", "chat", "sender_chat", "reply_to_message", "external_reply", "quote", "forward_origin", "via_bot", "reply_markup",
    "link_preview_options", "entities", "caption_entities", "suggested_post_info", "direct_messages_topic", "reply_to_story",
})  # fmt: skip


def _words(body: Thing) -> str:
    """Text or caption; the address behind a link would be lost without being written out."""
    words = text(body.get("text")) or text(body.get("caption"))
    marks = things(body.get("entities")) or things(body.get("caption_entities"))
    links = [text(mark.get("url")) for mark in marks if mark.get("type") == "text_link"]
    return "\n".join([words, *(link for link in links if link and link not in words)]) if words else ""


def _place(body: Thing) -> str:
    """A location or a venue in words."""
    point = thing(body, "venue", "location") or thing(body, "location")
    latitude, longitude = point.get("latitude"), point.get("longitude")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return ""
    venue = thing(body, "venue")
    names = [name for name in (text(venue.get("title")), text(venue.get("address"))) if name]
    return f"📍 {', '.join([*names, ''])}{latitude:.6f}, {longitude:.6f}"


def _contact(body: Thing) -> str:
    """A telephone number: one's own alone, so that a form takes it; another person's with the name."""
    contact = thing(body, "contact")
    phone = text(contact.get("phone_number"))
    if not phone or contact.get("user_id") == thing(body, "from").get("id"):
        return phone
    names = [name for name in (text(contact.get("first_name")), text(contact.get("last_name"))) if name]
    return f"{' '.join(names)}, {phone}" if names else phone


def _files(body: Thing) -> tuple[list[RemoteFile], bool]:
    """The file of a message, and whether it is larger than Telegram gives to bots."""
    found = _photo(body) or next((_file(thing(body, kind), name) for kind, name in _FILES.items() if kind in body), None)
    if found is None or not found.reference:
        return [], False
    return ([], True) if (found.size or 0) > DOWNLOAD else ([found], False)


def _photo(body: Thing) -> RemoteFile | None:
    """The largest size of a photo; smaller ones come along for previews."""
    sizes = [size for size in things(body.get("photo")) if text(size.get("file_id"))]
    if not sizes:
        return None
    return _file(max(sizes, key=lambda size: (number(size.get("width")) or 0) * (number(size.get("height")) or 0)), "anh.jpg")


def _file(file: Mapping[str, Any], name: str) -> RemoteFile:
    return RemoteFile(text(file.get("file_id")), _file_name(text(file.get("file_name"))) or name or None, number(file.get("file_size")))


def _file_name(name: str) -> str:
    """A name to show: no folders, nothing invisible, not endless."""
    return _plain(name.replace("\\", "/").rpartition("/")[2])[-120:]


def _plain(value: str) -> str:
    return "".join(c for c in value if c.isprintable() and not "\ud800" <= c <= "\udfff").strip()
