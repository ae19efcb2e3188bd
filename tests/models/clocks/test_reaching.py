"""Who is asked first, and who next: a table of units, and the least loaded of several."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import seeding
from models.clocks.reaching import Link, Station, reach
from models.directory.unit import Unit
from models.people.mandate import Mandate, MandateKind
from models.people.person import Account, AccountState, Person, Post, PostKind
from models.store import Store
from tests.transcript import ASK, MONDAY, PEOPLE, REGISTER, VERIFY, office, play, somebody_else

UNIT = "don_vi_moi"
AT = MONDAY + timedelta(hours=1)

# Who is there: post, mandate, reachable. The chain that comes of it, in front of the desk.
CASES: dict[str, tuple[Sequence[tuple[str, str | None, bool]], Sequence[str]]] = {
    "everybody": (
        [("head", "head", True), ("press_officer", None, True), ("member", "standing", True), ("member", None, True)],
        ["spokesperson", "press_officer", "head", "colleague"],
    ),
    "the spokesperson blocked the bot": (
        [("head", "head", True), ("press_officer", None, True), ("member", "standing", False)],
        ["press_officer", "head"],
    ),
    "authorised for another matter": ([("member", "authorised", True)], ["colleague"]),
    "a head by post alone": ([("head", None, True)], ["head"]),
    "a press officer who also speaks": ([("press_officer", "standing", True)], ["spokesperson"]),
    "nobody reachable": ([("head", "head", False)], []),
    "nobody": ([], []),
}


@pytest.mark.parametrize("name", CASES)
async def test_the_chain(tmp_path: Path, name: str) -> None:
    """Each link once, in the law's order of who speaks; whoever cannot be reached is left out; the desk always ends it."""
    people, wanted = CASES[name]
    found = await _chain(tmp_path, people)
    assert [link.station.value for link in found] == [*wanted, "desk"]
    assert all(link.accounts for link in found)


async def test_an_authorisation_counts_for_its_own_matter(tmp_path: Path) -> None:
    """It comes right behind the standing spokesperson, on that matter only."""
    found = await _chain(tmp_path, [("member", "authorised", True)], "VV-1")
    assert [link.station for link in found] == [Station.AUTHORISED, Station.DESK]


async def _chain(home: Path, people: Sequence[tuple[str, str | None, bool]], matter: str | None = None) -> Sequence[Link]:
    async def work(store: Store) -> Sequence[Link]:
        store.add(Unit(id=UNIT, name_vi="Đơn vị mới", kind="department"))
        for number, (post, mandate, reachable) in enumerate(people):
            await _place(store, number, post, mandate, reachable)
        return await reach(store, UNIT, AT, matter)

    async with office(home) as story:
        return await story.app.machine.database.write(work)


async def _place(store: Store, number: int, post: str, mandate: str | None, reachable: bool) -> None:
    person = Person(name=f"Người thứ {number}", created_at=AT)
    store.add(person)
    await store.flush()
    assert person.id is not None
    state = AccountState.ACTIVE if reachable else AccountState.BLOCKED
    store.add(Account(channel="web", external_id=f"chain-{number}", person_id=person.id, state=state, created_at=AT))
    where: dict[str, Any] = {"person_id": person.id, "unit_id": UNIT, "valid_from": MONDAY}
    store.add(Post(kind=PostKind(post), **where))
    if mandate:
        store.add(Mandate(kind=MandateKind(mandate), matter_code="VV-1" if mandate == "authorised" else None, **where))
    await store.flush()


async def test_the_least_loaded_is_asked_first(tmp_path: Path) -> None:
    """Two spokespersons of one unit take turns; each sees the other's case in the unit's list."""
    second = {**PEOPLE["y tế"], "name": "Người phát ngôn thứ hai Sở Y tế", "decision_no": "14/QĐ-SYT"}
    async with office(tmp_path, REGISTER, VERIFY, somebody_else(REGISTER), VERIFY.replace("Phóng Viên Mẫu", "Người Khác Mẫu")) as story:
        await story.say(story.person("y tế 2"), await seeding.invite(story.app, **second))
        await play(
            story,
            ASK,
            """
            y tế < Câu hỏi mới $YC
            """,
            somebody_else(ASK),
            """
            y tế 2 < Câu hỏi mới $YC
            y tế > /hopthu
            y tế < Đang chờ (2) | $YC
            người khác > Bổ sung: xin số liệu theo từng trường.
            """,
        )
