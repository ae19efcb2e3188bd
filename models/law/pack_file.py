"""What a pack file under `content/law/` must say: its records, row by row.

The shape is the product's own; every legal statement carries its article (`basis`) and how surely we know it (`status`).
"""

from dataclasses import field
from datetime import date

from pydantic.dataclasses import dataclass

from models.law.terms import MandateKind, Measure, Status, Trigger
from models.schema import STRICT, Amount, Flag, MonthDay, Words
from models.texts import Names


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Instrument:
    """A law or decree the pack rests on."""

    id: Words
    cite: Words
    valid_from: date
    valid_to: date | None
    status: Status
    note: str = ""


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Item:
    """What forms, grounds, clocks and the like have in common; `official_text` waits for the signed wording.

    `label_en` and `basis_en` are for reporters who read English; where they are empty, the Vietnamese stands.
    """

    id: Words
    label: Words
    label_en: str = ""
    explain: str = ""
    basis: Words
    basis_en: str = ""
    status: Status
    official_text: str = ""

    @property
    def name(self) -> Names:
        """What it is called, for whoever reads of it."""
        return Names(self.label, self.label_en or self.label)

    @property
    def article(self) -> Names:
        """Where it stands in the law."""
        return Names(self.basis, self.basis_en or self.basis)


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Form(Item):
    """A form of speaking (hình thức), recorded on every outcome."""


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Ground(Item):
    """A ground on which an agency may refuse to inform."""

    letter: Words


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Refusal:
    """How a request is refused; where the law asks for no reason the product still records one."""

    reason_required: Flag
    basis: Words
    note: str = ""
    grounds: tuple[Ground, ...]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Capacity(Item):
    """In what role somebody spoke; `needs` are the fields an entry must carry to prove it."""

    official: Flag
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, config=STRICT)
class MandateRule:
    """One kind of spokesperson at one level; `holder: deputy` where only a deputy may be authorised."""

    kind: MandateKind
    label: Words
    holder: str = ""
    basis: Words


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Mandate:
    """Who may speak for units of some levels."""

    levels: tuple[Words, ...]
    unit_kinds: tuple[Words, ...] = ()  # the kinds of the directory that stand on these levels
    kinds: tuple[MandateRule, ...]

    def rule(self, kind: str) -> MandateRule | None:
        """The rule for one kind of spokesperson, or None where these levels do not have that kind."""
        return next((rule for rule in self.kinds if rule.kind.value == kind), None)


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Authorising:
    """The bounds of an authorisation; the head alone grants it and the grantee may not pass it on."""

    grantor: MandateKind
    written: Flag
    one_matter: Flag
    limited_time: Flag
    longest_days: int | None = None  # the office's own rule: the decrees say "limited" and give no figure
    may_pass_on: Flag
    basis: Words


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Publication:
    """Something a unit must publish: what, where, within which clock or how often."""

    id: Words
    label: Words
    what: tuple[Words, ...]
    where: Words
    clock: str = ""
    every: str = ""
    remind_after_days: int | None = None
    basis: Words
    status: Status


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Step:
    """A rung of a ladder: hours from the due moment (negative is before) and the role that is told."""

    hours: Amount
    to: Words


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Ladder:
    """Reminders before a deadline and who is told when nobody acts; `night` rings outside waking hours too."""

    id: Words
    night: Flag
    warn_hours_before: tuple[Amount, ...]
    escalate: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Clock(Item):
    """A time limit: when it starts, how long it is, how it is counted. `local` limits are the office's own rules."""

    trigger: Trigger
    amount: Amount | None = None
    measure: Measure
    month_day: MonthDay | None = None
    who: Words
    pausable: Flag = False
    extendable: Flag = False
    local: Flag = False
    ladder: str = ""
    valid_from: date | None = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Absent:
    """A clock of the other pack that this one does not have, and why."""

    id: Words
    why: Words


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Targets:
    """The three moments one inquiry is measured at (local rules; the last is its clock of the law)."""

    acknowledge: Words
    first_substance: Words
    final: Words


@dataclass(frozen=True, kw_only=True, config=STRICT)
class InquiryKind:
    """Who asks for what, and the clock this starts; an empty clock means no time limit."""

    id: Words
    label: Words
    asker: Words
    clock: str = ""
    basis: Words
    status: Status


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Rebuttal:
    """How many rounds of rebuttal an outlet must print before it may stop."""

    id: Words
    rounds: int
    basis: Words
    status: Status


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Indicator:
    """One figure of the yearly report."""

    id: Words
    type: Words
    label: Words
    counts: str = ""
    numerator: str = ""
    denominator: str = ""
    from_log: Words
    note: str = ""
    basis: Words
    status: Status


@dataclass(frozen=True, kw_only=True, config=STRICT)
class YearlyReport:
    """The statutory report: its window, its cut-off and its figures."""

    window_from: MonthDay
    window_to: MonthDay
    clock: Words
    reporters: Words
    recipient: Words
    form: Words
    zero_denominator: Words
    note: str = ""
    basis: Words
    indicators: tuple[Indicator, ...]
    free_text: Words


@dataclass(frozen=True, kw_only=True, config=STRICT)
class LawPack:
    """Everything one decree and the laws around it ask of the press desk while they are in force."""

    id: Words
    title: Words
    use: str = ""
    valid_from: date
    valid_to: date | None
    source_url: str
    verified_by: str
    verified_at: date | None
    instruments: tuple[Instrument, ...]
    forms: tuple[Form, ...]
    refusal: Refusal
    capacities: tuple[Capacity, ...]
    mandates: tuple[Mandate, ...]
    authorising: Authorising
    publication: tuple[Publication, ...]
    targets: Targets
    ladders: tuple[Ladder, ...]
    role_units: dict[str, Words] = field(default_factory=dict[str, str])  # a role of the ladders that is a whole unit
    clocks: tuple[Clock, ...]
    clocks_absent: tuple[Absent, ...] = ()
    inquiry_kinds: tuple[InquiryKind, ...]
    rebuttal: Rebuttal
    yearly_report: YearlyReport | None
    not_confirmed: tuple[str, ...] = ()

    def holds(self, day: date) -> bool:
        """Whether the pack is in force on a day; both ends count."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def clock(self, name: str) -> Clock | None:
        """The clock of that id, if this pack has it."""
        return next((clock for clock in self.clocks if clock.id == name), None)

    def ladder(self, name: str) -> Ladder | None:
        """The ladder of that id, if this pack has it."""
        return next((ladder for ladder in self.ladders if ladder.id == name), None)

    def ground(self, name: str) -> Ground | None:
        """The refusal ground of that id, if this pack knows it."""
        return next((ground for ground in self.refusal.grounds if ground.id == name), None)

    def speakers_of(self, unit_kind: str) -> Mandate | None:
        """Who may speak for units of a kind; None where the pack says nothing of that kind."""
        return next((row for row in self.mandates if unit_kind in row.unit_kinds), None)

    def publication_clock(self, duty: str) -> Clock | None:
        """The clock within which something must be published, if the pack sets one."""
        row = next((row for row in self.publication if row.id == duty), None)
        return self.clock(row.clock) if row is not None and row.clock else None

    def form(self, name: str) -> Form | None:
        """The form of speaking of that id."""
        return next((form for form in self.forms if form.id == name), None)

    def kind(self, name: str) -> InquiryKind | None:
        """The kind of inquiry of that id, if this pack knows it."""
        return next((kind for kind in self.inquiry_kinds if kind.id == name), None)

    def kind_for(self, asker: str) -> InquiryKind | None:
        """What somebody asks who is of a kind: the first such row of the pack."""
        return next((kind for kind in self.inquiry_kinds if kind.asker == asker), None)

    def clock_for(self, kind: str) -> Clock | None:
        """The clock that an inquiry of some kind starts, if any."""
        row = next((row for row in self.inquiry_kinds if row.id == kind), None)
        return self.clock(row.clock) if row else None
