"""The updates of the throughput rows: ten from every chat, 70 % additions to a case, 20 % steps of new inquiries, 10 % taps on menus.

Two chats in five ask a whole new question in five steps – words, unit, form, deadline, confirmation – so that cases really open.
"""

import random
import time
from dataclasses import dataclass

from tests.bench.furnish import REPORTERS, case_code
from tests.botapi import updates
from tests.botapi.common import Json

EACH = 10  # updates of one chat
QUESTION = "Đề nghị Sở Y tế cho biết nguyên nhân vụ ngộ độc thực phẩm tại trường học và kết quả kiểm tra mẫu thức ăn sáng nay?"
UNIT = "so_y_te"
STEPS = (UNIT, "written", "none", "yes")


@dataclass
class Load:
    """Updates, and how many messages the product owes for them: every reply, and the notices to spokespersons."""

    updates: list[Json]
    sends: int
    opened: int


class Chat:
    """One reporter, who counts the turns of their conversation as the product does."""

    def __init__(self, number: int) -> None:
        self.number, self.code, self.turn, self.message = number, case_code(number), 0, 0
        self.person = updates.user(REPORTERS + number, "An")

    def said(self, text: str) -> Json:
        """Words."""
        self.turn += 1
        return {"message": self._message(text)}

    def tapped(self, data: str, *, step: bool = False) -> Json:
        """A tap; that of a step carries the turn it was shown in."""
        query = f"{self.number}{self.message:04d}77"
        body = updates.tapped(query, self.person, self._message("…"), f"={data}~{self.turn}" if step else data)
        self.turn += step
        return {"callback_query": body}

    def _message(self, text: str) -> Json:
        self.message += 1
        number = 10_000_000 + self.number * 100 + self.message
        return updates.message(number, self.person, updates.private(self.person), updates.content("text", text=text), int(time.time()))

    def played(self, *, asks: bool, dice: random.Random) -> list[Json]:
        """Ten updates in order."""
        around = EACH - 1 - (1 + len(STEPS)) * asks
        acts = ["add"] * around + ["tap"] + ["ask"] * asks
        dice.shuffle(acts)
        made: list[Json] = []
        for place, act in enumerate(acts):
            if act == "add":
                more = " Đề nghị gửi kèm văn bản có liên quan và cho biết thời gian dự kiến hoàn thành." if place % 2 else ""
                made.append(self.said(f"{self.code} xin bổ sung ý thứ {place + 1}.{more}"))
            elif act == "tap":
                made.append(self.tapped(f"case.show:{self.code}"))
            else:
                made += [self.said(QUESTION), *(self.tapped(step, step=True) for step in STEPS)]
        return made


def load(chats: int, seed: int = 7) -> Load:
    """The updates of so many chats, one of each in turn."""
    dice = random.Random(seed)
    asking = set(dice.sample(range(chats), chats * 2 // 5))
    played = [Chat(number).played(asks=number in asking, dice=dice) for number in range(chats)]
    dice.shuffle(played)
    rounds = [round_ for acts in zip(*played, strict=True) for round_ in acts]
    adds = sum(EACH - 1 - 5 * (number in asking) for number in range(chats))
    return Load(rounds, adds * 2 + chats + len(asking) * 6, len(asking))
