"""Methods about the bot itself, its chats and its files."""

import re

from tests.botapi.common import Call, Json, Refused
from tests.botapi.files import MOST_DOWNLOAD
from tests.botapi.methods import method
from tests.botapi.world import World

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"[a-z]{2}")
ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)


@method
def get_me(world: World, call: Call) -> Json:
    """The bot."""
    rights = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
    more = {"can_connect_to_business": False, "has_main_web_app": False}
    return world.bot | rights | more


@method
def log_out(world: World, call: Call) -> bool:
    """Leave the cloud server; nothing changes here."""
    return True


@method
def close(world: World, call: Call) -> bool:
    """Move to another server; nothing changes here."""
    return True


@method
def send_chat_action(world: World, call: Call) -> bool:
    """Say that something is coming."""
    if call.parameters["action"] not in ACTIONS:
        raise Refused("wrong parameter action in request")
    world.open(call.parameters["chat_id"])
    return True


@method
def get_file(world: World, call: Call) -> Json:
    """Where a file can be fetched, up to 20 MB."""
    stored = world.files.known(call.parameters["file_id"], None)
    if stored.size > MOST_DOWNLOAD:
        raise Refused("file is too big")
    return stored.as_json() | {"file_path": stored.web_path}


@method
def get_chat(world: World, call: Call) -> Json:
    """A chat in full."""
    chat = world.find(call.parameters["chat_id"])
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    full: Json = {"accent_color_id": 1, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(gifts, False)}
    return chat.body | full


@method
def get_chat_member(world: World, call: Call) -> Json:
    """What somebody is in a chat."""
    chat = world.open(call.parameters["chat_id"])
    number = call.parameters["user_id"]
    if number == world.bot["id"]:
        return {"status": "member", "user": world.bot}
    if number not in world.people:
        raise Refused("user not found")
    return {"status": "member" if not chat.private or number == chat.id else "left", "user": world.people[number]}


@method
def leave_chat(world: World, call: Call) -> bool:
    """Leave a group."""
    chat = world.open(call.parameters["chat_id"])
    if chat.private:
        raise Refused("chat member status can't be changed in private chats")
    chat.blocked = True
    return True


def scope_key(world: World, given: Json) -> str:
    """Commands are kept by scope and language."""
    scope: Json = given.get("scope", {"type": "default"})
    if "chat_id" in scope:
        world.find(scope["chat_id"])
    return f"commands {sorted(scope.items())} {language(given)}"


def language(given: Json) -> str:
    """A two-letter language code, or none."""
    code: str = given.get("language_code", "")
    if code and not LANGUAGE.fullmatch(code):
        raise Refused("invalid language code specified")
    return code


@method
def set_my_commands(world: World, call: Call) -> bool:
    """The menu of commands of one scope and language."""
    commands: list[Json] = call.parameters["commands"]
    if len(commands) > 100:
        raise Refused("BOT_COMMANDS_TOO_MUCH")
    if any(not COMMAND.fullmatch(command["command"].removeprefix("/")) for command in commands):
        raise Refused("BOT_COMMAND_INVALID")
    world.profile[scope_key(world, call.parameters)] = {"commands": commands}
    return True


@method
def delete_my_commands(world: World, call: Call) -> bool:
    """No menu for one scope and language."""
    world.profile.pop(scope_key(world, call.parameters), None)
    return True


@method
def get_my_commands(world: World, call: Call) -> list[Json]:
    """The menu of one scope and language."""
    return world.profile.get(scope_key(world, call.parameters), {}).get("commands", [])


def told(world: World, call: Call, field: str) -> bool:
    """Keep a text about the bot."""
    world.profile[f"{field} {language(call.parameters)}"] = {field: call.parameters.get(field, "")}
    return True


def asked(world: World, call: Call, field: str, default: str = "") -> Json:
    """A text about the bot."""
    own = world.profile.get(f"{field} {language(call.parameters)}") or world.profile.get(f"{field} ")
    return own or {field: default}


@method
def set_my_name(world: World, call: Call) -> bool:
    """The bot's name."""
    return told(world, call, "name")


@method
def get_my_name(world: World, call: Call) -> Json:
    """The bot's name."""
    return asked(world, call, "name", world.bot["first_name"])


@method
def set_my_description(world: World, call: Call) -> bool:
    """What people read before they start."""
    return told(world, call, "description")


@method
def get_my_description(world: World, call: Call) -> Json:
    """What people read before they start."""
    return asked(world, call, "description")


@method
def set_my_short_description(world: World, call: Call) -> bool:
    """What people read on the bot's page."""
    return told(world, call, "short_description")


@method
def get_my_short_description(world: World, call: Call) -> Json:
    """What people read on the bot's page."""
    return asked(world, call, "short_description")


@method
def set_chat_menu_button(world: World, call: Call) -> bool:
    """The button beside the text field."""
    return True
