"""What the rows of a pack may not say against each other: ids twice, references to nothing, limits that cannot be counted."""

from collections.abc import Iterator

from models.content import ContentProblem, Document
from models.law.pack_file import Clock, LawPack
from models.law.terms import Measure
from models.schema import repeated

COUNTED = frozenset({Measure.HOUR, Measure.OFFICE_HOUR, Measure.WORKING_DAY, Measure.DAY, Measure.MONTH})
PAUSABLE = frozenset({Measure.OFFICE_HOUR, Measure.WORKING_DAY, Measure.DAY})  # an hour limit of the law never stops (rule C9)
ROLES = ("spokesperson", "authorised", "press_officer", "head", "colleague", "officer")  # who a step may call besides `role_units`
LARGEST = 10_000  # above stands a slip of the pen, not a limit


def problems(pack: LawPack, document: Document) -> Iterator[ContentProblem]:
    """Every such place of one pack."""
    if pack.valid_to is not None and pack.valid_to < pack.valid_from:
        yield document.problem("valid_to đứng trước valid_from; sửa một trong hai ngày", "valid_to")
    for keys, ids in _named(pack):
        for index, name in repeated(ids):
            yield document.problem(f"“{name}” viết hai lần; mỗi id chỉ dùng một lần", *keys, index)
    for index, clock in enumerate(pack.clocks):
        for key, problem in _clock_problems(clock):
            yield document.problem(f"{clock.id}: {problem}", "clocks", index, key)
    yield from _references(pack, document)
    yield from _steps(pack, document)


def _steps(pack: LawPack, document: Document) -> Iterator[ContentProblem]:
    """A step that calls nobody would be passed over in silence, and so would a reminder after the due moment."""
    known = (*ROLES, *pack.role_units)
    for index, ladder in enumerate(pack.ladders):
        for place, step in enumerate(ladder.escalate):
            if step.to not in known:
                said = f"{ladder.id}: không có vai trò “{step.to}”; chọn một trong: {', '.join(known)}"
                yield document.problem(said, "ladders", index, "escalate", place, "to")
        for place, hours in enumerate(ladder.warn_hours_before):
            if hours <= 0:
                said = f"{ladder.id}: nhắc trước {hours} giờ không dùng được; ghi số giờ lớn hơn 0"
                yield document.problem(said, "ladders", index, "warn_hours_before", place)
    for role in pack.role_units:
        if role in ROLES:
            yield document.problem(f"“{role}” là vai trò trong đơn vị; đặt tên khác cho vai trò là cả một đơn vị", "role_units", role)


def _named(pack: LawPack) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    yield ("refusal", "grounds"), [ground.id for ground in pack.refusal.grounds]
    yield ("inquiry_kinds",), [kind.id for kind in pack.inquiry_kinds]
    sections = ("instruments", "forms", "capacities", "publication", "ladders", "clocks", "clocks_absent")
    yield from (((section,), [row.id for row in getattr(pack, section)]) for section in sections)
    if pack.yearly_report:
        yield ("yearly_report", "indicators"), [row.id for row in pack.yearly_report.indicators]


def _clock_problems(clock: Clock) -> Iterator[tuple[str, str]]:
    whole = clock.measure is not Measure.OFFICE_HOUR
    if clock.measure in COUNTED:
        if clock.amount is None:
            yield "amount", f"thiếu amount; “{clock.measure}” cần một số lượng"
        elif clock.amount <= 0 or clock.amount > LARGEST or (whole and clock.amount.denominator != 1):
            yield "amount", f"amount {clock.amount} không dùng được; cần số {'nguyên ' if whole else ''}lớn hơn 0 và không quá {LARGEST}"
    elif clock.amount is not None:
        yield "amount", f"“{clock.measure}” không có số lượng; bỏ amount"
    if (clock.measure is Measure.FIXED_DATE) != (clock.month_day is not None):
        yield "month_day", "month_day đi với measure: fixed_date và chỉ với nó"
    if clock.measure not in PAUSABLE:
        for key in ("pausable", "extendable"):
            if getattr(clock, key):
                yield key, f"“{clock.measure}” không tạm dừng, không gia hạn được; bỏ {key}"


def _references(pack: LawPack, document: Document) -> Iterator[ContentProblem]:
    clocks, ladders = {clock.id for clock in pack.clocks}, {ladder.id for ladder in pack.ladders}
    named: list[tuple[tuple[str | int, ...], str]] = [
        *((("publication", n, "clock"), row.clock) for n, row in enumerate(pack.publication)),
        *((("inquiry_kinds", n, "clock"), row.clock) for n, row in enumerate(pack.inquiry_kinds)),
        *((("targets", key), getattr(pack.targets, key)) for key in ("acknowledge", "first_substance", "final")),
    ]
    if pack.yearly_report:
        named.append((("yearly_report", "clock"), pack.yearly_report.clock))
    for keys, name in named:
        if name and name not in clocks:
            yield document.problem(f"thời hạn “{name}” chưa có ở “clocks”", *keys)
    for index, clock in enumerate(pack.clocks):
        if clock.ladder and clock.ladder not in ladders:
            yield document.problem(f"{clock.id}: bậc nhắc “{clock.ladder}” chưa có ở “ladders”", "clocks", index, "ladder")
    for index, row in enumerate(pack.clocks_absent):
        if row.id in clocks:
            yield document.problem(f"“{row.id}” vừa có vừa ghi là không có; bỏ một", "clocks_absent", index)
