"""Where a chat stands in a flow: data, so that it survives a restart."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Text
from sqlmodel import Field

from models.store import Big, Instant, Row


class Conversation(Row, table=True):
    """The step one account is at, and what it has said so far in the flow.

    `turn` counts the menus of flow steps: a choice of a step carries the turn it was shown in, so that an old menu,
    or a second tap on a confirmation, is recognised.
    """

    account_id: int = Field(primary_key=True, foreign_key="account.id", sa_type=Big)
    flow: str | None = None
    step: str | None = None
    turn: int = 0
    answers: str = Field(default="{}", sa_type=Text)
    updated_at: datetime = Field(sa_type=Instant)

    @property
    def place(self) -> str | None:
        """The step as routes name it, e.g. `register.name`; None outside every flow."""
        return f"{self.flow}.{self.step}" if self.flow else None

    def said(self) -> dict[str, Any]:
        """A copy of what was said so far; hand a changed one to `move`."""
        return json.loads(self.answers)

    def move(self, flow: str | None, step: str | None, answers: dict[str, Any], at: datetime) -> None:
        """Go to a step with these answers; leaving every flow forgets them."""
        self.flow, self.step, self.updated_at = flow, step, at
        self.turn += 1
        self.answers = json.dumps(answers, ensure_ascii=False, sort_keys=True) if flow else "{}"

    def remember(self, answers: dict[str, Any], at: datetime) -> None:
        """More was said at the same step and nothing was shown: the menu on the screen still counts."""
        self.updated_at = at
        self.answers = json.dumps(answers, ensure_ascii=False, sort_keys=True)
