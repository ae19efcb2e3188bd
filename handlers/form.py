"""A form in chat: one question at a time, each answer checked, every step can go back, everything shown before it is sent.

A flow lists its `Question`s and says what to do at the end; this engine walks them. The answers live in the conversation,
so a restart in the middle changes nothing.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.contract import LEAVE, Choice, Context, InboundMessage, Kind, Outcome, Outgoing, Place, Screen
from models.errors import Refusal

Answers = dict[str, Any]


@dataclass(frozen=True)
class Next:
    """Which step of a flow is shown next, with which answers: what a room of a flow returns instead of knowing the room after it."""

    step: str
    answers: Answers


BACK, QUIT = "=back", "=quit"
CONFIRM = "confirm"


@dataclass(frozen=True)
class Question:
    """One step: how it asks, how it takes an answer (raising `Refusal` for a wrong one), when it is skipped, when it stays."""

    step: str
    ask: Callable[[Context, Answers], Awaitable[Screen]]
    take: Callable[[InboundMessage, Context, Answers], Awaitable[Mapping[str, Any]]]
    skip: Callable[[Answers], bool] = lambda _answers: False
    stays: Callable[[InboundMessage], bool] = lambda _message: False  # more may come: the same question stands again


@dataclass(frozen=True)
class Form:
    """A flow made of questions, a summary of everything, and what happens when it is confirmed."""

    flow: str
    questions: Sequence[Question]
    summary: Callable[[Context, Answers], Awaitable[Screen]]
    finish: Callable[[InboundMessage, Context, Answers], Awaitable[Outcome]]
    also: Sequence[str] = ()  # choices of the summary that finish it in another way

    async def begin(self, context: Context, answers: Mapping[str, Any] | None = None) -> Outcome:
        """Ask the first question, or the first still open one."""
        return await self._show(context, self._next(-1, dict(answers or {})), dict(answers or {}))

    async def review(self, context: Context, answers: Mapping[str, Any]) -> Outcome:
        """Show the summary of a form that was filled in before."""
        return await self._show(context, len(self.questions), dict(answers))

    async def advance(self, message: InboundMessage, context: Context) -> Outcome:
        """Take what was said at the present step and go on. This is the flow's one route."""
        assert context.conversation is not None  # noqa: S101 - a step is a place in a conversation
        answers, step = context.conversation.said(), context.conversation.step or ""
        if message.choice == QUIT:
            return Outcome(screens=[context.reply("start.cancelled")], place=LEAVE)
        if message.choice == BACK:
            return await self._show(context, self._previous(step, answers), answers)
        if step == CONFIRM:
            if message.kind is Kind.CHOICE and message.choice in {"=yes", *self.also}:
                return await self.finish(message, context, answers)
            return await self._show(context, len(self.questions), answers, note="form.please_confirm")
        at = self._index(step)
        try:
            answers |= await self.questions[at].take(message, context, answers)
        except Refusal as refusal:
            return await self._show(context, at, answers, note=refusal.key, values=refusal.values)
        return await self._show(context, at if self.questions[at].stays(message) else self._next(at, answers), answers)

    async def _show(self, context: Context, at: int, answers: Answers, note: str = "", values: Mapping[str, Any] | None = None) -> Outcome:
        """The question at an index (the summary after the last), below a sentence about what was wrong, if anything was."""
        if at < len(self.questions):
            step, screen = self.questions[at].step, await self.questions[at].ask(context, answers)
            ways = (Choice("choice.back", BACK), Choice("choice.quit", QUIT)) if at > 0 else (Choice("choice.quit", QUIT),)
        else:
            step, screen = CONFIRM, await self.summary(context, answers)
            ways = (Choice("choice.send", "=yes"), Choice("choice.back", BACK), Choice("choice.quit", QUIT))
        room = 5 - len(ways)
        screen = Screen(screen.key, screen.values, (*screen.choices[:room], *ways), screen.files)
        screens: list[Outgoing] = [context.reply(note, **(values or {}))] if note else []
        return Outcome(screens=[*screens, context.show(screen)], place=Place(self.flow, step, answers))

    def _index(self, step: str) -> int:
        return next((i for i, q in enumerate(self.questions) if q.step == step), 0)

    def _next(self, at: int, answers: Answers) -> int:
        return next((i for i in range(at + 1, len(self.questions)) if not self.questions[i].skip(answers)), len(self.questions))

    def _previous(self, step: str, answers: Answers) -> int:
        at = len(self.questions) if step == CONFIRM else self._index(step)
        return next((i for i in range(at - 1, -1, -1) if not self.questions[i].skip(answers)), min(at, len(self.questions) - 1))


def words_of(message: InboundMessage, *, most: int, least: int = 1, empty: str = "form.words_please", **values: Any) -> str:
    """The words of an answer, where words are wanted and neither a sticker, a file nor a novel; else `empty` is said, with its values."""
    if message.kind is not Kind.TEXT or message.files:
        raise Refusal(empty, **values)
    text = " ".join(message.text.split())
    if len(text) < least:
        raise Refusal("form.too_short", least=least)
    if len(text) > most:
        raise Refusal("form.too_long", most=most)
    return text


def chosen(message: InboundMessage, *values: str) -> str:
    """The value of a choice of the present step."""
    value = (message.choice or "").removeprefix("=")
    if message.kind is not Kind.CHOICE or value not in values:
        raise Refusal("form.please_choose")
    return value
