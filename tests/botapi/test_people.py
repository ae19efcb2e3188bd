"""People write, tap, edit and block; the bot sees it as Telegram would tell it, and they see what the bot does."""

from pathlib import Path

import aiohttp
import pytest

from tests.botapi.client import ControlError, TelegramServer
from tests.botapi.common import Json, Refused
from tests.botapi.files import Files
from tests.botapi.updates import FILE_KINDS, OTHER, keyboard
from tests.botapi.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def pending(server: TelegramServer) -> list[Json]:
    """What the bot would get now."""
    return (await server.call("getUpdates"))["result"]


async def test_a_conversation(server: TelegramServer) -> None:
    """A question, a menu, a tap, an edited message."""
    reporter = server.person(4001, "Hà")
    await reporter.write("/start ma-123")
    (update,) = await pending(server)
    assert update["message"]["text"] == "/start ma-123"
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    await server.call(
        "sendMessage", chat_id=4001, text="<b>Chọn</b> đi", parse_mode="HTML", reply_markup=keyboard([("Tiếp nhận", "nhan:1")])
    )
    seen = await reporter.sees("Chọn đi", buttons=("Tiếp nhận",))
    assert seen.message["entities"] == [{"type": "bold", "offset": 0, "length": 4}]
    tap = await reporter.tap("Tiếp nhận")
    assert (await pending(server))[-1]["callback_query"]["data"] == "nhan:1"
    assert (await server.call("answerCallbackQuery", callback_query_id=tap["callback_query_id"], text="Xong"))["ok"]
    assert (await reporter.answered(tap))["text"] == "Xong"
    await server.call("editMessageText", chat_id=4001, message_id=seen.id, text="Đã tiếp nhận")
    assert (await reporter.sees("Đã tiếp nhận")).buttons == []
    with pytest.raises(ControlError, match="does not see"):
        await reporter.sees("Không có", patience=0.05)


@pytest.mark.parametrize("kind", ["text", *sorted(FILE_KINDS), *sorted(OTHER)])
async def test_every_kind_people_send(server: TelegramServer, kind: str) -> None:
    """Each kind arrives with its own key."""
    await server.person(4001).send(kind)
    (update,) = await pending(server)
    assert kind in update["message"]


async def test_files_can_be_fetched(server: TelegramServer) -> None:
    """A document comes back byte for byte; one over 20 MB does not."""
    person = server.person(4001)
    await person.send("document", b"%PDF-1.7 noi dung", file_name="công văn.pdf")
    await person.send("document", size=21 * 2**20)
    small, big = (u["message"]["document"] for u in await pending(server))
    found = (await server.call("getFile", file_id=small["file_id"]))["result"]
    async with aiohttp.ClientSession() as session, session.get(f"{server.url}/file/bot{server.token}/{found['file_path']}") as response:
        assert await response.read() == b"%PDF-1.7 noi dung"
    assert (await server.call("getFile", file_id=big["file_id"]))["description"] == "Bad Request: file is too big"


async def test_albums_edits_replies_and_forwards(server: TelegramServer) -> None:
    """What hangs together keeps its marks."""
    person = server.person(4001)
    first, second = await person.album({"caption": "Một"}, {"kind": "video"})
    await person.edit(first, caption="Hai")
    await person.write("Về ảnh", reply_to=second)
    await person.write("Tin cũ", forward={"name": "Ai đó"})
    album = await pending(server)
    assert album[0]["message"]["media_group_id"] == album[1]["message"]["media_group_id"]
    assert album[2]["edited_message"]["caption"] == "Hai"
    assert album[3]["message"]["reply_to_message"]["message_id"] == second
    assert album[4]["message"]["forward_origin"]["sender_user_name"] == "Ai đó"


async def test_groups_channels_and_migration(server: TelegramServer) -> None:
    """Groups have senders, channels have none, a migrated group says where it went."""
    await server.group(-500, kind="group")
    await server.group(-1001, kind="channel")
    person = server.person(4001)
    await person.inside(-500).write("chào nhóm")
    await server.control("say", chat=-1001, text="tin kênh")
    await server.control("migrate", chat=-500, to=-1002)
    updates = await pending(server)
    assert updates[0]["message"]["from"]["id"] == 4001
    assert "from" not in updates[1]["channel_post"]
    assert updates[2]["message"]["migrate_to_chat_id"] == -1002
    answer = await server.call("sendMessage", chat_id=-500, text="ai đó?")
    assert answer["parameters"] == {"migrate_to_chat_id": -1002}


async def test_block_and_unblock(server: TelegramServer) -> None:
    """A blocked bot hears of it, may not write, and may again afterwards."""
    person = server.person(4001)
    await person.write("/start")
    await person.block()
    assert (await pending(server))[-1]["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert (await server.call("sendMessage", chat_id=4001, text="a"))["error_code"] == 403
    await person.unblock()
    assert (await server.call("sendMessage", chat_id=4001, text="a"))["ok"]


async def test_taps_are_answered_once_and_in_time(server: TelegramServer) -> None:
    """The second answer and the late answer are refused."""
    person = server.person(4001)
    await person.write("/start")
    await server.call("sendMessage", chat_id=4001, text="menu", reply_markup=keyboard([("Một", "1"), ("Hai", "2")]))
    tap = await person.tap("Một")
    assert (await server.call("answerCallbackQuery", callback_query_id=tap["callback_query_id"]))["ok"]
    assert "query is too old" in (await server.call("answerCallbackQuery", callback_query_id=tap["callback_query_id"]))["description"]
    old = await person.tap(data="0", message_id=tap["message_id"], inaccessible=True)
    assert old["data"] == "0"
    assert (await pending(server))[-1]["callback_query"]["message"]["date"] == 0


async def test_a_late_answer_is_refused(tmp_path: Path) -> None:
    """Time runs out for an answer to a tap."""
    world = World(Files(tmp_path), {"id": 1}, callback_seconds=0)
    tap = world.new_tap(4001)
    with pytest.raises(Refused, match="query is too old"):
        world.answer(tap.id, {})


async def test_reply_keyboards_and_links(server: TelegramServer) -> None:
    """A tap on a reply keyboard writes its label; a tap on a link tells where it leads."""
    person = server.person(4001)
    await person.write("/start")
    await server.call("sendMessage", chat_id=4001, text="chọn", reply_markup={"keyboard": [[{"text": "Đặt câu hỏi"}]]})
    await person.tap("Đặt câu hỏi")
    assert (await pending(server))[-1]["message"]["text"] == "Đặt câu hỏi"
    link = {"inline_keyboard": [[{"text": "Mở", "url": "https://example.vn/a"}]]}
    await server.call("sendMessage", chat_id=4001, text="xem", reply_markup=link)
    assert (await person.tap("Mở"))["url"] == "https://example.vn/a"


async def test_a_crowd(server: TelegramServer) -> None:
    """An audience may be written to and makes no updates."""
    await server.crowd(50_000, 100)
    assert (await server.call("sendMessage", chat_id=50_099, text="thông cáo"))["ok"]
    assert await pending(server) == []


async def test_the_record_and_the_counts(server: TelegramServer) -> None:
    """What was accepted and what was refused can be read afterwards."""
    since = await server.reset()
    person = server.person(4001)
    await person.write("/start")
    await server.call("sendMessage", chat_id=4001, text="một")
    await server.call("sendMessage", chat_id=9, text="hai")
    await person.received(1)
    good, bad = await server.record("sendMessage", since=since)
    assert (good["ok"], good["chat"], good["parameters"]["text"], good["message_id"]) == (True, 4001, "một", 2)
    assert (bad["ok"], bad["code"]) == (False, 400)
    assert (await server.stats())["accepted"]["sendMessage"] >= 1


async def test_uploads_and_reuse(server: TelegramServer, tmp_path: Path) -> None:
    """One upload by multipart, then the file_id; the record holds the hash of the upload."""
    since = await server.reset()
    await server.person(4001).write("/start")
    form = aiohttp.FormData(quote_fields=False)  # Telegram keeps a quoted name as it is
    form.add_field("chat_id", "4001")
    form.add_field("caption", "Thông cáo")
    form.add_field("document", b"x" * 100_000, filename="thông cáo.docx", content_type="application/msword")
    async with aiohttp.ClientSession() as session, session.post(f"{server.url}/bot{server.token}/sendDocument", data=form) as response:
        sent = (await response.json())["result"]
    assert sent["document"]["file_name"] == "thông cáo.docx"
    again = await server.call("sendDocument", chat_id=4001, document=sent["document"]["file_id"])
    assert again["result"]["document"]["file_unique_id"] == sent["document"]["file_unique_id"]
    assert "can't use file" in (await server.call("sendPhoto", chat_id=4001, photo=sent["document"]["file_id"]))["description"]
    uploads = [line["files"] for line in await server.record("sendDocument", since=since) if "files" in line]
    assert len(uploads) == 1
    assert uploads[0][0]["size"] == 100_000
