"""The lists anybody may read: who speaks for which unit, which outlets work here. Private numbers never come near them (F41, F42, F110)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import col, or_, select

from models.directory import census
from models.directory.census import Reply
from models.directory.holding import Gap, holdings, missing
from models.directory.parts import OUTLETS, SCOPES
from models.directory.unit import Outlet, Unit
from models.evidence.item import item
from models.law.calendar import local
from models.people.mandate import Mandate, MandateKind
from models.people.person import Person, Post
from models.people.resident import residents
from models.store import Store

Row = Mapping[str, str]

# Name, position, official phone and e-mail are what the law has published (Decree 244/2026 Art 3(3)); the rest says where it stands.
SPEAKERS = {
    "unit": "Cơ quan, đơn vị",
    "name": "Họ tên",
    "position": "Chức vụ",
    "capacity": "Tư cách",
    "office_phone": "Điện thoại cơ quan",
    "office_email": "Thư điện tử cơ quan",
    "decision_no": "Số quyết định",
    "published_on": "Ngày công bố",
    "published_url": "Nơi công bố",
}
OUTLET_COLUMNS = {
    "name": "Cơ quan báo chí",
    "kind": "Loại hình",
    "scope": "Phạm vi",
    "bureau": "Văn phòng tại tỉnh",
    "office_phone": "Điện thoại cơ quan",
    "office_email": "Thư điện tử cơ quan",
    "website": "Trang chủ",
    "residents": "Phóng viên thường trú",
}
CAPACITY = {MandateKind.HEAD: "Người đứng đầu", MandateKind.STANDING: "Người phát ngôn"}


async def speakers(store: Store, at: datetime) -> list[Row]:
    """Everybody who speaks for a unit on everything, unit by unit; who is authorised for one matter is published with that matter."""
    found = await store.execute(
        select(Mandate, Person, Unit)
        .join(Person, col(Person.id) == col(Mandate.person_id))
        .join(Unit, col(Unit.id) == col(Mandate.unit_id))
        .where(
            Mandate.kind != MandateKind.AUTHORISED,
            col(Mandate.valid_from) <= at,
            or_(col(Mandate.valid_to).is_(None), col(Mandate.valid_to) > at),
        )
        .order_by(col(Unit.kind), col(Unit.name_vi), col(Mandate.id))
    )
    rows = found.all()
    posts = await _posts(store, [(m.person_id, m.unit_id) for m, _, _ in rows], at)
    return [_speaker(mandate, person, unit, posts.get((mandate.person_id, mandate.unit_id))) for mandate, person, unit in rows]


def _speaker(mandate: Mandate, person: Person, unit: Unit, post: Post | None) -> Row:
    return {
        "unit": unit.name_vi,
        "name": person.name,
        "position": mandate.position or (post.position if post else ""),
        "capacity": CAPACITY[mandate.kind],
        "office_phone": post.office_phone if post else "",
        "office_email": post.office_email if post else "",
        "decision_no": mandate.decision_no,
        "published_on": f"{local(mandate.published_at):%d/%m/%Y}" if mandate.published_at is not None else "",
        "published_url": mandate.published_url,
    }


async def contacts(store: Store, unit_id: str, at: datetime) -> dict[int, Post]:
    """The official numbers of a unit's people, by person."""
    rows = await store.scalars(select(Post).where(Post.unit_id == unit_id, col(Post.valid_from) <= at).order_by(col(Post.id)))
    kept: dict[int, Post] = {}
    for post in rows.all():
        if post.valid_to is None or post.valid_to > at:
            kept[post.person_id] = _better(kept.get(post.person_id), post)
    return kept


def _better(one: Post | None, other: Post) -> Post:
    """Of two posts in one unit, the one that says how to reach the person."""
    return other if one is None or (not (one.office_phone or one.office_email) and (other.office_phone or other.office_email)) else one


async def _posts(store: Store, places: Sequence[tuple[int, str]], at: datetime) -> dict[tuple[int, str], Post]:
    wanted, found = set(places), dict[tuple[int, str], Post]()
    rows = await store.scalars(select(Post).where(col(Post.unit_id).in_({unit for _, unit in places})).order_by(col(Post.id)))
    for post in rows.all():
        place = (post.person_id, post.unit_id)
        if place in wanted and post.valid_from <= at and (post.valid_to is None or post.valid_to > at):
            found[place] = _better(found.get(place), post)
    return found


async def outlets(store: Store) -> list[Row]:
    """Outlets by name, with whom they keep in the province: names and official numbers."""
    here: dict[str, list[str]] = {}
    for one in await residents(store):
        here.setdefault(one.outlet_id, []).append(", ".join(filter(None, (one.name, one.position, one.office_phone, one.office_email))))
    found = (await store.scalars(select(Outlet).order_by(col(Outlet.name)))).all()
    return [
        {
            "name": o.name,
            "kind": OUTLETS.get(o.kind, o.kind),
            "scope": SCOPES.get(o.scope, o.scope),
            "bureau": o.bureau,
            "office_phone": o.office_phone,
            "office_email": o.office_email,
            "website": o.website,
            "residents": "; ".join(here.get(o.id, [])),
        }
        for o in found
    ]


CALL_COLUMNS = {
    "unit": "Đơn vị",
    "reply": "Trả lời",
    "answered_at": "Lúc",
    "answered_by": "Người trả lời",
    "late": "Trễ hạn",
    "note": "Nội dung cần sửa",
    "contact": "Đầu mối",
    "office_phone": "Điện thoại cơ quan",
}
REPLIES = {Reply.RIGHT: "Đúng", Reply.MEND: "Cần sửa"}
GAP_COLUMNS = {"unit": "Đơn vị"} | {
    Gap.HEAD.value: "Người đứng đầu",
    Gap.SPEAKER.value: "Người phát ngôn",
    Gap.CONTACT.value: "Người liên lạc được",
    Gap.UNCONFIRMED.value: "Xác nhận lần rà soát gần nhất",
}


async def call(store: Store, census_id: int, at: datetime) -> list[Row]:
    """The answers of a directory call, unit by unit; for the press office (F122)."""
    called = await store.get_one(census.Census, census_id)
    held, rows = await holdings(store, at), list[Row]()
    for line in await census.answers(store, census_id):
        unit = await store.get_one(Unit, line.unit_id)
        note, who = await item(store, line.note), await store.get(Person, line.answered_by) if line.answered_by else None
        one = held.get(line.unit_id)
        person = one.contact if one is not None else None
        posts = [post for p, post in one.posts if p is person] if one is not None else []
        when = local(line.answered_at) if line.answered_at is not None else None
        rows.append(
            {
                "unit": unit.name_vi,
                "reply": REPLIES[line.reply] if line.reply is not None else "Chưa trả lời" if person is not None else "Chưa liên lạc được",
                "answered_at": f"{when:%H:%M %d/%m/%Y}" if when is not None else "",
                "answered_by": who.name if who is not None else "",
                "late": "trễ" if (when or local(at)).date() > called.due_on else "",
                "note": str(note) if note is not None else "",
                "contact": person.name if person is not None else "",
                "office_phone": next((post.office_phone for post in posts if post.office_phone), ""),
            }
        )
    return rows


async def gaps(store: Store, at: datetime) -> list[Row]:
    """What the directory lacks of which unit; for the press office (F103)."""
    return [{"unit": one.name} | {gap.value: "thiếu" if gap in lacking else "" for gap in Gap} for one, lacking in await missing(store, at)]
