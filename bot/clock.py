"""The clock is one more producer: alarms that are due become inbox messages."""

import json

from sqlmodel import col, select

from bot.machine import Machine
from handlers.officer import MORNING_ALARM, next_morning
from models.messages.message import Alarm, AlarmState, InboxMessage
from models.store import Store


class Clock:
    """Rings alarms."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine

    async def run(self) -> None:
        """Ring for ever."""
        while True:
            await self.ring()
            await self.machine.signals.alarm.wait(await self._pause())

    async def wind(self) -> None:
        """Set the alarm that carries on by itself, where an office has none yet: the officers' summary of every morning."""
        machine = self.machine

        async def work(store: Store) -> None:
            await machine.database.locks.starting(store)
            known = select(Alarm.id).where(Alarm.action == MORNING_ALARM, Alarm.state == AlarmState.SET).limit(1)
            if (await store.execute(known)).first() is None:
                store.add(next_morning(machine.now(), machine.settings.zone))

        await machine.database.write(work)

    async def ring(self) -> int:
        """Put every alarm that is due into the inbox; returns how many. The row and the alarm settle together."""
        now = self.machine.now()

        async def work(store: Store) -> int:
            due = select(Alarm).where(Alarm.state == AlarmState.SET, col(Alarm.due_at) <= now).order_by(col(Alarm.due_at), col(Alarm.id))
            found = await store.scalars(store.claiming(due.limit(200)))  # several clocks ring side by side, each alarm once
            alarms = found.all()
            for alarm in alarms:
                alarm.state = AlarmState.RUNG
                payload = json.dumps({"action": alarm.action, "subject": alarm.subject})
                store.add(
                    InboxMessage(channel="clock", external_id=f"alarm-{alarm.id}", chat=alarm.subject, payload=payload, received_at=now)
                )
            return len(alarms)

        rung = await self.machine.database.write(work) if await self._any(now) else 0
        if rung:
            self.machine.signals.inbox.nudge()
        return rung

    async def _any(self, now: object) -> bool:
        async with self.machine.database.read() as store:
            due = select(Alarm.id).where(Alarm.state == AlarmState.SET, col(Alarm.due_at) <= now).limit(1)
            return (await store.execute(due)).first() is not None

    async def _pause(self) -> float:
        """Seconds until the next alarm, at most one: another process may set an earlier one."""
        async with self.machine.database.read() as store:
            next_due = await store.scalar(select(Alarm.due_at).where(Alarm.state == AlarmState.SET).order_by(col(Alarm.due_at)).limit(1))
        return 1.0 if next_due is None else min(1.0, max(0.01, (next_due - self.machine.now()).total_seconds()))
