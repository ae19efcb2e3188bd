"""The right to speak, row by row: who holds it when, on what, what it owes, and whom a unit's questions reach."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from models.clocks.deadline import Deadline, DeadlineState, Rules
from models.directory.roster import Roster
from models.errors import Refusal
from models.law.calendar import ZONE
from models.people.mandate import (
    Mandate,
    MandateKind,
    desk_accounts,
    heads,
    heads_changed,
    mandates,
    may_speak,
    recall_desks,
    spokespersons,
    units_in_use,
)
from models.people.person import Account, AccountState, Person, Post, PostKind
from models.store import Store
from tests.models.law_samples import shipped_book, shipped_calendar
from tests.models.light import light_store

RULES = Rules(shipped_book(), shipped_calendar())
NOW = datetime(2026, 11, 23, 8, tzinfo=ZONE)
DAY = timedelta(days=1)


def mandate(kind: MandateKind = MandateKind.AUTHORISED, **more: Any) -> Mandate:
    """A mandate that began yesterday."""
    facts: dict[str, Any] = {"person_id": 1, "unit_id": "so_y_te", "valid_from": NOW - DAY} | more
    return Mandate(kind=kind, **facts)


@pytest.mark.parametrize(
    ("kind", "given_for", "about", "covers"),
    [
        (MandateKind.HEAD, None, (), True),
        (MandateKind.STANDING, None, ("YC-1",), True),
        (MandateKind.AUTHORISED, "YC-1", ("YC-1", None), True),
        (MandateKind.AUTHORISED, "VV-1", ("YC-1", "VV-1"), True),
        (MandateKind.AUTHORISED, "VV-1", ("YC-1", None), False),
        (MandateKind.AUTHORISED, "VV-1", (), False),
        (MandateKind.AUTHORISED, None, ("YC-1", None), False),  # for no matter at all: for none
    ],
)
def test_what_a_mandate_covers(kind: MandateKind, given_for: str | None, about: tuple[str | None, ...], covers: bool) -> None:
    """Head and standing speak on everything; an authorisation on its own matter or case only."""
    assert mandate(kind, matter_code=given_for).covers(*about) is covers


def test_what_a_mandate_is_called() -> None:
    """The subject of its clock, and the duty to publish it."""
    assert mandate(id=12).subject == "UQ-12"
    assert [mandate(kind).duty for kind in MandateKind] == [None, "spokesperson", "authorisation"]


def test_the_entry_of_a_grant() -> None:
    """Whom, for what, from when to when, under which number and document, and until when it must be published."""
    one = mandate(id=7, matter_code="YC-1", valid_to=NOW + DAY, decision_no="3/GUQ", granted_by=2, on_paper=True, document="d" * 64)
    one.signed_at = NOW
    clock = Deadline(case_code=one.subject, pack_id="p", clock_id="AU-03", started_at=NOW, running_since=NOW, due_at=NOW + DAY / 2)
    entry = one.granted([{"name": "a.pdf"}], clock, "nd-09-2017")
    assert (entry.action, entry.case, entry.unit_id, entry.pack) == ("mandate.granted", "YC-1", "so_y_te", "nd-09-2017")
    assert list(entry.about) == [one, clock]
    assert entry.detail == {
        "mandate": 7,
        "holder": 1,
        "mandate_kind": "authorised",
        "authorisation_no": "3/GUQ",
        "granted_by": 2,
        "on_paper": True,
        "valid_from": "2026-11-22T08:00:00+07:00",
        "valid_to": "2026-11-24T08:00:00+07:00",
        "signed_at": "2026-11-23T08:00:00+07:00",
        "item": "d" * 64,
        "files": [{"name": "a.pdf"}],
        "publish_by": "2026-11-23T20:00:00+07:00",
    }
    plain = mandate(id=8).granted([], None, "nd-244-2026")
    assert [plain.detail[name] for name in ("valid_to", "signed_at", "publish_by")] == [None, None, None]
    clock.due_at = None
    assert one.granted([], clock, "p").detail["publish_by"] is None
    assert list(plain.about)[1:] == []


def test_an_authorisation_is_taken_back_once() -> None:
    """From that minute on it is over; its publication clock stops; one that has ended cannot be taken back."""
    one = mandate(id=7, matter_code="YC-1", valid_to=NOW + DAY)
    clock = RULES.start(one.subject, "SP-01", NOW)
    entry = one.revoke(5, "why", clock, NOW)
    assert (one.revoked_at, one.revoked_by, one.valid_to) == (NOW, 5, NOW)
    assert (clock.state, clock.ended_at) == (DeadlineState.STOPPED, NOW)
    assert (entry.action, entry.detail["reason"], list(entry.about)) == ("mandate.revoked", "why", [one, clock])
    for again, at in ((one, NOW + DAY), (mandate(valid_to=NOW), NOW), (mandate(valid_to=NOW - DAY / 2), NOW)):
        with pytest.raises(Refusal) as refused:
            again.revoke(5, "why", None, at)
        assert refused.value.key == "mandate.ended"
    endless = mandate(id=8)
    assert list(endless.revoke(5, "why", None, NOW).about) == [endless]


@pytest.mark.parametrize(("after", "late"), [(timedelta(hours=23, minutes=59), False), (DAY, True)])
def test_it_is_published_once_in_time_or_late(after: timedelta, late: bool) -> None:
    """The due moment itself is no longer in time."""
    one = mandate(MandateKind.STANDING, id=7)
    clock = RULES.start(one.subject, "SP-01", NOW)
    entry = one.publish("https://tinh.example.vn/1", "note", [{"name": "a.png"}], clock, NOW + after)
    assert (one.published_at, one.published_url) == (NOW + after, "https://tinh.example.vn/1")
    assert (clock.state, clock.ended_at) == (DeadlineState.SATISFIED, NOW + after)
    assert (entry.action, entry.detail["late"], entry.detail["item"]) == ("mandate.published", late, "note")
    assert (entry.detail["url"], entry.detail["files"]) == ("https://tinh.example.vn/1", [{"name": "a.png"}])
    assert list(entry.about) == [one, clock]
    with pytest.raises(Refusal) as refused:
        one.publish("", "note", [], None, NOW + after)
    assert (refused.value.key, refused.value.values) == ("mandate.published_already", {"url": "https://tinh.example.vn/1"})
    other = mandate(id=9)
    entry = other.publish("", "note", [], None, NOW)
    assert (entry.detail["late"], list(entry.about)) == (False, [other])
    with pytest.raises(Refusal) as refused:
        other.publish("", "note", [], None, NOW)
    assert refused.value.values == {"url": "–"}


async def _peopled(store: Store, rows: Sequence[Any]) -> None:
    """Three people, each with a phone; whatever else a test wants."""
    store.add_all([Person(id=n, name=f"Người {n}", created_at=NOW) for n in (1, 2, 3)])
    for n in (1, 2, 3):
        store.add(Account(id=n, channel="web", external_id=f"chat-{n}", person_id=n, created_at=NOW))
    store.add_all(rows)
    await store.flush()


WHEN = [  # from, to, in force now
    (-DAY, None, True),
    (timedelta(0), None, True),
    (timedelta(seconds=1), None, False),
    (-DAY, timedelta(0), False),
    (-DAY, timedelta(seconds=1), True),
]


@pytest.mark.parametrize(("start", "end", "holds"), WHEN)
async def test_a_mandate_holds_from_its_first_second_to_before_its_last(start: timedelta, end: timedelta | None, holds: bool) -> None:
    """The same bounds wherever it is asked."""
    until = NOW + end if end is not None else None
    rows = [
        mandate(MandateKind.HEAD, valid_from=NOW + start, valid_to=until),
        Post(person_id=2, unit_id="so_y_te", kind=PostKind.HEAD, valid_from=NOW + start, valid_to=until),
    ]
    async with light_store() as store:
        await _peopled(store, rows)
        assert [m.id for m in await mandates(store, NOW)] == ([1] if holds else [])
        assert (await may_speak(store, 1, "so_y_te", NOW, "YC-1") is not None) is holds
        assert [p.id for p in await heads(store, "so_y_te", NOW)] == ([1, 2] if holds else [])
        assert [p.id for p, _ in await spokespersons(store, "so_y_te", NOW)] == ([1] if holds else [])
        assert [a.id for a in await desk_accounts(store, "so_y_te", NOW)] == ([2] if holds else [])
        assert await units_in_use(store, NOW) == ({"so_y_te"} if holds else set())


async def test_who_may_speak_on_what() -> None:
    """By unit, by person, by matter; the oldest mandate first."""
    rows = [
        mandate(MandateKind.AUTHORISED, matter_code="VV-1"),
        mandate(MandateKind.STANDING, person_id=2),
        mandate(MandateKind.HEAD, person_id=3, unit_id="so_xay_dung"),
        mandate(MandateKind.AUTHORISED, matter_code="YC-2"),
        Post(person_id=1, unit_id="so_y_te", kind=PostKind.MEMBER, valid_from=NOW - DAY),
        Post(person_id=2, unit_id="so_xay_dung", kind=PostKind.HEAD, valid_from=NOW - DAY),
    ]
    async with light_store() as store:
        await _peopled(store, rows)
        assert [m.id for m in await mandates(store, NOW)] == [1, 2, 3, 4]
        assert [m.id for m in await mandates(store, NOW, unit_id="so_y_te")] == [1, 2, 4]
        assert [m.id for m in await mandates(store, NOW, person_id=1)] == [1, 4]
        assert [m.id for m in await mandates(store, NOW, unit_id="so_xay_dung", person_id=1)] == []
        for about, held in ((("YC-1", "VV-1"), 1), (("YC-2", None), 4), (("YC-1", None), None)):
            found = await may_speak(store, 1, "so_y_te", NOW, *about)
            assert (found.id if found else None) == held
        assert await may_speak(store, 1, "so_xay_dung", NOW, "VV-1") is None
        assert [(p.id, m.id) for p, m in await spokespersons(store, "so_y_te", NOW, "VV-1")] == [(1, 1), (2, 2)]
        assert [p.id for p, _ in await spokespersons(store, "so_y_te", NOW)] == [2]
        assert [p.id for p in await heads(store, "so_y_te", NOW)] == []
        assert [p.id for p in await heads(store, "so_xay_dung", NOW)] == [2, 3]


async def test_the_desk_of_a_unit() -> None:
    """Everybody with a post and a phone that works, each phone once; who only keeps a page has none of its questions."""
    posts = [
        Post(person_id=1, unit_id="so_y_te", kind=PostKind.MEMBER, valid_from=NOW - DAY),
        Post(person_id=1, unit_id="so_y_te", kind=PostKind.HEAD, valid_from=NOW - DAY),
        Post(person_id=2, unit_id="so_y_te", kind=PostKind.PAGE_ADMIN, valid_from=NOW - DAY),
        Post(person_id=3, unit_id="so_xay_dung", kind=PostKind.MEMBER, valid_from=NOW - DAY),
    ]
    blocked = Account(id=9, channel="web", external_id="chat-9", person_id=1, state=AccountState.BLOCKED, created_at=NOW)
    async with light_store() as store:
        await _peopled(store, [*posts, blocked])
        assert [a.id for a in await desk_accounts(store, "so_y_te", NOW)] == [1]
        await recall_desks(store, ["so_y_te", "so_xay_dung", "khong_co"])
        assert [[a.id for a in await desk_accounts(store, unit, NOW)] for unit in ("so_xay_dung", "khong_co")] == [[3], []]
        assert await units_in_use(store, NOW) == {"so_y_te", "so_xay_dung"}


HEADS = [  # the heads of a unit: person, from, to in days from now; whether it counts as changed within the last week
    ("the first head a unit ever had", [(1, -3, None)], False),
    ("a successor this week", [(1, -90, -3), (2, -3, None)], True),
    ("a successor long ago", [(1, -90, -30), (2, -30, None)], False),
    ("left without a successor", [(1, -90, -1)], True),
    ("leaves tomorrow", [(1, -90, 1)], False),
    ("just now", [(1, -90, 0)], True),
    ("exactly a week ago", [(1, -90, -7)], False),
    ("a second head beside the first", [(1, -90, None), (2, -2, None)], True),
    ("the same person again", [(1, -90, None), (1, -2, None)], False),
    ("begins tomorrow", [(1, -90, None), (2, 1, None)], False),
    ("begins just now", [(1, -90, None), (2, 0, None)], True),
    ("began exactly a week ago", [(1, -90, None), (2, -7, None)], False),
    ("two heads from the same day on", [(1, -2, None), (2, -2, None)], False),
]


@pytest.mark.parametrize(("said", "held", "changed"), HEADS)
async def test_a_unit_whose_head_changed(said: str, held: list[tuple[int, int, int | None]], changed: bool) -> None:
    """The first head is no change; one who leaves is."""
    rows = [
        mandate(MandateKind.HEAD, person_id=person, valid_from=NOW + start * DAY, valid_to=NOW + end * DAY if end is not None else None)
        for person, start, end in held
    ]
    async with light_store() as store:
        await _peopled(store, [*rows, mandate(MandateKind.STANDING, person_id=3, unit_id="so_y_te", valid_to=NOW)])
        assert await heads_changed(store, NOW - 7 * DAY, NOW) == ({"so_y_te"} if changed else set()), said


LEVELS = [  # pack, kind of unit, mandate wanted, position, whether somebody may be given it anew
    ("nd-09-2017", "department", "standing", "Chuyên viên", False),
    ("nd-09-2017", "department", "standing", "Chánh Văn phòng", False),
    ("nd-09-2017", "department", "standing", "Phó Giám đốc", True),
    ("nd-09-2017", "department", "standing", "Cấp phó phụ trách", True),
    ("nd-09-2017", "department", "standing", "", False),
    ("nd-09-2017", "department", "head", "Giám đốc", True),
    ("nd-09-2017", "area_commune", "standing", "Công chức văn phòng", False),
    ("nd-09-2017", "area_commune", "standing", "Phó Chủ tịch UBND xã", True),
    ("nd-09-2017", "government", "standing", "Chánh Văn phòng", True),
    ("nd-09-2017", "outside", "standing", "Chuyên viên", True),  # the pack says nothing of such bodies
    ("nd-09-2017", "department", "none", "Chuyên viên", True),
    ("nd-244-2026", "department", "standing", "Chuyên viên", True),
    ("nd-244-2026", "area_commune", "standing", "Công chức văn phòng", True),
]


@pytest.mark.parametrize(("pack", "kind", "wanted", "position", "may"), LEVELS)
def test_a_file_gives_mandates_by_the_level_of_the_unit(pack: str, kind: str, wanted: str, position: str, may: bool) -> None:
    """09/2017 Art 3(2), 3(3): at a department or commune only the head or a deputy; the newer decree knows no such rule."""
    row = {"unit": "u", "name": "Người Một", "position": position, "mandate": wanted, "decision_no": "1/QĐ"}
    faults = Roster([], [], shipped_book().pack(pack)).take([row], {"u": "u"}, {"u": kind}, NOW)
    assert [fault.column for fault in faults] == ([] if may else ["position"])
    assert Roster([], []).take([row], {"u": "u"}, {"u": kind}, NOW) == []  # no pack, no rule


def test_who_has_a_mandate_already_is_not_asked_again() -> None:
    """A list that repeats an older appointment takes nothing away; a position that ceases to fit shows in the law check of the act."""
    person = Person(id=1, name="Người Một", created_at=NOW)
    post = Post(person_id=1, unit_id="u", kind=PostKind.MEMBER, position="Chuyên viên", valid_from=NOW)
    law, held = shipped_book().pack("nd-09-2017"), mandate(MandateKind.STANDING, unit_id="u")
    row = {"unit": "u", "name": "Người Một", "mandate": "standing"}
    assert Roster([(person, post)], [held], law).take([row], {"u": "u"}, {"u": "department"}, NOW) == []
    faults = Roster([(person, post)], [], law).take([row], {"u": "u"}, {"u": "department"}, NOW)
    assert "NĐ 09/2017 Điều 3(2)(b)" in faults[0].why
