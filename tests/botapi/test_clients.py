"""Clients nobody here wrote get along with the server, and the server with being started, stopped and cut off."""

import asyncio
import io
import json
import signal
import sys
from pathlib import Path

import pytest
from telegram import Bot, BotCommand, BotCommandScopeChat, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaDocument, ReplyParameters
from telegram.error import BadRequest, Forbidden, RetryAfter

from tests.botapi.client import ROOT, TelegramServer, lines_of

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning"),
]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


async def test_python_telegram_bot(server: TelegramServer) -> None:
    """The whole vocabulary of a press desk, spoken by python-telegram-bot."""
    person = server.person(4001, "Hà")
    await person.write("/start")
    await person.send("document", b"noi dung", file_name="a.txt")
    async with Bot(server.token, f"{server.url}/bot", f"{server.url}/file/bot") as bot:
        assert (await bot.get_me()).username == "phatngon_bot"
        await bot.set_my_commands([BotCommand("hoi", "Đặt câu hỏi")], scope=BotCommandScopeChat(4001), language_code="vi")
        assert (await bot.get_my_commands(scope=BotCommandScopeChat(4001), language_code="vi"))[0].command == "hoi"
        updates = await bot.get_updates(timeout=5)
        assert updates[1].message is not None
        assert updates[1].message.document is not None
        file = await bot.get_file(updates[1].message.document.file_id)
        assert bytes(await file.download_as_bytearray()) == b"noi dung"
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Tiếp nhận", callback_data="nhan:1")]])
        reply = ReplyParameters(updates[1].message.message_id)
        menu = await bot.send_message(4001, "<i>Chọn</i>", parse_mode="HTML", reply_markup=keyboard, reply_parameters=reply)
        tap = await person.tap("Tiếp nhận")
        assert await bot.answer_callback_query(tap["callback_query_id"], "Xong")
        await bot.edit_message_text("Đã chọn", 4001, menu.message_id)
        with pytest.raises(BadRequest, match="not modified"):
            await bot.edit_message_text("Đã chọn", 4001, menu.message_id)
        photo = await bot.send_photo(4001, io.BytesIO(PNG), caption="Ảnh")
        await bot.edit_message_caption(4001, photo.message_id, caption="Ảnh mới")
        sent = await bot.send_document(4001, b"%PDF", filename="thông cáo.pdf")
        assert sent.document is not None
        await bot.send_document(4001, sent.document.file_id)
        group = await bot.send_media_group(4001, [InputMediaDocument(b"1", filename="1.txt"), InputMediaDocument(sent.document.file_id)])
        assert group[0].media_group_id == group[1].media_group_id
        await bot.send_voice(4001, b"OggS")
        await bot.send_location(4001, 21.0, 105.8)
        await bot.send_chat_action(4001, "typing")
        copy = await bot.copy_message(4001, 4001, sent.message_id)
        await bot.delete_message(4001, copy.message_id)
        assert (await bot.get_chat(4001)).first_name == "Hà"
        assert (await bot.get_chat_member(4001, 4001)).user.id == 4001
        await bot.set_my_description("Bàn báo chí")
        assert (await bot.get_my_description()).description == "Bàn báo chí"
        await server.limits("window", 1)
        await bot.send_message(4001, "một")
        with pytest.raises(RetryAfter):
            await bot.send_message(4001, "hai")
        await server.limits()
        await person.block()
        with pytest.raises(Forbidden):
            await bot.send_message(4001, "a")
    assert {"Đã chọn", "Ảnh mới", "thông cáo.pdf"} <= {seen.text for seen in await person.messages()}


async def test_requests_in_pieces(server: TelegramServer) -> None:
    """Head and body in separate packets, two calls in one packet, a body in three packets: all are answered in order."""
    await server.person(4001).write("/start")
    host, port = server.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))

    def call(text: str) -> tuple[bytes, bytes]:
        body = json.dumps({"chat_id": 4001, "text": text}).encode()
        head = f"POST /bot{server.token}/sendMessage HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        return head.encode(), body

    async def answered() -> str:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        return json.loads(await reader.readexactly(length))["result"]["text"]

    head, body = call("một")
    for piece in (head, body[:5], body[5:]):
        writer.write(piece)
        await writer.drain()
        await server.stats()  # answered after the server has read what lay there before it
    assert await answered() == "một"
    writer.write(b"".join(call("hai") + call("ba")))
    assert [await answered(), await answered()] == ["hai", "ba"]
    writer.write(b"".join(call("bốn")))
    assert await answered() == "bốn"
    writer.close()
    await writer.wait_closed()


async def test_a_process_of_its_own(tmp_path: Path) -> None:
    """One line of JSON when ready, a record on disk, a clean exit on SIGTERM even while somebody polls."""
    async with TelegramServer(tmp_path, "--seed", "7", "--limit", "bucket", "--rate", "5") as server:
        assert server.told["seed"] == 7
        poll = asyncio.create_task(server.call("getUpdates", timeout=30))
        await server.polling()
        poll.cancel()
        await server.person(4001).write("/start")
        await server.call("sendMessage", chat_id=4001, text="một")
        assert server.running is not None
        server.running.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(server.running.wait(), 5) == 0
    lines = lines_of(tmp_path / "record.jsonl")
    assert [line["method"] for line in lines if line.get("ok")] == ["sendMessage"]
    assert [line["kind"] for line in lines if "update" in line] == ["message"]


async def test_without_a_record(tmp_path: Path) -> None:
    """`--record none` keeps only counts."""
    async with TelegramServer(tmp_path, "--record", "none") as server:
        await server.person(4001).write("/start")
        await server.call("sendMessage", chat_id=4001, text="một")
        assert (await server.stats())["accepted"] == {"sendMessage": 1}
    assert not (tmp_path / "record.jsonl").exists()


async def test_wrong_options_say_so(tmp_path: Path) -> None:
    """An unknown option ends with the usage."""
    command = [sys.executable, "-m", "tests.botapi", "--state", str(tmp_path), "--limit", "none-such"]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stderr=asyncio.subprocess.PIPE)
    _, errors = await process.communicate()
    assert process.returncode == 2
    assert b"--limit" in errors
