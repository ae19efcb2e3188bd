"""Calls the published Bot API does not allow are refused, in its own words where it has words."""

import io
from typing import Any

import aiohttp
import pytest

from tests.botapi.client import TelegramServer
from tests.botapi.updates import keyboard

pytestmark = pytest.mark.asyncio(loop_scope="session")

LONG = "ế" * 4096
BAD: list[tuple[str, dict[str, Any], str]] = [
    ("sendMessage", {"chat_id": 4001}, "message text is empty"),
    ("sendMessage", {"text": "a"}, '"chat_id" is required'),
    ("sendMessage", {"chat_id": 4001, "text": "  \n"}, "message text is empty"),
    ("sendMessage", {"chat_id": 4001, "text": LONG + "a"}, "message is too long"),
    ("sendMessage", {"chat_id": 4001, "text": "😀" * 2049}, "message is too long"),
    ("sendMessage", {"chat_id": 4001, "text": 5}, '"text" must be String'),
    ("sendMessage", {"chat_id": 4001, "text": "a", "txet": "b"}, 'unknown parameter "txet"'),
    ("sendMessage", {"chat_id": 4001, "text": "a", "protect_content": "yes"}, '"protect_content" must be Boolean'),
    ("sendMessage", {"chat_id": 77, "text": "a"}, "chat not found"),
    ("sendMessage", {"chat_id": "@nobody", "text": "a"}, "chat not found"),
    ("sendMessage", {"chat_id": 4002, "text": "a"}, "bot can't initiate conversation with a user"),
    ("sendMessage", {"chat_id": 4001, "text": "<b>a", "parse_mode": "HTML"}, "can't parse entities: Can't find end tag"),
    ("sendMessage", {"chat_id": 4001, "text": "<b>a</i>", "parse_mode": "HTML"}, "can't parse entities: Unmatched end tag"),
    ("sendMessage", {"chat_id": 4001, "text": "<p>a</p>", "parse_mode": "HTML"}, "can't parse entities: Unsupported start tag"),
    ("sendMessage", {"chat_id": 4001, "text": "5 < 6", "parse_mode": "HTML"}, "can't parse entities"),
    ("sendMessage", {"chat_id": 4001, "text": "a", "parse_mode": "Html5"}, "unsupported parse_mode"),
    ("sendMessage", {"chat_id": 4001, "text": "a", "entities": [{"type": "bold", "offset": 0, "length": 9}]}, "entity"),
    ("sendMessage", {"chat_id": 4001, "text": "a", "reply_markup": keyboard([("x", "y" * 65)])}, "BUTTON_DATA_INVALID"),
    ("sendMessage", {"chat_id": 4001, "text": "a", "reply_markup": keyboard([("x", "ạ" * 22)])}, "BUTTON_DATA_INVALID"),
    ("sendMessage", {"chat_id": 4001, "text": "a", "reply_markup": keyboard([("x", "")])}, "BUTTON_DATA_INVALID"),
    ("sendMessage", {"chat_id": 4001, "text": "a", "reply_markup": {"inline_keyboard": [[{"text": "x"}]]}}, "Text buttons are unallowed"),
    ("sendMessage", {"chat_id": 4001, "text": "a", "reply_markup": {"inline_keyboard": [{"text": "x"}]}}, '"reply_markup'),
    ("sendMessage", {"chat_id": 4001, "text": "a", "reply_markup": {"inline_keyboard": [[{"text": "x", "url": "nowhere"}]]}}, "BUTTON_URL"),
    ("sendMessage", {"chat_id": 4001, "text": "a", "reply_markup": "{not json"}, "can't parse reply_markup JSON object"),
    ("sendMessage", {"chat_id": 4001, "text": "a", "reply_parameters": {"message_id": 999}}, "message to be replied not found"),
    ("sendDocument", {"chat_id": 4001, "document": "no-such-id"}, "wrong file identifier"),
    ("sendDocument", {"chat_id": 4001, "document": "attach://x"}, "wrong file identifier"),
    ("sendMediaGroup", {"chat_id": 4001, "media": [{"type": "photo", "media": "a"}]}, "2-10 items"),
    ("sendLocation", {"chat_id": 4001, "latitude": 91, "longitude": 0}, "wrong latitude"),
    ("sendChatAction", {"chat_id": 4001, "action": "thinking"}, "wrong parameter action"),
    ("editMessageText", {"chat_id": 4001, "message_id": 2, "text": "Menu"}, "message is not modified"),
    ("editMessageText", {"chat_id": 4001, "message_id": 1, "text": "x"}, "message can't be edited"),
    ("editMessageText", {"chat_id": 4001, "message_id": 99, "text": "x"}, "message to edit not found"),
    ("editMessageText", {"text": "x"}, "message identifier is not specified"),
    ("editMessageCaption", {"chat_id": 4001, "message_id": 2, "caption": "x"}, "there is no caption"),
    ("deleteMessage", {"chat_id": 4001, "message_id": 99}, "message to delete not found"),
    ("answerCallbackQuery", {"callback_query_id": "123"}, "query is too old"),
    ("answerCallbackQuery", {"callback_query_id": "123", "text": "x" * 201}, "0-200 characters"),
    ("getFile", {"file_id": "x"}, "wrong file identifier"),
    ("setMyCommands", {"commands": [{"command": "Hoi", "description": "Hỏi"}]}, "BOT_COMMAND_INVALID"),
    ("setMyCommands", {"commands": [{"command": "hoi"}]}, 'lacks the field "description"'),
    ("setMyCommands", {"commands": [], "scope": {"type": "chat"}}, "BotCommandScope"),
    ("getUpdates", {"limit": 0}, "limit must be 1-100"),
    ("setWebhook", {"url": "http://example.org/hook"}, "HTTPS URL must be provided"),
    ("setWebhook", {"url": "http://127.0.0.1:1/hook", "secret_token": "có dấu"}, "secret token contains unallowed characters"),
]


@pytest.mark.parametrize(("method", "given", "words"), BAD, ids=[f"{m}-{w[:24]}" for m, _, w in BAD])
async def test_bad_calls(server: TelegramServer, method: str, given: dict[str, Any], words: str) -> None:
    """Each is refused for its own reason, spelt as JSON."""
    await server.person(4001, "Hà").write("/start")
    await server.control("person", id=4002, name="Minh")
    await server.call("sendMessage", chat_id=4001, text="Menu")
    answer = await server.call(method, **given)
    assert not answer["ok"]
    assert answer["error_code"] in {400, 403}
    assert words in answer["description"]


async def test_what_is_just_allowed(server: TelegramServer) -> None:
    """The longest text, the longest data, an escaped ampersand, text that is short only after parsing."""
    await server.person(4001, "Hà").write("/start")
    for text in (LONG, "😀" * 2048, "5 &lt; 6 &amp; 7 & 8 > 2", "<b>" * 50 + "a" * 4096 + "</b>" * 50):
        answer = await server.call("sendMessage", chat_id=4001, text=text, parse_mode="HTML", reply_markup=keyboard([("x", "y" * 64)]))
        assert answer["ok"], answer
    nested = '<blockquote expandable><a href="https://a.vn/?x=1&amp;y=2">á</a> <tg-spoiler>😀</tg-spoiler></blockquote>'
    made = (await server.call("sendMessage", chat_id=4001, text=nested, parse_mode="HTML"))["result"]
    assert made["text"] == "á 😀"
    assert [(e["type"], e["offset"], e["length"]) for e in made["entities"]] == [
        ("expandable_blockquote", 0, 4),
        ("text_link", 0, 1),
        ("spoiler", 2, 2),
    ]
    assert made["entities"][1]["url"] == "https://a.vn/?x=1&y=2"


async def test_every_spelling_of_a_call(server: TelegramServer) -> None:
    """GET, form, JSON and multipart mean the same."""
    await server.person(4001, "Hà").write("/start")
    url = f"{server.url}/bot{server.token}/sendMessage"
    simple = {
        "chat_id": "4001",
        "text": "a+b & c",
        "protect_content": "true",
        "reply_markup": '{"inline_keyboard":[[{"text":"x","callback_data":"y"}]]}',
    }
    typed = {"chat_id": 4001, "text": "a+b & c", "protect_content": True, "reply_markup": keyboard([("x", "y")])}
    async with aiohttp.ClientSession() as session:
        answers = [
            await (await session.get(url, params=simple)).json(),
            await (await session.post(url, data=simple)).json(),
            await (await session.post(url, json=typed)).json(),
            await (await session.post(url, json=typed | {"reply_markup": simple["reply_markup"]})).json(),
            await (await session.post(url, data=aiohttp.FormData(simple, default_to_multipart=True))).json(),
        ]
        broken = {"Content-Type": "multipart/form-data; boundary=x"}
        parts = await (await session.post(url, data=b"--x\r\nno headers", headers=broken)).json()
        wrong = await (await session.post(url, data=b"{", headers={"Content-Type": "application/json"})).json()
    assert [a["ok"] for a in answers] == [True] * 5, answers
    assert {a["result"]["text"] for a in answers} == {"a+b & c"}
    assert parts["description"] == "Bad Request: can't parse multipart body"
    assert wrong["description"] == "Bad Request: can't parse JSON object"


async def test_wrong_tokens_and_methods(server: TelegramServer) -> None:
    """401 for another bot, 404 for anything else."""
    paths = {"/bot5:other/getMe": 401, "/botnonsense/getMe": 404, f"/bot{server.token}/getMeNow": 404, f"/file/bot{server.token}/none": 404}
    async with aiohttp.ClientSession() as session:
        for path, status in paths.items():
            async with session.get(server.url + path) as response:
                assert response.status == status, path
        async with session.get(f"{server.url}/bot{server.token}/GETME") as response:
            assert (await response.json())["result"]["is_bot"]


async def test_too_large_an_upload(server: TelegramServer) -> None:
    """51 MB are refused with 413."""
    await server.person(4001, "Hà").write("/start")
    form = aiohttp.FormData({"chat_id": "4001"})
    form.add_field("document", io.BytesIO(bytes(51 * 2**20)), filename="lon.zip")
    async with aiohttp.ClientSession() as session, session.post(f"{server.url}/bot{server.token}/sendDocument", data=form) as response:
        assert response.status == 413
