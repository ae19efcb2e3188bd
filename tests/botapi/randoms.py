"""Random updates of every kind and with every field of the published API, from a seed: `random_updates(500, seed=7)`.

Kinds of update and kinds of message content take turns, so that a few hundred updates hold each of them at least once.
"""

import json
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tests.botapi.common import Json, utf16
from tests.botapi.updates import NOON

SCHEMA: dict[str, Any] = json.loads((Path(__file__).parent / "schema.json").read_text("utf-8"))
SIMPLE = frozenset({"Integer", "Float", "Boolean", "String"})
DEEPEST = 6
ODDS = (0.5, 0.35, 0.12, 0.05, 0.02, 0.0)  # that an optional field is there, by depth

# What surrounds a message; every other field of Message is a kind of content.
AROUND = frozenset({
    "message_id", "message_thread_id", "direct_messages_topic", "from", "sender_chat", "sender_boost_count", "sender_business_bot",
    "sender_tag", "receiver_user", "ephemeral_message_id", "date", "guest_query_id", "business_connection_id", "chat", "forward_origin",
    "is_topic_message", "is_automatic_forward", "reply_to_message", "external_reply", "quote", "reply_to_story",
    "reply_to_checklist_task_id", "reply_to_poll_option_id", "via_bot", "guest_bot_caller_user", "guest_bot_caller_chat", "edit_date",
    "has_protected_content", "is_from_offline", "is_paid_post", "media_group_id", "author_signature", "paid_star_count", "entities",
    "link_preview_options", "suggested_post_info", "effect_id", "caption", "caption_entities", "show_caption_above_media",
    "has_media_spoiler", "reply_markup",
})  # fmt: skip
CONTENT = sorted(SCHEMA["Message"].keys() - AROUND)
CAPTIONED = frozenset({"animation", "audio", "document", "live_photo", "paid_media", "photo", "video", "voice"})
KINDS = sorted(SCHEMA["Update"].keys() - {"update_id"})

TEXTS = (
    "Xin chào", "Đề nghị cung cấp thông tin về vụ việc tại phường Đống Đa", "/start", "/start ma-moi_123", "/huy@phatngon_bot", "/",
    "", " ", "\n\n", "0", "null", "👩‍👩‍👧‍👦🏳️‍🌈", "e\u0301\u0323 tổ hợp", "\u202eđảo chiều\u202c", "\u200b", "\x00\x07", "<b>không đóng", "&amp;<>\"'",
    "'; DROP TABLE x; --", "=CMD()", "{{7*7}}", "%s%n", "../../etc", "YC-2026-000001", "𝕏" * 50, "dài " * 1000, "ﷺ" * 300, "\u2028dòng",
)  # fmt: skip
WORDS: dict[str, tuple[str, ...]] = {
    "Chat.type": ("private", "group", "supergroup", "channel"),
    "MessageEntity.type": (
        "mention",
        "hashtag",
        "bot_command",
        "url",
        "email",
        "bold",
        "code",
        "pre",
        "spoiler",
        "phone_number",
        "new_kind",
    ),
    "Sticker.type": ("regular", "mask", "custom_emoji"),
    "Poll.type": ("regular", "quiz"),
    "InlineQuery.chat_type": ("sender", "private", "group", "supergroup", "channel"),
    "language_code": ("vi", "en", "zh-hans", ""),
    "currency": ("XTR", "VND"),
    "file_name": ("công văn.pdf", "a.b.c", ".htaccess", "x" * 200 + ".docx", "tệp\n.zip", "../../x.sh", ""),
    "mime_type": ("application/pdf", "image/jpeg", "text/html", "nonsense", ""),
    "username": ("hanoi_bao", "Phatngon_bot"),
    "emoji": ("👍", "🎲", "❤️‍🔥"),
    "point": ("forehead", "eyes", "mouth", "chin"),
}


@cache
def height(name: str, climbing: frozenset[str] = frozenset()) -> int:
    """How deep the smallest value of a type is; recursive ways up do not count."""
    if name in SIMPLE or name not in SCHEMA:
        return int(name.startswith("["))
    if name in climbing:
        return 99
    entry, above = SCHEMA[name], climbing | {name}
    if isinstance(entry, list):
        return min(height(str(variant), above) for variant in entry)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    fields: dict[str, str] = entry
    needed = [bare(rule) for rule in fields.values() if rule.startswith("!")]
    return 1 + max((min(height(n, above) for n in names) for names in needed), default=0)


def bare(rule: str) -> list[str]:
    """The types a rule names."""
    return rule.lstrip("![").partition(" ")[0].partition("=")[0].split("|")


class Maker:
    """Chance with a seed."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)

    def update(self, number: int, turn: int) -> Json:
        """One update; `turn` decides its kind and, if it is a message, what it carries."""
        if turn % 3:  # two of three are messages, as in life
            kind = ("message", "message", "edited_message", "channel_post", "business_message")[turn % 5]
            body = self.message(CONTENT[turn // 3 * 2 % len(CONTENT) - turn % 3], 0)
            if "from" in body and body["chat"]["type"] == "private":
                body["from"]["id"] = body["chat"]["id"]
            extra = {"edited_message": {"edit_date": NOON}, "business_message": {"business_connection_id": "bc1"}}
            return {"update_id": number, kind: body | extra.get(kind, {})}
        kind = KINDS[turn // 3 % len(KINDS)]
        made: Json = {"update_id": number, kind: self.value(SCHEMA["Update"][kind], f"Update.{kind}", 0)}
        if self.dice.random() < 0.1:
            made["future_field"] = {"of": [1, None, "mới"]}
        if self.dice.random() < 0.05:
            made = {"update_id": number, "future_kind": made.pop(kind)}
        return made

    def message(self, carried: str, depth: int) -> Json:
        """A message with one kind of content."""
        fields: dict[str, str] = SCHEMA["Message"]
        wanted = {"message_id", "date", "chat", carried}
        wanted |= {"from"} if self.dice.random() < 0.9 else {"sender_chat"}
        wanted |= {"caption"} if carried in CAPTIONED and self.dice.random() < 0.5 else set()
        wanted |= {key for key in sorted(AROUND - {"edit_date", "caption"}) if self.dice.random() < 0.06 / (depth + 1)}
        made = {key: self.value(rule, f"Message.{key}", depth + 1) for key, rule in fields.items() if key in wanted}
        if depth == 0 and self.dice.random() < 0.1:
            made["future_field"] = {"of": [1, None, "mới"]}
        return self.fitted(made)

    def thing(self, name: str, depth: int) -> Any:
        """A value of a named type."""
        entry = SCHEMA[name]
        if isinstance(entry, list):
            variants = [str(v) for v in entry]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
            if depth >= DEEPEST - 2:
                lowest = min(map(height, variants))
                variants = [v for v in variants if height(v) == lowest]
            return self.nested(self.dice.choice(variants), name, depth)
        if name == "Message":
            return self.message(self.dice.choice(CONTENT if depth < 3 else ["text"]), depth)
        odds = ODDS[min(depth, len(ODDS) - 1)]
        fields: dict[str, str] = entry
        chosen = {key: rule for key, rule in fields.items() if rule.startswith("!") or self.dice.random() < odds}
        return self.fitted({key: self.value(rule, f"{name}.{key}", depth + 1) for key, rule in chosen.items()})

    def value(self, rule: str, where: str, depth: int) -> Any:
        """A value for one field."""
        return self.nested(rule.lstrip("!"), where, depth)

    def nested(self, rule: str, where: str, depth: int) -> Any:
        """Lists inside lists, down to one value."""
        if rule.startswith("["):
            many = self.dice.randint(1, 3 if depth < 3 else 1)
            return [self.nested(rule[1:], where, depth + 1) for _ in range(many)]
        word = rule.partition("=")[2]
        if word:
            return word
        names = bare(rule)
        lowest = min(map(height, names))
        name = self.dice.choice(names if depth < DEEPEST - 2 else [n for n in names if height(n) == lowest])
        return self.simple(name, where) if name in SIMPLE or name not in SCHEMA else self.thing(name, depth)

    def simple(self, name: str, where: str) -> Any:
        """A number, a truth or a text that suits the field."""
        field = where.rpartition(".")[2]
        if name == "Boolean":
            return self.dice.random() < 0.5
        if name == "Float":
            return round(self.dice.uniform(-90, 90), 6)
        if name == "Integer":
            return self.integer(where, field)
        if field.endswith("id"):
            return f"AgAC{self.dice.randint(1, 10**9)}"
        return self.dice.choice(WORDS.get(where) or WORDS.get(field) or TEXTS)

    def integer(self, where: str, field: str) -> int:
        """A moment, an identifier, a size or a small number."""
        if where == "InaccessibleMessage.date":
            return 0
        if field.endswith("date") or field == "unix_time":
            return NOON + self.dice.randint(-(10**7), 10**7)
        if field.endswith("id"):
            return self.dice.choice([1, 7, 4001, 2**31, 2**52 - 1, self.dice.randint(1, 10**10)])
        return self.dice.choice([0, 2048, 21 * 2**20, 2**33]) if field == "file_size" else self.dice.randint(0, 100)

    def fitted(self, made: Json) -> Json:
        """What Telegram guarantees: entities inside their text, numbers of chats that suit their kind."""
        for key in [k for k in made if k == "entities" or k.endswith("_entities")]:
            text = made.get("text" if key == "entities" else key.removesuffix("_entities"))
            length = utf16(text) if isinstance(text, str) else 0
            if not length:
                del made[key]
                continue
            for item in made[key]:
                item["offset"] = self.dice.randint(0, length - 1)
                item["length"] = self.dice.randint(1, length - item["offset"])
        if made.get("type") in WORDS["Chat.type"] and "id" in made and isinstance(made["id"], int):
            made["id"] = made["id"] if made["type"] == "private" else -made["id"]
        return made


def random_updates(count: int, *, seed: int, first: int = 1) -> Iterator[Json]:
    """So many random updates, the same for the same seed; their numbers rise, sometimes with gaps."""
    maker, number = Maker(seed), first
    for turn in range(count):
        yield maker.update(number, turn)
        number += 1 if maker.dice.random() < 0.95 else maker.dice.randint(2, 50)
