"""An office changes sentences and topics, and a developer adds a flow, exactly as docs/flows.md says."""

from pathlib import Path

from handlers.contract import LEAVE, Choice, Context, InboundMessage, Outcome, Place
from handlers.routes import ROWS, TABLE
from handlers.rows import REPORTER, at, words
from handlers.table import Table
from tests.transcript import REGISTER, office, play


async def begin(_message: InboundMessage, context: Context) -> Outcome:
    """Ask where it rains."""
    return Outcome(screens=[context.reply("rain.where", Choice("choice.quit", "=quit"))], place=Place("rain", "where"))


async def where(message: InboundMessage, context: Context) -> Outcome:
    """Thank for it."""
    if message.choice == "=quit":
        return Outcome(screens=[context.reply("start.cancelled")], place=LEAVE)
    return Outcome(screens=[context.reply("rain.thanks", place=message.text)], place=LEAVE)


def overlay(home: Path) -> None:
    """What the office writes under HOME/content."""
    texts = home / "content" / "texts" / "vi"
    texts.mkdir(parents=True)
    (texts / "rain.yaml").write_text('where: "Trời mưa ở đâu ạ?"\nthanks: "Cảm ơn anh/chị đã báo mưa ở {place}."\n', encoding="utf-8")
    (texts / "case.yaml").write_text('none: "Anh/chị chưa hỏi câu nào ạ."\n', encoding="utf-8")
    (home / "content" / "topics.yaml").write_text('topics:\n  - {id: mua_bao, vi: "Mưa bão", en: "Storms"}\n', encoding="utf-8")


async def test_a_topic_a_sentence_and_a_flow_are_added_in_an_overlay(tmp_path: Path) -> None:
    """None of the shipped files is touched, and all three are used."""
    overlay(tmp_path)
    routes = Table((words("mua rain", REPORTER, begin), at("rain.where", REPORTER, where), *ROWS), TABLE.denied, TABLE.unknown)
    async with office(tmp_path, routes=routes) as story:
        await play(
            story,
            REGISTER,
            """
            phóng viên > /theodoi
            phóng viên < chưa hỏi câu nào
            phóng viên > /mua
            phóng viên < Trời mưa ở đâu
            phóng viên > Thuận An
            phóng viên < báo mưa ở Thuận An
            phóng viên > /nhantin
            phóng viên > [Đồng ý]
            phóng viên < Mưa bão
            phóng viên > mua bao
            phóng viên > [Toàn tỉnh]
            phóng viên < ghi nhận
            """,
        )
