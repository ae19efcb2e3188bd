"""Bad input at every step of every flow: one kind answer that says what to do next; nothing lost, nothing set aside."""

import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from bot.story import Story
from handlers.routes import TABLE
from models import codes
from models.evidence.item import Attachment, Item, ItemKind
from models.messages.message import InboxMessage, InboxState
from models.people.person import Account, Person
from tests.chain import assert_chain
from tests.probe import probe
from tests.transcript import ASK, MATTER, REGISTER, VERIFY, office, play, somebody_else

Place = tuple[str, str, dict[str, Any]]

FORM = {
    "language": "vi",
    "notice": "agree",
    "name": "Phóng Viên Mẫu",
    "outlet": "Báo điện tử Mẫu",
    "outlet_id": None,
    "credential": "press_card",
    "number": "IBT-01234",
    "expires": "2027-12-31",
    "phone": "0900000001",
    "email": "",
}

STEPS: Mapping[str, tuple[str, ...]] = {
    "khách": (
        *(f"register.{step}" for step in (*list(FORM)[:3], "outlet", "credential", "number", "expiry", "phone", "email", "confirm")),
        "return.who",
        "start.code",
        "link.code",
        "directory.name",
        "proposal.what",
        "",
    ),
    "phóng viên": (
        *(f"ask.{step}" for step in ("question", "which", "unit", "other", "form", "deadline", "confirm")),
        "case.add",
        "case.withdraw",
        "case.rate",
        "review.why",
        "obstruction.what",
        "obstruction.where",
        "subscription.consent",
        "subscription.topics",
        "subscription.areas",
        "",
    ),
    "y tế": (
        "answer.text",
        "answer.which",
        "answer.confirm",
        "note.text",
        "clarify.text",
        "transfer.unit",
        "transfer.back",
        *(f"demand.{step}" for step in ("unit", "what", "when", "reply", "extend", "ask", "clarify")),
        "review.outcome",
        "review.reason",
        "obstruction.explain",
        "agree.why",
        "transfer.reason",
        "refuse.ground",
        "refuse.reason",
        "refuse.confirm",
        "extend.days",
        "extend.reason",
        *(f"authorise.{step}" for step in ("person", "number", "signed", "from", "until", "document", "confirm")),
        *(f"offline.{step}" for step in ("form", "when", "who", "number", "words", "confirm")),
        "approve.return",
        "brake.why",
        "letter.number",
        "unofficial.text",
        "mandate.publish",
        "mandate.revoke",
        "census.mend",
        *(f"join.{step}" for step in ("role", "name", "position", "decision", "confirm")),
        "duty.heir",
        "urgent.why",
        *(f"absence.{step}" for step in ("from", "until", "stand_in", "confirm")),
        "",
    ),
    "cán bộ": (
        *(f"release.{step}" for step in ("title", "body", "files", "topics", "areas", "confirm")),
        *(f"activity.{step}" for step in ("kind", "unit", "day", "title", "link", "confirm")),
        "strike.reason",
        *(f"census.{step}" for step in ("due", "confirm")),
        *(f"mending.{step}" for step in ("whose", "what", "value", "words", "confirm")),
        "join.unit",
        "proposal.why",
        "report.contest",
        "duty.list",
        "duty.confirm",
        *(
            f"matter.{step}"
            for step in ("title", "unit", "which", "kind", "occurred", "received", "determined", "others", "joint", "confirm")
        ),
        *(f"statement.{step}" for step in ("form", "at", "words", "confirm")),
        "statement_approval.return",
        *(f"obstruction.{step}" for step in ("share", "close", "closed")),
        *(f"share.{step}" for step in ("unit", "why", "take")),
        "agree.waive",
        "hang.codes",
        "hang.off",
        "concern.unit",
        "concern.joint",
        "timing.which",
        "timing.at",
        "timing.why",
        "closing.outcome",
        "closing.why",
        "closing.reopen",
        "asker.kind",
        *(f"paper.{step}" for step in ("way", "when", "kind", "name", "outlet", "number", "question", "unit", "confirm")),
        "officer.decline",
        "officer.assign",
        "officer.reassign",
        "hold.why",
        "mask.which",
        "mask.words",
        "mask.why",
        "erase.which",
        "erase.why",
        "",
    ),
}


def test_every_step_is_here() -> None:
    """A step of the route table without bad input fails."""
    tried = {place for places in STEPS.values() for place in places}
    for row in TABLE.rows:
        assert row.place is None or any(place == row.place or place.startswith(f"{row.place}.") for place in tried), row.place


BAD: Mapping[str, dict[str, Any]] = {
    "empty": {"text": ""},
    "spaces": {"text": "  \n\t "},
    "a sticker": {"kind": "other"},
    "100 kB": {"text": "dài " * 25_000},
    "one long word": {"text": "ă" * 100_000},
    "decomposed": {"text": unicodedata.normalize("NFD", "Câu hỏi về việc đường sá ở xã")},
    "invisible": {"text": "\u200b\u200d\u2060\ufeff"},
    "right to left": {"text": "\u202eCâu hỏi\u202c đảo \u200fchiều"},
    "markup": {"text": "<b>&[x](y)</b> `*_~"},
    "braces": {"text": "{code} {0} {} {{ }} {question.text} %s"},
    "control": {"text": "a\x00b\x07c\x1b[31m"},
    "half a pair": {"text": "\ud83d lẻ"},
    "a past date": {"text": "01/01/2020"},
    "no date": {"text": "31/02/2027 99h99"},
    "a lone slash": {"text": "/"},
    "a number beyond": {"text": "99"},
    "other digits": {"text": "²"},
    "dung": {"text": "Đúng"},
    "a code of nobody": {"text": codes.make("YC", 99)},
    "a long code": {"text": "YC-" + "0" * 40},
    "an invitation": {"text": "7K2M-9QXA-41TC"},
    "an old tap": {"kind": "choice", "choice": "=yes~0"},
    "an odd turn": {"kind": "choice", "choice": "=yes~x"},
    "a strange value": {"kind": "choice", "choice": "=nonsense"},
    "a value of another step": {"kind": "choice", "choice": "=send"},
    "a strange action": {"kind": "choice", "choice": "no.such:thing"},
    "no choice": {"kind": "choice"},
    "an action about nothing": {"kind": "choice", "choice": "case.show"},
    "a huge number": {"kind": "choice", "choice": "officer.accept:" + "9" * 40},
    "superscript": {"kind": "choice", "choice": "officer.decline:²"},
    "undo of nothing": {"kind": "choice", "choice": "answer.undo:" + "9" * 30},
    "erase nothing": {"kind": "choice", "choice": "erase.approve:" + "9" * 30},
    "back for nobody": {"kind": "choice", "choice": "return.allow:²:" + "9" * 30},
    "a rating of nothing": {"kind": "choice", "choice": "case.rate::wonderful"},
    "an edit of nothing": {"kind": "edit", "text": "khác đi", "edits": "no-such-key"},
    "an edit without words": {"kind": "edit", "text": "", "edits": "no-such-key"},
    "a reply to nothing": {"text": "xin bổ sung", "reply_to": "no-such-key"},
    "a file of nobody": {"text": "", "files": ["0" * 32]},
    "a strange kind": {"kind": "telepathy", "text": "?"},
    "nested": {"text": ["a", {"b": 1}], "files": "abc", "choice": {"x": 1}},
    "a start with rubbish": {"kind": "start", "code": "<script>"},
}
# What names its own handler gets there from every step of a flow alike: once in each flow is enough.
ANYWHERE = frozenset(
    [
        "a strange action",
        "no choice",
        "an action about nothing",
        "a huge number",
        "superscript",
        "undo of nothing",
        "erase nothing",
        "back for nobody",
        "a rating of nothing",
        "a start with rubbish",
        "a strange kind",
    ]
)


async def places(story: Story) -> dict[str, dict[str, Any]]:
    """What the conversation has said so far at each flow, true to this story."""
    code = story.codes["$YC"]
    async with story.app.machine.database.read() as store:
        draft = (await store.scalars(select(Item).where(Item.kind == ItemKind.QUESTION))).one()
        waiting = (await store.scalars(select(Person.id).where(Person.name == "Người Khác Mẫu"))).one()
    case: dict[str, Any] = {
        "code": code,
        "item": draft.digest,
        "files": [],
        "unit": "so_xay_dung",
        "ground": "31.2.a",
        "days": "3",
        "level": "partial",
        "row": 1,
        "answer": "1",
        "review": 1,
        "demand": 1,
        "outcome": "upheld",
    }
    opening: dict[str, Any] = {
        "title": draft.digest,
        "asks_unit": True,
        "unit": "so_y_te",
        "found": ["so_y_te", "so_xay_dung"],
        "kind": "divided_opinion",
        "pack": "nd-244-2026",
        "starts": "impact_determined_at",
        "received_handled_at": story.time.moment.isoformat(),
        "impact_determined_at": story.time.moment.isoformat(),
        "others": ["so_xay_dung"],
    }
    matter: dict[str, Any] = case | {
        "code": story.codes["$VV"],
        "form": "portal",
        "at": story.time.moment.isoformat(),
        "which": "occurred_at",
        "outcome": "not_needed",
    }
    asked: dict[str, Any] = {
        "item": draft.digest,
        "parts": [[draft.inbox_id, draft.text]],
        "unit": "so_y_te",
        "form": "written",
        "own": None,
    }
    answers: dict[str, dict[str, Any]] = {
        "register": dict(FORM),
        "ask": asked | {"waiting": [code]},
        "subscription": {"topics": ["y_te"]},
        "release": {"title": "Khuyến cáo", "item": draft.digest, "files": [], "topics": [], "areas": []},
        "officer": case | {"person": waiting},
        "activity": {"kind": "briefing", "unit": "so_y_te", "day": "2026-11-20", "item": draft.digest, "link": ""},
        "strike": {"code": codes.make("SK", 7)},
        "report": {"period": "2026"},
        "duty": {"shift": 1, "faults": [], "shifts": [[1, "2026-11-28T07:30:00+07:00", "2026-11-29T07:30:00+07:00"]]},
        "absence": {"person": 2, "stand_in": 1, "from": "2026-11-25T00:00:00+07:00", "until": "2026-11-26T00:00:00+07:00"},
        "": {},
        "return": {},
        "start": {},
        "link": {},
        "directory": {},
    }
    granting: dict[str, Any] = {"code": code, "unit": "so_y_te", "paper": True, "person": 1, "number": "1/GUQ", "files": []}
    granting |= {"signed": "2026-11-23T08:00:00+07:00", "from": "2026-11-23T08:00:00+07:00", "until": "2026-11-25T00:00:00+07:00"}
    elsewhere: dict[str, Any] = {"code": code, "form": "briefing", "when": "2026-11-23T08:00:00+07:00", "person": None, "name": "Ai đó"}
    answers |= {"offline": elsewhere | {"number": "", "item": draft.digest, "files": []}, "brake": {"brake": 1, "allowed": True}}
    answers |= dict.fromkeys(("letter", "unofficial", "hold", "mask"), case)
    on_paper: dict[str, Any] = {"way": "letter", "came": "2026-11-20T08:00:00+07:00", "kind": "editor_question", "name": "Ai đó"}
    answers["paper"] = on_paper | {"outlet": "Báo Mẫu", "number": "12/CV", "item": draft.digest, "files": [], "unit": "so_y_te"}
    answers |= {"authorise": granting, "mandate": {"mandate": 1}, "approve": {"answer": 1, "code": code}}
    answers |= {"matter": opening} | dict.fromkeys(("statement", "hang", "concern", "timing", "closing"), matter)
    answers |= dict.fromkeys(("share", "demand", "review", "obstruction", "agree", "asker"), case)
    answers["statement_approval"] = {"statement": 1, **matter}
    answers |= {"census": {"line": "1:so_y_te", "due": "2026-11-30"}, "proposal": {"unit": "so_y_te", "proposal": 1}}
    answers["join"] = {"unit": "so_y_te", "role": "speaker", "name": "Ai đó", "position": "Phó Giám đốc", "decision": "1/QĐ"}
    answers["mending"] = {"proposal": 1, "unit": "so_y_te", "whose": 1, "what": "reached", "column": "office_phone", "value": "02343822123"}
    return answers | dict.fromkeys(("case", "answer", "note", "clarify", "transfer", "refuse", "extend", "erase", "urgent"), case)


@pytest.mark.parametrize("who", list(STEPS))
async def test_every_bad_input_at_every_step(tmp_path: Path, who: str) -> None:
    """Whatever comes at whatever step: an answer in words, a place one can go on from, no exception, no change without an entry."""
    async with office(tmp_path, REGISTER, VERIFY, ASK, somebody_else(REGISTER), MATTER) as story:
        said, problems = await places(story), list[str]()
        chat = story.person(who).chat
        bad: dict[str, dict[str, Any]] = {**BAD, "a foreign code": {"text": story.codes["$YC"]}} if who == "khách" else {**BAD}
        bad = {**bad, "a disguised file": {"text": "", "files": [await attached(story, who)]}}
        been = set[str]()
        for place in STEPS[who]:
            flow, _, step = place.partition(".")
            at: Place | None = (flow, step, said[flow]) if flow else None
            for name, payload in bad.items():
                if name in ANYWHERE and flow in been:
                    continue
                try:
                    answered = await probe(story, chat, payload, at)
                except Exception as error:  # noqa: BLE001 - every one is a message set aside
                    problems.append(f"{place or 'free'} ← {name}: {type(error).__name__}: {error}")
                    continue
                if not answered.text.strip():
                    problems.append(f"{place or 'free'} ← {name}: silence")
            been.add(flow)
        assert not problems, f"{len(problems)}:\n" + "\n".join(problems)


async def attached(story: Story, who: str) -> str:
    """A picture that calls itself a program, uploaded by this person."""
    person = story.person(who)
    if not person.told:
        await story.say(person, "/start")
    await story.say(person, "/huy")
    identity = await story._file(person, "chuong-trinh.exe")  # pyright: ignore[reportPrivateUsage]
    async with story.app.machine.database.read() as store:
        kept = await store.get(Attachment, identity)
    assert kept is not None
    assert kept.media_type == "image/jpeg"  # what it is, not what it is called
    return identity


async def test_what_was_sent_stands_as_it_was_meant(tmp_path: Path) -> None:
    """Markup, braces and marks are words like any other: kept, shown as typed, never executed, never filled in."""
    async with office(tmp_path, REGISTER, VERIFY) as story:
        await play(
            story,
            """
            phóng viên > Ngộ độc thực phẩm <b>&[x](y)</b> {code} {0} — bao nhiêu người nhập viện?
            phóng viên > [Sở Y tế]
            phóng viên > [Văn bản, tin nhắn]
            phóng viên > [Không gấp]
            phóng viên < <b>&[x](y)</b> {code} {0}
            phóng viên > [Gửi]
            y tế < <b>&[x](y)</b> {code} {0}
            y tế ^ Câu hỏi mới > Có 12 người {unit} <i>&amp;
            y tế < XEM TRƯỚC | {unit} <i>&amp;
            y tế > [Gửi câu trả lời]
            +31s
            phóng viên < {unit} <i>&amp;
            """,
        )


async def test_bad_input_for_real_leaves_a_log_that_verifies(tmp_path: Path) -> None:
    """The same rubbish sent for real to four chats: everything is answered and handled, the chain stands."""
    async with office(tmp_path, REGISTER, VERIFY, ASK, somebody_else(REGISTER)) as story:
        for who in STEPS:
            for payload in BAD.values():
                await story._put(story.person(who), dict(payload), "")  # pyright: ignore[reportPrivateUsage]
        async with story.app.machine.database.read() as store:
            left = (await store.scalars(select(InboxMessage.id).where(col(InboxMessage.state) != InboxState.DONE))).all()
            accounts = (await store.scalars(select(Account.id))).all()
            await assert_chain(store)
        assert not left
        assert accounts
