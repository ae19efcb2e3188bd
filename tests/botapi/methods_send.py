"""Methods that put a new message into a chat."""

import secrets
from typing import Any

from tests.botapi.common import Call, Json, Refused, Upload
from tests.botapi.files import IMAGES, MOST_PHOTO, Stored
from tests.botapi.keyboards import check_keyboard
from tests.botapi.markup import caption_of, text_of
from tests.botapi.methods import method
from tests.botapi.world import Chat, World

COPIED = frozenset(
    [
        "text",
        "entities",
        "caption",
        "caption_entities",
        "photo",
        "document",
        "voice",
        "audio",
        "video",
        "video_note",
        "animation",
        "sticker",
        "location",
        "venue",
        "contact",
        "poll",
    ]
)


def send(world: World, call: Call, content: Json) -> Json:
    """Put a bot's message into the chat the call names."""
    given = call.parameters
    chat = world.open(given["chat_id"])
    if "reply_parameters" in given:
        reply = replied(world, chat, given["reply_parameters"])
        if reply is not None:
            content["reply_to_message"] = reply
    markup = given.get("reply_markup")
    if markup:
        check_keyboard(markup)
        if markup.get("inline_keyboard"):
            content["reply_markup"] = markup
    message = world.put(chat, content, world.bot)
    if markup and "inline_keyboard" not in markup:
        chat.keyboard = None if "remove_keyboard" in markup else markup
    return message.body


def replied(world: World, chat: Chat, given: Json) -> Json | None:
    """The message a reply answers."""
    where = world.find(given["chat_id"]) if "chat_id" in given else chat
    try:
        message = world.message(where, given.get("message_id", 0), "message to be replied not found")
    except Refused:
        if given.get("allow_sending_without_reply"):
            return None
        raise
    return {key: value for key, value in message.body.items() if key != "reply_to_message"}


def captioned(given: Json) -> Json:
    """Caption and its entities, as they will stand in the message."""
    if "caption" not in given:
        return {}
    text, entities = caption_of(given["caption"], given.get("parse_mode"), given.get("caption_entities"))
    content: Json = {"caption": text} if text else {}
    return content | {"caption_entities": entities} if entities else content


@method
def send_message(world: World, call: Call) -> Json:
    """Text."""
    given = call.parameters
    text, entities = text_of(given["text"], given.get("parse_mode"), given.get("entities"))
    return send(world, call, {"text": text, "entities": entities} if entities else {"text": text})


def file_of(world: World, call: Call, kind: str, value: Any) -> Stored:
    """The file a parameter means: uploaded with the call, attached under a name, or known by its id."""
    if isinstance(value, str) and value.startswith("attach://"):
        value = call.uploads.get(value.removeprefix("attach://"))
        if value is None:
            raise Refused("wrong file identifier/HTTP URL specified: nothing is attached under this name")
    if isinstance(value, Upload):
        if value.size == 0:
            raise Refused("file must be non-empty")
        if kind == "photo" and value.size > MOST_PHOTO:
            raise Refused("PHOTO_SAVE_FILE_INVALID")
        if kind == "photo" and not value.head.startswith(IMAGES):
            raise Refused("IMAGE_PROCESS_FAILED")
        return world.files.add(kind, value.name, value.mime, value.size, value.path)
    return world.files.known(value, kind)


def attachment(stored: Stored, given: Json) -> Any:
    """A file as it stands in a message."""
    body = stored.as_json()
    if stored.kind == "photo":
        return [body | {"width": 1280, "height": 720}]
    if stored.kind == "document":
        return {**body, "file_name": stored.name, "mime_type": stored.mime}
    body |= {"duration": given.get("duration", 1), "mime_type": stored.mime}
    if stored.kind == "audio":
        body |= {"file_name": stored.name, "title": given.get("title", stored.name), "performer": given.get("performer", "")}
    if stored.kind == "video":
        body |= {"width": given.get("width", 640), "height": given.get("height", 360), "file_name": stored.name}
    return body


def send_file(world: World, call: Call, kind: str) -> Json:
    """A message that is one file, with a caption."""
    world.open(call.parameters["chat_id"])
    check_keyboard(call.parameters.get("reply_markup"))
    caption = captioned(call.parameters)
    stored = file_of(world, call, kind, call.parameters[kind])
    return send(world, call, {kind: attachment(stored, call.parameters), **caption})


@method
def send_photo(world: World, call: Call) -> Json:
    """A photo."""
    return send_file(world, call, "photo")


@method
def send_document(world: World, call: Call) -> Json:
    """Any file."""
    return send_file(world, call, "document")


@method
def send_voice(world: World, call: Call) -> Json:
    """A voice message."""
    return send_file(world, call, "voice")


@method
def send_audio(world: World, call: Call) -> Json:
    """Music."""
    return send_file(world, call, "audio")


@method
def send_video(world: World, call: Call) -> Json:
    """A video."""
    return send_file(world, call, "video")


@method
def send_media_group(world: World, call: Call) -> list[Json]:
    """An album of 2-10 files: photos and videos, or documents only, or music only."""
    media: list[Json] = call.parameters["media"]
    kinds = {item["type"] for item in media}
    if not 2 <= len(media) <= 10:
        raise Refused("an album must have 2-10 items")
    if len(kinds) > 1 and not kinds <= {"photo", "video"}:
        raise Refused("documents and audio can't be mixed with other media types")
    world.open(call.parameters["chat_id"])
    contents = [(item, captioned(item)) for item in media]
    group = str(secrets.randbits(52))
    made = [
        {item["type"]: attachment(file_of(world, call, item["type"], item["media"]), item), **caption, "media_group_id": group}
        for item, caption in contents
    ]
    return [send(world, call, content) for content in made]


def place(given: Json) -> Json:
    """A point on the map."""
    if not (-90 <= given["latitude"] <= 90 and -180 <= given["longitude"] <= 180):
        raise Refused("wrong latitude or longitude specified")
    return {"latitude": given["latitude"], "longitude": given["longitude"]}


@method
def send_location(world: World, call: Call) -> Json:
    """A point on the map."""
    return send(world, call, {"location": place(call.parameters)})


@method
def send_venue(world: World, call: Call) -> Json:
    """A place with a name."""
    given = call.parameters
    point = place(given)
    return send(world, call, {"location": point, "venue": {"location": point, "title": given["title"], "address": given["address"]}})


@method
def send_contact(world: World, call: Call) -> Json:
    """A name with its number."""
    kept = {key: call.parameters[key] for key in ("phone_number", "first_name", "last_name") if key in call.parameters}
    return send(world, call, {"contact": kept})


def source(world: World, call: Call, verb: str) -> Json:
    """The message to copy or forward."""
    origin = world.find(call.parameters["from_chat_id"])
    body = world.message(origin, call.parameters["message_id"], f"message to {verb} not found").body
    content = {key: value for key, value in body.items() if key in COPIED}
    if not content:
        raise Refused(f"message can't be {'copied' if verb == 'copy' else 'forwarded'}")
    return body | {"kept": content}


@method
def copy_message(world: World, call: Call) -> Json:
    """A copy without a link to its origin; only its number is returned."""
    content: Json = source(world, call, "copy")["kept"]
    if "caption" in call.parameters and "text" not in content:
        content = {k: v for k, v in content.items() if not k.startswith("caption")} | captioned(call.parameters)
    return {"message_id": send(world, call, content)["message_id"]}


@method
def forward_message(world: World, call: Call) -> Json:
    """A copy that says where it comes from."""
    body = source(world, call, "forward")
    if "from" in body:
        origin: Json = {"type": "user", "date": body["date"], "sender_user": body["from"]}
    else:
        origin = {"type": "channel", "date": body["date"], "chat": body["chat"], "message_id": body["message_id"]}
    return send(world, call, body["kept"] | {"forward_origin": origin})
