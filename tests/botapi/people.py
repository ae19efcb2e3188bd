"""What people do in Telegram, and the updates it makes."""

import base64
import secrets
import time
from pathlib import Path

from tests.botapi import updates
from tests.botapi.common import Json, Refused
from tests.botapi.feed import Feed, kind_of
from tests.botapi.files import Stored
from tests.botapi.world import Chat, Message, World

MIMES = {"photo": "image/jpeg", "voice": "audio/ogg", "audio": "audio/mpeg", "video": "video/mp4", "video_note": "video/mp4"}
DEFAULT_SIZE = 2048


class People:
    """Everybody on the other side of the bot."""

    def __init__(self, world: World, feed: Feed) -> None:
        self.world, self.feed = world, feed

    def person(self, given: Json) -> Json:
        """Somebody with a private chat; the bot may write there only once `started`."""
        body = updates.user(given["id"], given.get("name", "An"))
        body |= {key: given[key] for key in ("last_name", "username", "language_code") if key in given}
        self.world.people[body["id"]] = body
        chat = self.world.add_chat(updates.private(body))
        chat.started = chat.started or given.get("started", False)
        return body

    def crowd(self, given: Json) -> Json:
        """Many people who have started the bot, without any update: an audience for a broadcast."""
        for number in range(given["first"], given["first"] + given["count"]):
            self.person({"id": number, "started": True})
        return {"count": given["count"]}

    def group(self, given: Json) -> Json:
        """A group or channel the bot is in."""
        more = {"username": given["username"]} if "username" in given else {}
        chat = self.world.add_chat(updates.group(given["id"], given.get("title", "Nhóm"), given.get("kind", "supergroup"), **more))
        chat.started = True
        chat.title_of_bot = given.get("bot_is", "member")
        return chat.body

    def chat_and_sender(self, given: Json) -> tuple[Chat, Json | None]:
        """Where something is said, and by whom; in a private chat by its only person."""
        chat = self.world.find(given["chat"])
        number = given.get("sender", chat.id if chat.private else 0)
        return chat, self.world.people.get(number)

    def file(self, kind: str, given: Json) -> Stored:
        """The file a person sends: by content, from a path, or just of a size."""
        files, name = self.world.files, given.get("file_name", "")
        mime = given.get("mime_type", MIMES.get(kind, "application/octet-stream"))
        if "content" in given:
            return files.write(kind, name, mime, base64.b64decode(given["content"]))
        if "path" in given:
            path = Path(given["path"])
            return files.add(kind, name or path.name, mime, path.stat().st_size, path)
        return files.add(kind, name, mime, given.get("size", DEFAULT_SIZE), None)

    def say(self, given: Json) -> Json:
        """A message of any kind."""
        chat, sender = self.chat_and_sender(given)
        if chat.blocked:
            raise Refused("this chat has blocked the bot: unblock first")
        kind: str = given.get("kind", "text")
        file = self.file(kind, given).as_json() if kind in updates.FILE_KINDS else None
        kept = {
            k: v for k, v in given.items() if k not in {"kind", "chat", "sender", "content", "path", "size", "reply_to", "date", "forward"}
        }
        carried = updates.content(kind, file, **kept)
        carried |= {"media_group_id": given["media_group_id"]} if "media_group_id" in given else {}
        if "reply_to" in given:
            answered = self.world.message(chat, given["reply_to"], "message to be replied not found").body
            carried["reply_to_message"] = {k: v for k, v in answered.items() if k != "reply_to_message"}
        if "forward" in given:
            origin = self.world.people.get(given["forward"].get("sender", 0))
            carried |= updates.forwarded(origin, given["forward"].get("name", "Người ẩn"), int(time.time()) - 3600)
        mark = self.world.changes
        chat.started = True
        message = self.world.put(chat, carried, sender, date=given.get("date"))
        channel = chat.body["type"] == "channel"
        number = self.feed.add({"channel_post" if channel else "message": dict(message.body)})
        return {"message_id": message.id, "update_id": number, "mark": mark}

    def album(self, given: Json) -> list[Json]:
        """Several files that belong together."""
        shared = {k: v for k, v in given.items() if k != "items"} | {"media_group_id": str(secrets.randbits(52))}
        return [self.say({"kind": "photo", **shared, **item}) for item in given["items"]]

    def edit(self, given: Json) -> Json:
        """A person changes the text or the caption of what they wrote."""
        chat, _ = self.chat_and_sender(given)
        message = self.world.message(chat, given["message_id"], "message to edit not found")
        changed = updates.words({k: given[k] for k in ("text", "caption") if k in given})
        dropped = {"entities", "caption_entities"}
        mark = self.world.changes
        message.body = {k: v for k, v in message.body.items() if k not in dropped} | changed | {"edit_date": int(time.time())}
        self.world.changed(chat, message)
        kind = "edited_channel_post" if chat.body["type"] == "channel" else "edited_message"
        return {"update_id": self.feed.add({kind: dict(message.body)}), "mark": mark}

    def tap(self, given: Json, message: Message, data: str) -> Json:
        """A tap on a button."""
        chat, sender = self.chat_and_sender(given)
        if chat.blocked:
            raise Refused("this chat has blocked the bot: unblock first")
        tap = self.world.new_tap(chat.id)
        body = dict(message.body)
        if given.get("inaccessible"):
            body = {"chat": chat.body, "message_id": message.id, "date": 0}
        mark = self.world.changes
        number = self.feed.add({"callback_query": updates.tapped(tap.id, sender or {}, body, data)})
        return {"callback_query_id": tap.id, "update_id": number, "mark": mark, "message_id": message.id, "data": data}

    def block(self, given: Json) -> Json:
        """Close a chat to the bot, or open it again."""
        chat, sender = self.chat_and_sender(given)
        was = chat.blocked
        chat.blocked = given.get("blocked", True)
        was_status, now_status = ("kicked" if blocked else "member" for blocked in (was, chat.blocked))
        body = updates.membership(sender or {}, chat.body, self.world.bot, was_status, now_status, int(time.time()))
        mark = self.world.changes
        return {"update_id": self.feed.add({"my_chat_member": body}), "mark": mark}

    def migrate(self, given: Json) -> Json:
        """A group becomes a supergroup under a new number."""
        old, sender = self.chat_and_sender(given)
        new = self.world.add_chat({**old.body, "id": given["to"], "type": "supergroup"})
        new.started, old.migrated_to = True, new.id
        leaving = self.world.put(old, {"migrate_to_chat_id": new.id}, sender)
        arriving = self.world.put(new, {"migrate_from_chat_id": old.id}, sender)
        return {"update_ids": [self.feed.add({"message": dict(message.body)}) for message in (leaving, arriving)]}

    def raw(self, update: Json) -> int | None:
        """Any update; whoever and whatever it mentions exists from now on."""
        body = update.get(kind_of(update))
        if isinstance(body, dict):
            self.admit(kind_of(update), body)  # pyright: ignore[reportUnknownArgumentType]
        return self.feed.add(update)

    def admit(self, kind: str, body: Json) -> None:
        """Know the chats, people, messages and taps of a raw update."""
        sender, chat_body = body.get("from"), body.get("chat")
        if kind == "callback_query":
            chat_body = body.get("message", {}).get("chat")
            tap = self.world.new_tap(chat_body["id"] if chat_body else 0)
            self.world.taps.pop(tap.id)
            tap.id = body["id"]
            self.world.taps[tap.id] = tap
        if isinstance(sender, dict):
            self.world.people.setdefault(sender["id"], sender)  # pyright: ignore[reportUnknownArgumentType]
        if isinstance(chat_body, dict) and "id" in chat_body and "type" in chat_body:
            chat = self.world.add_chat(chat_body)  # pyright: ignore[reportUnknownArgumentType]
            chat.started = True
            if kind.endswith(("message", "post")) and "message_id" in body:
                chat.messages.setdefault(body["message_id"], Message(body, from_bot=False, change=self.world.changes))
                if chat.body["type"] in {"supergroup", "channel"}:
                    chat.last_id = max(chat.last_id, body["message_id"])
                else:
                    self.world.last_id = max(self.world.last_id, body["message_id"])

    def bulk(self, given: Json) -> Json:
        """Many updates at once: a list of raw ones, or `count` texts spread over `chats` chats."""
        raw: list[Json] = given.get("updates") or [self.text(given, number) for number in range(given["count"])]
        numbers = [self.raw(update) for update in raw]
        return {"count": len(numbers), "first": numbers[0] if numbers else None, "last": numbers[-1] if numbers else None}

    def text(self, given: Json, number: int) -> Json:
        """One of many texts."""
        sender = updates.user(given.get("first_chat", 10_000) + number % given.get("chats", 1), "An")
        self.world.last_id += 1
        carried = updates.content("text", text=given.get("text", "Câu hỏi số {n}").replace("{n}", str(number)))
        return {"message": updates.message(self.world.last_id, sender, updates.private(sender), carried, int(time.time()))}
