"""Telegram's HTML, really parsed: the text people see, its entities, or the refusal the real server gives."""

import re
from html import unescape
from typing import NamedTuple

from tests.botapi.common import Json, Refused, utf16

KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler", "span": "spoiler",
    "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote", "tg-emoji": "custom_emoji",
}  # fmt: skip
ATTRIBUTE = re.compile(r"""\s+([a-zA-Z-]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+))?""")
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)([^<>]*)>")
NAMED = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")
LOCAL = re.compile(r"https?://[^\s/]+|tg://|mailto:|tel:")
KNOWN_ENTITIES = frozenset(
    [
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "custom_emoji",
        "date_time",
    ]
)


class Open(NamedTuple):
    """A tag that waits for its end."""

    tag: str
    start: int
    attributes: dict[str, str]


def broken(why: str) -> Refused:
    """The refusal of markup."""
    return Refused(f"can't parse entities: {why}")


def plain(text: str) -> str:
    """Character references resolved: only those Telegram knows."""
    return NAMED.sub(lambda m: unescape(m[0]), text) if "&" in text else text


def entity(opened: Open, length: int) -> Json | None:
    """The entity a closed tag makes, if it makes one."""
    kind, attributes = KINDS[opened.tag], opened.attributes
    made: Json = {"type": kind, "offset": opened.start, "length": length}
    if opened.tag == "a":
        if not LOCAL.match(attributes.get("href", "")):
            return None
        made["url"] = attributes["href"]
    elif opened.tag == "tg-emoji":
        made["custom_emoji_id"] = attributes.get("emoji-id", "")
    elif opened.tag == "blockquote" and "expandable" in attributes:
        made["type"] = "expandable_blockquote"
    elif opened.tag == "code" and attributes.get("class", "").startswith("language-"):
        made["language"] = attributes["class"].removeprefix("language-")
    return made if length else None


def opening(match: re.Match[str], where: int, start: int) -> Open:
    """A start tag, if Telegram allows it."""
    tag = match[2].lower()
    if tag not in KINDS:
        raise broken(f'Unsupported start tag "{tag}" at byte offset {where}')
    rest = match[3]
    attributes = {m[1].lower(): plain((m[2] or "").strip("\"'")) for m in ATTRIBUTE.finditer(rest)}
    if ATTRIBUTE.sub("", rest).strip():
        raise broken(f'Can\'t parse attributes of start tag "{tag}" at byte offset {where}')
    if tag == "span" and attributes.get("class") != "tg-spoiler":
        raise broken(f'Tag "span" must have class "tg-spoiler" at byte offset {where}')
    if tag == "tg-emoji" and not attributes.get("emoji-id"):
        raise broken(f'Tag "tg-emoji" must have attribute "emoji-id" at byte offset {where}')
    return Open(tag, start, attributes)


def parse_html(markup: str) -> tuple[str, list[Json]]:
    """Text and entities of HTML markup."""
    if "<" not in markup:
        return plain(markup), []
    pieces: list[str] = []
    waiting: list[Open] = []
    entities: list[Json] = []
    length = place = 0
    while (at := markup.find("<", place)) >= 0:
        pieces.append(plain(markup[place:at]))
        length += utf16(pieces[-1])
        where = len(markup[:at].encode())
        match = TAG.match(markup, at)
        if match is None:
            raise broken(f"Unclosed or unsupported start tag at byte offset {where}")
        if not match[1]:
            waiting.append(opening(match, where, length))
        elif not waiting:
            raise broken(f'Unexpected end tag at byte offset {where}, "</{match[2]}>" closes nothing')
        elif waiting[-1].tag != match[2].lower():
            raise broken(f'Unmatched end tag at byte offset {where}, expected "</{waiting[-1].tag}>", found "</{match[2]}>"')
        else:
            opened = waiting.pop()
            made = entity(opened, length - opened.start)
            if made:
                entities.append(made)
        place = match.end()
    if waiting:
        raise broken(f'Can\'t find end tag corresponding to start tag "{waiting[-1].tag}"')
    pieces.append(plain(markup[place:]))
    return "".join(pieces), sorted(entities, key=lambda e: (e["offset"], -e["length"]))


def formatted(raw: str, mode: str | None, given: list[Json] | None) -> tuple[str, list[Json]]:
    """The text people see and its entities, by parse_mode or by explicit entities; spaces around are cut, as Telegram does."""
    if mode:
        if mode.lower() != "html":
            raise Refused("unsupported parse_mode: this server parses HTML only")
        text, entities = parse_html(raw)
    else:
        text, entities = raw, given or []
        for item in entities:
            check_entity(item, utf16(text))
    return (text.strip() if not entities else text.rstrip()), entities


def check_entity(item: Json, length: int) -> None:
    """An explicit entity lies inside its text and is of a kind that exists."""
    if item["type"] not in KNOWN_ENTITIES:
        raise Refused("can't parse MessageEntity: unsupported type specified")
    if item["offset"] < 0 or item["length"] < 0 or item["offset"] + item["length"] > length:
        raise Refused("entity begins or ends outside of the text")


def text_of(raw: str, mode: str | None, given: list[Json] | None) -> tuple[str, list[Json]]:
    """A message text: 1-4096 UTF-16 units after parsing."""
    text, entities = formatted(raw, mode, given)
    if not text.strip():
        raise Refused("message text is empty" if not raw.strip() else "text must be non-empty")
    if utf16(text) > 4096:
        raise Refused("message is too long")
    return text, entities


def caption_of(raw: str, mode: str | None, given: list[Json] | None) -> tuple[str, list[Json]]:
    """A caption: 0-1024 UTF-16 units after parsing."""
    text, entities = formatted(raw, mode, given)
    if utf16(text) > 1024:
        raise Refused("message caption is too long")
    return text, entities
