"""Make schema.json and rules.json from a full machine-readable Bot API: `python -m tests.botapi.reduce botapi.json`.

A field is one string: `!` required, `[` once per array level, types joined by `|`, `=word` for a fixed word, `a..b` for a length.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

METHODS = [
    "getMe",
    "logOut",
    "close",
    "getUpdates",
    "setWebhook",
    "deleteWebhook",
    "getWebhookInfo",
    "sendMessage",
    "forwardMessage",
    "copyMessage",
    "sendPhoto",
    "sendDocument",
    "sendVoice",
    "sendAudio",
    "sendVideo",
    "sendMediaGroup",
    "sendLocation",
    "sendVenue",
    "sendContact",
    "sendChatAction",
    "getFile",
    "getChat",
    "getChatMember",
    "leaveChat",
    "answerCallbackQuery",
    "setMyCommands",
    "deleteMyCommands",
    "getMyCommands",
    "setMyName",
    "getMyName",
    "setMyDescription",
    "getMyDescription",
    "setMyShortDescription",
    "getMyShortDescription",
    "setChatMenuButton",
    "editMessageText",
    "editMessageCaption",
    "editMessageReplyMarkup",
    "deleteMessage",
    "deleteMessages",
    "pinChatMessage",
    "unpinChatMessage",
]

FIXED = re.compile(r"(?:always|must be) [“'\"]?([a-z_]+)[”'\"]?(?:[.,]|$)")
LENGTH = re.compile(r"(\d+)-(\d+) (characters|bytes)")


def rule(field: dict[str, Any]) -> str:
    """One field in the compact notation."""
    types: list[str] = field["types"]
    depth = types[0].count("Array of ")
    text = ("!" if field["required"] else "") + "[" * depth + "|".join(t.replace("Array of ", "") for t in types)
    fixed, length = FIXED.search(field["description"]), LENGTH.search(field["description"])
    if fixed and types == ["String"]:
        text += "=" + fixed[1]
    elif length and types == ["String"] and "after entit" not in field["description"]:
        text += f" {length[1]}..{length[2]}" + ("b" if length[3] == "bytes" else "")
    return text


def reached(types: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """Every type reachable from `names`: its fields, or the names it may stand for."""
    found: dict[str, Any] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in found or name not in types:
            continue
        entry = types[name]
        listed: list[str] = entry.get("subtypes") or []
        variants = [variant.replace("Array of ", "[") for variant in listed]
        found[name] = variants or {f["name"]: rule(f) for f in entry.get("fields", [])}
        waiting += [variant.lstrip("[") for variant in variants]
        waiting += [t.replace("Array of ", "") for f in entry.get("fields", []) for t in f["types"]]
    return dict(sorted(found.items()))


def write(path: Path, table: dict[str, Any]) -> None:
    """One entry a line, so that a new version of the API reads well as a difference."""
    lines = ",\n".join(f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False, separators=(',', ':'))}" for k, v in table.items())
    path.write_text("{\n" + lines + "\n}\n", "utf-8")


def main(source: Path) -> None:
    """Write both tables beside this file."""
    full = json.loads(source.read_text("utf-8"))
    write(HERE / "schema.json", reached(full["types"], ["Update"]))
    methods = {name: {f["name"]: rule(f) for f in full["methods"][name]["fields"]} for name in METHODS}
    nested = [t.replace("Array of ", "") for n in METHODS for f in full["methods"][n]["fields"] for t in f["types"]]
    rich = {"InputRichMessage", "EphemeralMessageParameters", "SuggestedPostParameters"}
    write(HERE / "rules.json", methods | reached(full["types"], [n for n in nested if n not in rich]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
