"""Methods that change or remove what is already there."""

import time

from tests.botapi.common import Call, Json, Refused
from tests.botapi.keyboards import check_keyboard, same
from tests.botapi.markup import text_of
from tests.botapi.methods import method
from tests.botapi.methods_send import captioned
from tests.botapi.world import TWO_DAYS, Chat, Message, World

MEDIA = frozenset({"photo", "document", "voice", "audio", "video", "animation"})
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)


def editable(world: World, call: Call) -> tuple[Chat, Message]:
    """The bot's own message that a call wants to change."""
    given = call.parameters
    if "chat_id" not in given or "message_id" not in given:
        raise Refused("message identifier is not specified")
    chat = world.open(given["chat_id"])
    message = world.message(chat, given["message_id"], "message to edit not found")
    if not message.from_bot or "forward_origin" in message.body:
        raise Refused("message can't be edited")
    check_keyboard(given.get("reply_markup"))
    return chat, message


def edit(world: World, call: Call, chat: Chat, message: Message, content: Json, dropped: set[str]) -> Json:
    """Put new content in the place of the old; a call without a keyboard takes the keyboard away."""
    body = {key: value for key, value in message.body.items() if key not in dropped} | content
    markup = call.parameters.get("reply_markup")
    body.pop("reply_markup", None)
    if markup and markup.get("inline_keyboard"):
        body["reply_markup"] = markup
    compared = dropped | content.keys()
    if all(body.get(k) == message.body.get(k) for k in compared) and same(body.get("reply_markup"), message.body.get("reply_markup")):
        raise Refused(NOT_MODIFIED)
    body["edit_date"] = int(time.time())
    message.body = body
    world.changed(chat, message)
    return body


@method
def edit_message_text(world: World, call: Call) -> Json:
    """New text."""
    given = call.parameters
    chat, message = editable(world, call)
    if "text" not in message.body:
        raise Refused("there is no text in the message to edit")
    text, entities = text_of(given.get("text", ""), given.get("parse_mode"), given.get("entities"))
    return edit(world, call, chat, message, {"text": text} | ({"entities": entities} if entities else {}), {"text", "entities"})


@method
def edit_message_caption(world: World, call: Call) -> Json:
    """New caption."""
    chat, message = editable(world, call)
    if not MEDIA & message.body.keys():
        raise Refused("there is no caption in the message to edit")
    return edit(world, call, chat, message, captioned(call.parameters), {"caption", "caption_entities"})


@method
def edit_message_reply_markup(world: World, call: Call) -> Json:
    """New keyboard, or none."""
    chat, message = editable(world, call)
    return edit(world, call, chat, message, {}, set())


def delete(world: World, chat: Chat, number: int) -> None:
    """Remove one message, if it is young enough and the bot may."""
    message = world.message(chat, number, "message to delete not found")
    old = time.time() - message.body["date"] > TWO_DAYS
    foreign = not message.from_bot and not chat.private and chat.title_of_bot != "administrator"
    if old or foreign:
        raise Refused("message can't be deleted")
    message.deleted = True
    world.changed(chat, message)


@method
def delete_message(world: World, call: Call) -> bool:
    """Remove a message."""
    delete(world, world.open(call.parameters["chat_id"]), call.parameters["message_id"])
    return True


@method
def delete_messages(world: World, call: Call) -> bool:
    """Remove several; those that are not there are skipped."""
    numbers: list[int] = call.parameters["message_ids"]
    if not 1 <= len(numbers) <= 100:
        raise Refused("message identifiers must be 1-100")
    chat = world.open(call.parameters["chat_id"])
    for number in numbers:
        if number in chat.messages and not chat.messages[number].deleted:
            delete(world, chat, number)
    return True


@method
def pin_chat_message(world: World, call: Call) -> bool:
    """Pin a message."""
    world.message(world.open(call.parameters["chat_id"]), call.parameters["message_id"], "message to pin not found")
    return True


@method
def unpin_chat_message(world: World, call: Call) -> bool:
    """Unpin a message."""
    world.open(call.parameters["chat_id"])
    return True


@method
def answer_callback_query(world: World, call: Call) -> bool:
    """Tell the person who tapped that the tap has arrived."""
    world.answer(call.parameters["callback_query_id"], call.parameters)
    return True
