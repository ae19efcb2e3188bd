"""Who may do what: every command and every action, for every role, in one table; and nothing of anybody else's to be read."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlmodel import select

from bot import seeding
from bot.story import Story
from handlers.routes import TABLE
from handlers.rows import EVERYBODY, NOT_STAFF, OFFICER, STAFF
from handlers.rows import REPORTER as REPORTER_ROLE
from models import codes
from models.casework.answer import Answer
from models.casework.demand import Demand
from models.casework.obstruction import Obstruction
from models.directory.census import Census
from models.directory.proposal import Proposal
from models.evidence.erasure import Erasure
from models.evidence.item import Attachment
from models.people.invitation import Invitation
from models.people.person import Account, Person, Role
from tests.probe import Answered, probe
from tests.transcript import ASK, MATTER, REGISTER, VERIFY, office, somebody_else

# newcomer: not verified yet; stranger: a verified reporter, but not of this case; member: of the unit, without a mandate;
# elsewhere: the spokesperson of another unit. yes: done; no: told it is for others; ?: a kind refusal, named after the #.
COLUMNS = ("visitor", "newcomer", "stranger", "reporter", "member", "speaker", "elsewhere", "officer")

TABLE_OF_RIGHTS = """
#                     visitor  newcomer stranger reporter member   speaker  elsewhere officer
/start                yes      yes      yes      yes      yes      yes      yes      yes
/hủy                  yes      yes      yes      yes      yes      yes      yes      yes
/trợgiúp              yes      yes      yes      yes      yes      yes      yes      yes
/ngônngữ              yes      yes      yes      yes      yes      yes      yes      yes
/liênkết              yes      yes      yes      yes      yes      yes      yes      yes
/đăngký               yes      yes      yes      yes      ?        ?        ?        ?        # register.staff
/danhbạ               yes      yes      yes      yes      yes      yes      yes      yes
/hỏi                  no       yes      yes      yes      no       no       no       no
/theodõi              no       yes      yes      yes      no       no       no       no
/nhậntin              no       yes      yes      yes      no       no       no       no
/dừng                 no       yes      yes      yes      no       no       no       no
/dữliệu               no       yes      yes      yes      yes      yes      yes      yes
/hộpthư               no       no       no       no       yes      yes      yes      yes
/xácminh              no       no       no       no       no       no       no       yes
/tiếpnhận             no       no       no       no       no       no       no       yes
/chờxửlý              no       no       no       no       no       no       no       yes
/bảng                 no       no       no       no       no       no       no       yes
/trực                 no       no       no       no       yes      yes      yes      yes
/vắngmặt              no       no       no       no       ?        ?        ?        ?        # absence.day_please
duty.set              no       no       no       no       no       no       no       yes
duty.hand             no       no       no       no       ?        ?        ?        ?        # duty.not_yours
absence.begin         no       no       no       no       yes      yes      yes      yes
absence.end           no       no       no       no       ?        ?        ?        ?        # start.stale
/thôngcáo             no       no       no       no       no       no       no       yes
/phảnánh              no       yes      yes      yes      no       no       no       yes
/báocáo               no       no       no       no       yes      yes      yes      yes
/khókhăn              no       no       no       no       no       no       no       yes
/hoạtđộng             no       no       no       no       no       no       no       yes
report.make           no       no       no       no       yes      yes      yes      yes
report.contest        no       no       no       no       yes      yes      yes      yes
activity.letter       no       no       no       no       no       no       no       ?       # activity.unknown
activity.strike       no       no       no       no       no       no       no       ?       # activity.unknown
/vụviệc               no       no       no       no       yes      yes      yes      yes
/kinhnghiệm           no       no       no       no       no       no       no       yes
/nhậtký               no       no       no       no       yes      yes      ?        yes      # case.unknown
/ủyquyền              no       no       no       no       ?        ?        ?        ?        # authorise.head_only,case.unknown,authorise.no_head
/thẩmquyền            no       no       no       no       yes      yes      yes      yes
/duyệt                no       no       no       no       yes      yes      yes      yes
/giữhồsơ              no       no       no       no       no       no       no       yes
/chephủ               no       no       no       no       no       no       no       yes
/xóa                  no       no       no       no       no       no       no       yes
/nhânsự               no       no       no       no       ?        ?        ?        ?        # staff.which_unit
/mời                  no       no       no       no       yes      yes      yes      yes
/ràsoát               no       no       no       no       no       no       no       yes
/đềxuấtsửa            no       no       no       no       no       no       no       yes
/danhbạthiếu          no       no       no       no       no       no       no       yes
/mấtliênlạc           no       no       no       no       no       no       no       yes
census.close          no       no       no       no       no       no       no       yes
census.mend           no       no       no       no       yes      yes      ?        yes      # census.not_yours
census.remind         no       no       no       no       no       no       no       yes
census.right          no       no       no       no       yes      yes      ?        yes      # census.not_yours
census.show           no       no       no       no       no       no       no       yes
census.table          no       no       no       no       no       no       no       yes
contact.called        no       no       no       no       no       no       no       ?        # contact.settled
contact.list          no       no       no       no       no       no       no       yes
join.begin            no       no       no       no       yes      yes      ?        yes      # join.not_yours
join.no               no       no       no       no       ?        ?        ?        yes      # join.head_only
join.yes              no       no       no       no       ?        ?        ?        yes      # join.head_only
missing.show          no       no       no       no       no       no       no       yes
missing.table         no       no       no       no       no       no       no       yes
proposal.begin        yes      yes      yes      yes      yes      yes      yes      yes
proposal.decline      no       no       no       no       no       no       no       yes
proposal.list         no       no       no       no       no       no       no       yes
proposal.take         no       no       no       no       no       no       no       yes
staff.close           no       no       no       no       ?        ?        ?        ?        # staff.not_yours,staff.unknown
staff.give            no       no       no       no       ?        ?        ?        ?        # staff.not_yours,staff.unknown
staff.leaves          no       no       no       no       ?        ?        ?        ?        # staff.not_yours,staff.unknown
staff.person          no       no       no       no       ?        ?        ?        ?        # staff.not_yours,staff.unknown
agree.no              no       no       no       no       ?        ?        ?        ?        # start.stale
agree.waive           no       no       no       no       no       no       no       ?        # start.stale
agree.yes             no       no       no       no       ?        ?        ?        ?        # start.stale
answer.adopt          no       no       no       no       yes      yes      ?        yes      # case.unknown
answer.anyway         no       no       no       no       yes      yes      ?        yes      # case.unknown
answer.begin          no       no       no       no       yes      yes      ?        yes      # case.unknown
answer.undo           no       no       no       no       ?        yes      ?        ?        # answer.not_yours,case.unknown
approve.give          no       no       no       no       ?        ?        ?        ?        # approve.head_only,approve.not_own,case.unknown
approve.go            no       no       no       no       ?        ?        ?        ?        # start.stale
approve.return        no       no       no       no       ?        ?        ?        ?        # approve.head_only,approve.not_own,case.unknown
approve.send          no       no       no       no       ?        ?        ?        ?        # approve.head_only,approve.not_own,case.unknown
approve.set           no       no       no       no       ?        ?        ?        ?        # start.stale
authorise.begin       no       no       no       no       ?        ?        ?        ?        # authorise.head_only,case.unknown,authorise.no_head
asker.begin           no       no       no       no       no       no       no       yes
brake.allow           no       no       no       no       ?        ?        ?        ?        # start.stale
brake.deny            no       no       no       no       ?        ?        ?        ?        # start.stale
letter.draft          no       no       no       no       no       no       no       yes
letter.begin          no       no       no       no       yes      yes      ?        yes      # case.unknown
offline.begin         no       no       no       no       yes      yes      ?        yes      # case.unknown
refuse.resume         no       no       no       no       ?        ?        ?        ?        # start.stale
release.resume        no       no       no       no       no       no       no       ?        # start.stale
unofficial.begin      no       no       no       no       yes      yes      ?        yes      # case.unknown
ask.begin             no       yes      yes      yes      no       no       no       no
authorise.begin       no       no       no       no       ?        ?        ?        ?        # authorise.head_only,case.unknown,authorise.no_head
case.add              no       ?        ?        yes      no       no       no       no       # case.unknown
case.list             no       yes      yes      yes      no       no       no       no
case.rate             no       ?        ?        ?        no       no       no       no       # case.unknown,rating.not_answered
case.show             no       ?        ?        yes      no       no       no       no       # case.unknown
case.withdraw         no       ?        ?        yes      no       no       no       no       # case.unknown
clarify.begin         no       no       no       no       yes      yes      ?        yes      # case.unknown
clock.why             no       ?        ?        yes      yes      yes      ?        yes      # case.unknown
demand.begin          no       no       no       no       yes      yes      ?        yes      # case.unknown
demand.ask            no       no       no       no       ?        ?        yes      ?        # start.stale
demand.clarify        no       no       no       no       yes      yes      ?        yes      # start.stale
demand.extend         no       no       no       no       yes      yes      ?        yes      # start.stale
demand.list           no       no       no       no       yes      yes      ?        yes      # case.unknown
demand.reply          no       no       no       no       ?        ?        yes      ?        # start.stale
desk.acknowledge      no       no       no       no       yes      yes      ?        yes      # case.unknown
desk.further          no       no       no       no       yes      yes      ?        yes      # case.unknown
desk.history          no       no       no       no       yes      yes      ?        yes      # case.unknown
desk.last             no       no       no       no       yes      yes      ?        yes      # case.unknown
desk.list             no       no       no       no       yes      yes      yes      yes
desk.more             no       no       no       no       yes      yes      ?        yes      # case.unknown
desk.show             no       no       no       no       yes      yes      ?        yes      # case.unknown
directory.begin       yes      yes      yes      yes      yes      yes      yes      yes
erase.approve         no       no       no       no       no       no       no       ?        # erase.second_person
extend.begin          no       no       no       no       yes      yes      ?        yes      # case.unknown
mandate.revoke        no       no       no       no       ?        ?        ?        ?        # mandate.unknown
matter.attach         no       no       no       no       ?        yes      ?        yes      # matter.unknown,matter.spokesperson_only
matter.begin          no       no       no       no       ?        ?        ?        ?        # matter.attached_already,case.unknown
matter.close          no       no       no       no       ?        yes      ?        yes      # matter.unknown,matter.spokesperson_only
matter.detach         no       no       no       no       ?        yes      ?        yes      # matter.unknown,matter.spokesperson_only
matter.determine      no       no       no       no       ?        yes      ?        yes      # matter.unknown,matter.spokesperson_only
matter.history        no       no       no       no       yes      yes      ?        yes      # matter.unknown
matter.join           no       no       no       no       ?        ?        ?        ?        # matter.attached_already,matter.unknown
matter.list           no       no       no       no       yes      yes      yes      yes
matter.more           no       no       no       no       yes      yes      ?        yes      # matter.unknown
matter.of             no       no       no       no       yes      yes      ?        yes      # case.unknown
matter.reopen         no       no       no       no       ?        ?        ?        ?        # matter.not_now,matter.unknown
matter.show           no       no       no       no       yes      yes      ?        yes      # matter.unknown
matter.time           no       no       no       no       ?        yes      ?        yes      # matter.unknown,matter.spokesperson_only
matter.unit           no       no       no       no       ?        yes      ?        yes      # matter.unknown,matter.spokesperson_only
mask.approve          no       no       no       no       no       no       no       ?        # start.stale
lesson.restore        no       no       no       no       no       no       no       ?        # lesson.counts_already
lesson.undo           no       no       no       no       no       no       no       ?        # lesson.nothing_counts
note.begin            no       no       no       no       yes      yes      ?        yes      # case.unknown
obstruction.begin     no       yes      yes      yes      no       no       no       no
obstruction.close     no       no       no       no       no       no       no       yes
obstruction.explain   no       no       no       no       ?        ?        ?        ?        # obstruction.unknown
obstruction.share     no       no       no       no       no       no       no       yes
obstruction.take      no       no       no       no       no       no       no       yes
officer.accept        no       no       no       no       no       no       no       yes
officer.assign        no       no       no       no       no       no       no       yes
officer.board         no       no       no       no       no       no       no       yes
officer.decline       no       no       no       no       no       no       no       yes
officer.desk          no       no       no       no       no       no       no       yes
officer.release       no       no       no       no       no       no       no       ?        # officer.already_assigned
officer.verify        no       no       no       no       no       no       no       yes
privacy.forget        no       yes      yes      yes      yes      yes      yes      yes
publish.begin         no       no       no       no       ?        ?        ?        ?        # mandate.unknown
refuse.begin          no       no       no       no       ?        yes      ?        ?        # case.unknown,refuse.no_right
register.begin        yes      yes      yes      yes      ?        ?        ?        ?        # register.staff
release.begin         no       no       no       no       no       no       no       yes
release.progress      no       no       no       no       no       no       no       yes
release.stop          no       no       no       no       no       no       no       ?        # release.not_sending
return.allow          no       no       no       no       no       no       no       yes
return.begin          yes      no       no       no       no       no       no       no
review.begin          no       ?        ?        ?        no       no       no       no       # case.unknown,review.nothing
review.withdraw       no       ?        ?        ?        no       no       no       no       # case.unknown,review.none_pending
review.decide         no       no       no       no       ?        ?        ?        ?        # start.stale
share.begin           no       no       no       no       no       no       no       yes
share.take            no       no       no       no       no       no       no       yes
start.code            yes      yes      yes      yes      yes      yes      yes      yes
start.help            yes      yes      yes      yes      yes      yes      yes      yes
start.language        yes      yes      yes      yes      yes      yes      yes      yes
statement.resume      no       no       no       no       ?        ?        ?        ?        # start.stale
statement.approve     no       no       no       no       ?        ?        ?        ?        # start.stale
statement.go          no       no       no       no       ?        ?        ?        ?        # start.stale
statement.return      no       no       no       no       ?        ?        ?        ?        # start.stale
statement.undo        no       no       no       no       ?        ?        ?        ?        # start.stale
statement.begin       no       no       no       no       ?        yes      ?        yes      # matter.unknown,matter.spokesperson_only
subscription.begin    no       yes      yes      yes      no       no       no       no
subscription.change   no       ?        ?        yes      no       no       no       no       # subscription.none
subscription.leave    no       yes      yes      yes      no       no       no       no
urgent.begin          no       no       no       no       yes      yes      ?        yes      # case.unknown
urgent.end            no       no       no       no       ?        ?        ?        ?        # case.unknown,urgent.not_urgent
transfer.back         no       no       no       no       ?        ?        ?        ?        # case.unknown,transfer.not_pending
transfer.begin        no       no       no       no       yes      yes      ?        yes      # case.unknown
"""

SENT = """
phóng viên > /nhantin
phóng viên > [Đồng ý]
phóng viên > [Tất cả lĩnh vực]
phóng viên > [Toàn tỉnh]
cán bộ > /thongcao
cán bộ > Khuyến cáo phòng ngộ độc thực phẩm
cán bộ > Ăn chín, uống sôi.
cán bộ > [Không có tệp]
cán bộ > [Tất cả lĩnh vực]
cán bộ > [Toàn tỉnh]
cán bộ > [Gửi]
"""

ERASURE = """
cán bộ > /xoa $YC
cán bộ > 1
cán bộ > Nội dung chứa thông tin về trẻ em.
máy mới > /start
máy mới > [Tôi đã có tài khoản]
máy mới > Phóng Viên Mẫu, Báo điện tử Mẫu
"""

ASIDE = """
phóng viên > /phananh
phóng viên > Bảo vệ cơ quan giữ máy ảnh của tôi lúc 7 giờ sáng nay.
phóng viên > sở y tế
y tế > $YC
y tế > [Khác…]
y tế > [Xin ý kiến đơn vị khác]
y tế > so xay dung
y tế > [Sở Xây dựng]
y tế > Bếp ăn trường học này đã được nghiệm thu chưa?
y tế > [Theo quy chế]
"""

CARE = """
khách > /danhba so y te
khách > [Báo sai]
khách > Số máy này không đúng.
cán bộ > /rasoat
cán bộ > [7 ngày nữa]
cán bộ > [Gửi]
y tế > /moi
y tế > [Chuyên viên]
y tế > Chuyên viên Mới
y tế > Chuyên viên
y tế > [Gửi]
"""

CONFIRMED = """
y tế ^ Câu hỏi mới > Có 12 người nhập viện, sức khỏe ổn định.
y tế > [Gửi câu trả lời]
"""

STRANGER = somebody_else(REGISTER)
NEWCOMER = somebody_else(REGISTER, "người mới", "Người Mới Mẫu")


@asynccontextmanager
async def stage(home: Path) -> AsyncGenerator[tuple[Story, Mapping[str, str]]]:
    """A case with a confirmed answer, a release, an erasure somebody asked for, and one chat for each column."""
    async with office(home, REGISTER, VERIFY, STRANGER, VERIFY.replace("Phóng Viên Mẫu", "Người Khác Mẫu"), NEWCOMER, ASK, SENT) as story:
        code = await seeding.invite(story.app, role="member", name="Chuyên viên Sở Y tế", unit="so_y_te", position="Chuyên viên")
        await story.say(story.person("chuyên viên"), code)
        await story.play((ERASURE + MATTER + ASIDE + CARE + CONFIRMED).strip().splitlines())
        names = ("khách", "người mới", "người khác", "phóng viên", "chuyên viên", "y tế", "xây dựng", "cán bộ")
        yield story, dict(zip(COLUMNS, (story.person(name).chat for name in names), strict=True))


def named() -> list[str]:
    """Every command and action of the route table; a row that is neither belongs to a step or to free words."""
    commands = [f"/{row.command[0]}" for row in TABLE.rows if row.command]
    return commands + sorted({row.action for row in TABLE.rows if row.action is not None})


async def arguments(story: Story) -> Mapping[str, str]:
    """What each action is about, in this story."""
    async with story.app.machine.database.read() as store:
        people = {p.name: p.id for p in (await store.scalars(select(Person))).all()}
        new = await store.scalar(select(Account.id).where(Account.external_id == story.person("máy mới").chat))
        answer, erasure = await store.scalar(select(Answer.id)), await store.scalar(select(Erasure.id))
        demand, report = await store.scalar(select(Demand.id)), await store.scalar(select(Obstruction.code))
        census, proposal = await store.scalar(select(Census.id)), await store.scalar(select(Proposal.id))
        invited = await store.scalar(select(Invitation.id).where(Invitation.to_confirm))
    code, newcomer = story.codes["$YC"], str(people["Người Mới Mẫu"])
    matters = [row.action for row in TABLE.rows if row.action and row.action.startswith(("matter.", "statement.begin"))]
    reports = [row.action for row in TABLE.rows if row.action and row.action.startswith("obstruction.")]
    return (
        dict.fromkeys(matters, story.codes["$VV"])
        | dict.fromkeys(reports, str(report))
        | {
            "census.right": f"{census}:so_y_te",
            "census.mend": f"{census}:so_y_te",
            **dict.fromkeys(("census.close", "census.remind", "census.table"), str(census)),
            **dict.fromkeys(("proposal.take", "proposal.decline"), str(proposal)),
            **dict.fromkeys(("join.yes", "join.no"), str(invited)),
            **dict.fromkeys(("join.begin", "proposal.begin"), "so_y_te"),
            "letter.draft": f"transfer:{code}",
            "demand.reply": str(demand),
            "demand.extend": str(demand),
            "demand.ask": str(demand),
            "demand.clarify": str(demand),
            "matter.begin": code,
            "matter.of": code,
            "matter.join": f"{story.codes['$VV']}:{code}",
            "case.rate": f"{code}:clear",
            "answer.undo": str(answer),
            "approve.give": str(answer),
            "approve.go": str(answer),
            "approve.return": str(answer),
            "approve.send": str(answer),
            "erase.approve": str(erasure),
            "officer.accept": newcomer,
            "officer.decline": newcomer,
            "return.allow": f"{people['Phóng Viên Mẫu']}:{new}",
            "release.progress": story.codes["$TC"],
            "release.stop": story.codes["$TC"],
            "report.make": "monthly:2026-11",
            "report.contest": "2026",
            "start.language": "en",
            "": code,
        }
    )


async def mark(story: Story, chat: str, name: str, about: Mapping[str, str]) -> tuple[str, Answered]:
    """`yes`, `no` (a thing for others), or `?` (a kind refusal of this very case)."""
    code = story.codes["$YC"]
    request = (
        {"text": name if name == "/start" else f"{name} {code}"}
        if name.startswith("/")
        else {"kind": "choice", "choice": f"{name}:{about.get(name, about[''])}"}
    )
    answered = await probe(story, chat, request)
    if "start.denied" in answered.keys:
        return "no", answered
    return ("yes" if answered.refusal is None else "?"), answered


@pytest.fixture(scope="module")
def rights() -> dict[str, list[str]]:
    """The table, read."""
    rows = [str(line).split("#")[0].split() for line in TABLE_OF_RIGHTS.strip().splitlines() if not line.startswith("#")]
    return {row[0]: row[1:] for row in rows}


def test_the_table_is_complete(rights: dict[str, list[str]]) -> None:
    """A route without a line here fails; so does a line without a route."""
    assert set(rights) == set(named())
    assert all(len(marks) == len(COLUMNS) for marks in rights.values())


async def test_everybody_may_do_exactly_this(tmp_path: Path, rights: dict[str, list[str]]) -> None:
    """Each command and action, sent by each role, is done, refused kindly, or told to be for others."""
    async with stage(tmp_path) as (story, people):
        about, wrong = await arguments(story), list[str]()
        for name, marks in rights.items():
            for column, expected in zip(COLUMNS, marks, strict=True):
                found, answered = await mark(story, people[column], name, about)
                if found != expected:
                    wrong.append(f"{name} by {column}: {found}, not {expected} ({answered.refusal or answered.keys})")
        assert not wrong, "\n".join(wrong)


STEPS = {
    "census": "officer",
    "census.mend": "staff",
    "join": "staff",
    "mending": "officer",
    "proposal.what": "everybody",
    "proposal.why": "officer",
    "activity": "officer",
    "report.contest": "staff",
    "strike.reason": "officer",
    "answer": "staff",
    "answer.confirm": "staff",
    "ask": "reporter",
    "case.add": "reporter",
    "case.rate": "reporter",
    "case.withdraw": "reporter",
    "clarify.text": "staff",
    "directory.name": "everybody",
    "link.code": "everybody",
    "erase.which": "officer",
    "erase.why": "officer",
    "extend.days": "staff",
    "extend.reason": "staff",
    "absence": "staff",
    "approve.return": "staff",
    "duty": "officer",
    "duty.heir": "staff",
    "urgent.why": "staff",
    "authorise": "staff",
    "hold.why": "officer",
    "mask.which": "officer",
    "mask.why": "officer",
    "mask.words": "officer",
    "brake.why": "staff",
    "letter.number": "staff",
    "offline": "staff",
    "unofficial.text": "staff",
    "mandate.publish": "staff",
    "mandate.revoke": "staff",
    "closing.outcome": "staff",
    "closing.reopen": "staff",
    "closing.why": "staff",
    "concern.joint": "staff",
    "concern.unit": "staff",
    "hang.codes": "staff",
    "hang.off": "staff",
    "matter": "staff",
    "agree.waive": "officer",
    "agree.why": "staff",
    "demand.ask": "staff",
    "demand.clarify": "staff",
    "demand.extend": "staff",
    "demand.reply": "staff",
    "demand.unit": "staff",
    "demand.what": "staff",
    "demand.when": "staff",
    "obstruction.close": "officer",
    "obstruction.closed": "officer",
    "obstruction.explain": "staff",
    "obstruction.share": "officer",
    "obstruction.what": "reporter",
    "obstruction.where": "reporter",
    "review.outcome": "staff",
    "review.reason": "staff",
    "review.why": "reporter",
    "share.take": "officer",
    "share.unit": "officer",
    "share.why": "officer",
    "transfer.back": "staff",
    "note.text": "staff",
    "statement": "staff",
    "statement_approval.return": "staff",
    "timing.at": "staff",
    "timing.which": "staff",
    "timing.why": "staff",
    "asker.kind": "officer",
    "paper": "officer",
    "officer.assign": "officer",
    "officer.decline": "officer",
    "officer.reassign": "officer",
    "refuse.confirm": "staff",
    "refuse.ground": "staff",
    "refuse.reason": "staff",
    "register": "not staff",
    "release": "officer",
    "return.who": "newcomer",
    "start.code": "everybody",
    "subscription.areas": "reporter",
    "subscription.consent": "reporter",
    "subscription.topics": "reporter",
    "transfer.reason": "staff",
    "transfer.unit": "staff",
}

GROUPS = {
    "everybody": EVERYBODY,
    "reporter": REPORTER_ROLE,
    "staff": STAFF,
    "officer": OFFICER,
    "not staff": NOT_STAFF,
    "newcomer": frozenset({Role.VISITOR}),
}


def test_every_step_belongs_to_its_role() -> None:
    """A step of a flow admits who may be there; a new step needs a line here."""
    found = {row.place: row.roles for row in TABLE.rows if row.place is not None}
    assert found == {place: GROUPS[group] for place, group in STEPS.items()}


@pytest.mark.parametrize("action", ["case.show", "case.add", "case.withdraw", "case.rate"])
async def test_a_foreign_case_and_no_case_sound_alike(tmp_path: Path, action: str) -> None:
    """By button: the same sentence for somebody else's code and for a code nobody has."""
    async with office(tmp_path, REGISTER, VERIFY, ASK, STRANGER) as story:
        chat, unknown = story.person("người khác").chat, codes.make("YC", 12345)
        tail = ":clear" if action == "case.rate" else ""
        foreign = await probe(story, chat, {"kind": "choice", "choice": f"{action}:{story.codes['$YC']}{tail}"})
        nobody = await probe(story, chat, {"kind": "choice", "choice": f"{action}:{unknown}{tail}"})
        assert foreign.refusal == nobody.refusal == "case.unknown"
        assert foreign.text.replace(story.codes["$YC"], unknown) == nobody.text


async def test_nothing_of_a_foreign_case_can_be_read(tmp_path: Path) -> None:
    """By code, by reply, by edit, by a step, by a file, by a count."""
    async with office(tmp_path, REGISTER, VERIFY, ASK, STRANGER) as story:
        owner, chat, code = story.person("phóng viên"), story.person("người khác").chat, story.codes["$YC"]
        told, said = owner.told[-1].key, owner.said[-1][0]
        async with story.app.machine.database.read() as store:
            number = await store.scalar(select(Account.id).where(Account.external_id == owner.chat))
        assert (await probe(story, chat, {"text": code})).refusal == "case.unknown"
        assert (await probe(story, chat, {"text": f"{code} cho xem"})).refusal == "case.unknown"
        assert (await probe(story, chat, {"text": "cho xem", "reply_to": told})).refusal == "case.reply_unknown"
        assert (await probe(story, chat, {"text": "cho xem", "reply_to": said})).refusal == "case.reply_unknown"
        assert (await probe(story, chat, {"kind": "edit", "text": "khác đi", "edits": said})).refusal == "case.edit_not_found"
        at = ("ask", "which", {"item": None, "waiting": [code]})
        assert (await probe(story, chat, {"kind": "choice", "choice": f"={code}"}, at)).refusal == "case.unknown"
        for step in ("add", "withdraw", "rate"):
            place = ("case", step, {"code": code, "level": "partial"})
            assert (await probe(story, chat, {"text": "cho xem"}, place)).refusal == "case.unknown"
        assert "case.none" in (await probe(story, chat, {"text": "/theodoi"})).keys
        assert "Số đề nghị đã gửi: 0" in (await probe(story, chat, {"text": "/dulieu"})).text
        assert number is not None


async def test_a_foreign_file_cannot_be_sent_on(tmp_path: Path) -> None:
    """Naming the file of somebody else attaches nothing."""
    async with office(tmp_path, REGISTER, VERIFY, STRANGER) as story:
        await story.line("phóng viên > {anh.jpg}")
        async with story.app.machine.database.read() as store:
            file = await store.scalar(select(Attachment.id))
        answered = await probe(story, story.person("người khác").chat, {"text": "Câu hỏi về ngộ độc thực phẩm", "files": [file]})
        place = answered.outcome.place
        assert place is not None
        assert "files" not in place.answers


async def test_a_case_with_the_press_office_is_no_units(tmp_path: Path) -> None:
    """Before the officer's tap the unit it is meant for can do nothing with it, whatever it sends (F2)."""
    async with office(tmp_path, REGISTER, ASK.replace("Chúng tôi đã tiếp nhận", "đang xác minh")) as story:
        chat, code = story.person("y tế").chat, story.codes["$YC"]
        actions = sorted(
            {
                r.action
                for r in TABLE.rows
                if r.action and r.action.split(".")[0] in {"desk", "answer", "note", "clarify", "transfer", "refuse", "extend"}
            }
        )
        for action in actions:
            answered = await probe(story, chat, {"kind": "choice", "choice": f"{action}:{code}"})
            assert action == "desk.list" or answered.refusal in {"case.unknown", "start.stale"}, action
