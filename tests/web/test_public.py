"""What anybody may read, and that it is no more than that."""

import io
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from models import codes
from models.directory.unit import Outlet, Unit
from models.evidence.item import Attachment, Item, ItemKind
from models.messages.press_release import PressRelease
from models.people.mandate import Mandate, MandateKind
from models.people.person import Person, Post, PostKind
from models.people.resident import Resident
from models.store import Store
from tests.web.room import Room

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
HTML = {"accept": "text/html"}


async def directory(store: Store) -> None:
    """Two units; one spokesperson with a phone nobody outside may see, one authorised for one matter only."""
    for unit in (
        Unit(id="so_y_te", name_vi="Sở Y tế", name_en="Department of Health", kind="department", former_names=["Ty Y tế"]),
        Unit(id="so_xay_dung", name_vi="Sở Xây dựng", kind="department"),
    ):
        unit.refold()
        store.add(unit)
    people = [Person(name="Người phát ngôn Sở Y tế", phone="0905123456", email="sytpn@example.vn", created_at=NOW)]
    people.append(Person(name="Người được ủy quyền một việc", created_at=NOW))
    store.add_all(people)
    await store.flush()
    kinds = (MandateKind.STANDING, MandateKind.AUTHORISED)
    for person, kind in zip(people, kinds, strict=True):
        store.add(
            Mandate(person_id=person.id or 0, unit_id="so_y_te", kind=kind, position="Phó Giám đốc", valid_from=NOW - timedelta(days=9))
        )


async def releases(store: Store, count: int) -> list[str]:
    """Some releases, the last one the newest, each with a file."""
    person = Person(name="Cán bộ", created_at=NOW)
    store.add(person)
    await store.flush()
    made: list[str] = []
    for number in range(count):
        code = codes.make(codes.RELEASE, number << 20)
        text = Item.of(ItemKind.RELEASE, f"Thông cáo số {number}\n\nNội dung <b>đậm</b> {number}", f"{number:064x}", NOW)
        store.add(text)
        at = NOW + timedelta(hours=number)
        store.add(PressRelease(code=code, title=f"Thông cáo số {number}", item=text.digest, author_id=person.id or 0, published_at=at))
        store.add(
            Attachment(
                id=f"{number:032x}", digest="0" * 64, name="bản đồ.pdf", media_type="application/pdf", size=9, case_code=code, created_at=at
            )
        )
        made.append(code)
    store.add(Attachment(id="f" * 32, digest="1" * 64, name="khác.pdf", media_type="application/pdf", size=9, created_at=NOW))
    return made


async def test_the_newsroom_lists_the_newest_first_and_pages_back(room: Room) -> None:
    """Ten at a time; the piece htmx asks for is only the list."""
    made = await room.machine.database.write(lambda store: releases(store, 12))
    client = room.browser().client
    first, second = (await client.get("/")).text, (await client.get("/?trang=2", headers={"hx-request": "true"})).text
    assert first.index(made[11]) < first.index(made[10])
    assert made[1] not in first
    assert made[1] in second
    assert "<html" not in second


async def test_a_release_has_a_stable_address_and_its_text_is_only_text(room: Room) -> None:
    """Markup in a release is shown, not run."""
    [code] = await room.machine.database.write(lambda store: releases(store, 1))
    page = (await room.browser().client.get(f"/tc/{code}")).text
    assert "Nội dung &lt;b&gt;đậm&lt;/b&gt; 0" in page
    assert "bản đồ.pdf" in page


async def test_a_release_opens_its_own_files_only(room: Room) -> None:
    """A published file is public; every other stays where it is."""
    [code] = await room.machine.database.write(lambda store: releases(store, 1))
    path = room.machine.files.path(f"{0:032x}")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"%PDF-1.7\n")
    client = room.browser().client
    assert (await client.get(f"/tc/{code}/files/{0:032x}")).content == b"%PDF-1.7\n"
    assert (await client.get(f"/tc/{code}/files/{'f' * 32}")).status_code == 404


@pytest.mark.parametrize("code", ["TC-0000001", "YC-0000000", "TC-0000000"])
async def test_unknown_codes_are_not_found(room: Room, code: str) -> None:
    """A mistyped code is told apart from nothing."""
    answer = await room.browser().client.get(f"/tc/{code}", headers=HTML)
    assert answer.status_code == 404
    assert "Không có gì ở địa chỉ này" in answer.text


@pytest.mark.parametrize("words", ["so y te", "SỞ Y TẾ", "ty y te", "Sở Y tế"])
async def test_the_directory_finds_without_diacritics_and_by_old_names(room: Room, words: str) -> None:
    """And shows who speaks, never how to reach them privately, nor an authorisation for one matter."""
    await room.machine.database.write(directory)
    page = (await room.browser().client.get("/danh-ba", params={"q": words})).text
    assert "Người phát ngôn Sở Y tế" in page
    assert "Phó Giám đốc" in page
    for secret in ("0905123456", "sytpn@example.vn", "ủy quyền một việc"):
        assert secret not in page


def unpacked(raw: bytes) -> bytes:
    """What stands in a file; a workbook hides its words by compressing them."""
    if not raw.startswith(b"PK"):
        return raw
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        return b"".join(packed.read(name) for name in packed.namelist())


@pytest.mark.parametrize("form", ["csv", "json", "html", "xlsx"])
async def test_the_lists_to_take_away(room: Room, form: str) -> None:
    """What the law has published, in every form a portal takes; private numbers are in none."""
    await room.machine.database.write(directory)

    async def contact(store: Store) -> None:
        person = await store.scalar(select(Person).where(Person.name == "Người phát ngôn Sở Y tế"))
        assert person is not None
        where: dict[str, Any] = {"person_id": person.id or 0, "unit_id": "so_y_te", "kind": PostKind.MEMBER}
        store.add(Post(**where, office_phone="02343822123", office_email="pn@example.vn", valid_from=NOW - timedelta(days=9)))
        store.add(Outlet(id="dai", name="Đài Mẫu"))
        store.add(Resident(outlet_id="dai", name="Phóng viên thường trú", phone="0905777777", office_phone="0234111222"))

    await room.machine.database.write(contact)
    client = room.browser().client
    raw = b"".join([unpacked((await client.get(f"/{name}.{form}")).content) for name in ("danh-ba", "bao-chi")])
    page = (await client.get("/danh-ba", params={"q": "so y te"})).text + (await client.get("/bao-chi")).text
    for secret in (b"0905123456", b"sytpn@example.vn", b"0905777777", "ủy quyền một việc".encode()):
        assert secret not in raw
        assert secret not in page.encode()
    assert "02343822123" in page
    assert "0234111222" in page
    assert b"02343822123" in raw
    assert b"pn@example.vn" in raw
    assert (await client.get("/danh-ba.exe", headers=HTML)).status_code == 404


async def test_the_directory_works_without_a_script_and_without_words(room: Room) -> None:
    """A plain form, and the list of all units."""
    await room.machine.database.write(directory)
    client = room.browser().client
    page = (await client.get("/danh-ba")).text
    assert '<form class="search"' in page
    assert "Sở Xây dựng" in page
    assert "Chưa thấy cơ quan nào" in (await client.get("/danh-ba?q=zzzzzz")).text
    assert "&lt;script&gt;" in (await client.get("/danh-ba?q=<script>")).text


async def test_pages_speak_english_on_request(room: Room) -> None:
    """And keep to it when following a link."""
    page = (await room.browser().client.get("/?lang=en")).text
    assert '<html lang="en">' in page
    assert "danh-ba?lang=en" in page


async def test_static_files_may_be_kept_for_ever(room: Room) -> None:
    """Their address changes with them; an old address still works but is not kept."""
    version = room.app.state.site.pages.version
    client = room.browser().client
    assert "immutable" in (await client.get(f"/static/{version}/site.css")).headers["cache-control"]
    assert (await client.get("/static/old/site.css")).headers["cache-control"] == "no-cache"
    assert (await client.get(f"/static/{version}/no.css")).status_code == 404


async def test_health(room: Room) -> None:
    """The loops are alive and the schema is there."""
    client = room.browser().client
    assert (await client.get("/healthz")).status_code == 200
    assert (await client.get("/readyz")).status_code == 200


async def test_a_bug_of_ours_is_one_kind_sentence(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """And still carries the policy."""

    async def broken(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("bot.web.public.newest", broken)
    answer = await room.browser().client.get("/", headers=HTML)
    assert answer.status_code == 500
    assert "boom" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
