"""Files: streamed, capped, and open only to whom they were sent by or to."""

from collections.abc import AsyncIterator

import pytest

from bot.web.files import name_of
from tests.web.room import Browser, Room

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
MEGABYTE = b"x" * 2**20


@pytest.fixture
async def sender(live: Room) -> Browser:
    """A browser in a room that handles by itself."""
    browser = live.browser()
    await browser.open()
    return browser


async def flood(megabytes: int) -> AsyncIterator[bytes]:
    """Many bytes that never stand in memory together."""
    for _ in range(megabytes):
        yield MEGABYTE


async def test_a_file_goes_up_and_comes_down(live: Room, sender: Browser) -> None:
    """Its name, type by content, and bytes survive; it is offered for saving, not for opening."""
    sent = (await sender.upload(b"xin ch\xc3\xa0o", "C%C3%B4ng%20v%C4%83n.html")).json()
    assert (sent["name"], sent["type"], sent["size"]) == ("Công văn.html", "text/plain", 9)
    answer = await sender.client.get(f"/files/{sent['id']}")
    assert answer.content.decode() == "xin chào"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]


async def test_a_picture_opens_in_the_page(sender: Browser) -> None:
    """Only pictures do."""
    sent = (await sender.upload(PNG, "anh.txt")).json()
    answer = await sender.client.get(f"/files/{sent['id']}")
    assert (sent["image"], answer.headers["content-type"]) == (True, "image/png")
    assert answer.headers["content-disposition"].startswith("inline;")


async def test_a_file_travels_with_its_message(live: Room, sender: Browser) -> None:
    """What was uploaded first is accepted by the dispatcher afterwards, also from a chat that had said nothing."""
    sent = (await sender.upload(PNG, "anh.png")).json()
    await sender.say("kèm ảnh", files=[sent["id"]])
    await live.settle()
    page = (await sender.history())["events"]
    said = next(event for event in page if event.get("text") == "kèm ảnh")
    told = next(event for event in page if event.get("text") == "Bạn nói: kèm ảnh")
    assert [file["id"] for file in said["files"]] == [file["id"] for file in told["files"]] == [sent["id"]]


async def test_anothers_file_does_not_exist(live: Room, sender: Browser) -> None:
    """The answer is the same as for a file nobody has."""
    sent = (await sender.upload(b"secret")).json()
    other = live.browser()
    await other.open()
    await other.say("tôi là người khác")
    await live.settle()
    refused, unknown = await other.client.get(f"/files/{sent['id']}"), await other.client.get(f"/files/{'0' * 32}")
    nobody = await live.browser().client.get(f"/files/{sent['id']}")
    assert {refused.status_code, unknown.status_code, nobody.status_code} == {404}
    assert refused.content == unknown.content == nobody.content
    assert dict(refused.headers) == dict(unknown.headers)


async def test_naming_anothers_file_in_a_message_shows_nothing(live: Room, sender: Browser) -> None:
    """Neither the file nor its name appears in the chat of whoever guessed its id."""
    sent = (await sender.upload(b"secret", "bi-mat.txt")).json()
    other = live.browser()
    await other.open()
    await other.say("cho xem", files=[sent["id"]])
    await live.settle()
    assert "bi-mat" not in str(await other.history())
    assert (await other.client.get(f"/files/{sent['id']}")).status_code == 404


async def test_a_file_sent_to_somebody_opens_for_them_only(live: Room, sender: Browser) -> None:
    """A message that carries a file carries the right to open it."""
    from models.evidence.item import Attachment
    from models.messages.message import OutboxMessage
    from models.people.person import account
    from models.store import Store

    sent = (await sender.upload(b"to the reporter")).json()
    other = live.browser()
    await other.open()
    await other.say("chào")
    await live.settle()

    async def tell(store: Store) -> None:
        reader, file = await account(store, "web", other.chat), await store.get(Attachment, sent["id"])
        assert reader is not None
        assert reader.id is not None
        assert file is not None
        now = live.machine.now()
        store.add(OutboxMessage(account_id=reader.id, channel="web", text="đây", files=[file.id], created_at=now, due_at=now))

    await live.machine.database.write(tell)
    assert (await other.client.get(f"/files/{sent['id']}")).status_code == 404  # queued is not sent
    await live.settle()
    assert (await other.client.get(f"/files/{sent['id']}")).content == b"to the reporter"


@pytest.mark.parametrize("path", ["..%2f..%2fetc%2fpasswd", "0" * 31, "A" * 32, "%00" * 32])
async def test_guessed_addresses_lead_nowhere(sender: Browser, path: str) -> None:
    """A file's address is its 128-bit name and nothing else."""
    await sender.upload(b"x")
    assert (await sender.client.get(f"/files/{path}")).status_code == 404


async def test_101_megabytes_leave_nothing_behind(live: Room, sender: Browser) -> None:
    """Neither announced nor found out on the way does too large a file stay on the disk."""
    await sender.upload(b"opens the account")
    kept = sorted(p for p in live.machine.files.folder.rglob("*") if p.is_file())
    streamed = await sender.upload(flood(101))
    announced = await sender.client.post("/chat/upload", content=b"", headers=sender.proof | {"content-length": str(101 * 2**20)})
    for answer in (streamed, announced):
        assert answer.status_code == 413
        assert "100 MB" in answer.json()["error"]
    assert sorted(p for p in live.machine.files.folder.rglob("*") if p.is_file()) == kept


async def test_an_empty_file_is_refused(live: Room, sender: Browser) -> None:
    """Most likely the wrong one was chosen."""
    answer = await sender.upload(b"")
    assert (answer.status_code, answer.json()["key"]) == (400, "web.file_empty")


async def test_a_full_disk_is_said_kindly(live: Room, sender: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """The text can still go; nothing is half kept."""

    async def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(live.machine.files, "keep", full)
    answer = await sender.upload(b"x")
    assert (answer.status_code, answer.json()["key"]) == (507, "web.no_space")


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("", None),
        ("..%2F..%2Fetc%2Fpasswd", "passwd"),
        ("C%3A%5CTemp%5Cthu.docx", "thu.docx"),
        ("a%E2%80%AEfdp.exe", "afdp.exe"),
        ("x%0d%0aSet-Cookie%3a%20a", "x Set-Cookie: a"),
        ("%FF.txt", "\ufffd.txt"),
        ("d" * 200 + ".pdf", "d" * 117 + "….pdf"),
    ],
)
def test_names_are_what_their_owner_knows_them_by(header: str, name: str | None) -> None:
    """No folders, no reversed endings, no header injection."""
    assert name_of(header) == name
